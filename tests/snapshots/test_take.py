"""Taking a snapshot of rows in PostgreSQL: what it holds, what it must not hold, and what is refused. 演示数据"""

import datetime as dt
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection, transaction

from lika.core import crypto
from lika.core.actors import SystemActor
from lika.core.areas import range_of
from lika.core.errors import ManyErrors, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.divisions.models import Division
from lika.engine.snapshots.folder import Damage, Finding
from lika.engine.snapshots.manifest import read
from lika.register.models import HouseholdYear, Person
from lika.snapshots import actions, queries, storage
from lika.snapshots.actions.snapshots import ALL_STATES, divisions_hash
from lika.snapshots.models import Snapshot
from lika.snapshots.reading import Moment, one_moment
from tests import factories as make
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)
HOUSEHOLDS = "household/county=621223.parquet"


def rows(taken: Snapshot, unit: str, columns: str, county: int = 621223) -> list[tuple[Any, ...]]:
    path = storage.folder_of(taken) / f"{unit}/county={county}.parquet"
    return duckdb.sql(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()


def test_households_with_their_facts_and_the_years_before(taken: Snapshot, register: Register):
    found = {row[0]: row[1:] for row in rows(taken, "household", "household_id, village, __persons, wage, wage__lag1")}
    assert found == {
        register.rich.id: (int(make.VILLAGE), 3, Decimal("9000.00"), Decimal("8000.50")),
        register.dry.id: (int(make.VILLAGE), 1, Decimal("2736.10"), None),
        register.unknown.id: (int(make.OTHER_VILLAGE), 2, None, None),
        register.newcomer.id: (int(make.OTHER_VILLAGE), 1, Decimal("2736.11"), None),
    }
    assert rows(taken, "household", "wage__lag2, members__lag1, safe_water, poverty")[0] in [
        (Decimal("7000.25"), 3, True, "poor"),
        (None, 1, False, "poor"),
    ]


def test_rows_are_sorted_by_village_and_unit(taken: Snapshot):
    found = rows(taken, "household", "village, household_id")
    assert found == sorted(found, key=lambda row: (row[0], row[1].bytes))
    people = rows(taken, "person", "village, person_id")
    assert people == sorted(people, key=lambda row: (row[0], row[1].bytes))
    assert len(people) == 7


def test_upper_units_are_those_wholly_inside(taken: Snapshot, register: Register):
    assert rows(taken, "village", "village, rural_registered_population") == [
        (int(make.VILLAGE), 8),
        (int(make.OTHER_VILLAGE), None),
    ]
    assert rows(taken, "township", "township") == [(int(make.TOWNSHIP),)]
    assert rows(taken, "county", "county") == [(int(make.COUNTY),)]
    assert "prefecture" not in read(storage.folder_of(taken)).schema
    prefecture = actions.take(by=make.make_actor("6212"), at=make.AT, division="6212")
    assert rows(prefecture, "prefecture", "prefecture", 621200) == [(621200000000,)]
    assert read(storage.folder_of(prefecture)).counts["household"] == {621202: 1, 621223: 4}


def test_the_manifest_and_the_row_say_what_it_is_of(taken: Snapshot, actor: SystemActor):
    manifest = read(storage.folder_of(taken))
    assert taken.pk.startswith("20161231-621223-")
    assert len(taken.pk) == len("20161231-621223-") + 6
    assert (manifest.id, manifest.at, manifest.data_year, manifest.scope) == (taken.pk, make.AT, 2016, int(make.COUNTY))
    assert (manifest.period_from, manifest.period_to) == (dt.date(2016, 1, 1), dt.date(2016, 12, 31))
    assert manifest.states == ("draft", "confirmed", "locked")
    assert manifest.counts == {
        "household": {621223: 4},
        "person": {621223: 7},
        "village": {621223: 2},
        "township": {621223: 1},
        "county": {621223: 1},
    }
    assert (taken.households, taken.persons, taken.taken_by) == (4, 7, "system:test")
    entry = AuditEntry.objects.get(action="snapshot.take")
    assert (entry.subject_id, entry.actor, entry.county) == (taken.pk, "system:test", 621223)


def test_a_person_carries_a_token_and_a_newborn_none(register: Register, actor: SystemActor):
    newborn = make.make_person(register.rich, birth=dt.date(2016, 12, 1), id_number="", name="新生演示")
    taken = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    links = dict(rows(taken, "person", "person_id, link"))
    people = Person.objects.filter(id__in=links)
    assert links == {
        person.id: crypto.linkage_token(person.id_number) if person.id_number else None for person in people
    }
    assert links[newborn.id] is None


def test_a_disability_certificate_carries_the_token_of_its_person(register: Register, actor: SystemActor):
    """The next county may hold the card of the same person: both begin with the same 18 characters."""
    card = make.make_id_number(dt.date(1970, 5, 4), "2")
    person = make.make_person(register.rich, name="持证演示", id_type="02", id_number=f"{card}43B1")
    taken = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    assert dict(rows(taken, "person", "person_id, link"))[person.id] == crypto.linkage_token(card)


def test_divisions_are_read_at_the_same_moment(register: Register, actor: SystemActor):
    """A division renamed while the register is read is not renamed in the hash either."""
    moment = Moment(make.AT, 2016, ALL_STATES, *range_of(make.COUNTY))
    with one_moment() as reader:
        before = divisions_hash(reader, moment)
        Division.objects.filter(code=make.VILLAGE).update(name="改名演示村")
        assert divisions_hash(reader, moment) == before
    with one_moment() as reader:
        after = divisions_hash(reader, moment)
    assert after != before
    taken = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    assert read(storage.folder_of(taken)).versions.divisions == after


def test_no_file_holds_a_name_a_number_a_telephone_or_an_account(taken: Snapshot, register: Register):
    """The texts are looked for in the files' bytes and, since Parquet compresses, in every value read back."""
    secret = {"13912345678", "6222021234567890123", "演示村演示路九十九号", register.rich.number}
    for person in Person.objects.all():
        secret |= {person.name, person.id_number, person.pinyin}
    folder = storage.folder_of(taken)
    seen = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for path in folder.rglob("*.parquet"):
        seen += repr(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()).encode()
    assert len(secret) > 15
    assert {text for text in secret if text.encode() in seen} == set()


def test_a_flipped_byte_is_found_and_named(taken: Snapshot):
    assert queries.findings(taken) == ()
    path = storage.folder_of(taken) / HOUSEHOLDS
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)
    assert queries.findings(taken) == (Finding(Damage.FILE_ALTERED, HOUSEHOLDS),)
    with pytest.raises(ManyErrors) as refused:
        queries.refuse_altered(taken)
    assert refused.value.code == "SNP-007"
    assert [(error.code, error.where["file"]) for error in refused.value.errors] == [("SNP-001", HOUSEHOLDS)]


