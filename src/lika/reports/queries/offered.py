"""The reports of the packs in force, each with how it stands over the newest snapshot that the pack rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.permissions import Permission
from lika.engine.screening.program import program
from lika.policy import queries as policy
from lika.policy.models import PackVersion
from lika.policy.packs.resolved import ResolvedPack, ResolvedReport
from lika.reports.choices import ReportState
from lika.reports.models import ReportRun
from lika.reports.queries.runs import is_going, newest_of
from lika.snapshots.models import Snapshot
from lika.snapshots.queries.snapshots import list_snapshots


@dataclass(frozen=True, eq=False)
class OfferedReport:
    """A report with the newest run of each kind: done and up to date, done and out of date, under way, failed."""

    item: ResolvedReport
    current: ReportRun | None
    older: ReportRun | None
    going: ReportRun | None
    failed: ReportRun | None


@dataclass(frozen=True, eq=False)
class OfferedPack:
    """A pack's reports over a snapshot; `may_run`: whether the reader may have them worked out for all of its area."""

    version: PackVersion
    snapshot: Snapshot
    reports: tuple[OfferedReport, ...]
    may_run: bool


def offered(by: Actor) -> list[OfferedPack]:
    """The packs that have reports and rule in the reader's sight, each with its newest snapshot. Raises ACC-001."""
    area_of_reader = by.sees(Permission.SCREENING_VIEW)
    by.require(Permission.SCREENING_VIEW)
    snapshots = list(list_snapshots(by))
    versions = [each for each in policy.list_packs() if each.active]
    read = (_pack(each.reference, each.sha256) for each in versions)
    packs = {each.id: each for each in read if each.reports}
    chosen = {name: newest_ruled(pack, snapshots, area_of_reader) for name, pack in packs.items()}
    known = newest_of(by, {each.pk: each for each in chosen.values() if each is not None}.values())
    found = []
    for version in versions:
        pack, snapshot = packs.get(version.pack_id), chosen.get(version.pack_id)
        if pack is None or snapshot is None:
            continue
        lines = tuple(_standing(pack, snapshot, item, known) for item in pack.reports)
        area = by.area_for(Permission.SCREENING_RUN)
        may_run = by.has(Permission.SCREENING_RUN) and area.covers(f"{snapshot.division:012d}")
        found.append(OfferedPack(version, snapshot, lines, may_run))
    return found


def newest_ruled(pack: ResolvedPack, snapshots: Sequence[Snapshot], area: Area) -> Snapshot | None:
    """Of snapshots that a pack rules the one of the latest time point, the one taken last where there are several.

    Those of the reader's whole area go before all others, then those of the widest: that a village was looked at again
    does not take the county's reports off the page.
    """
    ruled = [
        each for each in snapshots if pack.covers(f"{each.division:012d}") and pack.is_valid_at(each.at)
    ]  # fmt: skip
    whole = [each for each in ruled if all(each.division <= low and high <= each.last for low, high in area.ranges)]
    widest = max((each.last - each.division for each in ruled), default=0)
    candidates = whole or [each for each in ruled if each.last - each.division == widest]
    return max(candidates, key=lambda each: (each.at, each.taken_at), default=None)


def earlier_snapshots(by: Actor, snapshot: Snapshot) -> Iterator[Snapshot]:
    """The snapshots of the same area with an earlier time point, newest first, one of each."""
    seen = set()
    same = list_snapshots(by).filter(division=snapshot.division, last=snapshot.last, at__lt=snapshot.at)
    for each in same.order_by("-at", "-taken_at"):
        if each.at not in seen:
            seen.add(each.at)
            yield each


def _standing(
    pack: ResolvedPack, snapshot: Snapshot, item: ResolvedReport, known: Sequence[ReportRun]
) -> OfferedReport:
    """How a report stands over the area of a snapshot; `known` are runs, newest first."""
    area = (snapshot.division, snapshot.last)
    own = [
        each for each in known
        if each.pack.partition("@")[0] == pack.id and each.report == item.id
        and (each.snapshot.division, each.snapshot.last) == area
    ]  # fmt: skip
    newest = next((each for each in own if each.snapshot_id == snapshot.pk), None)
    going = newest is not None and is_going(newest)  # before the others: it may be over by now
    done = [each for each in own if each.state == ReportState.DONE]
    current = next((each for each in done if _key(each) == (snapshot.pk, pack.sha256, program())), None)
    failed = newest is not None and newest.state != ReportState.DONE and not going
    return OfferedReport(
        item,
        current,
        None if current or not done else done[0],
        newest if going and current is None else None,
        newest if failed and current is None else None,
    )


def _key(run: ReportRun) -> tuple[str, str, str]:
    return run.snapshot_id, run.pack_sha256, run.program


@lru_cache(maxsize=32)
def _pack(reference: str, sha256: str) -> ResolvedPack:
    """A version never changes: read once per process; its hash is part of the key."""
    return policy.get(reference).pack()
