"""Screening a snapshot by a pack: verdict files, digest, roll-ups, and, unless it is a trial run, current verdicts."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.engine.disk import told_of_full_disk
from lika.engine.errors import ClusterError
from lika.engine.screening import stored
from lika.engine.screening.again import screen_again
from lika.engine.screening.engines import WithDuckDB
from lika.engine.screening.run import Outcome
from lika.engine.screening.run import screen as run
from lika.engine.snapshots import manifest as manifests
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import storage
from lika.snapshots.actions.current import make_current
from lika.snapshots.earlier import earlier_of
from lika.snapshots.models import (
    MeasureCombination,
    RollUp,
    Scenario,
    ScreenedCriterion,
    ScreenedUnit,
    Screening,
    StatusRollUp,
    VerdictFile,
)
from lika.snapshots.planning import Prepared, prepare
from lika.snapshots.queries import snapshots as reads
from lika.snapshots.status_sums import COLUMNS, status_sums


def screen(
    *,
    by: Actor,
    snapshot: str,
    pack: ResolvedPack,
    what_if: bool = False,
    over_newer: bool = False,
    cluster: str | None = None,
    scenario: Scenario | None = None,
    whole: bool = False,
) -> Screening:
    """Apply a pack's criteria to every unit of a snapshot. It proposes; people decide.

    A trial run (`what_if`, 试算) may be outside the pack's area or dates and never becomes current; nor does a
    screening of less than a whole county. One of an older snapshot than the current screening's becomes current only
    if it is asked to (`over_newer`), by whoever may make the older verdicts count again. With the address of a
    `cluster` Spark works it; snapshots and results must then lie where all its nodes reach them by the same path.
    `pack` is that of a `scenario` where one is tried, which is a trial run always.

    Counties whose files an earlier screening by the same criteria read already are taken over from it, once their
    verdicts are found whole; not for a cluster, and not if `whole` is asked for. The digest is the same either way.

    Raises ACC-001, ACC-002, SNP-020 (no such snapshot), SNP-007 (altered snapshot), SCR-001 … SCR-004, ENG-100 …
    ENG-104 (of Spark), and DiskFull (ENG-119).
    """
    by.require(Permission.SCREENING_RUN)
    found = reads.get_snapshot(by, snapshot)
    by.require(Permission.SCREENING_RUN, division=f"{found.division:012d}")
    if over_newer:
        by.require(Permission.SCREENING_MAKE_CURRENT, division=f"{found.division:012d}")
    reads.refuse_altered(found)
    started = timezone.now()
    folder = storage.folder_of(found)
    manifest = manifests.read(folder)
    prepared = prepare(pack, found, manifest, what_if=what_if)
    screening = Screening(
        id=uuid7(),
        snapshot=found,
        pack_id=pack.id,
        pack_version=pack.version,
        pack_sha256=pack.sha256,
        pack_zh=pack.title.zh,
        pack_en=pack.title.en,
        what_if=what_if,
        scenario=scenario,
        run_by=by.name,
        started_at=started,
    )
    target = storage.verdicts_of(screening)
    scratch = target.with_name(f".{target.name}.part")
    try:
        outcome = _run(screening, folder, manifest, prepared, scratch, whole=whole, cluster=cluster)
        scratch.rename(target)
        with transaction.atomic():
            _record(by, screening, outcome, pack)
            if not what_if:
                _make_current(by, screening, outcome, over_newer=over_newer)
            screening.finished_at = timezone.now()
            screening.save(update_fields=["finished_at"])
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)  # without its row the folder belongs to nobody
        raise
    return screening


def _run(
    screening: Screening,
    folder: Path,
    manifest: manifests.Manifest,
    prepared: Prepared,
    out: Path,
    *,
    whole: bool,
    cluster: str | None,
) -> Outcome:
    """The verdicts below `out`: of an earlier screening where they still hold, worked out where they do not."""
    if cluster is not None:  # what worked it out is not this program alone: no screening is built on it
        return run_over(folder, manifest, prepared, out=out, cluster=cluster)
    screening.rests_on = stored.identity(manifest, prepared.checked, prepared.plan)
    earlier = None
    if not whole:
        earlier, screening.passed_over = earlier_of(manifest, prepared, folder)
    if earlier is None:
        return run_over(folder, manifest, prepared, out=out)
    engine = WithDuckDB()
    try:
        with told_of_full_disk():
            found = screen_again(
                folder, manifest, prepared.checked, prepared.plan, engine=engine, out=out, before=earlier
            )
    finally:
        engine.close()
    if found.kept:
        screening.built_on, screening.parts_kept = earlier.screening, found.kept
    return found.outcome


def run_over(
    folder: Path,
    manifest: manifests.Manifest,
    prepared: Prepared,
    *,
    out: Path | None = None,
    cluster: str | None = None,
) -> Outcome:
    """Run a prepared pack over a snapshot: with DuckDB, or with Spark at the address of a `cluster`.

    Raises ENG-100 … ENG-104 of Spark, DiskFull (ENG-119), SnapshotDamaged (ENG-114).
    """
    if cluster is not None:
        return _on_spark(folder, manifest, prepared, out, cluster)
    engine = WithDuckDB()
    try:
        with told_of_full_disk():
            return run(folder, manifest, prepared.checked, prepared.plan, engine=engine, out=out)
    finally:
        engine.close()


def _on_spark(
    folder: Path, manifest: manifests.Manifest, prepared: Prepared, out: Path | None, cluster: str
) -> Outcome:
    from lika.engine.spark import screening, sessions  # an extra: only who asks for a cluster needs it

    try:
        with told_of_full_disk(), sessions.connected(cluster) as session:
            return screening.screen(session, folder, manifest, prepared.checked, prepared.plan, out=out)
    except ClusterError as error:
        message, remedy = chosen(error.message_zh, error.message_en), _("Nothing of it was kept; screen again.")
        raise UserError(error.code, message, remedy=remedy) from error


def _record(by: Actor, screening: Screening, outcome: Outcome, pack: ResolvedPack) -> None:
    """Keep a screening with all that it counted; write the audit row."""
    screening.digest = outcome.digest
    screening.finished_at = timezone.now()
    screening.save(force_insert=True)
    ScreenedUnit.objects.bulk_create(
        ScreenedUnit(screening=screening, unit_kind=unit, total=outcome.total(unit)) for unit in outcome.criteria
    )
    _record_criteria(screening, outcome, pack)
    VerdictFile.objects.bulk_create(
        VerdictFile(
            screening=screening,
            unit_kind=part.unit,
            county=part.county,
            total=part.total,
            digest=part.digest,
            sha256=part.sha256,
        )
        for part in outcome.parts
    )
    MeasureCombination.objects.bulk_create(
        MeasureCombination(
            screening=screening,
            county=row.county,
            measures=list(row.measures),
            households=row.households,
            persons=row.persons,
        )
        for row in outcome.combinations
    )
    _record_rollups(screening, outcome)
    by_status = ((screening.pk, *row) for row in status_sums(screening))
    _copy(StatusRollUp._meta.db_table, ("screening_id", *COLUMNS), by_status)
    told = {"digest": screening.digest, "pack": screening.pack_sha256, "what_if": screening.what_if}
    if screening.built_on is not None:
        told |= {"built_on": str(screening.built_on.pk), "files_kept": screening.parts_kept}
    if screening.passed_over:
        told["passed_over"] = {str(earlier): code for earlier, code in screening.passed_over}
    if screening.scenario is not None:
        told["scenario"] = screening.scenario.name
    audit.record(by=by, action="screening.run", change=_change(screening, new=told))


def _make_current(by: Actor, screening: Screening, outcome: Outcome, *, over_newer: bool) -> None:
    """Make a screening current where that is its place; going over a newer one leaves an audit row of its own."""
    newer, written = make_current(screening, outcome.parts, over_newer=over_newer)
    if newer is not None and written is not None:
        old = {"screening": str(newer.pk), "snapshot": newer.snapshot_id}
        new = {"screening": str(screening.pk), "snapshot": screening.snapshot_id}
        audit.record(by=by, action="screening.make_current", change=_change(screening, old=old, new=new))


def _change(screening: Screening, *, old: audit.Values | None = None, new: audit.Values) -> audit.Change:
    return audit.Change(
        "screening",
        screening.pk,
        county=audit.chain_of(screening.snapshot.division),
        label=f"{screening.pack} {screening.snapshot_id}",
        old=old,
        new=new,
    )


def _record_criteria(screening: Screening, outcome: Outcome, pack: ResolvedPack) -> None:
    items = {item.id: item for item in pack.criteria}
    ScreenedCriterion.objects.bulk_create(
        ScreenedCriterion(
            screening=screening,
            unit_kind=unit,
            position=position,
            criterion=name,
            zh=items[name].zh,
            en=items[name].en,
            kind=items[name].kind,
            summary=items[name].summary,
        )
        for unit, names in outcome.criteria.items()
        for position, name in enumerate(names)
    )


def _record_rollups(screening: Screening, outcome: Outcome) -> None:
    columns = ("unit", "criterion", "division", "level", "met", "not_met", "unknown")
    rows = ((screening.pk, *(getattr(row, name) for name in columns)) for row in outcome.rollups)
    _copy(RollUp._meta.db_table, ("screening_id", "unit_kind", *columns[1:]), rows)


def _copy(table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write many rows fast, in the transaction of the screening."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