def test_all_statements_see_the_same_moment(register: Register):
    moment = Moment(make.AT, 2016, ("draft",), 621223000000, 621223999999)
    sql = "SELECT count(*) AS n FROM register_householdyear WHERE village BETWEEN %(low)s AND %(high)s"
    with one_moment() as reader:
        before = reader.fetch(sql, moment.parameters)["n"].to_pylist()
        HouseholdYear.objects.filter(household=register.dry).delete()
        assert reader.fetch(sql, moment.parameters)["n"].to_pylist() == before
    with one_moment() as reader:
        assert reader.fetch(sql, moment.parameters)["n"].to_pylist() == [before[0] - 1]


def test_a_snapshot_under_writing_is_of_one_moment(register: Register, actor: SystemActor):
    """A writer moves one sum from 2015 to 2016 and back, always in one transaction: the two years always add up."""
    stop = threading.Event()
    years = dict(HouseholdYear.objects.filter(household=register.rich).values_list("data_year", "id"))

    def write() -> None:
        amount = 0
        while not stop.is_set():
            amount = 1000 - amount
            with transaction.atomic():
                HouseholdYear.objects.filter(id=years[2016]).update(wage=9000 + amount)
                HouseholdYear.objects.filter(id=years[2015]).update(wage=9000 - amount)
        connection.close()

    writer = threading.Thread(target=write)
    HouseholdYear.objects.filter(id=years[2015]).update(wage=9000)
    writer.start()
    try:
        sums = set()
        for _run in range(3):
            taken = actions.take(by=actor, at=make.AT, division=make.COUNTY)
            sums |= set(rows(taken, "household", "wage + wage__lag1")) - {(None,)}
    finally:
        stop.set()
        writer.join()
    assert sums == {(Decimal("18000.00"),)}


