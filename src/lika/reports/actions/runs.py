"""Reports of packs worked out over a snapshot and kept: asked for on a page or by a command, worked out once."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.core import audit, processes
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.engine.screening.program import program
from lika.policy import expanding, resolve
from lika.policy import queries as policy
from lika.policy.choices import Basis
from lika.policy.packs.resolved import ResolvedPack
from lika.reports.choices import ReportState
from lika.reports.models import ReportDivision, ReportFigure, ReportRun
from lika.reports.numbers import kept, small_among, smallest_unmarked
from lika.reports.queries.runs import is_going, no_such_run, same_work
from lika.snapshots.queries.reporting import Reported, ToldFigure, refuse_unreportable, report_over

_FAILED = "REP-000"
# Held for a moment while somebody asks: of a double click the second finds what the first asked for.
_ASKING = 0x4C694B63
_AT_ONCE = 500
WAIT_SECONDS = 5  # a county's is worked out by then: its reader sees it at once


@transaction.atomic
def ask_for_report(
    *, by: Actor, snapshot: str, pack: ResolvedPack, report: str, before: str = "", what_if: bool = False
) -> ReportRun:
    """Note that a report is wanted; `begin_report` or `do_report` works it out.

    What was worked out by this version of the pack and this program already, or is at this moment, is given back as it
    is; what was asked for and never begun is asked for again.
    Raises ACC-001, ACC-002, SNP-020, SCR-002, SCR-003, SCR-008, SCR-071, SCR-072 as `report_over`.
    """
    found, wanted, earlier = refuse_unreportable(
        by, snapshot=snapshot, pack=pack, report=report, what_if=what_if, before=before
    )
    processes.one_after_the_other(_ASKING)
    for each in same_work(found, wanted.id, pack.sha256, earlier, what_if=what_if):
        if is_going(each) or each.state == ReportState.DONE:
            return each
        if each.state == ReportState.WAITING:
            return _asked_again(by, each)
    schema = resolve.schema_of(pack)
    criteria = {} if wanted.overlap is None or earlier else expanding.titles_of(pack, wanted.overlap)
    codes = dict(expanding.matrix_titles(wanted, schema))
    if earlier is not None:
        codes[expanding.absent_beside(codes)] = expanding.NOT_ON_RECORD
    note = wanted.note if earlier is None else expanding.BETWEEN_SNAPSHOTS
    run = ReportRun(
        id=uuid7(), snapshot=found, before=earlier, pack=pack.reference, pack_sha256=pack.sha256, program=program(),
        report=wanted.id, what_if=what_if, zh=wanted.zh, en=wanted.en,
        clause_ref=wanted.clause.ref, clause_text=wanted.clause.text, note_zh=note.zh if note else "",
        note_en=note.en if note else "",
        overlap=[[name, words.zh, words.en] for name, words in criteria.items()],
        matrix=[[code.lower(), words.zh, words.en] for code, words in codes.items()], run_by=by.name,
    )  # fmt: skip
    run.save(force_insert=True)
    _record(by, run, "asked", {})
    return run


def begin_report(run: ReportRun) -> None:
    """Have it worked out by a process of its own: as the owner of the tables, past the end of the page."""
    processes.begin("report", "do", str(run.pk), wait_seconds=WAIT_SECONDS)


def run_report(
    *, by: Actor, snapshot: str, pack: ResolvedPack, report: str, before: str = "", what_if: bool = False
) -> ReportRun:
    """A report, worked out now unless it was before. Raises as `ask_for_report` and `do_report`."""
    run = ask_for_report(by=by, snapshot=snapshot, pack=pack, report=report, before=before, what_if=what_if)
    return run if run.state == ReportState.DONE else do_report(by=by, run=run.pk)


def do_report(*, by: Actor, run: UUID) -> ReportRun:
    """Work out a report that was asked for, and keep every figure with the audit, or none.

    What goes wrong stands in its state and is raised.
    Raises REP-022 (no such report), REP-023 (it is over, or another process works it out), REP-024 (the pack or the
    program is no longer the one that was asked for), and what `report_over` raises.
    """
    found = ReportRun.objects.select_related("snapshot", "before").filter(pk=run).first()
    if found is None:
        raise no_such_run()
    own = ReportRun.objects.filter(pk=run)
    with processes.lock(found.lock_key) as mine:
        if not mine or not own.filter(state=ReportState.WAITING).update(state=ReportState.RUNNING):
            raise UserError(
                "REP-023",
                _("This report is over, or is being worked out at this moment."),
                remedy=_("Look at the page of reports."),
            )
        try:
            told = report_over(
                by, snapshot=found.snapshot_id, pack=_pack_of(found), report=found.report, what_if=found.what_if,
                before=found.before_id or "",
            )  # fmt: skip
            _keep(by, found, told)
        except BaseException as error:
            _note_failed(by, found, error.code if isinstance(error, UserError) else _FAILED)
            raise
    found.refresh_from_db()
    return found


def report_asker(run: UUID) -> Actor:
    """The official who asked for a report on the page, with the rights that they have now. Raises REP-022."""
    found = ReportRun.objects.filter(pk=run).first()
    user = None if found is None else User.objects.filter(username=found.run_by, is_active=True).first()
    if user is None:
        raise no_such_run()
    return actor_of(user)


@transaction.atomic
def note_written(*, by: Actor, run: ReportRun, kind: str, division: int, rows: int, small: int) -> None:
    """Keep in the audit that a command writes a report of a division, and how many small numbers stand in it."""
    told = {"kind": kind, "division": f"{division:012d}", "rows": rows, "small": small, "digest": run.digest}
    _record(by, run, "written", told)


def _pack_of(run: ReportRun) -> ResolvedPack:
    """The pack that was asked for. Raises REP-024 where it, or the program, is another by now."""
    if program() != run.program:
        raise _another(_("The program is no longer the one of which the report was asked."))
    version = policy.get(run.pack)
    if version.sha256 != run.pack_sha256:
        raise _another(_("The pack %(pack)s is no longer the one that was asked for.") % {"pack": run.pack})
    return version.pack()


def _another(message: str) -> UserError:
    return UserError("REP-024", message, remedy=_("Ask for the report again."))


def _asked_again(by: Actor, run: ReportRun) -> ReportRun:
    """A report whose process never began: now it is this official's."""
    run.run_by, run.asked_at = by.name, timezone.now()
    run.save(update_fields=["run_by", "asked_at"])
    _record(by, run, "asked", {})
    return run


