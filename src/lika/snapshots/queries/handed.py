"""What an upper level asks of snapshots that were handed up: whose are trusted, who is missing, who is there twice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
from django.db.models import QuerySet

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.engine.snapshots.layout import COUNTY_SPAN, LINK, county_of
from lika.snapshots.files import manifest_of, snapshot_files
from lika.snapshots.models import SnapshotSender
from lika.snapshots.queries.snapshots import get_snapshot


@dataclass(frozen=True)
class Appearance:
    """One row of person that has the token of another: its ids are those of the county that keeps it."""

    county: str
    village: str
    household_id: str
    person_id: str


@dataclass(frozen=True)
class Duplicates:
    """People who stand in a snapshot more than once.

    `groups` are the rows of each of them, by village. `pairs` counts them by their two counties, equal where
    both rows are of one. `compared` are the counties by the key of their tokens: those of two keys cannot be
    compared, nor those `unknown`, whose key was not noted. `without` rows of person have no token for want of a number.
    """

    groups: Sequence[tuple[Appearance, ...]]
    pairs: Mapping[tuple[str, str], int]
    compared: Mapping[str, Sequence[str]]
    unknown: Sequence[str]
    without: int


def senders(by: Actor) -> QuerySet[SnapshotSender]:
    """Whose snapshots are, or were, taken in here. Raises ACC-001."""
    by.require(Permission.SNAPSHOT_TRUST)
    return SnapshotSender.objects.all()


def missing_counties(by: Actor, snapshot: str) -> list[str]:
    """The codes of the counties in a snapshot's area that are not in it. Raises SNP-020."""
    found = get_snapshot(by, snapshot)
    held = set(manifest_of(found).counties("household"))
    counties = divisions.within(f"{found.division:012d}", Level.COUNTY, at=found.at)
    return sorted(place.code for place in counties if county_of(place.number) not in held)


def duplicates(by: Actor, snapshot: str) -> Duplicates:
    """People with the same linkage token. Raises ACC-001, ACC-002, SNP-020, SNP-001 … SNP-006 (altered)."""
    by.require(Permission.SNAPSHOT_TAKE)
    found = get_snapshot(by, snapshot)
    by.require(Permission.SNAPSHOT_TAKE, division=f"{found.division:012d}")
    manifest = manifest_of(found)
    counties = manifest.counties("person")
    linkage = manifest.linkage or {}
    compared: dict[str, list[str]] = {}
    for county in counties:
        if f"{county:06d}" in linkage:
            compared.setdefault(linkage[f"{county:06d}"], []).append(f"{county:06d}")
    groups = [
        group
        for own in compared.values()
        for group in _groups([str(path) for path in snapshot_files(found, "person", map(int, own))])
    ]
    files = [str(path) for path in snapshot_files(found, "person", counties)]
    pairs = Counter(pair for group in groups for pair in _pairs(group))
    unknown = [f"{county:06d}" for county in counties if f"{county:06d}" not in linkage]
    return Duplicates(groups, dict(sorted(pairs.items())), compared, unknown, _without(files))


def _groups(files: Sequence[str]) -> list[tuple[Appearance, ...]]:
    with duckdb.connect() as session:
        rows = session.execute(
            f"SELECT {LINK}, village, CAST(household_id AS VARCHAR), CAST(person_id AS VARCHAR) FROM read_parquet(?) "  # noqa: S608 - our own names
            f"WHERE octet_length({LINK}) > 0 AND {LINK} IN (SELECT {LINK} FROM read_parquet(?) "
            f"WHERE octet_length({LINK}) > 0 GROUP BY 1 HAVING count(*) > 1) ORDER BY 2, 3, 4",
            [list(files), list(files)],
        ).fetchall()
    found: dict[bytes, list[Appearance]] = {}
    for link, village, household, person in rows:
        county = f"{village // COUNTY_SPAN:06d}"
        found.setdefault(link, []).append(Appearance(county, f"{village:012d}", household, person))
    return [tuple(group) for group in found.values()]


def _without(files: Sequence[str]) -> int:
    if not files:
        return 0
    with duckdb.connect() as session:
        row = session.execute(
            f"SELECT count(*) FROM read_parquet(?) WHERE {LINK} IS NULL OR octet_length({LINK}) = 0",  # noqa: S608 - our own name
            [list(files)],
        ).fetchone()
    return int(row[0]) if row else 0


def _pairs(group: Sequence[Appearance]) -> set[tuple[str, str]]:
    """The pairs of counties that one of the people stands in."""
    codes = [each.county for each in group]
    return {(one, other) for place, one in enumerate(codes) for other in codes[place + 1 :]}
