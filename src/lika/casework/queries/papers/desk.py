"""What a paper is told from: a stage of a batch in its reader's sight, its cases, and what is said where data lack."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lika.casework.choices import SignatureKind
from lika.casework.models import Batch, Case
from lika.casework.papers.shared import Household, Signature, SignatureLevel
from lika.casework.queries.bases import basis_of
from lika.casework.queries.courses import CaseLine, lines_of
from lika.casework.queries.signing import Signed, SlotState, signed
from lika.core.actors import Actor
from lika.core.papers import PaperData
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.names import place_name
from lika.policy.choices import StageLevel
from lika.policy.queries.procedures import Procedure, ProcedureStage
from lika.register.queries import HouseholdRow, households_visible_to, rows_of
from lika.register.queries.whole import natural_village_of_each

LACKS_MEETING = gettext_lazy("No meeting is on record at this stage yet.")
LACKS_FORM = gettext_lazy("No form of two surveyors is on record for this case at this stage yet.")
LACKS_OPINION = gettext_lazy("The office has not written its opinion yet.")
LACKS_POSTING = gettext_lazy("No posting of a notice of this stage is entered yet.")
LACKS_CASES = gettext_lazy("The batch holds no case.")
LACKS_HOUSEHOLD = gettext_lazy("The household is not in your sight, or the case is about no household.")
LACKS_SHEET = gettext_lazy("The indicator sheet is not worked out yet.")
LACKS_SELF = gettext_lazy("The unit has not evaluated itself yet.")
LACKS_FILES = gettext_lazy("No file of this kind is kept with the batch yet.")
_LEVELS: Mapping[StageLevel, str] = {
    StageLevel.VILLAGE: "村", StageLevel.TOWNSHIP: "乡", StageLevel.COUNTY: "县", StageLevel.PREFECTURE: "市",
    StageLevel.PROVINCE: "省",
}  # fmt: skip
_SEE = Permission.REGISTER_VIEW
_COUNTED = "〇一两三四五六七八九"
_HOW: Mapping[str, str] = {
    SignatureKind.ACCOUNT: "账号签署", SignatureKind.INK: "屏幕签名", SignatureKind.PAPER: "纸质签字",
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A stage of a batch and the cases that a paper is about: all of the batch, or one."""

    by: Actor
    batch: Batch
    procedure: Procedure
    stage: ProcedureStage
    cases: Sequence[Case]
    at: dt.datetime = field(default_factory=timezone.now)

    @property
    def case(self) -> Case:
        """The case, of a desk with one."""
        return self.cases[0]

    @cached_property
    def lines(self) -> Sequence[CaseLine]:
        """The cases with their households as the reader sees them."""
        return lines_of(self.by, self.cases)

    @cached_property
    def groups(self) -> Mapping[UUID, str]:
        """The natural village of each household that has one."""
        found = natural_village_of_each([each.household_id for each in self.cases if each.household_id])
        return {key: division.name for key, division in found.items() if division is not None}

    @cached_property
    def signed(self) -> Mapping[UUID, Signed]:
        """What is signed of each case at all stages with slots."""
        return signed(self.cases, self.procedure, self.procedure.stages[-1].id)

    @property
    def today(self) -> dt.date:
        """The day that a paper bears which is made before anything is on record."""
        return timezone.localdate(self.at)

    @property
    def place(self) -> str:
        """The village or county of the batch."""
        return place_name(self.batch.division.name)

    @property
    def whole_place(self) -> str:
        """The place with all that it lies in."""
        return "".join(place_name(step) for step in divisions.path_label(self.batch.division_id).split(" "))

    @property
    def heading(self) -> str:
        """石磊村2016年度贫困户退出: what stands before the kind of paper."""
        return f"{self.place}{self.batch.campaign.year}年度{self.procedure.title.zh}"

    @property
    def basis(self) -> str:
        """The document that lays the stage down."""
        return basis_of(self.procedure, self.stage)

    @cached_property
    def row(self) -> HouseholdRow:
        """The household of the case, with the year that it was screened by. Raises NotOnRecordError."""
        wanted = self.case.household_id
        seen = households_visible_to(self.by).filter(pk=wanted) if wanted and self.by.has(_SEE) else None
        screening = self.case.screening
        year = screening.snapshot.at.year if screening else self.batch.campaign.year
        found = list(rows_of(seen, by=self.by, year=year)) if seen is not None else []
        if not found:
            raise NotOnRecordError(LACKS_HOUSEHOLD)
        return found[0]

    @property
    def household(self) -> Household:
        """The household as a form names it. Raises NotOnRecordError."""
        row = self.row
        return Household(row.head, row.number, f"{self.whole_place}{self.groups.get(row.id, '')}", row.members)

    def levels(self, stages: Sequence[ProcedureStage]) -> tuple[SignatureLevel, ...]:
        """The places to sign at some stages. A name stands where one signed for all the cases, and that holds."""
        return tuple(
            SignatureLevel(_parties(each), tuple(self._place(each, index) for index in range(len(each.slots))))
            for each in stages
            if each.slots
        )

    def _place(self, stage: ProcedureStage, index: int) -> Signature:
        capacity = str(stage.slots[index].capacity.label)
        found = [state for each in self.signed.values() for state in each.slots if _is(state, stage.id, index)]
        given = {state.signature.official_id: state.signature for state in found if state.signature and state.holds}
        if len(given) != 1 or not all(state.holds for state in found):
            return Signature(capacity)
        (signature,) = given.values()
        name = signature.official.name if signature.official else self._head
        return Signature(capacity, name, timezone.localdate(signature.at), _HOW[signature.kind])

    @property
    def _head(self) -> str:
        """Who signs for the household; of several households nobody."""
        only = self.lines[0].household if len(self.lines) == 1 else None
        return only.head if only else ""


Provider = Callable[[Desk], PaperData]


class NotOnRecordError(Exception):
    """What a paper tells is not on record yet. `lacks` says what, in whatever language it is then read."""

    def __init__(self, lacks: Promise) -> None:
        super().__init__(lacks)
        self.lacks = lacks


def _parties(stage: ProcedureStage) -> str:
    """村级四方: a level with how many sign there."""
    count = len(stage.slots)
    return f"{_LEVELS[stage.level]}级{_COUNTED[count] if count < len(_COUNTED) else count}方"


def _is(state: SlotState, stage: str, index: int) -> bool:
    return state.stage.id == stage and state.index == index
