"""What an upper level asks of snapshots that were handed up: whose are trusted, who is missing, who is there twice."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import duckdb
from django.db.models import QuerySet

from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.queries import Place
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


def shortened(by: Actor, snapshot: str, counties: Sequence[str]) -> list[str]:
    """Some counties of a snapshot's area in few codes: that of a province or prefecture where all of it is meant.

    Raises SNP-020.
    """
    found = get_snapshot(by, snapshot)
    every = divisions.within(f"{found.division:012d}", Level.COUNTY, at=found.at).values_list("code", flat=True)
    others = set(every).difference(counties)
    short = set()
    for code in counties:
        lengths = (2, 4, 6)
        short.add(next(code[:n] for n in lengths if n == 6 or not any(each.startswith(code[:n]) for each in others)))
    return sorted(short)


def made_whole(
    place: str, at: dt.date, held: Collection[tuple[str, int]], empty: Collection[int] = ()
) -> list[tuple[str, int]]:
    """The prefectures and provinces of an area that lack their row, though all that lies below them is held.

    `held` are the files of a snapshot by unit and six digits, `empty` the codes of divisions that have no register.
    A prefecture is whole with the rows of all its counties valid on the day, a province with those of all its
    prefectures; a prefecture whose counties are all without register is without it too. What is empty alone is not
    whole: of nothing nothing is told.
    """
    counties = set(divisions.within(place, Level.COUNTY, at=at).values_list("number", flat=True))
    prefectures = set(divisions.within(place, Level.PREFECTURE, at=at).values_list("number", flat=True))
    provinces = set(divisions.within(place, Level.PROVINCE, at=at).values_list("number", flat=True))
    known, none, found = set(held), set(empty), []
    for unit, uppers, lower, lowers in (
        ("prefecture", prefectures, "county", counties),
        ("province", provinces, "prefecture", prefectures),
    ):
        for code in sorted(uppers):
            if (unit, county_of(code)) in known:
                continue
            low, high = range_of(f"{code:012d}")
            below = {each for each in lowers if low <= each <= high}
            if code in none or (below and below <= none):
                none.add(code)
            elif below and all((lower, county_of(each)) in known for each in below - none):
                known.add((unit, county_of(code)))
                found.append((unit, code))
    return found


def not_whole(by: Actor, snapshot: str) -> list[Place]:
    """The prefectures and provinces that a snapshot has a part of and no row: no pack's criterion asks of them."""
    found = get_snapshot(by, snapshot)
    manifest = manifest_of(found)
    held = {(entry.unit, entry.county) for entry in manifest.files}
    counties = manifest.counties("household")
    lacking = []
    for level, unit, span in ((Level.PREFECTURE, "prefecture", 100), (Level.PROVINCE, "province", 10_000)):
        touched = {county // span * span for county in counties}
        valid = divisions.within(f"{found.division:012d}", level, at=found.at)
        lacking += [
            each.code
            for each in valid
            if county_of(each.number) in touched and (unit, county_of(each.number)) not in held
        ]
    return sorted(divisions.places(lacking).values(), key=lambda each: each.code)


def left_out(by: Actor, snapshot: str) -> list[str]:
    """The facts, as unit.name, that a merged snapshot left out because not all that it was merged from had them.

    Raises SNP-020, SNP-001, SNP-002, SNP-004 … SNP-006.
    """
    found = get_snapshot(by, snapshot)
    kept = {(unit, column) for unit, columns in manifest_of(found).schema.items() for column in columns}
    parts = [manifest_of(get_snapshot(by, part)) for part in found.made_of]
    given = {(unit, column) for part in parts for unit, columns in part.schema.items() for column in columns}
    return sorted(f"{unit}.{column.name}" for unit, column in given - kept)


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