@transaction.atomic
def _note_failed(by: Actor, run: ReportRun, fault: str) -> None:
    ReportRun.objects.filter(pk=run.pk).update(state=ReportState.FAILED, fault=fault, finished_at=timezone.now())
    _record(by, run, "failed", {"fault": fault})


@transaction.atomic
def _keep(by: Actor, run: ReportRun, told: Reported) -> None:
    written = {figure.id for figure in told.report.figures} if told.before is None else set()
    ReportFigure.objects.bulk_create(
        [
            _figure(run, place, each, made=each.item.id not in written)
            for place, each in enumerate(told.figures)
        ],
        batch_size=_AT_ONCE,
    )  # fmt: skip
    ReportDivision.objects.bulk_create(_divisions(run, told), batch_size=_AT_ONCE)
    run.small = small_among(told.values, {each.item.id: each.units for each in told.figures})
    run.state, run.digest, run.finished_at = ReportState.DONE, told.digest, timezone.now()
    run.save(update_fields=["state", "digest", "small", "finished_at"])
    _record(by, run, "worked_out", {"digest": run.digest, "pack_sha256": run.pack_sha256, "small": run.small})


def _figure(run: ReportRun, place: int, told: ToldFigure, *, made: bool) -> ReportFigure:
    item = told.item
    return ReportFigure(
        run=run, position=place, figure=item.id, zh=item.zh, en=item.en, measure_zh=item.unit_shown.zh,
        measure_en=item.unit_shown.en, places=item.places, units=list(told.units), made=made,
        formula_zh=told.formula.zh if told.formula else "", formula_en=told.formula.en if told.formula else "",
        condition=told.condition, told_to=_told_to(told), clause_ref=item.clause.ref, clause_text=item.clause.text,
        basis=Basis(item.basis), note_zh=item.note.zh if item.note else "", note_en=item.note.en if item.note else "",
    )  # fmt: skip


def _told_to(told: ToldFigure) -> int | None:
    """The lowest level at which no sum is of a few. No level below is told, so nothing can be found by subtraction."""
    if told.fewest is None:
        return None
    level_told = -1
    for level, fewest in sorted(told.fewest.items()):
        if 0 < fewest < smallest_unmarked():
            break
        level_told = level
    return level_told


def _divisions(run: ReportRun, told: Reported) -> Iterator[ReportDivision]:
    for level, codes in sorted(told.divisions.items()):
        for code in codes:
            numbers = {
                each.item.id: kept(value)
                for each in told.figures
                if (value := told.value(code, each.item.id)) is not None
            }
            yield ReportDivision(run=run, division=code, level=level, values=numbers)


def _record(by: Actor, run: ReportRun, what: str, new: dict[str, object]) -> None:
    division = run.snapshot.division
    of = {"snapshot": run.snapshot_id, "before": run.before_id, "pack": run.pack, "report": run.report}
    change = audit.Change(
        "report", run.pk, audit.chain_of(division), f"{run.report} {run.snapshot_id}", new={**of, **new}
    )
    audit.record(by=by, action=f"report.{what}", change=change)
