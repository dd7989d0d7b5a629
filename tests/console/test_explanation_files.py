"""The explanation of a household as a file: one model as JSON in both languages, and as a paper. 演示数据"""

import datetime as dt
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from lika.accounts.choices import Role
from lika.core import audit
from lika.core.errors import NotFound
from lika.core.models import AuditEntry
from lika.register.models import Household
from lika.snapshots import queries
from lika.snapshots.models import Screening
from lika.snapshots.papers import PaperFact, explanation_data, explanation_paper
from tests import factories as make
from tests.console.officials import official, signed_in
from tests.papers import characters_in
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)


def taken(client: Client, household: Any, kind: str = "json", **asked: str) -> Any:
    return client.post(f"/households/{household.id}/explanation/{kind}/", asked)


def criterion(found: dict[str, Any], name: str) -> dict[str, Any]:
    (one,) = (each for each in found["criteria"] if each["id"] == name)
    return one


YUAN = {"zh": "元", "en": "yuan"}
WRITER = "演示·官员"
ENTERED = dt.datetime(2017, 1, 5, 4, tzinfo=dt.UTC)
SAFE_WATER = {"zh": "饮水是否安全", "en": "Safe drinking water"}


def test_the_whole_of_one_criterion_in_both_languages(screened: Screening, register: Register) -> None:
    register.dry.years.update(recorded_at=ENTERED)
    answer = taken(signed_in(Role.COUNTY), register.dry)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    found = json.loads(answer.content)
    criteria = found.pop("criteria")
    assert found == {
        "format": "lika-explanation",
        "version": 1,
        "unit": "household",
        "id": str(register.dry.id),
        "in_full": True,
        "names": {},
        "pack": {
            "reference": "test/exit@1",
            "sha256": screened.pack_sha256,
            "title": {"zh": "测试退出标准", "en": "Test exit"},
        },
        "screening": {"id": str(screened.pk), "digest": screened.digest, "state": "current"},
        "snapshot": {"id": screened.snapshot_id, "at": "2016-12-31", "data_year": 2016},
    }
    assert [each["id"] for each in criteria] == ["income", "water", "rising", "exit", "industry", "ecology"]
    water = criteria[1]
    assert water == {
        "id": "water",
        "title": {"zh": "饮水", "en": "Water"},
        "result": False,
        "clause": {"document": {"zh": "测试文件", "en": "Test document"}, "ref": "T §2", "text": "安全饮水"},
        "explanation": {
            "kind": "fact",
            "unit": "household",
            "source": "safe_water",
            "words": {"zh": "饮水是否安全：否", "en": "Safe drinking water: no"},
            "value": {"zh": "否", "en": "no"},
            "answer": False,
            "exact": False,
            "range": None,
            "facts": [
                {
                    "unit": "household",
                    "column": "safe_water",
                    "label": SAFE_WATER,
                    "value": {"zh": "否", "en": "no"},
                    "known": True,
                    "exact": False,
                    "measure": None,
                    "origin": {
                        "form": {"zh": "户年度数据", "en": "Household years"},
                        "year": 2016,
                        "date": "2017-01-05",
                        "who": None,
                        "changed": False,
                    },
                }
            ],
            "parameters": [],
            "rows": None,
            "reasons": [],
            "criterion": None,
            "parts": [],
            "row": None,
            "members": [],
        },
        "needs": {
            "given": True,
            "tree": {
                "kind": "step",
                "words": {"zh": "饮水是否安全现为否，应为是", "en": "Safe drinking water is no, must be yes"},
                "least": None,
                "criterion": None,
                "step": {
                    "kind": "fact",
                    "unit": "household",
                    "path": [],
                    "row": None,
                    "column": "safe_water",
                    "label": SAFE_WATER,
                    "now": {"zh": "否", "en": "no"},
                    "wanted": {"zh": "应为是", "en": "must be yes"},
                    "to": {"zh": "是", "en": "yes"},
                    "exact": True,
                    "collect": False,
                    "reasons": [],
                },
                "parts": [],
            },
            "way": [
                {
                    "kind": "fact",
                    "unit": "household",
                    "path": [],
                    "column": "safe_water",
                    "label": SAFE_WATER,
                    "exact": True,
                }
            ],
        },
    }


