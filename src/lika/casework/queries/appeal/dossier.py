"""What the parts of an appeal file are told from, and what a part is."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.models import Case
from lika.casework.queries.cases import procedure_of
from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.policy.queries.procedures import Procedure
from lika.register.queries import HouseholdView, household_detail, households_visible_to


@dataclass(frozen=True)
class Dossier:
    """A case in the sight of its reader. `household` is None for a village or county, or out of sight."""

    by: Actor
    case: Case
    procedure: Procedure
    household: HouseholdView | None

    @property
    def cases(self) -> "Cases":
        """The case as the parts that also tell of many take it."""
        return Cases(self.by, [self.case], self.procedure)

    def title(self, stage: str) -> str:
        """A stage in words."""
        return self.cases.title(stage)


@dataclass(frozen=True)
class Cases:
    """Cases of one procedure in the sight of their reader. Of several, each row of a part begins with its number."""

    by: Actor
    all: Sequence[Case]
    procedure: Procedure

    @property
    def ids(self) -> list[UUID]:
        """The cases by id."""
        return [each.pk for each in self.all]

    @property
    def place(self) -> int:
        """The village, or the village or county that is decided on: that of all of them."""
        return self.all[0].division

    def title(self, stage: str) -> str:
        """A stage in words."""
        return str(self.procedure.stage(stage).title)

    def part(
        self, key: str, title: str, heads: Sequence[str], rows: Iterable[tuple[UUID, Sequence[str]]], note: str = ""
    ) -> "Part":
        """A table from rows that each are of one case."""
        if len(self.all) == 1:
            return Part(key, title, heads, [cells for _case, cells in rows], note)
        numbers = {each.pk: each.number for each in self.all}
        return Part(
            key, title, (_("Case number"), *heads), [(numbers[case], *cells) for case, cells in rows], note
        )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A table of the file, in the language of the moment: `key` names it for programs, whatever the language."""

    key: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class Attached:
    """A document that goes along: its name below `documents/`."""

    name: str
    content: bytes


def dossier_of(by: Actor, case: Case) -> Dossier:
    """A case that was found in the actor's sight, with its household as it is now. Raises ACC-001."""
    household = None
    wanted = case.household_id if by.has(Permission.REGISTER_VIEW) else None
    if wanted is not None and households_visible_to(by).filter(pk=wanted).exists():
        household = household_detail(by=by, household=wanted)
    return Dossier(by, case, procedure_of(case.batch), household)


def told(value: object) -> str:
    """A value in a cell: moments in local time, days as ISO 8601, nothing as empty, words in the language of now."""
    if value is None:
        return ""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if isinstance(value, dt.datetime) else str(value)
