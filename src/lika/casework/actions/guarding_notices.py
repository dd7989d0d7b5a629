"""Nobody goes on from a public notice before its period is over, nor is announced before the announcement hangs:
whoever asks, by whatever action, with no setting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lika.casework.choices import OBJECTIONS_DECIDED
from lika.casework.models import Case, Notice, Objection
from lika.casework.queries import notices as reads
from lika.casework.queries.clock import sure_moment
from lika.casework.queries.notices import Clock
from lika.core.errors import UserError
from lika.policy.choices import StageKind

if TYPE_CHECKING:
    from lika.casework.actions.moving import Standing


def period_over(standing: Standing, cases: Sequence[Case]) -> None:
    """Every case that goes on hung for its whole period, and nobody's objection against it is open.

    Raises CAS-092 (clocks), CAS-097 (no notice, or not at all places), CAS-098 (待确认), CAS-099 (not over), CAS-100.
    """
    if standing.stage.kind is not StageKind.PUBLIC_NOTICE or not cases:
        return
    served = reads.serving(cases, standing.stage.id)
    # Held until the end of the transaction: a fault of a posting is told before this, or after.
    notices = {
        each.pk: each
        for each in Notice.objects.select_for_update(of=("self",))
        .filter(pk__in={each.pk for each in served.values()})
        .select_related("batch__division")
        .order_by("pk")
    }
    clocks = {key: reads.clock_of(each) for key, each in notices.items()}
    moment = sure_moment(*(each.opened_at for each in notices.values()))
    _refuse_objected(cases)
    stops = reads.stops_of(each.pk for each in cases)
    for case in cases:
        notice = served.get(case.pk)
        _refuse_early(case, None if notice is None else clocks[notice.pk], stops.get(case.pk, []), moment)


def announcement_hangs(standing: Standing, cases: Sequence[Case]) -> None:
    """What changes a status hangs in public first, at every place that the stage names. Raises CAS-096."""
    if standing.stage.kind is not StageKind.ANNOUNCEMENT:
        return
    hanging = reads.hanging(cases, standing.stage.id)
    for case in cases:
        if case.pk not in hanging:
            raise UserError(
                "CAS-096",
                _("The announcement does not hang everywhere yet, or does not name case %(case)s.")
                % {"case": case.number},
                remedy=_(
                    "Post the announcement at every place that the stage asks for, enter each posting with its proof, "
                    "then announce."
                ),
            )


def _refuse_early(case: Case, clock: Clock | None, stops: Sequence[reads.Stop], moment: dt.datetime) -> None:
    period = None if clock is None else clock.of_case(stops)
    if period is None:
        raise UserError(
            "CAS-097",
            _("The notice does not hang everywhere yet, or does not name case %(case)s.") % {"case": case.number},
            remedy=_("Post it at every place that the stage asks for and enter each posting with its proof."),
        )
    if not period.confirmed:
        raise UserError(
            "CAS-098",
            _("The period reaches into a year whose holidays are not confirmed: it cannot end."),
            remedy=_("Have the administrator enter the year's holidays and confirm it."),
        )
    if not period.is_over(moment):
        raise UserError(
            "CAS-099",
            _("The period of case %(case)s lasts until 24:00 of %(day)s; nobody can end it earlier.")
            % {"case": case.number, "day": period.last_day.isoformat()},
            remedy=_("Come back on the day after."),
        )


def _refuse_objected(cases: Sequence[Case]) -> None:
    objected = Objection.objects.filter(case__in=[each.pk for each in cases]).exclude(state__in=OBJECTIONS_DECIDED)
    first = objected.select_related("case").first()
    if first is not None:
        raise UserError(
            "CAS-100",
            _("An objection against case %(case)s is not decided.") % {"case": first.case.number},
            remedy=_("Have it investigated, answered and decided first."),
        )
