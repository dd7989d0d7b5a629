"""Taking a snapshot."""

import datetime as dt
import hashlib
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika import __version__
from lika.core import audit, crypto, facts
from lika.core.actors import Actor
from lika.core.areas import COUNTRY, DIGITS_OF_LEVEL, range_of
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.divisions.queries import Place
from lika.engine.snapshots.folder import SnapshotWriter, written
from lika.engine.snapshots.layout import LINK, PERSONS, county_of
from lika.engine.snapshots.manifest import Manifest, Versions, sha256_of_text
from lika.policy.collected import collected
from lika.register.choices import YearState
from lika.register.models import HouseholdYear, OpenYear
from lika.snapshots import storage
from lika.snapshots.assembling import UnitAssembler, admitted, persons_by_household, tokens
from lika.snapshots.models import Snapshot, SnapshotSender
from lika.snapshots.reading import Moment, Reader, one_moment

#: Divisions above counties, lowest first: they have a row in a snapshot that holds the whole of them.
UPPER_UNITS = ("prefecture", "province")
ALL_STATES = tuple(state.value for state in YearState)


@dataclass(frozen=True)
class Period:
    """The reference period (标准时期) that the yearly rows of a snapshot cover; how many drafts it leaves out."""

    begins: dt.date
    ends: dt.date
    left_out: int


def take(
    *,
    by: Actor,
    at: dt.date,
    division: str,
    year: int | None = None,
    states: Sequence[str] = ALL_STATES,
) -> Snapshot:
    """Freeze the register of a division at a standard time point, into files that never change.

    `year` is the data year of the yearly rows (that of `at` unless given), `states` the row states admitted. Where the
    year is still being collected, villages that their township has not passed are left out of it: their households are
    there, their facts of the year unknown. Everything is read at one moment, whatever is written meanwhile.

    Raises ACC-001, ACC-002, DIV-001, DIV-010, SNP-010 (no household), SNP-011 (no yearly rows), SNP-012 (none in the
    states admitted), SNP-013 (unknown state), SNP-014 (being collected, and nothing passed yet).
    """
    by.require(Permission.SNAPSHOT_TAKE)
    place = divisions.place(division)
    by.require(Permission.SNAPSHOT_TAKE, division=place.code)
    _refuse_unknown_states(states)
    low, high = range_of(place.code)
    items = collected(within=(low, high))
    moment = Moment(at, at.year if year is None else year, tuple(states), low, high, items)
    identifier = f"{at:%Y%m%d}-{significant(place)}-{secrets.token_hex(3)}"
    target = storage.snapshots_folder() / identifier
    with written(target) as writer:
        with one_moment() as reader:
            moment = replace(moment, collecting=_is_collecting(reader, moment))
            period = _period(reader, moment, place)
            places = divisions_hash(reader, moment)
            _write_units(reader, writer, moment, place)
        _refuse_empty(writer, place)
        manifest = writer.finish(_describe(identifier, moment, place, period, places, writer.counties("person")))
    return record(by, manifest, place)


def significant(place: Place) -> str:
    """The digits of a code that say something: 621223 of 621223000000; six zeros for the country."""
    return place.code[: DIGITS_OF_LEVEL.get(place.level, len(COUNTRY))]


def _refuse_unknown_states(states: Sequence[str]) -> None:
    unknown = sorted(set(states) - set(ALL_STATES))
    if unknown or not states:
        raise UserError(
            "SNP-013",
            _("A row state is unknown: %(states)s.") % {"states": ", ".join(unknown) or "–"},
            remedy=_("Use one or more of %(states)s.") % {"states": ", ".join(ALL_STATES)},
        )


def _is_collecting(reader: Reader, moment: Moment) -> bool:
    """Whether any data year is being collected in a part of the range."""
    found = reader.fetch(
        f"SELECT count(*) AS found FROM {OpenYear._meta.db_table} WHERE low <= %(high)s AND high >= %(low)s",  # noqa: S608
        moment.parameters,
    )
    return bool(found["found"][0].as_py())


