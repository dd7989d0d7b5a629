"""Named writes of the console: what leaves the screens as a file is recorded."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.queries import HouseholdFilter, HouseholdRow

MOST_ROWS = 200_000


@dataclass(frozen=True)
class Screened:
    """The results that a list was narrowed to or shows: of which screenings, which criterion, which result."""

    screenings: tuple[str, ...]
    pack: str
    criterion: str
    result: str


@transaction.atomic
def export_households(
    *,
    by: Actor,
    wanted: HouseholdFilter,
    condition: Q,
    kind: str,
    division: str = "",
    screened: Screened | None = None,
    analysis: Mapping[str, str] | None = None,
    named: Mapping[str, str] | None = None,
) -> tuple[tuple[HouseholdRow, ...], int]:
    """The rows of a list that leaves as a file, and the data year they show; the audit says who took which list.

    `condition` is what `screened`, `analysis` (a definition and its cell) and `named` (a list behind a number of the
    home page) say in words; `division` is the one that
    the list is about, in whose county the audit row stands. A search text is never kept. Rows are masked as on the
    screen.

    Raises ACC-001, CON-003 (more than `MOST_ROWS`).
    """
    by.require(Permission.REGISTER_VIEW)
    year = wanted.year or register.latest_year(by, wanted.as_of)
    found = register.find_households(by=by, wanted=wanted).filter(condition).order_by("village", "number")
    total = found.count()
    if total > MOST_ROWS:
        raise UserError(
            "CON-003",
            _("The list is too long for one file: %(total)s households.") % {"total": f"{total:,}"},
            remedy=_("Choose a county or a township and export again."),
        )
    asked = {
        "division": division or wanted.division,
        "poverty": sorted(wanted.poverty),
        "monitoring": sorted(wanted.monitoring),
        "cause": wanted.cause,
        "searched": bool(wanted.text),
        "year": year,
        "as_of": wanted.as_of,
        "screened": asdict(screened) if screened else None,
        "analysis": dict(analysis) if analysis else None,
        "named": dict(named) if named else None,
        "kind": kind,
        "households": total,
    }
    county = _county(division or wanted.division)
    audit.record(by=by, action="households.exported", change=audit.Change("export", uuid7(), county=county, new=asked))
    return register.rows_of(found, by=by, year=year, as_of=wanted.as_of), year


def _county(division: str) -> int:
    """The county whose chain holds the audit row; 0 for what lies above counties."""
    county = int(division[:6] or 0)
    return county if county % 100 else 0
