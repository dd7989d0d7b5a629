"""A changed figure is found: what is stored of a screening's sums is compared with the sums of its verdict files.

演示数据
"""

import json
from typing import Any

import pytest
from django.utils import translation

from lika.snapshots import storage
from lika.snapshots.choices import Engine
from lika.snapshots.models import MeasureCombination, RollUp, ScreenedUnit, Screening
from lika.snapshots.verifying import verify
from tests import factories as make
from tests.snapshots.test_commands import typed
from tests.snapshots.test_stored import HOUSEHOLDS, flip

pytestmark = pytest.mark.django_db(transaction=True)

REMEDY = "Screen the snapshot again. Ask who changed the database."


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def faults(found: Screening, engine: Engine = Engine.DUCKDB) -> list[tuple[str, str, dict[str, Any]]]:
    verified = verify(found, engine)
    assert verified.same is not bool(verified.faults)
    return [(fault.code, str(fault.message), dict(fault.where)) for fault in verified.faults]


@pytest.mark.parametrize("engine", Engine)
def test_what_was_summed_is_sound(screened: Screening, engine: Engine):
    assert RollUp.objects.filter(screening=screened).exists()
    assert MeasureCombination.objects.filter(screening=screened).exists()
    assert faults(screened, engine) == []


@pytest.mark.parametrize("engine", Engine)
def test_changed_missing_and_added_roll_ups_are_counted_by_criterion(screened: Screening, engine: Engine):
    rows = RollUp.objects.filter(screening=screened, unit_kind="household")
    rows.filter(level=5, division=int(make.VILLAGE), criterion="income").update(met=2)
    rows.filter(level=5, division=int(make.VILLAGE), criterion="water").delete()
    rows.filter(level=3, criterion="exit").update(not_met=9, unknown=0)
    row = rows.get(level=3, criterion="rising")
    row.pk, row.division = None, 621224000000
    row.save(force_insert=True)
    text = "The stored counts (Household) are not those of the verdicts: 1 row missing, 1 row added, exit 1, income 1."
    assert faults(screened, engine) == [("SCR-035", text, {"division": make.COUNTY})]


def test_roll_ups_of_a_kind_that_was_not_screened_are_found(screened: Screening):
    RollUp.objects.filter(screening=screened, unit_kind="county").update(unit_kind="township", level=4)
    assert faults(screened) == [
        (
            "SCR-035",
            "The stored counts (Township) are not those of the verdicts: 1 row added.",
            {"division": make.COUNTY},
        ),
        (
            "SCR-035",
            "The stored counts (County) are not those of the verdicts: 1 row missing.",
            {"division": make.COUNTY},
        ),
    ]


def test_changed_missing_and_added_combinations_are_found(screened: Screening):
    rows = MeasureCombination.objects.filter(screening=screened)
    assert {tuple(row.measures): (row.households, row.persons) for row in rows} == {
        ("industry",): (1, 1),
        ("industry", "ecology"): (1, 3),
    }
    rows.filter(measures=["industry"]).update(persons=2)
    rows.filter(measures=["industry", "ecology"]).update(measures=["ecology"])
    text = (
        "The stored combinations of measures are not those of the verdicts: 1 row missing, 1 row added, 1 row changed."
    )
    assert faults(screened) == [("SCR-036", text, {"division": "621223"})]


def test_combinations_of_a_county_that_was_not_screened_are_found(screened: Screening):
    MeasureCombination.objects.create(screening=screened, county=621224, measures=["industry"], households=1, persons=1)
    text = "The stored combinations of measures are not those of the verdicts: 1 row added."
    assert faults(screened) == [("SCR-036", text, {"division": "621224"})]


def test_a_changed_number_of_units_is_found(screened: Screening):
    units = ScreenedUnit.objects.filter(screening=screened)
    assert dict(units.values_list("unit_kind", "total")) == {"person": 7, "household": 4, "village": 2, "county": 1}
    units.filter(unit_kind="person").update(total=8)
    units.filter(unit_kind="county").delete()
    assert [(code, text) for code, text, _where in faults(screened)] == [
        ("SCR-037", "The stored number of units (Person) is 8, that of the verdicts 7."),
        ("SCR-037", "The stored number of units (County) is 0, that of the verdicts 1."),
    ]


def test_beside_a_damaged_file_nothing_can_be_summed(screened: Screening):
    flip(storage.verdicts_of(screened) / HOUSEHOLDS)
    RollUp.objects.filter(screening=screened).update(met=77)
    assert [code for code, _text, _where in faults(screened)] == ["SCR-031"]


def test_the_command_names_the_sums_that_differ(screened: Screening):
    RollUp.objects.filter(screening=screened, unit_kind="county").update(met=7)
    words = ["screen", "--snapshot", screened.snapshot_id, "--pack", "test/exit", "--verify"]
    out, err, code = typed(*words)
    assert (out, code) == ("", 1)
    assert err.splitlines()[1].strip() == (
        "SCR-035 The stored counts (County) are not those of the verdicts: county_poor 1. "
        f"(division {make.COUNTY}) {REMEDY}"
    )
    assert json.loads(typed(*words, "--json")[0])["faults"][0]["code"] == "SCR-035"
