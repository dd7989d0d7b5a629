"""Named writes of the console: what leaves the screens as a file is recorded."""

from dataclasses import asdict

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


@transaction.atomic
def export_households(
    *, by: Actor, wanted: HouseholdFilter, condition: Q, kind: str
) -> tuple[tuple[HouseholdRow, ...], int]:
    """The rows of a list that leaves as a file, and the data year they show; the audit says who took which list.

    Rows are masked as on the screen. Raises ACC-001, CON-003 (more than `MOST_ROWS`).
    """
    by.require(Permission.REGISTER_VIEW)
    year = wanted.year or register.latest_year(by)
    found = register.find_households(by=by, wanted=wanted).filter(condition).order_by("village", "number")
    total = found.count()
    if total > MOST_ROWS:
        raise UserError(
            "CON-003",
            _("The list is too long for one file: %(total)s households.") % {"total": f"{total:,}"},
            remedy=_("Choose a county or a township and export again."),
        )
    asked = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(wanted).items()}
    audit.record(
        by=by,
        action="households.exported",
        change=audit.Change("export", uuid7(), new={**asked, "kind": kind, "households": total}),
    )
    return register.rows_of(found, by=by, year=year), year
