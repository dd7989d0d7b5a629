"""The reports of the packs in force, each with how it stands over the newest snapshot that the pack rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.policy import queries as policy
from lika.policy.models import PackVersion
from lika.policy.packs.resolved import ResolvedPack, ResolvedReport
from lika.reports.choices import ReportState
from lika.reports.models import ReportRun
from lika.reports.queries.runs import has_failed, is_going, newest_by_report
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
    by.require(Permission.SCREENING_VIEW)
    snapshots = list(list_snapshots(by))
    versions = [each for each in policy.list_packs() if each.active]
    read = (_pack(each.reference, each.sha256) for each in versions)
    packs = {each.id: each for each in read if each.reports}
    known = newest_by_report(by, packs)
    found = []
    for version in versions:
        pack = packs.get(version.pack_id)
        snapshot = None if pack is None else newest_ruled(pack, snapshots)
        if pack is None or snapshot is None:
            continue
        lines = tuple(_standing(pack, snapshot, item, known.get((pack.id, item.id), ())) for item in pack.reports)
        area = by.area_for(Permission.SCREENING_RUN)
        may_run = by.has(Permission.SCREENING_RUN) and area.covers(f"{snapshot.division:012d}")
        found.append(OfferedPack(version, snapshot, lines, may_run))
    return found


def newest_ruled(pack: ResolvedPack, snapshots: Sequence[Snapshot]) -> Snapshot | None:
    """Of snapshots the one of the latest time point that a pack rules, the one taken last where there are several."""
    ruled = [
        each for each in snapshots if pack.covers(f"{each.division:012d}") and pack.is_valid_at(each.at)
    ]  # fmt: skip
    return max(ruled, key=lambda each: (each.at, each.taken_at), default=None)


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
    """How a report stands; `known` are its runs, newest first."""
    done = [each for each in known if each.state == ReportState.DONE]
    fits = [each for each in done if (each.snapshot_id, each.pack_sha256) == (snapshot.pk, pack.sha256)]
    newest = next((each for each in known if each.snapshot_id == snapshot.pk), None)
    current = fits[0] if fits else None
    under_way = newest is not None and current is None
    return OfferedReport(
        item,
        current,
        None if current or not done else done[0],
        newest if under_way and newest is not None and is_going(newest) else None,
        newest if under_way and newest is not None and has_failed(newest) else None,
    )


@lru_cache(maxsize=32)
def _pack(reference: str, sha256: str) -> ResolvedPack:
    """A version never changes: read once per process; its hash is part of the key."""
    return policy.get(reference).pack()
