"""What happened weeks ago: acts of the demonstration are put back to the day on which they are to have happened.

No action takes a day in the past for what it does, and none should: a notice begins to hang when it is entered, and
nobody ends one early. A demonstration that is built today can therefore show nothing behind a public notice but by
setting back what it wrote itself. That is done here and nowhere else: in a data folder marked as a demonstration, for
rows of its own campaigns that were written within the block, all by the same days, so that their order stays. The
clocks are left alone, every guard is asked, and the audit keeps the true moments beside a row that says what was done.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework import models
from lika.config.env import DEMONSTRATION_MARK
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError

_SKEW = dt.timedelta(seconds=1)  # between the clock of the database and this machine's
# Each kind of row: by what it belongs to its campaign, and its moments, each with the days that belong to it.
_MOMENTS: tuple[tuple[type[Model], str, Mapping[str, tuple[str, ...]]], ...] = (
    (models.Batch, "id", {"opened_at": (), "stage_since": ()}),
    (models.Case, "batch", {"opened_at": (), "pinned_at": (), "stage_since": ("decided_on",)}),
    (models.Step, "batch", {"at": ()}),
    (models.Meeting, "batch", {"at": ()}),
    (models.Opinion, "batch", {"at": ()}),
    (models.Evidence, "batch", {"at": ()}),
    (models.Notice, "batch", {"opened_at": (), "ended_at": ()}),
    (models.Application, "case", {"entered_at": ()}),
    (models.SurveyForm, "case", {"at": ()}),
    (models.Consent, "case", {"at": ()}),
    (models.Objection, "case", {"received_at": (), "entered_at": ()}),
    (models.Signature, "case", {"at": ()}),
    (models.ObjectionStep, "objection", {"at": ()}),
    (models.Posting, "notice", {"entered_at": ("posted_on",)}),
    (models.Roster, "id", {"drawn_at": ()}),
    (models.IndicatorSheet, "case", {"drawn_at": ()}),
    (models.Indicator, "sheet", {"self_at": ()}),
    (models.IndicatorCheck, "indicator", {"at": ()}),
    (models.Signature, "roster", {"at": ()}),
)


@contextmanager
def days_ago(days: int, *, by: Actor, campaign: models.Campaign) -> Iterator[None]:
    """What is done on a campaign within the block happened so many days ago. Within a transaction of the caller.

    Raises DEM-009 where the data folder is not marked as a demonstration.
    """
    if not (settings.LIKA.data_dir / DEMONSTRATION_MARK).is_file():
        raise UserError(
            "DEM-009",
            _("Only a demonstration is told as if it had happened earlier."),
            remedy=_("Give the demonstration a data folder of its own (LIKA_DATA_DIR)."),
        )
    began = timezone.now() - _SKEW
    yield
    rows = _set_back(campaign, began, dt.timedelta(days=days))
    label = f"{campaign.year} {campaign.kind} {campaign.division_id}"
    change = audit.Change(
        "campaign", campaign.pk, audit.chain_of(campaign.division_id), label, new={"days": days, "rows": rows}
    )
    audit.record(by=by, action="demonstration.set_back", change=change)


def _set_back(campaign: models.Campaign, began: dt.datetime, span: dt.timedelta) -> int:
    """The rows of a campaign with a moment since `began`; how many moments were moved."""
    moved = 0
    owners = _owners(campaign)
    for kind, owner, moments in _MOMENTS:
        ids = owners[kind._meta.model_name or "" if owner == "id" else owner]
        for moment, days in moments.items():
            since: dict[str, Any] = {f"{owner}__in": ids, f"{moment}__gte": began}
            moved += kind._default_manager.filter(**since).update(**{each: F(each) - span for each in (moment, *days)})
    return moved


def _owners(campaign: models.Campaign) -> Mapping[str, list[UUID]]:
    """What rows belong to, named one by one: the planner knows nothing yet of tables that were empty a moment ago."""
    batches = list(models.Batch.objects.filter(campaign=campaign).values_list("id", flat=True))
    cases = list(models.Case.objects.filter(campaign=campaign).values_list("id", flat=True))
    sheets = models.IndicatorSheet.objects.filter(case__in=cases).values_list("pk", flat=True)
    return {
        "batch": batches,
        "case": cases,
        "notice": list(models.Notice.objects.filter(batch__in=batches).values_list("id", flat=True)),
        "objection": list(models.Objection.objects.filter(case__in=cases).values_list("id", flat=True)),
        "sheet": list(sheets),
        "indicator": list(models.Indicator.objects.filter(sheet__in=sheets).values_list("id", flat=True)),
        "roster": list(models.Roster.objects.filter(campaign=campaign).values_list("id", flat=True)),
    }
