"""What goes to another system: audited rows alone, a receipt for each file, and what has changed here since.

A household leaves when the township has confirmed its yearly row (or the county has locked it), and only where the
other system holds such households (`Profile.only`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F
from django.utils.translation import gettext as _

from lika.collection.exporting.foreign import Foreign
from lika.collection.exporting.rows import Rows
from lika.collection.layouts.model import Profile
from lika.collection.models import Export, SentHousehold
from lika.collection.schema import sheets_asked
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL, Area
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.register.choices import YearState
from lika.register.models import Household, HouseholdYear, PersonYear
from lika.register.queries import whole

AUDITED = frozenset((YearState.CONFIRMED, YearState.LOCKED))
_CHUNK = 2_000
_TOWNSHIP = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[Level.TOWNSHIP])


class Audited:
    """Households whose yearly row the township has audited; `states` counts those rows, `waiting` the others."""

    def __init__(self, profile: Profile, data_year: int) -> None:
        self._profile, self._year = profile, data_year
        self.admitted: dict[UUID, Household] = {}
        self.states: dict[str, int] = {}
        self.waiting: set[UUID] = set()

    def households(self, block: list[Household]) -> list[Household]:
        """Those of a block that may leave."""
        held = [household for household in block if self._is_held(household)]
        state = {household.id: row.state for household, row in whole.years_of(held, self._year)}
        kept = [household for household in held if state.get(household.id) in AUDITED]
        for household in kept:
            if household.id not in self.admitted:
                self.states[state[household.id]] = self.states.get(state[household.id], 0) + 1
                self.admitted[household.id] = household
        self.waiting |= {household.id for household in held} - {household.id for household in kept}
        return kept

    def year(self, row: PersonYear | HouseholdYear) -> bool:
        """Whether a yearly row was audited."""
        return row.state in AUDITED

    def _is_held(self, household: Household) -> bool:
        return all(getattr(household, name) in codes for name, codes in self._profile.only.items())


@dataclass(frozen=True)
class Sending:
    """The rows of an area for another system, and who decides which of them leave."""

    foreign: Foreign
    audited: Audited

    @classmethod
    def of(cls, *, by: Actor, profile: Profile, division: str, data_year: int) -> "Sending":
        """What may leave of a division."""
        area = Area.of([division])
        audited = Audited(profile, data_year)
        rows = Rows(by=by, area=area, year=data_year, admit=audited)
        return cls(Foreign(profile, sheets_asked(area), rows), audited)

    def told(self) -> dict[str, object]:
        """What the receipt says beyond the numbers of rows."""
        return {
            "states": self.audited.states,
            "households": len(self.audited.admitted),
            "waiting": len(self.audited.waiting),
            "without_code": dict(self.foreign.without_code),
        }


def require_audited(area: Area, data_year: int) -> None:
    """Raise COL-055 where nothing of the year was audited."""
    if not whole.any_in_state(area, data_year, AUDITED):
        raise UserError(
            "COL-055",
            _("Nothing of this year has been audited here: no row may go to the other system."),
            remedy=_("Have the township confirm the year, then ask again."),
            field="data_year",
        )


def note_sent(export: Export, profile: Profile, sending: Sending) -> None:
    """Remember what left of each household."""
    by_number = {household.number: household for household in sending.audited.admitted.values()}
    rows = [
        SentHousehold(
            system=profile.name, data_year=export.data_year, household_id=by_number[number].id, number=number,
            village=by_number[number].village, digest=digest, export=export,
        )
        for number, digest in sending.foreign.digests.items()
    ]  # fmt: skip
    SentHousehold.objects.bulk_create(
        rows,
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["system", "data_year", "household_id"],
        update_fields=["number", "village", "digest", "export"],
    )


@dataclass(frozen=True)
class Waiting:
    """A household whose rows here are not those of its last receipt: `why` is new, changed or gone."""

    household: UUID
    number: str
    why: str
    receipt: str


@dataclass(frozen=True)
class Queue:
    """What a township has to send; `unaudited` households wait for its audit first."""

    lines: Sequence[Waiting]
    unaudited: int
    sent: int


def queue(*, by: Actor, profile: Profile, division: str, data_year: int) -> Queue:
    """What changed here since the last receipt, by household number. Raises ACC-001, ACC-002, DIV-001."""
    area = divisions.get(division)
    by.require(Permission.REGISTER_EXPORT, division=area.code)
    sending = Sending.of(by=by, profile=profile, division=area.code, data_year=data_year)
    for _table, rows in sending.foreign.tables():
        for _cells in rows:
            pass
    now = sending.foreign.digests
    sent = {
        each.number: each
        for each in SentHousehold.objects.filter(
            Area.of([area.code]).where("village"), system=profile.name, data_year=data_year
        ).select_related("export")
    }
    ids = {household.number: household.id for household in sending.audited.admitted.values()}
    lines = [
        Waiting(ids[number], number, "changed" if number in sent else "new", _receipt(sent.get(number)))
        for number, digest in now.items()
        if number not in sent or sent[number].digest != digest
    ]
    gone = (each for number, each in sent.items() if number not in now)
    lines += [Waiting(each.household_id, each.number, "gone", _receipt(each)) for each in gone]
    return Queue(sorted(lines, key=lambda line: line.number), len(sending.audited.waiting), len(sent))


@dataclass(frozen=True)
class TownshipQueue:
    """A township at a glance: households audited and never sent, sent before, and those that wait for the audit."""

    code: str
    name: str
    unsent: int
    sent: int
    unaudited: int


def by_township(*, by: Actor, profile: Profile, data_year: int) -> list[TownshipQueue]:
    """The townships of the actor's area by code. Four queries; what changed since a receipt only `queue` tells.

    Raises ACC-001.
    """
    by.require(Permission.REGISTER_EXPORT)
    area = by.area_for(Permission.REGISTER_EXPORT)
    left = SentHousehold.objects.filter(area.where("village"), system=profile.name, data_year=data_year)
    unsent = whole.townships_in_state(area, data_year, AUDITED, only=profile.only, besides=left.values("household_id"))
    drafts = whole.townships_in_state(area, data_year, frozenset((YearState.DRAFT,)), only=profile.only)
    grouped = left.annotate(township=F("village") / _TOWNSHIP * _TOWNSHIP).values_list("township").order_by()
    sent = dict(grouped.annotate(Count("pk")))
    return [
        TownshipQueue(place.code, place.name, unsent[place.number], sent.get(place.number, 0), drafts[place.number])
        for place in divisions.lying_in(area, Level.TOWNSHIP)
    ]


def _receipt(sent: SentHousehold | None) -> str:
    return sent.export.receipt if sent is not None else ""
