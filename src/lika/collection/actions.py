"""The door: a workbook is read, checked as a whole, and published in one transaction or not at all."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.collection import claims, staging
from lika.collection.checks import CHECK_STEPS, check
from lika.collection.choices import BatchState, Stage
from lika.collection.failures import told_of_full_disk
from lika.collection.findings import FindingLog
from lika.collection.layouts.queries import layout_of
from lika.collection.layouts.reading import Layout
from lika.collection.models import ImportBatch
from lika.collection.progress import ProgressLine
from lika.collection.reading import books
from lika.collection.reading.loading import load
from lika.collection.reading.onward import STAGES, Defaults, Loaded
from lika.collection.reading.sheets import require_sheets
from lika.collection.reading.sources import Source, fingerprint
from lika.collection.report import ImportReport
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register.actions import bulk

Progress = Callable[[Stage, int, int], None]

# Where headings are wrong nothing can be said about the rows.
_STRUCTURAL = frozenset(("COL-012", "COL-013", "COL-014", "COL-015", "COL-020", "COL-021"))


def _silent(_stage: Stage, _done: int, _total: int) -> None:
    """Nobody is watching."""


def import_register(
    *,
    by: Actor,
    path: Path,
    file_name: str = "",
    dry_run: bool = False,
    good_rows: bool = False,
    data_year: int | None = None,
    profile: str = "",
    progress: Progress = _silent,
) -> ImportReport:
    """Bring a workbook, or CSV and Parquet files (see `reading.books`), into the register.

    All faults are found at once. With an error nothing is written, unless `good_rows`: then households with any error
    are left out whole and the rest is written. `dry_run` only checks. `data_year` stands where the members' sheet
    leaves the year empty. `profile` is the NAME or NAME@VERSION of the mapping profile for a file in the words of
    another system. The same workbook again changes nothing. An import of the same file by the same actor that was cut
    off is gone on with: what it has read is not read again.

    Raises ACC-001 without the permission, COL-001 … COL-005 and COL-017 … COL-019 for a file that cannot be read,
    COL-006 while another import has one of the villages, COL-051 for a profile that there is not. Faults in the
    workbook are not raised: they are in the report.
    """
    by.require(Permission.REGISTER_IMPORT)
    batch = open_batch(by=by, source=path, file_name=file_name or path.name, profile=profile)
    return run_batch(
        by=by, batch=batch, source=path, dry_run=dry_run, good_rows=good_rows, data_year=data_year, progress=progress
    )


def open_batch(*, by: Actor, source: Source, file_name: str, profile: str = "", assign: bool = False) -> ImportBatch:
    """Note a file as waiting, with `assign` until its columns are assigned.

    Raises COL-001 … COL-005, COL-017, COL-024 when it cannot be read, COL-051.
    """
    by.require(Permission.REGISTER_IMPORT)
    layout = layout_of(profile)
    with books.opened(source, file_name) as book:
        if not assign:
            require_sheets(book, layout)
        digest, size = fingerprint(source)
    return ImportBatch.objects.create(
        file_name=file_name[:200],
        file_sha256=digest,
        file_bytes=size,
        by_name=by.name,
        official_id=by.official_id,
        profile=layout.label,
        state=BatchState.ASSIGNING if assign else BatchState.WAITING,
    )


def run_batch(
    *,
    by: Actor,
    batch: ImportBatch,
    source: Source,
    dry_run: bool = False,
    good_rows: bool = False,
    data_year: int | None = None,
    progress: Progress = _silent,
) -> ImportReport:
    """Run a batch of the actor from its file; see `import_register`.

    Raises COL-007 while it runs, COL-008 when it is over or somebody else's, COL-025 where the disk is full.
    """
    by.require(Permission.REGISTER_IMPORT)
    claims.require_own(by, batch)
    with claims.held(batch):
        batch.refresh_from_db()
        if batch.state == BatchState.RUNNING:
            claims.mark_interrupted(batch)  # its lock is ours: whoever ran it is dead
        claims.require_startable(batch)
        staging.clear(sparing=batch)
        run = _Run(by, batch, source, Defaults(data_year, timezone.localdate()), good_rows)
        run.begin(dry_run=dry_run, progress=progress)
        try:
            with told_of_full_disk():
                return run.perform()
        except BaseException as error:
            run.fail(error)
            raise
        finally:
            run.clean()


@dataclass
class _Run:
    """One run of a batch: reading, checking, publishing."""

    by: Actor
    batch: ImportBatch
    source: Source
    defaults: Defaults
    good_rows: bool
    log: FindingLog = field(default_factory=FindingLog)
    layout: Layout = field(init=False)
    seconds: dict[str, float] = field(default_factory=dict)
    _progress: Progress = _silent
    _line: ProgressLine = field(init=False)

    def __post_init__(self) -> None:
        self._line = ProgressLine(self.batch)
        self.layout = layout_of(self.batch.profile)

    def begin(self, *, dry_run: bool, progress: Progress) -> None:
        """Mark the batch as running."""
        self._progress = progress
        self._save(
            state=BatchState.RUNNING, dry_run=dry_run, good_rows=self.good_rows, data_year=self.defaults.data_year,
            stage="", done=0, total=0, started_at=timezone.now(), finished_at=None, villages=[], rows={}, counts={},
            errors=0, warnings=0, finding_counts={}, findings=[], left_out=[], fault="",
        )  # fmt: skip

    def perform(self) -> ImportReport:
        """The whole way; returns the report, which the batch keeps."""
        loaded = self._read()
        if _STRUCTURAL & self.log.counts.keys():
            return self._finish(loaded, BatchState.REFUSED, {}, ())
        if not any(loaded.rows.values()):
            raise UserError(
                "COL-004", _("The workbook has no rows in the sheets that are asked for."),
                remedy=_("Use the template."), file=self.batch.file_name,
            )  # fmt: skip
        if not self.batch.dry_run:
            claims.take_villages(self.batch, _staged_villages())
        with transaction.atomic():
            self._check(loaded)
            return self._decide(loaded)

    def _read(self) -> Loaded:
        began = time.perf_counter()
        onward = staging.entered(self.batch, self.defaults)
        if onward.complete:
            loaded, self.log = onward.begun(self.log)
        else:
            with books.opened(self.source, self.batch.file_name) as book:
                told = partial(self._tell, Stage.READING)
                loaded, self.log = load(book, self.log, self.defaults, told, onward, self.layout)
        self.seconds["reading"] = round(time.perf_counter() - began, 2)
        return loaded

    def _check(self, loaded: Loaded) -> None:
        began = time.perf_counter()
        steps = CHECK_STEPS + 1
        self._tell(Stage.CHECKING, 0, steps)
        bulk.match(loaded.present)
        checks = check(loaded, self.log, by=self.by, today=self.defaults.today)
        for done, _group in enumerate(checks, start=1):
            self._tell(Stage.CHECKING, done, steps)
        self._name_faulty_households()
        self._tell(Stage.CHECKING, steps, steps)
        self.seconds["checking"] = round(time.perf_counter() - began, 2)

    def _name_faulty_households(self) -> None:
        """A fault in a member's or a year's row is a fault of its household, whoever found it."""
        with connection.cursor() as cursor:
            for sheet in ("households", "persons", "household_years"):
                rows = sorted(row for key, row in self.log.faulty_rows if key == sheet)
                cursor.execute(
                    f"SELECT sheet_row, number FROM {STAGES[sheet].table} "  # noqa: S608 - a name of ours
                    "WHERE sheet_row = ANY(%s) AND number IS NOT NULL",
                    [rows],
                )
                self.log.name_households(sheet, dict(cursor.fetchall()))

    def _decide(self, loaded: Loaded) -> ImportReport:
        left_out = sorted(self.log.faulty_households) if self.good_rows else []
        bulk.leave_out(set(left_out), self.log.faulty_rows if self.good_rows else set())
        counts = bulk.counts()
        if self.batch.dry_run:
            return self._finish(loaded, BatchState.CHECKED, counts, left_out)
        if self.log.errors and not self.good_rows:
            return self._finish(loaded, BatchState.REFUSED, counts, ())
        began = time.perf_counter()
        origin = bulk.Origin("import", self.batch.id, self.batch.label)
        progress = partial(self._tell, Stage.PUBLISHING)
        bulk.publish(by=self.by, origin=origin, present=loaded.present, progress=progress)
        self.seconds["publishing"] = round(time.perf_counter() - began, 2)
        changed = any(fates.get(fate) for fates in counts.values() for fate in ("new", "changed"))
        report = self._finish(loaded, BatchState.PUBLISHED if changed else BatchState.UNCHANGED, counts, left_out)
        audit.record(by=self.by, action="collection.import", change=_change(self.batch, report))
        return report

    def _finish(self, loaded: Loaded, state: BatchState, counts: bulk.Counts, left_out: Sequence[str]) -> ImportReport:
        report = ImportReport(
            batch_id=self.batch.id,
            file_name=self.batch.file_name,
            state=state,
            dry_run=self.batch.dry_run,
            rows=loaded.rows,
            counts=counts,
            errors=self.log.errors,
            warnings=self.log.warnings,
            findings=self.log.in_order(loaded.parts, self.layout.named),
            finding_counts=dict(sorted(self.log.counts.items())),
            left_out=tuple(left_out),
            seconds=self.seconds,
            profile=self.batch.profile,
        )
        self._save(
            state=state, finished_at=timezone.now(), stage=Stage.DONE, rows=report.rows, counts=report.counts,
            errors=report.errors, warnings=report.warnings, finding_counts=report.finding_counts,
            findings=[finding.as_json() for finding in report.findings], left_out=list(report.left_out), villages=[],
        )  # fmt: skip
        return report

    def _tell(self, stage: Stage, done: int, total: int) -> None:
        self._progress(stage, done, total)
        self._line.tell(stage, done, total)

    def fail(self, error: BaseException) -> None:
        """Leave the batch in a state that says what happened."""
        code = error.code if isinstance(error, UserError) else ""
        interrupted = isinstance(error, KeyboardInterrupt | SystemExit)
        state = BatchState.INTERRUPTED if interrupted else BatchState.FAILED
        self._save(state=state, fault=code, villages=[], finished_at=timezone.now())

    def clean(self) -> None:
        """Leave the staging area, and remove it unless the import was cut off and can be gone on with."""
        self._line.close()
        if self.batch.state == BatchState.INTERRUPTED:
            bulk.leave()
        else:
            bulk.drop(self.batch.pk)

    def _save(self, **values: object) -> None:
        for name, value in values.items():
            setattr(self.batch, name, value)
        self.batch.save(update_fields=list(values))


def _change(batch: ImportBatch, report: ImportReport) -> audit.Change:
    new = {
        "file": batch.file_name,
        "sha256": batch.file_sha256,
        "profile": batch.profile,
        "rows": dict(report.rows),
        "counts": report.as_json()["counts"],
        "warnings": report.warnings,
        "left_out": len(report.left_out),
    }
    return audit.Change("import_batch", batch.id, label=batch.label, new=new)


def _staged_villages() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT village FROM stage_household WHERE village IS NOT NULL
            UNION SELECT village FROM stage_village_year WHERE village IS NOT NULL
            UNION SELECT h.village FROM register_household h
                  JOIN (SELECT number FROM stage_person UNION SELECT number FROM stage_household_year) s USING (number)
        """)
        return [village for (village,) in cursor.fetchall()]
