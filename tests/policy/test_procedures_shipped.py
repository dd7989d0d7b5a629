"""The procedures that ship: the stages of each document in their order, who signs, what is open; the pages of them."""

import datetime as dt
import re

import pytest
from django.core.management import call_command

from lika.accounts.choices import Role
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.policy import actions, queries
from lika.policy.choices import Basis, ProcedureUnit, Purpose, StageKind
from lika.policy.packs.checking import read_pack
from lika.policy.packs.library import Library
from lika.policy.queries import Procedure
from tests import factories as make
from tests.console.officials import signed_in
from tests.policy.test_pages import text_of

JINGXI, GANSU, WUYI, JILIN = "cn-guangxi-jingxi/2014", "cn-gansu/2016", "cn-hebei-wuyi/2017", "cn-jilin/2017"


def procedures(pack_id: str) -> dict[str, Procedure]:
    pack = read_pack(Library.shipped().folder(pack_id))
    return {item.id: item for item in queries.procedures_of(pack, at=pack.valid.first)}


def kinds(procedure: Procedure) -> list[str]:
    return [stage.kind.value for stage in procedure.stages]


def slots(procedure: Procedure) -> list[list[str]]:
    return [[slot.capacity.value for slot in stage.slots] for stage in procedure.stages if stage.slots]


def effect(procedure: Procedure) -> tuple[str, tuple[str, ...], str]:
    assert procedure.effect is not None
    return procedure.effect.axis, procedure.effect.before, procedure.effect.after


def test_every_document_has_its_procedures():
    assert {pack_id: list(procedures(pack_id)) for pack_id in (JINGXI, GANSU, WUYI, JILIN)} == {
        JINGXI: ["identification", "exit", "reentry", "removal", "village_identification"],
        GANSU: ["household_exit", "village_exit", "county_exit"],
        WUYI: ["household_exit", "village_exit"],
        JILIN: ["household_full_check", "village_full_check"],
    }


@pytest.mark.parametrize("name", ["identification", "reentry"])
def test_jingxi_takes_households_in_by_two_notices_and_one_announcement(name):
    found = procedures(JINGXI)[name]
    assert kinds(found)[:8] == [
        *("application", "meeting", "verification", "public_notice", "review", "public_notice", "review"),
        "announcement",
    ]
    assert slots(found) == [["village_committee", "resident_team"]]
    hung = [stage for stage in found.stages if stage.kind is StageKind.PUBLIC_NOTICE]
    assert [(stage.days, stage.day_kind, stage.level) for stage in hung] == [
        (7, "calendar", "village"),
        (7, "calendar", "township"),
    ]
    assert hung[0].places == ("village", "natural_village")
    assert kinds(found)[8:] == (["recording", "recording"] if name == "identification" else [])


def test_jingxi_lets_households_out_and_removes_them_in_public_too():
    found = procedures(JINGXI)
    assert kinds(found["exit"]) == [
        *("nomination", "meeting", "public_notice", "review", "public_notice", "review", "announcement", "recording"),
    ]
    assert [effect(found[name]) for name in ("identification", "exit", "reentry", "removal")] == [
        ("poverty", ("00", "90"), "10"),
        ("poverty", ("21",), "30"),
        ("poverty", ("30",), "40"),
        ("poverty", ("10", "20", "30", "40"), "90"),
    ]
    assert {stage.basis for stage in found["removal"].stages} == {Basis.MISSING, Basis.READING}
    assert {stage.basis for stage in found["exit"].stages} == {Basis.GIVEN}


def test_a_village_is_identified_by_one_notice_whose_length_is_open():
    found = procedures(JINGXI)["village_identification"]
    assert kinds(found) == ["application", "review", "public_notice", "approval", "announcement"]
    assert ([stage.id for stage in found.waits], effect(found)) == (["notice"], ("poor_area", ("0",), "1"))


def test_gansu_has_four_three_four_and_two_sign():
    found = procedures(GANSU)
    assert slots(found["household_exit"]) == [
        ["village_secretary", "village_director", "team_leader", "household"],
        ["township_secretary", "township_head", "station_head"],
        ["county_secretary", "county_head", "office_director", "statistics_director"],
        ["prefecture_secretary", "mayor"],
    ]
    assert slots(found["village_exit"]) == slots(found["household_exit"])[1:]
    assert slots(found["county_exit"]) == slots(found["household_exit"])[3:]
    assert "consent" in kinds(found["household_exit"])
    assert [stage.id for stage in found["household_exit"].stages if stage.optional] == ["evaluation"]
    assert all(each.effect and each.effect.support_kept for each in found.values())
    assert [[stage.id for stage in each.waits] for each in found.values()] == [["notice"], ["notice"], ["notice"]]