def test_facts_parameters_and_needs_at_the_line(screened: Screening, register: Register) -> None:
    found = json.loads(taken(signed_in(Role.COUNTY), register.dry).content)
    income = criterion(found, "income")
    assert income["explanation"]["parameters"] == [
        {
            "name": "line",
            "label": {"zh": "标准线", "en": "Line"},
            "value": {"zh": "2,736.10元", "en": "2,736.10 yuan"},
            "clause": "T §1 超过标准",
            "given": True,
            "date": "2016-01-01",
            "exact": "2736.1",
            "measure": YUAN,
        }
    ]
    assert income["needs"]["given"] is True
    assert [(change["kind"], change["exact"]) for change in income["needs"]["way"]] == [("value", "2736.11")]
    exit_ = criterion(found, "exit")["needs"]["tree"]
    assert (exit_["kind"], [part["criterion"] for part in exit_["parts"]]) == ("all", ["income", "water"])
    assert exit_["parts"][1]["parts"][0]["step"]["column"] == "safe_water"


def test_what_is_not_known_is_to_be_collected(screened: Screening, register: Register) -> None:
    found = json.loads(taken(signed_in(Role.COUNTY), register.unknown).content)
    water = criterion(found, "water")
    assert (water["result"], water["explanation"]["answer"], water["explanation"]["exact"]) == (None, None, None)
    step = water["needs"]["tree"]["step"]
    assert (step["column"], step["collect"], step["exact"]) == ("safe_water", True, True)


def origin_of_water(household: Household) -> dict[str, Any]:
    found = json.loads(taken(signed_in(Role.COUNTY), household).content)
    (fact,) = criterion(found, "water")["explanation"]["facts"]
    origin: dict[str, Any] = fact["origin"]
    return origin


def test_first_entry_and_last_writer_are_told_apart(screened: Screening, register: Register) -> None:
    writer = official(Role.VILLAGE)
    register.dry.years.update(recorded_at=ENTERED, recorded_by=writer.username)
    assert origin_of_water(register.dry) == {
        "form": {"zh": "户年度数据", "en": "Household years"},
        "year": 2016,
        "date": "2017-01-05",
        "who": WRITER,
        "changed": False,
    }
    page = signed_in(Role.COUNTY).get(f"/households/{register.dry.id}/").content.decode()
    assert f"户年度数据，2016年数据，2017年1月5日首次录入，最后修改人{WRITER}" in page


def test_a_program_is_no_official(screened: Screening, register: Register) -> None:
    register.dry.years.update(recorded_by="system:import")
    assert origin_of_water(register.dry)["who"] is None


def test_who_changed_it_since_did_not_write_what_is_told(screened: Screening, register: Register) -> None:
    writer = official(Role.VILLAGE)
    register.dry.years.update(recorded_at=ENTERED, recorded_by=writer.username, safe_water=True)
    assert origin_of_water(register.dry) == {
        "form": {"zh": "户年度数据", "en": "Household years"},
        "year": 2016,
        "date": "2017-01-05",
        "who": None,
        "changed": True,
    }
    page = signed_in(Role.COUNTY).get(f"/households/{register.dry.id}/").content.decode()
    assert "户年度数据，2016年数据，2017年1月5日首次录入，快照之后已变更" in page


