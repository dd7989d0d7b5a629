"""Opening a round: for a data year and a county, or one township of it, with a submission for every village."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.collection.rounds.models import Round, Submission
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.engine.snapshots.layout import county_of
from lika.register import actions as register_actions
from lika.register import queries as register
from lika.register.actions import Period


@dataclass(frozen=True)
class Dates:
    """The last days: villages hand in by the one, townships have passed them by the other."""

    fill_by: dt.date
    audit_by: dt.date


@transaction.atomic
def open_round(*, by: Actor, division: str, period: Period, dates: Dates) -> Round:
    """Open the collection of a data year; every village with households gets its submission.

    Until the last village is locked the year is no figure of the area (`register.open_year`). Raises ACC-001, ACC-002,
    DIV-010, REG-090 (being collected), RND-005 (no county or township), RND-006 (period), RND-007 (order of the days),
    RND-008 (data are there), RND-009 (no households).
    """
    by.require(Permission.ROUND_KEEP, division=division)
    place = divisions.get(division)
    if place.level not in (Level.COUNTY, Level.TOWNSHIP):
        raise UserError(
            "RND-005",
            _("A round is opened for a county, or for one township of it."),
            remedy=_("Choose a county or a township."),
            division=place.code,
        )
    _refuse_days(period, dates)
    area = Area.of([place.code])
    if period.data_year in register.data_years(area):
        raise UserError(
            "RND-008",
            _("Data of this year are in the register already."),
            remedy=_("Choose a year without data; what is there is changed by corrections."),
            division=place.code,
            year=period.data_year,
        )
    villages = sorted(register.counted_households(area))
    if not villages:
        raise UserError(
            "RND-009",
            _("No village of this area has households."),
            remedy=_("Import the register first."),
            division=place.code,
        )
    register_actions.open_year(by=by, division=place.code, data_year=period.data_year)
    opened = Round.objects.create(
        division=place.number, data_year=period.data_year, period_from=period.period_from, period_to=period.period_to,
        fill_by=dates.fill_by, audit_by=dates.audit_by, opened_by=by.name,
    )  # fmt: skip
    Submission.objects.bulk_create(
        [Submission(round=opened, village=village, due_on=dates.fill_by) for village in villages]
    )
    new = {"data_year": period.data_year, "fill_by": dates.fill_by, "audit_by": dates.audit_by}
    label = f"{place.code} {period.data_year}"
    change = audit.Change("round", opened.pk, county_of(place.number), label, new=new | {"villages": len(villages)})
    audit.record(by=by, action="round.opened", change=change)
    return opened


def _refuse_days(period: Period, dates: Dates) -> None:
    begins, ends = period.period_from, period.period_to
    if ends < begins or period.data_year not in (begins.year, ends.year):
        raise UserError(
            "RND-006",
            _("The reference period ends before it begins, or does not touch the data year."),
            remedy=_("Check the data year and the two dates."),
            field="period_to",
        )
    if dates.audit_by < dates.fill_by:
        raise UserError(
            "RND-007",
            _("The township's last day lies before that of the villages."),
            remedy=_("Give the township time to look through what villages hand in."),
            field="audit_by",
        )
