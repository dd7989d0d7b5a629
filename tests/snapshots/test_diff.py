"""`lika screen --diff OLD NEW`: who changed, by which criterion, and which facts differ. 演示数据"""

import datetime as dt
import json
from pathlib import Path

import pytest

from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import Membership
from lika.snapshots import actions, diffing, storage
from lika.snapshots.models import Screening, Snapshot
from lika.snapshots.queries.compared import compare_screenings
from tests import factories as make
from tests.snapshots.conftest import Register, WritePack
from tests.snapshots.test_commands import as_json, typed

pytestmark = pytest.mark.django_db(transaction=True)


def told(old: Screening, new: Screening, *more: str) -> dict[str, object]:
    return as_json("screen", "--diff", str(old.pk), str(new.pk), "--json", *more)


def turn(before: str, after: str, units: int) -> dict[str, object]:
    return {"from": before, "to": after, "units": units}


def test_two_snapshots_by_one_pack(screened: Screening, later: Screening, register: Register):
    found = told(screened, later)
    assert (found["alike"], found["rules"], found["division"]) == (False, [], "621223000000")
    household = found["units"]["household"]
    own = {
        "income": [turn("met", "not_met", 1), turn("not_met", "met", 1)],
        "water": [turn("not_met", "met", 1)],
        "exit": [turn("met", "not_met", 1), turn("not_met", "met", 1)],
    }
    assert {key: household[key] for key in ("both", "come", "gone", "criteria", "differing")} == {
        "both": 4,
        "come": 1,
        "gone": 0,
        "criteria": own,
        "differing": 3,
    }
    # Both villages lie in one township: below the county there is one line, equal to the whole.
    assert [(each["division"], each["both"], each["come"], each["criteria"]) for each in household["divisions"]] == [
        (make.VILLAGE[:9] + "000", 4, 1, own)
    ]
    by_number = {each["household"]: each for each in household["listed"]}
    assert set(by_number) == {register.dry.number, register.newcomer.number, "621223000099"}
    assert by_number["621223000099"]["old_division"] is None
    assert [(each["criterion"], each["from"], each["to"]) for each in by_number[register.dry.number]["turns"]] == [
        ("income", "not_met", "met"),
        ("water", "not_met", "met"),
        ("exit", "not_met", "met"),
    ]


def test_facts_are_shown_to_whom_they_are_open(screened: Screening, later: Screening, register: Register):
    everything = make.make_actor(make.COUNTY)
    shown = diffing.as_json(diffing.diff(everything, str(screened.pk), str(later.pk), limit=20))
    by_number = {each["household"]: each for each in shown["units"]["household"]["listed"]}
    assert by_number[register.newcomer.number]["facts"] == [
        {"label": "工资性收入", "old": "2,736.11元", "new": "2,000.00元"},
    ]
    assert by_number[register.newcomer.number]["not_shown"] == []
    masked = make.make_actor(make.COUNTY, permissions=(Permission.SCREENING_VIEW, Permission.REGISTER_VIEW))
    hidden = diffing.as_json(diffing.diff(masked, str(screened.pk), str(later.pk), limit=20))
    by_number = {each["household"]: each for each in hidden["units"]["household"]["listed"]}
    assert by_number[register.newcomer.number]["facts"] == []
    assert "工资性收入" in by_number[register.newcomer.number]["not_shown"]
    assert "2,000.00" not in json.dumps(hidden, ensure_ascii=False)


def test_two_versions_of_a_pack_tell_the_rule(screened: Screening, taken: Snapshot, write_pack: WritePack):
    stricter = write_pack(**{'version: "1"': 'version: "2"', "value: 2736.10": "value: 2736.11"})
    new = actions.screen(by=make.make_actor(make.COUNTY), snapshot=taken.pk, pack=stricter)
    found = told(screened, new)
    assert found["rules"] == [{"label": "Line", "old": "2,736.10 yuan", "new": "2,736.11 yuan"}]
    household = found["units"]["household"]
    assert household["criteria"] == {
        "income": [turn("met", "not_met", 1)],
        "exit": [turn("met", "not_met", 1)],
    }
    assert [each["facts"] for each in household["listed"]] == [[]]