def test_what_is_as_it_was_is_not_told_as_changed(screened: Screening, register: Register) -> None:
    """Amounts, numbers, codes and truths of a household, as the register writes them and as the snapshot does."""
    found = json.loads(taken(signed_in(Role.COUNTY), register.dry).content)
    worked_out = {"net_income", "gross_income", "net_income_per_capita"}

    def facts(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield from part["facts"]
        for below in part["parts"]:
            yield from facts(below)

    shown = [fact for each in found["criteria"] for fact in facts(each["explanation"])]
    origins = {fact["column"]: fact["origin"] for fact in shown if fact["origin"] is not None}
    assert {"wage", "operating", "safe_water", "batch_industry"} <= origins.keys()
    assert worked_out & origins.keys() == set()
    assert {origin["changed"] for origin in origins.values()} == {False}


def test_who_sees_no_facts_of_persons_takes_none_along(screened: Screening, register: Register) -> None:
    found = json.loads(taken(signed_in(Role.PREFECTURE), register.dry).content)
    assert found["in_full"] is False
    assert [each["needs"] for each in found["criteria"]] == [None] * 6
    assert [each["result"] for each in found["criteria"]] == [False, False, None, False, True, None]
    income = criterion(found, "income")["explanation"]
    assert [(fact["value"]["zh"], fact["exact"], fact["origin"]) for fact in income["facts"]] == [
        ("（无权查看）", None, None)
    ]


def test_taking_it_is_written_down(screened: Screening, register: Register) -> None:
    client = signed_in(Role.COUNTY)
    content = taken(client, register.dry, pack="test/exit").content
    (entry,) = AuditEntry.objects.filter(action="explanation.taken")
    told = audit.told(entry)[1]
    assert (entry.county, entry.subject_id) == (621223, str(register.dry.id))
    assert told == {
        "format": "json", "pack": "test/exit@1", "bytes": len(content), "screening": str(screened.pk),
        "what_if": False, "criterion": "",
    }  # fmt: skip
    assert "下载筛查结果说明" in client.get(f"/households/{register.dry.id}/").content.decode()


@pytest.mark.parametrize(
    ("language", "title", "needed", "clause", "standard"),
    [
        (
            "zh-hans",
            "条件与判定说明",
            "人均纯收入现为2,736.10元，应大于2,736.10元（不由一项数据单独决定）",
            "测试文件 T §1：超过标准",
            "标准线 2,736.10元（自2016年1月1日起，T §1 超过标准）",
        ),
        (
            "en",
            "Criteria and how they were answered",
            "Net income per head is 2,736.10 yuan, must be above 2,736.10 yuan (no single fact decides it)",
            "Test document T §1: 超过标准",
            "Line 2,736.10 yuan (since 1 January 2016, T §1 超过标准)",
        ),
    ],
)
def test_as_a_paper_in_either_language(
    screened: Screening, register: Register, language: str, title: str, needed: str, clause: str, standard: str
) -> None:
    actor = make.make_actor(make.COUNTY)
    unit = queries.explain_unit(actor, screened, "household", register.dry.id)
    with translation.override(language):
        data = explanation_data(unit, about=[("户", "1")], made_on=make.AT)
    assert (data.title, data.made_on, data.head[0], data.note) == (title, make.AT, PaperFact("户", "1"), "")
    income = data.criteria[0]
    assert ([line.text for line in income.needs], income.clause) == ([needed], clause)
    assert income.working[0].small[-1] == standard
    assert set(needed) - {" "} <= characters_in(explanation_paper(data))


def test_the_page_gives_the_paper(screened: Screening, register: Register) -> None:
    answer = taken(signed_in(Role.COUNTY), register.dry, "pdf")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert set("缺水演示需要改变什么") <= characters_in(answer.content)


def test_what_there_is_not_is_not_given(screened: Screening, register: Register) -> None:
    client = signed_in(Role.COUNTY)
    assert taken(client, register.dry, "xml").status_code == 404
    assert taken(client, register.elsewhere).status_code == 404
    assert client.get(f"/households/{register.dry.id}/explanation/json/").status_code == 405
    assert taken(signed_in(Role.HELPER, households=[register.dry]), register.dry).status_code == 403
    assert not AuditEntry.objects.filter(action="explanation.taken").exists()


class TestCommand:
    def test_it_prints_what_the_user_may_read(self, screened: Screening, register: Register) -> None:
        county, prefecture = official(Role.COUNTY), official(Role.PREFECTURE)
        found = {}
        for user in (county, prefecture):
            out = StringIO()
            call_command("explain", register.dry.number, "--user", user.username, "--criterion", "income", stdout=out)
            found[user] = json.loads(out.getvalue())
        assert [(each["in_full"], [c["id"] for c in each["criteria"]]) for each in found.values()] == [
            (True, ["income"]), (False, ["income"]),
        ]  # fmt: skip
        assert AuditEntry.objects.filter(action="explanation.taken").count() == 2

    @pytest.mark.parametrize("named", ["test/exit", "test/exit@1"])
    def test_the_pack_is_named_with_its_version_or_without(
        self, screened: Screening, register: Register, named: str
    ) -> None:
        told = StringIO()
        call_command(
            "explain", register.dry.number, "--user", official(Role.COUNTY).username, "--pack", named, stdout=told
        )
        assert json.loads(told.getvalue())["pack"]["reference"] == "test/exit@1"

    def test_a_paper_is_written_to_a_file(self, screened: Screening, register: Register, tmp_path: Path) -> None:
        file = tmp_path / "why.pdf"
        with translation.override("zh-hans"):
            call_command("explain", register.dry.number, "--user", official(Role.COUNTY).username, "--pdf", str(file))
        assert set("饮水缺水演示") <= characters_in(file.read_bytes())

    @pytest.mark.parametrize(
        ("user", "asked", "code"),
        [
            ("nobody", (), "SCR-053"),
            ("", ("--criterion", "none"), "SCR-022"),
            ("", ("--pack", "other"), "SCR-023"),
            ("", ("--pack", "test/exit@9"), "SCR-023"),
        ],
    )
    def test_what_cannot_be_explained_is_refused(
        self, screened: Screening, register: Register, user: str, asked: tuple[str, ...], code: str
    ) -> None:
        name = user or official(Role.COUNTY).username
        with pytest.raises(NotFound) as refused:
            call_command("explain", register.dry.number, "--user", name, *asked)
        assert refused.value.code == code

    def test_out_of_sight_is_not_there(self, screened: Screening, register: Register) -> None:
        with pytest.raises(NotFound) as refused:
            call_command("explain", register.elsewhere.number, "--user", official(Role.COUNTY).username)
        assert refused.value.code == "REG-001"