def _period(reader: Reader, moment: Moment, place: Place) -> Period:
    """The reference period of the household rows admitted; refuses a year without any."""
    admits = admitted("own", HouseholdYear)
    row = reader.fetch(
        f"SELECT count(*) AS rows, count(*) FILTER (WHERE {admits}) AS admitted, "  # noqa: S608 - our own names
        f"min(period_from) FILTER (WHERE {admits}) AS begins, max(period_to) FILTER (WHERE {admits}) AS ends, "
        "count(*) FILTER (WHERE state = ANY(%(states)s)) AS in_state "
        f"FROM {HouseholdYear._meta.db_table} AS own "
        "WHERE data_year = %(year)s AND village BETWEEN %(low)s AND %(high)s",
        moment.parameters,
    ).to_pylist()[0]
    if not row["rows"]:
        raise UserError(
            "SNP-011",
            _("The register holds no yearly data of %(year)d for %(division)s.")
            % {"year": moment.year, "division": place.name},
            remedy=_("Import the year's data first, or name the data year that is meant."),
            division=place.code,
        )
    if row["in_state"] and not row["admitted"]:
        raise UserError(
            "SNP-014",
            _("The year %(year)d is still being collected in %(division)s: no village of it is passed yet.")
            % {"year": moment.year, "division": place.name},
            remedy=_("Name the year before, or wait until townships have passed their villages."),
            division=place.code,
        )
    if not row["admitted"]:
        raise UserError(
            "SNP-012",
            _("Of %(rows)d yearly rows of %(year)d for %(division)s none is in an admitted state (%(states)s).")
            % {
                "rows": row["rows"],
                "year": moment.year,
                "division": place.name,
                "states": ", ".join(moment.states),
            },
            remedy=_("Confirm the year's data first, or admit the state that they are in."),
            division=place.code,
        )
    return Period(row["begins"], row["ends"], row["in_state"] - row["admitted"])


def _write_units(reader: Reader, writer: SnapshotWriter, moment: Moment, place: Place) -> None:
    for low, high in _county_ranges(reader, moment, place):
        _write_county(reader, writer, moment.within(low, high))
    if place.level <= Level.PREFECTURE:
        for unit in UPPER_UNITS:
            codes = UnitAssembler(reader, unit).spine(moment)[unit].to_pylist()
            write_upper(reader, writer, moment, unit, codes)


def _county_ranges(reader: Reader, moment: Moment, place: Place) -> Iterator[tuple[int, int]]:
    """The range of each county in a division, codes that have ended included; of its county, for a part of one."""
    if place.level >= Level.COUNTY:
        yield range_of(f"{county_of(place.number):06d}")
        return
    counties = reader.fetch(
        f"SELECT number FROM {Division._meta.db_table} "  # noqa: S608 - our own names
        f"WHERE level = {Level.COUNTY:d} AND number BETWEEN %(low)s AND %(high)s ORDER BY number",
        moment.parameters,
    )
    for number in counties["number"].to_pylist():
        yield range_of(f"{county_of(number):06d}")


def _write_county(reader: Reader, writer: SnapshotWriter, moment: Moment) -> None:
    """The files of a county; a county without any row in the register has none."""
    county = county_of(moment.low)
    persons = UnitAssembler(reader, "person", moment.items)
    households = UnitAssembler(reader, "household", moment.items)
    person_spine, household_spine = persons.spine(moment), households.spine(moment)
    if not len(person_spine) and not len(household_spine):
        return
    sizes = persons_by_household(person_spine)
    _write_unit(writer, households, moment, household_spine, {PERSONS: sizes})
    _write_unit(writer, persons, moment, person_spine, {LINK: tokens(reader, persons, moment)})
    for unit in ("village", "township", "county"):
        assembler = UnitAssembler(reader, unit, moment.items)
        spine = assembler.spine(moment)
        if len(spine):
            _write_unit(writer, assembler, moment, spine, {}, county=county)


def write_upper(reader: Reader, writer: SnapshotWriter, moment: Moment, unit: str, codes: Iterable[int]) -> None:
    """The files of some prefectures or provinces: a row each, which says that the whole of it is in the snapshot."""
    assembler = UnitAssembler(reader, unit)
    for code in codes:
        low, high = range_of(f"{code:012d}")
        part = moment.within(low, high)
        _write_unit(writer, assembler, part, assembler.spine(part), {}, county=county_of(code))


