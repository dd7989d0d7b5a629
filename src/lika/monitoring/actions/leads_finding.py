"""Looking for leads over an area, and keeping what is found: opened, kept, opened again, gone.

One of the few modules that touch rows of persons; it logs nothing.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.core import audit, processes
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, range_of
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.monitoring.choices import RunState
from lika.monitoring.models import Lead, LeadCount, LeadRun
from lika.monitoring.queries.jobs import going
from lika.monitoring.queries.leads import no_such_run
from lika.policy.patterns import PatternBook, patterns_for
from lika.register.queries.leads import search

_FAILED = "LED-000"
# A page waits so long for the end of a run that it began: a village is done by then.
WAIT_SECONDS = 5


@transaction.atomic
def ask_for_leads(*, by: Actor, division: str, at: dt.date | None = None) -> LeadRun:
    """Note that a division is to be looked over, as of a day (today). `begin` or `look_for_leads` does it.

    Raises ACC-001, ACC-002, DIV-001, DIV-010, LED-001 (looked over already at this moment).
    """
    by.require(Permission.QUALITY_RUN)
    code = divisions.get(division).code
    by.require(Permission.QUALITY_RUN, division=code)
    low, high = range_of(code)
    if LeadRun.objects.filter(going(), division__lte=high, last__gte=low).exists():
        raise UserError(
            "LED-001", _("This area is being looked over at this moment."), remedy=_("Wait until the run is done.")
        )
    run = LeadRun(id=uuid7(), division=low, last=high, at=at or timezone.localdate(), run_by=by.name)
    run.save(force_insert=True)
    _note(by, run, "asked")
    return run


def begin(run: LeadRun) -> None:
    """Have the run done by a process of its own: as the owner of the tables, past the end of the page."""
    processes.begin("duplicates", "--run", str(run.pk), wait_seconds=WAIT_SECONDS)


def look_for_leads(*, by: Actor, run: UUID) -> LeadRun:
    """Do a run that was asked for. What goes wrong stands in its state and is raised.

    A lead that is found again stays as it was decided, while what it rests on is the same; where that has changed, or
    where it was gone, it is open again and says so. One that is not found is gone: nothing that a person says ends it.

    Raises ACC-001, ACC-002, LED-011 (no such run), LED-002 (begun already), REG-084.
    """
    found = LeadRun.objects.filter(pk=run).first()
    if found is None:
        raise no_such_run()
    code = f"{found.division:0{CODE_LENGTH}d}"
    by.require(Permission.QUALITY_RUN, division=code)
    if not LeadRun.objects.filter(pk=run, state=RunState.WAITING).update(state=RunState.RUNNING):
        raise UserError("LED-002", _("This run has begun already."), remedy=_("Look at the page of leads."))
    book = patterns_for(code, found.at)
    try:
        with closing(_Progress(found, len(book.running()))) as progress, transaction.atomic():
            _look(found, book, progress.tell)
            _note(by, found, "done")
    except BaseException as error:
        fault = error.code if isinstance(error, UserError) else _FAILED
        LeadRun.objects.filter(pk=run).update(state=RunState.FAILED, fault=fault, finished_at=timezone.now())
        raise
    return found


def asker_of(run: UUID) -> Actor:
    """The official who asked for a run on the page, with the rights that they have now. Raises LED-011."""
    found = LeadRun.objects.filter(pk=run).first()
    user = None if found is None else User.objects.filter(username=found.run_by, is_active=True).first()
    if user is None:
        raise no_such_run()
    return actor_of(user)


class _Progress:
    """How far a run is, told on a connection of its own: what its transaction writes, nobody sees before its end."""

    def __init__(self, run: LeadRun, total: int) -> None:
        self._run, self._total = run, total
        self._own: BaseDatabaseWrapper | None = None

    def tell(self, done: int) -> None:
        """Say that so many patterns are done."""
        if self._own is None:
            self._own = connection.copy()
        table = LeadRun._meta.db_table
        with self._own.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET done = %s, total = %s WHERE id = %s",  # noqa: S608 - our own name
                [done, self._total, self._run.pk],
            )

    def close(self) -> None:
        """End the connection."""
        if self._own is not None:
            self._own.close()


def _look(run: LeadRun, book: PatternBook, tell: Callable[[int], None]) -> None:
    """Search, keep what is found, and count it."""
    wanted = book.running()
    with connection.cursor() as cursor:
        # Two runs that were asked for at one moment keep what they find one after the other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lika.leads'))")
    asked = search(run.division, run.last, run.at, wanted, tell)
    run.data_year, run.packs = asked.year, [list(pack) for pack in book.packs]
    run.searched = [sought.id for sought in wanted]
    run.done = run.total = len(wanted)
    _keep(run)
    run.state, run.finished_at = RunState.DONE, timezone.now()
    run.save()


def _keep(run: LeadRun) -> None:
    """Merge `found_lead` into the leads, and count them by pattern and village."""
    names = {"lead": Lead._meta.db_table, "count": LeadCount._meta.db_table}
    values = {"run": run.pk, "searched": run.searched, "low": run.division, "high": run.last}
    with connection.cursor() as cursor:
        counted = []
        for statement in (_REOPENED, _ADDED, _MERGED, _GONE, _COUNTED):
            cursor.execute(statement.format(**names), values)
            counted.append(cursor.rowcount)
    run.reopened, run.added, run.found, run.gone, _villages = counted


# First those whose state changes by being found again: what was decided on other facts, and what was gone.
_REOPENED = """
    UPDATE {lead} l SET state = 'open', reopened = CASE WHEN l.state = 'gone' THEN 'again' ELSE 'facts' END
    FROM found_lead f
    WHERE f.key = l.key
      AND (l.state = 'gone' OR (l.facts <> f.facts AND l.state IN ('clearing', 'cleared', 'referred')))
"""
_ADDED = """
    INSERT INTO {lead} (id, pattern, key, facts, village, other_village, household_id, other_household_id, person_id,
                        other_person_id, evidence, state, reopened, first_run_id, last_run_id)
    SELECT gen_random_uuid(), f.pattern, f.key, f.facts, f.village, f.other_village, f.household_id,
           f.other_household_id, f.person_id, f.other_person_id, f.evidence, 'open', '', %(run)s, %(run)s
    FROM found_lead f WHERE NOT EXISTS (SELECT 1 FROM {lead} l WHERE l.key = f.key)
"""
_MERGED = """
    UPDATE {lead} l SET facts = f.facts, evidence = f.evidence, village = f.village, other_village = f.other_village,
        household_id = f.household_id, other_household_id = f.other_household_id, last_run_id = %(run)s
    FROM found_lead f WHERE f.key = l.key
"""
# Only what lies wholly inside was looked for, and only by the patterns that were searched.
_GONE = """
    UPDATE {lead} SET state = 'gone', reopened = '' WHERE last_run_id <> %(run)s AND state <> 'gone'
      AND pattern = ANY(%(searched)s) AND village BETWEEN %(low)s AND %(high)s
      AND (other_village IS NULL OR other_village BETWEEN %(low)s AND %(high)s)
"""
_COUNTED = """
    INSERT INTO {count} (run_id, pattern, village, found)
    SELECT %(run)s, pattern, village, count(*) FROM found_lead GROUP BY pattern, village
"""


def _note(by: Actor, run: LeadRun, what: str) -> None:
    told = {"division": run.division, "at": run.at, "found": run.found, "added": run.added, "gone": run.gone}
    change = audit.Change("lead_run", run.pk, county=audit.chain_of(run.division), label=str(run.division), new=told)
    audit.record(by=by, action=f"leads.{what}", change=change)