def test_a_fact_that_only_the_new_pack_collects_is_named(
    screened: Screening, register: Register, write_pack: WritePack, tmp_path: Path
):
    (tmp_path / "packs/test/exit/items.yaml").write_text(
        "- {id: well, unit: household, zh: 水井, en: Well, type: boolean, clause: {ref: T §1, text: 采集内容}}\n"
    )
    collecting = write_pack(
        **{'version: "1"': 'version: "2"', "expression: safe_water,": "expression: safe_water or well,"}
    )
    everything = make.make_actor(make.COUNTY)
    snapshot = actions.take(by=everything, at=make.AT, division=make.COUNTY)
    new = actions.screen(by=everything, snapshot=snapshot.pk, pack=collecting)
    household = told(screened, new)["units"]["household"]
    assert household["criteria"] == {"water": [turn("not_met", "unknown", 1)]}
    assert [(each["household"], each["facts"], each["not_in_both"]) for each in household["listed"]] == [
        (register.dry.number, [], ["Well"])
    ]


def test_the_same_twice_is_alike(screened: Screening):
    out, err, code = typed("screen", "--diff", str(screened.pk), str(screened.pk))
    assert (err, code) == ("", 0)
    assert "No unit came, went or is judged otherwise." in out.splitlines()
    found = told(screened, screened)
    assert (found["alike"], found["units"]["household"]["criteria"]) == (True, {})


def test_the_list_has_a_limit_and_the_totals_have_none(screened: Screening, later: Screening):
    found = told(screened, later, "--units", "1")["units"]["household"]
    assert (len(found["listed"]), found["differing"]) == (1, 3)
    out, _err, _code = typed("screen", "--diff", str(screened.pk), str(later.pk), "--units", "1")
    assert "  … and 2 more; --units lists more of them." in out.splitlines()
    assert "  Income: Met → Not met 1, Not met → Met 1" in out.splitlines()


def test_only_what_lies_in_sight_is_counted(screened: Screening, later: Screening, register: Register):
    neighbour = make.make_actor(make.OTHER_VILLAGE)
    found = compare_screenings(neighbour, screened, later)
    (household,) = [each for each in found.kinds if each.kind == "household"]
    assert (household.own.presence.both, household.units_differing) == (2, 1)
    within = told(screened, later, "--division", make.OTHER_VILLAGE)["units"]["household"]
    assert (within["both"], within["differing"]) == (2, 1)
    assert [each["household"] for each in within["listed"]] == [register.newcomer.number]


def test_what_is_out_of_sight_is_not_told_as_unchanged(screened: Screening, later: Screening):
    ids = (str(screened.pk), str(later.pk))
    elsewhere = make.make_actor(make.OTHER_VILLAGE)
    told_in_part = diffing.diff(elsewhere, *ids, limit=20)
    assert (told_in_part.found.in_part, diffing.as_json(told_in_part)["in_part"]) == (True, True)
    note = "只比较您辖区内的对象；辖区外的变化不予显示。"
    assert list(diffing.lines_of(told_in_part))[2] == note
    # The own village is seen whole, and the county by whom it is seen whole.
    for by, division in ((elsewhere, make.OTHER_VILLAGE), (make.make_actor(make.COUNTY), "")):
        told_whole = diffing.diff(by, *ids, division=division, limit=20)
        assert (told_whole.found.in_part, note in diffing.lines_of(told_whole)) == (False, False)


