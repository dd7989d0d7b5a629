"""Objections in the sight of a reader, who may investigate them, and where an upheld one may send its case."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.accounts.queries import officials_posted
from lika.casework.choices import OBJECTIONS_DECIDED
from lika.casework.models import Batch, Case, Notice, Objection
from lika.casework.queries.cases import cases_visible, procedure_of
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.divisions.codes import ancestor_codes

STRIKE_OUT = ""  # among `ways_out`


def objections_visible(by: Actor) -> QuerySet[Objection]:
    """The objections against cases in the actor's sight. Raises ACC-001."""
    found = Objection.objects.filter(case__in=cases_visible(by))
    return found.select_related("case__batch__campaign", "case__batch__division", "notice", "assigned_to", "against")


def objection_in_sight(by: Actor, objection: UUID) -> Objection:
    """One objection. Raises ACC-001, CAS-106."""
    found = objections_visible(by).filter(pk=objection).first()
    if found is None:
        raise NotFound(
            "CAS-106", _("There is no such objection in your area."), remedy=_("Open it from the page of its batch.")
        )
    return found


def objections_of(batch: Batch) -> list[Objection]:
    """The objections against cases of a batch: those that wait first."""
    found = Objection.objects.filter(case__batch=batch).select_related("case", "assigned_to")
    return sorted(found, key=lambda each: (each.state in OBJECTIONS_DECIDED, each.received_at))


def officials_for(case: Case) -> QuerySet[Official]:
    """Whoever holds a post today in the case's village or county, or in a division above it."""
    code = f"{case.division:012d}"
    here = Area.joined([(int(each), int(each)) for each in [*ancestor_codes(code), code]])
    return officials_posted(here, timezone.localdate()).select_related("user")


def ways_out(case: Case, notice: Notice) -> tuple[str, ...]:
    """Where an upheld objection may send a case: stages, and STRIKE_OUT where the procedure strikes out."""
    procedure = procedure_of(case.batch)
    stages = [procedure.stage(notice.stage), procedure.stage(case.stage)]
    back = dict.fromkeys(each for stage in stages for each in stage.returns)
    out = (STRIKE_OUT,) if any(stage.strike_out for stage in stages) else ()
    return (*back, *out)