def _write_unit(
    writer: SnapshotWriter,
    assembler: UnitAssembler,
    moment: Moment,
    spine: pa.Table,
    extra: Mapping[str, pa.Table],
    county: int | None = None,
) -> None:
    number = county_of(moment.low) if county is None else county
    rows = assembler.write(moment, spine, extra, writer.path(assembler.unit, number))
    if rows != len(spine):
        raise ValueError(f"{assembler.unit} has {rows} rows for {len(spine)} units")
    writer.add(assembler.unit, number, assembler.columns, rows)


def _refuse_empty(writer: SnapshotWriter, place: Place) -> None:
    if not writer.counts.get("household"):
        raise UserError(
            "SNP-010",
            _("At this time point the register holds no household in %(division)s.") % {"division": place.name},
            remedy=_("Check the date and the division, or import the register first."),
            division=place.code,
        )


def _describe(
    identifier: str, moment: Moment, place: Place, period: Period, places: str, counties: Sequence[int]
) -> Manifest:
    """The manifest, still without files."""
    return Manifest(
        id=identifier,
        at=moment.at,
        period_from=period.begins,
        period_to=period.ends,
        data_year=moment.year,
        states=moment.states,
        scope=place.number,
        schema={},
        files=(),
        versions=Versions(lika=__version__, schema=_schema_hash(moment), divisions=places),
        created=timezone.now().isoformat(timespec="seconds"),
        drafts_left_out=period.left_out,
        linkage={f"{county:06d}": crypto.linkage_key_name() for county in counties},
    )


def _schema_hash(moment: Moment) -> str:
    """What the facts were declared to be when the snapshot was taken, those of collected items after the others."""
    units = facts.schema().units
    registered = [repr(fact) for unit in sorted(units) for fact in units[unit].values()]
    return sha256_of_text(registered + [repr(item.fact) for item in moment.items])


def divisions_hash(reader: Reader, moment: Moment) -> str:
    """The divisions in scope with their names, levels and validity, as they stand at the moment that all is read."""
    rows = reader.fetch(
        "SELECT code, name, level::integer, valid_from, valid_to "  # noqa: S608 - our own names
        f'FROM {Division._meta.db_table} WHERE number BETWEEN %(low)s AND %(high)s ORDER BY code COLLATE "C"',
        moment.parameters,
    )
    return sha256_of_text(repr(tuple(row.values())) for row in rows.to_pylist())


def record(
    by: Actor,
    manifest: Manifest,
    place: Place,
    *,
    action: str = "snapshot.take",
    sender: SnapshotSender | None = None,
    made_of: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Snapshot:
    """Keep the row of a snapshot whose folder is there, with its audit; the folder goes where that fails.

    The audit keeps who handed it up, of what it was merged, and which divisions were said to have no register.
    """
    origin: dict[str, object] = {"sender": sender.fingerprint} if sender else {}
    origin |= {name: list(given) for name, given in (("made_of", made_of), ("without", without)) if given}
    try:
        return _record(by, manifest, place, action, sender, made_of, origin)
    except BaseException:
        # Without its row the folder belongs to nobody.
        shutil.rmtree(storage.snapshots_folder() / manifest.id, ignore_errors=True)
        raise


def _record(
    by: Actor,
    manifest: Manifest,
    place: Place,
    action: str,
    sender: SnapshotSender | None,
    made_of: Sequence[str],
    origin: Mapping[str, object],
) -> Snapshot:
    with transaction.atomic():
        snapshot = Snapshot.objects.create(
            id=manifest.id,
            at=manifest.at,
            data_year=manifest.data_year,
            period_from=manifest.period_from,
            period_to=manifest.period_to,
            division=manifest.scope,
            last=range_of(place.code)[1],
            states=list(manifest.states),
            folder=manifest.id,
            manifest_sha256=hashlib.sha256(manifest.to_bytes()).hexdigest(),
            households=manifest.total("household"),
            persons=manifest.total("person"),
            drafts_left_out=manifest.drafts_left_out,
            taken_by=by.name,
            sender=sender,
            made_of=list(made_of),
        )
        change = audit.Change(
            "snapshot",
            snapshot.id,
            county=county_of(place.number) if place.level >= Level.COUNTY else 0,
            label=f"{place.name} {manifest.at.isoformat()}",
            new={"manifest_sha256": snapshot.manifest_sha256, "states": snapshot.states, **origin},
        )
        audit.record(by=by, action=action, change=change)
    return snapshot
