"""The shape of `procedures/*.yaml`: the stages that a case passes, in order, each with its clause."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from lika.policy.choices import (
    Basis,
    Body,
    Capacity,
    DayKind,
    Paper,
    PostingPlace,
    ProcedureUnit,
    Purpose,
    StageKind,
    StageLevel,
)
from lika.policy.packs.form import ID, Clause, Id, ItemFields, Shape, Text, Words, choice, expected


def _days(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str) and re.fullmatch(ID, value):
        return value
    raise expected("7, notice_days")


Days = Annotated[int | str, BeforeValidator(_days)]


class Stage(Shape):
    """A step of a procedure: who does what at which level, and what must be there when it is done.

    `days` is how long something hangs: a number, or a parameter of the pack where a lower level is to fill in what the
    document leaves open. `quorum` is the parameter with the share of those entitled who must attend. `signatures` are
    slots in the order in which they are signed. `criteria` must be met before the stage begins. `returns` are earlier
    stages that a case may be sent back to. `strike_out`: a case may end here, with a reason.
    """

    id: Id
    zh: Text
    en: Text
    kind: Annotated[StageKind, choice(StageKind)]
    level: Annotated[StageLevel, choice(StageLevel)]
    by: list[Annotated[Body, choice(Body)]] = Field(min_length=1)
    days: Days | None = None
    day_kind: Annotated[DayKind, choice(DayKind)] | None = None
    quorum: Id | None = None
    places: list[Annotated[PostingPlace, choice(PostingPlace)]] = Field(default_factory=list)
    documents: list[Annotated[Paper, choice(Paper)]] = Field(default_factory=list)
    signatures: list[Annotated[Capacity, choice(Capacity)]] = Field(default_factory=list)
    criteria: list[Id] = Field(default_factory=list)
    returns: list[Id] = Field(default_factory=list)
    strike_out: bool = False
    optional: bool = False
    clause: Clause
    basis: Annotated[Basis, choice(Basis)] = Basis.GIVEN
    note: Words | None = None


class Effect(Shape):
    """What the announcement does to the unit's status. `confirms` are statuses that it leaves as they are.

    `support_kept`: the unit keeps what it was entitled to (脱贫不脱政策); until when, other items say.
    """

    before: list[Text] = Field(alias="from", min_length=1)
    after: Text = Field(alias="to")
    confirms: list[Text] = Field(default_factory=list)
    support_kept: bool = False
    clause: Clause


class ProcedureFields(ItemFields):
    """A procedure. Without an effect it ends in a record: a check that changes no status.

    `crossing` is the parameter that says whether the household with which a village's number of persons is passed is
    taken (yes) or left (no); households only, for a household is never split.
    """

    unit: Annotated[ProcedureUnit, choice(ProcedureUnit)]
    purpose: Annotated[Purpose, choice(Purpose)]
    crossing: Id | None = None
    stages: list[Stage] = Field(min_length=1)
    effect: Effect | None = None

    def parameters(self) -> dict[str, str]:
        """The parameters that it names, each with the field that names it."""
        named: list[tuple[str, int | str | None]] = [("crossing", self.crossing)]
        for stage in self.stages:
            named += [("days", stage.days), ("quorum", stage.quorum)]
        return {value: field for field, value in named if isinstance(value, str)}

    def clauses(self) -> dict[tuple[str | int, ...], Clause]:
        """Every clause that it cites, by the path to it in the file."""
        found: dict[tuple[str | int, ...], Clause] = {("clause",): self.clause}
        found |= {("stages", index, "clause"): stage.clause for index, stage in enumerate(self.stages)}
        return found if self.effect is None else {**found, ("effect", "clause"): self.effect.clause}


class ProcedureItem(ProcedureFields):
    """An entry of `procedures/*.yaml`."""

    override: bool = False
