"""Scenarios side by side, and a scenario as the files of a draft pack. 演示数据"""

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from lika.accounts.choices import Role
from lika.core.errors import UserError
from lika.policy.packs.checking import check_folder, read_pack
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import actions
from lika.snapshots.models import Scenario, Screening, Snapshot
from tests import factories as make
from tests.console.officials import signed_in
from tests.snapshots.test_commands import as_json, typed

pytestmark = pytest.mark.django_db(transaction=True)


def saved(base: Screening, name: str, *, run: bool = True, **changes: dict[str, str]) -> Scenario:
    by = make.make_actor(make.COUNTY)
    scenario = actions.save_scenario(by=by, base=base.pk, name=name, reason="看谁会留下", **changes)
    if run:
        actions.run_scenario(by=by, scenario=scenario.pk)
    return scenario


def refused(*words: str) -> str:
    with pytest.raises(UserError) as found:
        typed("scenario", *words)
    return found.value.code


def counts(met: int, not_met: int, unknown: int) -> dict[str, int]:
    return {"met": met, "not_met": not_met, "unknown": unknown}


def test_two_scenarios_side_by_side(screened: Screening):
    """By hand: incomes of 3,000.00, 2,736.10 and 2,736.11 yuan a head, one unknown; water in the first and the last."""
    stricter = saved(screened, "严一分", parameters={"line": "2736.11"}, amounts={"exit": "1000"})
    looser = saved(screened, "松一分", parameters={"line": "2736.09"}, criteria={"exit": "met('income')"})
    found = as_json("scenario", "compare", str(stricter.pk), str(looser.pk), "--json")
    assert found["criteria"] == {
        "income": {
            "base": counts(2, 1, 1),
            "scenarios": [
                {"counts": counts(1, 2, 1), "enter": 0, "leave": 1},
                {"counts": counts(3, 0, 1), "enter": 1, "leave": 0},
            ],
        },
        "exit": {
            "base": counts(2, 1, 1),
            "scenarios": [
                {"counts": counts(1, 2, 1), "enter": 0, "leave": 1},
                {"counts": counts(3, 0, 1), "enter": 1, "leave": 0},
            ],
        },
    }
    assert [list(priced) for priced in found["costs"]] == [["exit"], []]
    assert found["costs"][0]["exit"]["difference"] == "-1000"
    out, _err, _code = typed("scenario", "compare", str(stricter.pk), str(looser.pk))
    assert "  2. Met 3, Not met 0, Unknown 1, 1 enter, 0 leave" in out.splitlines()


def test_what_does_not_stand_side_by_side_is_refused(screened: Screening, taken: Snapshot, pack: ResolvedPack):
    one = saved(screened, "甲", parameters={"line": "1"})
    waiting = saved(screened, "乙", run=False, parameters={"line": "2"})
    again = actions.screen(by=make.make_actor(make.COUNTY), snapshot=taken.pk, pack=pack)
    other = saved(again, "丙", parameters={"line": "3"})
    assert refused("compare", str(one.pk)) == "SCR-067"
    assert refused("compare", str(one.pk), str(one.pk)) == "SCR-067"
    assert refused("compare", str(one.pk), str(waiting.pk)) == "SCR-064"
    assert refused("compare", str(one.pk), str(other.pk)) == "SCR-068"


def test_a_changed_parameter_becomes_a_draft_that_holds(screened: Screening, tmp_path: Path):
    scenario = saved(screened, "严一分", run=False, parameters={"line": "2736.11"})
    out, _err, code = typed("scenario", "draft", str(scenario.pk), str(tmp_path / "packs"), "--id", "test/draft")
    folder = tmp_path / "packs/test/draft"
    assert (code, f"lika policy check {folder}" in out) == (0, True)
    draft = check_folder(folder).accepted()
    assert (draft.reference, draft.base, draft.title.zh) == (
        "test/draft@1",
        "test/exit@1",
        "测试退出标准（草稿：严一分）",
    )
    (line,) = [item for item in draft.parameters if item.id == "line"]
    assert [(str(value.since), value.text) for value in line.values] == [
        ("2016-01-01", "2736.10"),
        ("2016-12-31", "2736.11"),
    ]
    assert (line.value_at(make.AT), line.origin) == (Decimal("2736.11"), "test/draft@1")
    assert (line.clause.ref, line.clause.text) == ("测算方案 严一分", "看谁会留下")
    assert refused("draft", str(scenario.pk), str(tmp_path / "packs"), "--id", "test/draft") == "SCR-069"


def test_a_changed_criterion_becomes_a_draft_that_asks_for_its_golden_cases(screened: Screening, tmp_path: Path):
    scenario = saved(screened, "松一分", run=False, criteria={"exit": "met('income')"})
    typed("scenario", "draft", str(scenario.pk), str(tmp_path / "packs"), "--id", "test/draft", "--version", "2")
    folder = tmp_path / "packs/test/draft"
    draft = read_pack(folder)
    exit_rule = draft.criterion("exit")
    assert (draft.version, exit_rule.expression, exit_rule.origin, exit_rule.summary) == (
        "2", "met('income')", "test/draft@2", True,
    )  # fmt: skip
    assert [fault.code for fault in check_folder(folder).faults] == ["POL-043"]


def test_a_draft_as_a_zip_and_what_cannot_be_one(screened: Screening, tmp_path: Path):
    scenario = saved(screened, "甲|乙", run=False, parameters={"line": "1"})
    target = tmp_path / "draft.zip"
    typed("scenario", "draft", str(scenario.pk), str(target), "--id", "test/draft")
    with zipfile.ZipFile(target) as packed:
        packed.extractall(tmp_path / "packs")
    assert check_folder(tmp_path / "packs/test/draft").accepted().version == "1"
    amounts = saved(screened, "只算钱", run=False, amounts={"exit": "1"})
    assert refused("draft", str(amounts.pk), str(tmp_path / "other"), "--id", "test/draft") == "POL-124"
    for name in ("test/exit", "Draft"):
        assert refused("draft", str(scenario.pk), str(tmp_path / "other"), "--id", name) == "POL-125"
    assert not (tmp_path / "other").exists()


def test_the_page_of_a_trial_says_whose_scenario_it_is(screened: Screening):
    scenario = saved(screened, "严一分", parameters={"line": "2736.11"})
    client = signed_in(Role.COUNTY)
    page = client.get(f"/screenings/{scenario.runs.get().pk}/").content.decode()
    assert "测算方案“严一分”的试算，编制人 system:test：不得据此作出决定。" in page
    assert "<li>参数 line: <code>2736.11</code></li>" in page
    assert "政策包用在了其区域或有效期之外" not in page
    assert f'href="/screenings/{screened.pk}/"' in page
    assert "严一分" in client.get("/screenings/").content.decode()
    assert "测算方案“" not in client.get(f"/screenings/{screened.pk}/").content.decode()
