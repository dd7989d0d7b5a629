"""Runs of scenarios asked for on a page: worked by a process of their own, with the rights of whoever asked."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.core import audit, processes
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.snapshots.actions.scenarios import run_scenario
from lika.snapshots.choices import RunState
from lika.snapshots.models import Scenario, Screening
from lika.snapshots.queries.scenarios import UNFORESEEN, get_scenario, is_going

# Held for a moment while somebody asks: of a double click the second finds what the first asked for.
_ASKING = 0x4C694B64
WAIT_SECONDS = 5  # a county's is tried by then: its reader sees it at once


@transaction.atomic
def ask_for_run(*, by: Actor, scenario: UUID) -> Scenario | None:
    """Note that a scenario is to be run; `begin_run` does it. None where it is being run at this moment.

    Raises ACC-001, ACC-002, SCR-063.
    """
    by.require(Permission.SCREENING_RUN)
    processes.one_after_the_other(_ASKING)
    found = get_scenario(by, scenario)
    division = found.base.snapshot.division
    by.require(Permission.SCREENING_RUN, division=f"{division:012d}")
    if is_going(found):
        return None
    found.state, found.asked_by, found.asked_at, found.fault = RunState.WAITING, by.name, timezone.now(), ""
    found.save(update_fields=["state", "asked_by", "asked_at", "fault"])
    audit.record(by=by, action="scenario.ask", change=_change(found))
    return found


def begin_run(scenario: Scenario) -> None:
    """Have it run by a process of its own: past the end of the page."""
    processes.begin("scenario", "do", str(scenario.pk), wait_seconds=WAIT_SECONDS)


def do_run(*, scenario: UUID) -> Screening:
    """Run what was asked for, as whoever asked, with the rights that they have now; what goes wrong is kept.

    Raises SCR-073 (nothing was asked for, or another process runs it), and what `run_scenario` raises.
    """
    own = Scenario.objects.filter(pk=scenario)
    found = own.select_related("base__snapshot").first()
    user = None if found is None else User.objects.filter(username=found.asked_by, is_active=True).first()
    if found is None or user is None:
        raise _not_asked()
    by = actor_of(user)
    with processes.lock(found.lock_key) as mine:
        if not mine or not own.filter(state=RunState.WAITING).update(state=RunState.RUNNING):
            raise _not_asked()
        try:
            trial = run_scenario(by=by, scenario=scenario)
        except BaseException as error:
            _note_failed(by, found, error.code if isinstance(error, UserError) else UNFORESEEN)
            raise
        own.update(state=RunState.DONE)
    return trial


@transaction.atomic
def _note_failed(by: Actor, found: Scenario, code: str) -> None:
    Scenario.objects.filter(pk=found.pk).update(state=RunState.FAILED, fault=code)
    audit.record(by=by, action="scenario.failed", change=_change(found, new={"code": code}))


def _change(found: Scenario, new: audit.Values | None = None) -> audit.Change:
    """A scenario in the audit. Its name is the author's own words, and no label."""
    base = found.base
    label = f"{base.pack} {base.snapshot_id}"
    return audit.Change("scenario", found.pk, audit.chain_of(base.snapshot.division), label, new=new)


def _not_asked() -> UserError:
    return UserError(
        "SCR-073",
        _("No run of this scenario waits, or it is being run at this moment."),
        remedy=_("Look at the scenario's page."),
    )