def test_an_earlier_time_point_sees_the_households_of_then(register: Register, actor: SystemActor):
    make.make_household(make.VILLAGE, since=dt.date(2016, 6, 1))
    earlier = actions.take(by=actor, at=dt.date(2015, 12, 31), division=make.COUNTY)
    assert (earlier.data_year, earlier.households) == (2015, 4)
    later = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    assert later.households == 5


def test_only_rows_in_an_admitted_state_are_read(register: Register, actor: SystemActor):
    HouseholdYear.objects.filter(household__in=[register.rich, register.dry], data_year=2016).update(state="confirmed")
    taken = actions.take(by=actor, at=make.AT, division=make.COUNTY, states=["confirmed", "locked"])
    found = {row[0]: row[1:] for row in rows(taken, "household", "household_id, wage, wage__lag1, members")}
    assert found == {
        register.rich.id: (Decimal("9000.00"), None, 3),  # its row of 2015 is a draft
        register.dry.id: (Decimal("2736.10"), None, 1),
        register.unknown.id: (None, None, 2),
        register.newcomer.id: (None, None, 1),
    }
    assert taken.states == ["confirmed", "locked"]


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("SNP-011", {"at": dt.date(2019, 12, 31)}),
        ("SNP-012", {"states": ["locked"]}),
        ("SNP-013", {"states": ["finished"]}),
        ("SNP-013", {"states": []}),
        ("DIV-010", {"division": "621299"}),
        ("ACC-002", {"division": "621202"}),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    register: Register, data_dir: Path, code: str, asked: dict[str, Any]
):
    by = make.make_actor(make.COUNTY, "621299")
    with pytest.raises(UserError) as refused:
        actions.take(by=by, **{"at": make.AT, "division": make.COUNTY, **asked})
    assert refused.value.code == code
    assert Snapshot.objects.count() == 0
    assert list(data_dir.glob("snapshots/*")) == []


def test_an_area_without_households_is_refused(register: Register, actor: SystemActor):
    """Yearly rows are left of a household that has moved away since."""
    HouseholdYear.objects.filter(household=register.elsewhere).update(village=621224100200)
    make.make_division("621224100200")
    with pytest.raises(UserError) as refused:
        actions.take(by=make.make_actor("62"), at=make.AT, division="621224")
    assert refused.value.code == "SNP-010"
    assert "演示621224000000" in str(refused.value.message)


def test_permission_is_needed(register: Register):
    with pytest.raises(PermissionRefused, match="ACC-001"):
        actions.take(by=make.make_actor(permissions={Permission.SCREENING_RUN}), at=make.AT, division=make.COUNTY)


def test_snapshots_are_seen_where_areas_meet(taken: Snapshot):
    assert list(queries.list_snapshots(make.make_actor(make.VILLAGE))) == [taken]
    assert list(queries.list_snapshots(make.make_actor("62"))) == [taken]
    assert list(queries.list_snapshots(make.make_actor("621202"))) == []
    with pytest.raises(UserError, match="SNP-020"):
        queries.get_snapshot(make.make_actor("621202"), taken.pk)
