"""Running all rules of quality over a snapshot, and keeping what they found.

One of the few modules that touch rows of persons; it logs nothing.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.core.permissions import Permission
from lika.engine.schema import UNIT_NAMES
from lika.engine.screening.engines import WithDuckDB
from lika.engine.screening.run import Outcome, Plan
from lika.engine.screening.run import screen as run
from lika.engine.screening.verdict_files import relation
from lika.engine.snapshots import manifest as manifests
from lika.engine.snapshots.layout import IDENTIFIED_UNITS, division_column, file_path, key_column
from lika.engine.snapshots.manifest import Manifest
from lika.monitoring.choices import JobStage
from lika.monitoring.models import QualityCount, QualityFault, QualityRun
from lika.policy.quality import Rule, RuleBook, rules_for
from lika.snapshots import storage
from lika.snapshots.models import Snapshot
from lika.snapshots.queries import snapshots

# A county has some thousand counts without a fault in each village; they are left out below this level.
_WHOLE_TO_LEVEL = 4
_FOUND = ("id", "rule", "unit_kind", "unit_id", "household_id", "village")


def run_quality(*, by: Actor, snapshot: str, tell: Callable[[JobStage], None] = lambda stage: None) -> QualityRun:
    """Hold every unit of a snapshot against the rules of its whole area and day; open, keep and close faults.

    `tell` hears what is begun, before anything of it is written.

    A fault that is found again stays with whom it is assigned to, and opens again if it was said to be mended. One that
    is not found is over: nothing else ends an error.

    Raises ACC-001, ACC-002, SNP-020 (no such snapshot), SNP-007 (altered snapshot),
    QUA-001 (an area was rechecked by a newer snapshot).
    """
    found = checkable(by, snapshot)
    code = f"{found.division:0{CODE_LENGTH}d}"
    tell(JobStage.CHECKING)
    snapshots.refuse_altered(found)
    started = timezone.now()
    folder = storage.folder_of(found)
    manifest = manifests.read(folder)
    book = rules_for(code, found.at)
    with tempfile.TemporaryDirectory(dir=storage.snapshots_folder()) as scratch:
        outcome = judged(folder, manifest, book, Path(scratch))
        tell(JobStage.LISTING)
        rows = Path(scratch) / "faults.csv"
        faults = write_faults(folder, Path(scratch), outcome, book, rows)
        tell(JobStage.KEEPING)
        with transaction.atomic():
            done = QualityRun.objects.create(
                id=uuid7(),
                snapshot=found,
                packs=[list(pack) for pack in book.packs],
                digest=outcome.digest,
                faults=faults,
                run_by=by.name,
                started_at=started,
                finished_at=timezone.now(),
            )
            _copy(QualityCount._meta.db_table, _COUNTED, _counts(done, outcome, book))
            _merge(done, rows, book)
            _record(by, done)
    return done


def checkable(by: Actor, snapshot: str) -> Snapshot:
    """The snapshot, if the actor may have it checked now.

    Raises ACC-001, ACC-002, SNP-020, QUA-001: an older snapshot would open what a newer one found mended.
    """
    by.require(Permission.QUALITY_RUN)
    found = snapshots.get_snapshot(by, snapshot)
    by.require(Permission.QUALITY_RUN, division=f"{found.division:0{CODE_LENGTH}d}")
    _refuse_older(found)
    return found


def _refuse_older(snapshot: Snapshot) -> None:
    newer = QualityRun.objects.filter(
        snapshot__taken_at__gt=snapshot.taken_at,
        snapshot__division__lte=snapshot.last,
        snapshot__last__gte=snapshot.division,
    )
    if newer.exists():
        raise UserError(
            "QUA-001",
            _("A newer snapshot of this area has been checked already."),
            remedy=_("Check the newest snapshot: lika snapshot take, then lika quality."),
            snapshot=snapshot.pk,
        )


def judged(folder: Path, manifest: Manifest, book: RuleBook, out: Path) -> Outcome:
    """The answers of all rules, as verdict files below `out`: met is sound."""
    plan = Plan({unit: tuple(rule.id for rule in book.of_unit(unit)) for unit in UNIT_NAMES})
    engine = WithDuckDB()
    try:
        return run(folder, manifest, book.checked, plan, engine=engine, out=out)
    finally:
        engine.close()


def write_faults(folder: Path, answers: Path, outcome: Outcome, book: RuleBook, path: Path) -> int:
    """The units that break a rule, as text for COPY (`_FOUND`); returns how many."""
    selects = [
        _faults_sql(folder, answers, unit, counties_of(outcome, unit), book.of_unit(unit)) for unit in outcome.criteria
    ]
    if not selects:
        path.touch()
        return 0
    with duckdb.connect() as session:
        text = " UNION ALL ".join(selects)
        rows = session.execute(f"COPY ({text}) TO '{path}' (FORMAT csv, HEADER false)").fetchone()
    return int(rows[0]) if rows else 0


def counties_of(outcome: Outcome, unit: str) -> list[int]:
    """The counties that have answers of a unit."""
    return [part.county for part in outcome.parts if part.unit == unit and part.total]


def _faults_sql(folder: Path, answers: Path, unit: str, counties: list[int], rules: Iterable[Rule]) -> str:
    key, place = key_column(unit), division_column(unit)
    ids = ", ".join(f'"{rule.id}"' for rule in rules)
    files = relation(unit, [answers / file_path(unit, county) for county in counties])
    broken = (
        f"(SELECT * FROM (UNPIVOT (SELECT * FROM {files}) ON {ids} "  # noqa: S608 - our own names
        "INTO NAME rule VALUE answer) WHERE answer = 0)"
    )
    if unit not in IDENTIFIED_UNITS:
        number = f"lpad(CAST({place} AS VARCHAR), 32, '0')"
        return f"SELECT uuid(), rule, '{unit}', CAST({number} AS UUID), NULL, {place} FROM {broken}"  # noqa: S608
    if unit == "household":
        return f"SELECT uuid(), rule, '{unit}', {key}, {key}, {place} FROM {broken}"  # noqa: S608
    homes = ", ".join(f"'{folder / file_path(unit, county)}'" for county in counties)
    return (
        f"SELECT uuid(), rule, '{unit}', b.{key}, p.household_id, b.{place} FROM {broken} AS b "  # noqa: S608
        f"JOIN (SELECT {key}, household_id FROM read_parquet([{homes}])) AS p USING ({key})"
    )


_COUNTED = (
    *("run_id", "rule", "zh", "en", "unit_kind", "dimension", "severity"),
    *("division", "level", "sound", "faulty", "unknown"),
)


def _counts(done: QualityRun, outcome: Outcome, book: RuleBook) -> Iterator[tuple[Any, ...]]:
    for row in outcome.rollups:
        if row.not_met or row.level <= _WHOLE_TO_LEVEL:
            rule = book.rules[row.criterion]
            yield (
                *(done.pk, rule.id, rule.title.zh, rule.title.en, row.unit, rule.dimension, rule.severity),
                *(row.division, row.level, row.met, row.not_met, row.unknown),
            )


def _copy(table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _merge(done: QualityRun, rows: Path, book: RuleBook) -> None:
    """Faults found now beside those known: new ones open, known ones stay, those not found are over."""
    table = QualityFault._meta.db_table
    asked: dict[str, Any] = {
        "run": done.pk,
        "low": done.snapshot.division,
        "high": done.snapshot.last,
        "rules": list(book.rules),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE found_fault (id uuid, rule text, unit_kind text, unit_id uuid, "
            "household_id uuid, village bigint) ON COMMIT DROP"
        )
        driver = cursor.cursor  # psycopg's own cursor: Django's wrapper has no COPY
        with rows.open("rb") as file, driver.copy("COPY found_fault FROM STDIN (FORMAT csv)") as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        cursor.execute("CREATE TEMPORARY TABLE rule_now (rule text, severity text, dimension text) ON COMMIT DROP")
        cursor.executemany(
            "INSERT INTO rule_now VALUES (%s, %s, %s)",
            [(rule.id, rule.severity.value, rule.dimension.value) for rule in book.rules.values()],
        )
        for statement in _MERGE:
            cursor.execute(statement.format(table=table), asked)


# An error is never explained: where a rule became one, what was explained opens again.
_MERGE = (
    """
    INSERT INTO {table} (id, rule, severity, dimension, unit_kind, unit_id, household_id, village, state,
                         first_run_id, last_run_id, assigned_to, remark, changed_by)
    SELECT f.id, f.rule, r.severity, r.dimension, f.unit_kind, f.unit_id, f.household_id, f.village, 'open',
           %(run)s, %(run)s, '', '', ''
    FROM found_fault f JOIN rule_now r USING (rule)
    ON CONFLICT (rule, unit_id) DO UPDATE SET
        last_run_id = EXCLUDED.last_run_id, village = EXCLUDED.village, household_id = EXCLUDED.household_id,
        severity = EXCLUDED.severity, dimension = EXCLUDED.dimension,
        state = CASE WHEN {table}.state IN ('fixed', 'rechecked', 'lapsed') THEN 'open'
                     WHEN {table}.state = 'explained' AND EXCLUDED.severity = 'error' THEN 'open'
                     ELSE {table}.state END
    """,
    """
    UPDATE {table} SET state = CASE WHEN rule = ANY(%(rules)s) THEN 'rechecked' ELSE 'lapsed' END, last_run_id = %(run)s
    WHERE village BETWEEN %(low)s AND %(high)s AND last_run_id <> %(run)s AND state NOT IN ('rechecked', 'lapsed')
    """,
)


def _record(by: Actor, done: QualityRun) -> None:
    change = audit.Change(
        "quality_run",
        done.pk,
        county=audit.chain_of(done.snapshot.division),
        label=done.snapshot_id,
        new={"digest": done.digest, "faults": done.faults, "packs": done.packs},
    )
    audit.record(by=by, action="quality.run", change=change)