def test_the_demonstration_fills_in_what_is_open():
    for pack_id in ("demo/cn-gansu-dangchang/2016", "demo/cn-guangxi-jingxi/2014"):
        assert [each.id for each in procedures(pack_id).values() if each.waits] == []
    hung = procedures("demo/cn-gansu-dangchang/2016")["household_exit"].stage("notice")
    assert (hung.days, hung.day_kind) == (5, "working")


def test_wuyi_has_the_township_accept_and_the_county_approve():
    found = procedures(WUYI)["household_exit"]
    assert kinds(found) == [
        *("meeting", "verification", "consent", "public_notice", "review", "approval", "announcement", "recording"),
    ]
    assert [stage.id for stage in found.stages if stage.missing] == ["announcement"]


def test_jilin_has_the_county_check_people_and_the_prefecture_villages():
    found = procedures(JILIN)
    checks = {
        name: [(stage.level, stage.clause_ref) for stage in each.stages if stage.kind is StageKind.CHECK]
        for name, each in found.items()
    }
    assert checks == {
        "household_full_check": [("county", "000/6 art 13")],
        "village_full_check": [("prefecture", "000/6 art 12")],
    }
    assert [(each.effect, each.stages[-1].kind) for each in found.values()] == [(None, "filing"), (None, "filing")]


@pytest.fixture
def loaded(db):
    by = make.make_actor(permissions=[Permission.POLICY_MANAGE])
    by.area = EVERYWHERE
    for pack_id in (JINGXI, GANSU, "demo/cn-gansu-dangchang/2016"):
        actions.load(by=by, path=Library.shipped().folder(pack_id))
        actions.activate(by=by, reference=pack_id)


@pytest.mark.usefixtures("loaded")
class TestPages:
    def test_officials_read_the_stages_in_order(self):
        response = signed_in(Role.VILLAGE).get(f"/policy/{JINGXI}/", {"show": "procedures"})
        page = text_of(response)
        assert [item.id for item in response.context["procedures"]] == list(procedures(JINGXI))
        assert "贫困户识别 10个环节，2次公示、1次公告" in page
        titles = [stage.title.zh for stage in procedures(JINGXI)["identification"].stages]
        assert re.search(".*".join(map(re.escape, titles)), page)
        assert "7天（自然日）" in page
        assert "签字人：村民委员会、驻村工作队" in page

    def test_in_english_too_with_what_is_open(self):
        client = signed_in(Role.COUNTY)
        client.cookies["django_language"] = "en"
        page = text_of(client.get(f"/policy/{GANSU}/", {"show": "procedures"}))
        assert "11 stages, notices: 1, announcements: 1, signatures: 4-3-4-2" in page
        assert "Support is kept after the exit" in page
        assert "Basis to be supplied Posted in: Administrative village" in page

    def test_a_clause_leads_to_its_stages(self):
        page = text_of(signed_in(Role.COUNTY).get(f"/policy/{GANSU}/"))
        assert "办理程序 贫困户退出 村级四方签字确认、乡级三方签字确认、县级四方签字确认、市级两方签字确认" in page

    def test_two_packs_side_by_side_tell_what_differs(self):
        asked = {"one": f"{GANSU}@1", "other": "demo/cn-gansu-dangchang/2016@1"}
        response = signed_in(Role.COUNTY).get("/policy/compare/", asked)
        found = response.context["comparison"].procedures
        assert [(pair.id, pair.details) for pair in found] == [
            ("household_exit", ("村内公示的期限：待补充依据 → 5个工作日",)),
            ("village_exit", ("公示的期限：待补充依据 → 5个工作日",)),
            ("county_exit", ("公示的期限：待补充依据 → 5个工作日",)),
        ]
        assert "不同的办理程序" in text_of(response)

    def test_the_narrower_pack_holds_where_both_rule(self):
        at = dt.date(2016, 12, 31)
        (found,) = queries.procedures_for("621223000000", Purpose.EXIT, at, unit=ProcedureUnit.COUNTY)
        assert found.pack == "demo/cn-gansu-dangchang/2016@1"
        (found,) = queries.procedures_for("620100000000", Purpose.EXIT, at, unit=ProcedureUnit.COUNTY)
        assert found.pack == "cn-gansu/2016@1"


def test_the_command_line_shows_them_too(capsys) -> None:
    call_command("policy", "show", "cn-jilin/2017")
    shown = capsys.readouterr().out.split("办理程序  ")[1:]
    assert [each.splitlines()[0] for each in shown] == [
        "household_full_check (户, 全面查验)  贫困人口退出的全面查验: 5个环节，1次公示、0次公告  [000/6 art 13]",
        "village_full_check (行政村, 全面查验)  贫困村退出的全面查验: 6个环节，1次公示、0次公告  [000/6 art 12]",
    ]
    assert [line.split()[1] for line in shown[0].splitlines()[1:6]] == [
        "survey", "first_check", "notice", "county_check", "record",
    ]  # fmt: skip
    assert "公示 · 乡镇 · 乡镇人民政府 · 待补充依据" in shown[0]