def test_kinds_of_unit_without_a_common_criterion_are_named(
    screened: Screening, taken: Snapshot, write_pack: WritePack
):
    renamed = write_pack(**{'version: "1"': 'version: "2"', "{id: few_poor, unit": "{id: poor_few, unit"})
    new = actions.screen(by=make.make_actor(make.COUNTY), snapshot=taken.pk, pack=renamed)
    found = told(screened, new)
    assert (found["not_compared"], "village" in found["units"], found["alike"]) == (["village"], False, True)
    out, _err, _code = typed("screen", "--diff", str(screened.pk), str(new.pk))
    assert "Not compared, for no criterion is in both: Village" in out.splitlines()
    assert told(screened, screened)["not_compared"] == []


def test_as_many_members_as_before_may_be_others(register: Register, write_pack: WritePack):
    old_age = write_pack(**{"expression: safe_water,": 'expression: "any(person, age >= 60)",'})
    everything = make.make_actor(make.COUNTY)
    both = []
    for _time in range(2):
        snapshot = actions.take(by=everything, at=make.AT, division=make.COUNTY)
        both.append(str(actions.screen(by=everything, snapshot=snapshot.pk, pack=old_age).pk))
        Membership.objects.filter(household=register.unknown, relation="99").update(left_on=dt.date(2016, 12, 1))
        make.make_person(register.unknown, name="新来演示", birth=dt.date(1940, 1, 1))
    found = diffing.as_json(diffing.diff(everything, *both, limit=20))
    assert found["units"]["household"]["criteria"] == {
        "water": [turn("not_met", "met", 1)],
        "exit": [turn("not_met", "unknown", 1)],
    }
    (listed,) = found["units"]["household"]["listed"]
    assert listed["household"] == register.unknown.number
    assert listed["facts"] == [{"label": "标准时点家庭成员", "old": "2", "new": "2（增1，减1）"}]


def test_what_cannot_be_compared_is_refused(screened: Screening, later: Screening, pack: ResolvedPack):
    everything = make.make_actor(make.COUNTY)
    small = actions.take(by=everything, at=make.AT, division=make.VILLAGE)
    village = actions.screen(by=everything, snapshot=small.pk, pack=pack)
    old, new = str(screened.pk), str(later.pk)
    for code, words in (
        ("SCR-050", (old, str(village.pk))),
        ("SCR-052", (old, new, "--division", make.ELSEWHERE)),
        ("SCR-020", (old, "1")),
        ("SCR-020", (old, "00000000-0000-0000-0000-000000000000")),
        ("SCR-053", (old, new, "--user", "nobody")),
    ):
        with pytest.raises(NotFound if code != "SCR-050" else UserError) as refused:
            typed("screen", "--diff", *words)
        assert refused.value.code == code


def test_criteria_of_another_pack_cannot_be_compared(screened: Screening, taken: Snapshot, write_pack: WritePack):
    names = ("income", "water", "rising", "exit", "industry", "ecology", "adult", "few_poor", "county_poor")
    renamed = {f"{{id: {name}, unit": f"{{id: {name}_b, unit" for name in names}
    other = write_pack(
        folder="test/other", **renamed, **{"id: test/exit": "id: test/other"},
        **{"met('income') and met('water')": "met('income_b') and met('water_b')"},
    )  # fmt: skip
    new = actions.screen(by=make.make_actor(make.COUNTY), snapshot=taken.pk, pack=other)
    with pytest.raises(UserError) as refused:
        typed("screen", "--diff", str(screened.pk), str(new.pk))
    assert refused.value.code == "SCR-051"


def test_altered_and_missing_verdict_files_are_refused(screened: Screening, later: Screening):
    path = storage.verdicts_of(later) / "household/county=621223.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"x")
    with pytest.raises(UserError) as altered:
        typed("screen", "--diff", str(screened.pk), str(later.pk))
    path.unlink()
    with pytest.raises(UserError) as missing:
        typed("screen", "--diff", str(screened.pk), str(later.pk))
    assert (altered.value.code, missing.value.code) == ("SCR-031", "SCR-030")
    path.write_bytes(whole)
    assert told(screened, later)["alike"] is False
