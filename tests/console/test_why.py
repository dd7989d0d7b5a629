"""The current screening on the pages: counts that lead to lists as long, and the reasons of a household. 演示数据"""

import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lika.accounts.choices import Role
from lika.core import audit
from lika.core.models import AuditEntry
from lika.snapshots import actions
from lika.snapshots.models import Screening
from tests import factories as make
from tests.console.officials import signed_in
from tests.console.taking import status_of, take
from tests.snapshots.conftest import Register, WritePack
from tests.web_role import statements

pytestmark = pytest.mark.django_db(transaction=True)


def listed(client: Client, address: str) -> int:
    """How long the list behind an address is."""
    parts = urlsplit(address)
    return client.get(parts.path, parse_qsl(parts.query)).context["list"].total


class TestNumbers:
    def test_each_count_on_home_opens_a_list_as_long(self, screened: Screening):
        client = signed_in(Role.COUNTY)
        result = client.get("/").context["exit"]
        counts = result.counts
        assert (counts.met, counts.not_met, counts.unknown) == (2, 1, 1)
        assert [listed(client, url) for url in (result.met_url, result.not_met_url, result.unknown_url)] == [2, 1, 1]

    def test_a_village_sees_its_own_counts(self, screened: Screening):
        counts = signed_in(Role.VILLAGE).get("/").context["exit"].counts
        assert (counts.met, counts.not_met, counts.unknown) == (1, 1, 0)

    def test_the_province_adds_its_counties_up(self, screened: Screening):
        response = signed_in(Role.PROVINCE).get("/")
        assert response.context["exit"].counts.total == 4
        assert [line.ranked.place.counts.total for line in response.context["below"].lines] == [4]

    def test_the_map_colours_villages_by_the_share_that_meets_the_criterion(self, screened: Screening):
        data = json.loads(signed_in(Role.COUNTY).get("/map.json").content)
        shares = {place["code"]: place["value"] for place in data["places"] if place["size"]}
        assert shares == {make.VILLAGE: 0.5, make.OTHER_VILLAGE: 0.5}

    def test_the_list_shows_the_result_of_each_household(self, screened: Screening, register: Register):
        found = {line.id: line.verdict for line in signed_in(Role.COUNTY).get("/households/").context["lines"]}
        assert found == {
            register.rich.id: "met",
            register.dry.id: "not_met",
            register.unknown.id: "unknown",
            register.newcomer.id: "met",
        }

    @pytest.mark.parametrize(
        ("asked", "rows"),
        [
            ({}, 4),
            ({"criterion": "exit", "result": "not_met"}, 1),
            ({"criterion": "rising", "result": "unknown"}, 3),
        ],
    )
    def test_the_list_stays_within_twelve_queries(self, screened: Screening, asked: dict[str, str], rows: int):
        client = signed_in(Role.COUNTY)
        client.get("/households/", asked)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/households/", asked).context["list"].total == rows
        assert len(statements(queries)) <= 12, statements(queries)


class TestExport:
    def test_the_audit_says_which_results_left_as_a_file(self, screened: Screening):
        asked = {"criterion": "water", "result": "met", "division": make.VILLAGE}
        assert status_of(take(signed_in(Role.COUNTY), "households", asked)) == 200
        entry = AuditEntry.objects.get(action="list.exported")
        told = audit.told(entry)[1]
        assert (entry.county, told["division"], told["rows"]) == (621223, make.VILLAGE, 1)
        assert told["screened"] == {
            "screenings": [str(screened.pk)], "pack": screened.pack, "criterion": "water", "result": "met",
        }  # fmt: skip

    def test_a_file_of_a_prefecture_stands_in_no_countys_chain(self, screened: Screening):
        assert status_of(take(signed_in(Role.PREFECTURE), "households")) == 200
        assert AuditEntry.objects.get(action="list.exported").county == 0


class TestReasons:
    def test_what_stands_in_the_way_is_named(self, screened: Screening, register: Register):
        why = signed_in(Role.COUNTY).get(f"/households/{register.dry.id}/").context["why"]
        assert (why.summary.id, why.summary.result) == ("exit", "not_met")
        assert [(reason.id, reason.result) for reason in why.open] == [("income", "not_met"), ("water", "not_met")]

    def test_a_reason_tells_value_standard_and_clause(self, screened: Screening, register: Register):
        why = signed_in(Role.COUNTY).get(f"/households/{register.dry.id}/").context["why"]
        income = next(reason for group in why.groups for reason in group.reasons if reason.id == "income")
        assert income.value == "2,736.10元"
        assert [(each.label, each.value, each.given) for each in income.parameters] == [("标准线", "2,736.10元", True)]
        assert income.document == "测试文件"
        assert income.item.clause_text == "超过标准"
        assert "应大于标准线（2,736.10元）" in income.words

    def test_the_screen_and_the_verdicts_agree(self, screened: Screening, register: Register):
        client = signed_in(Role.COUNTY)
        shown = {line.id: line.verdict for line in client.get("/households/").context["lines"]}
        for household in (register.rich, register.dry, register.unknown, register.newcomer):
            assert client.get(f"/households/{household.id}/").context["why"].summary.result == shown[household.id]

    def test_who_sees_masks_sees_no_values(self, screened: Screening, register: Register):
        content = signed_in(Role.PREFECTURE).get(f"/households/{register.dry.id}/").content.decode()
        why = signed_in(Role.PREFECTURE).get(f"/households/{register.dry.id}/").context["why"]
        income = next(reason for group in why.groups for reason in group.reasons if reason.id == "income")
        assert income.value == "（无权查看）"
        assert "缺水演示" not in content

    def test_a_measure_is_told_without_alarm(self, screened: Screening, register: Register):
        page = signed_in(Role.COUNTY).get(f"/households/{register.dry.id}/").content.decode()
        signs = {
            name: page.split(f'id="criterion-{name}"')[1].split("criterion-title")[0]
            for name in ("industry", "ecology", "water")
        }
        assert ["verdict-plain" in signs[name] for name in signs] == [True, False, False]
        assert ("是</span>" in signs["industry"], "不符合</span>" in signs["water"]) == (True, True)

    @pytest.mark.parametrize(
        ("kind", "look"), [("measure", ("verdict-plain", "否")), ("exit", ("verdict-not_met", "不符合"))]
    )
    def test_a_household_outside_a_measure_has_failed_nothing(self, kind: str, look: tuple[str, str]):
        with translation.override("zh-hans"):
            shown = Template("{% load console %}{% verdict result kind %}").render(
                Context({"result": "not_met", "kind": kind})
            )
        assert [text in shown for text in (*look, "verdict-not_met")] == [True, True, kind == "exit"]

    def test_a_snapshot_that_lost_its_files_costs_the_reasons_alone(
        self, screened: Screening, register: Register, data_dir: Path
    ):
        for path in (data_dir / "snapshots").rglob("*.parquet"):
            path.unlink()
        response = signed_in(Role.COUNTY).get(f"/households/{register.dry.id}/")
        assert (response.status_code, response.context["why"]) == (200, None)
        card = response.content.decode().split('id="why"')[1].split("</section>")[0]
        assert response.context["why_error"].code in card
        assert "缺水演示" in response.content.decode()

    def test_a_household_recorded_after_the_snapshot_says_so(self, screened: Screening):
        later = make.make_household(number="后来")
        response = signed_in(Role.COUNTY).get(f"/households/{later.id}/")
        assert response.context["why"] is None
        assert "取快照之后录入" in response.content.decode()

    def test_a_helper_sees_the_household_without_the_screening(self, screened: Screening, register: Register):
        response = signed_in(Role.HELPER, households=[register.dry]).get(f"/households/{register.dry.id}/")
        assert response.context["why"] is None
        assert "不能查看筛查结果" in response.content.decode()


class TestPacks:
    @pytest.fixture
    def stricter(self, screened: Screening, actor, write_pack: WritePack) -> Screening:
        """The same snapshot screened by a second pack, whose line nobody reaches."""
        pack = write_pack(folder="test/stricter", **{"id: test/exit": "id: test/stricter", "2736.10}": "99999.00}"})
        return actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)

    def test_the_pack_screened_last_is_shown_until_another_is_chosen(self, stricter: Screening):
        client = signed_in(Role.COUNTY)
        newest, other = client.get("/").context["exit"], client.get("/", {"pack": "test/exit"}).context["exit"]
        assert [(each.counts.met, each.counts.not_met) for each in (newest, other)] == [(0, 3), (2, 1)]
        assert [listed(client, each.not_met_url) for each in (newest, other)] == [3, 1]

    def test_a_household_is_explained_by_the_pack_that_is_chosen(self, stricter: Screening, register: Register):
        client = signed_in(Role.COUNTY)
        address = f"/households/{register.rich.id}/"
        shown = [client.get(address, {"pack": pack}).context["why"] for pack in ("", "test/exit", "nothing")]
        assert [why.summary.result for why in shown] == ["not_met", "met", "not_met"]
        assert [pack for pack, _title in shown[0].packs] == ["test/stricter", "test/exit"]


def told() -> list[tuple[str, str]]:
    """What the home page tells a county office to do, but for duties that nobody holds."""
    waiting = signed_in(Role.COUNTY).get("/").context["waiting"]
    return [(task.title, task.explanation) for task in waiting if not task.url.startswith("/duties/")]


class TestWaiting:
    def test_a_register_that_was_never_screened_waits_for_it(self, register: Register):
        assert [title for title, _explanation in told()] == ["尚未筛查"]

    def test_nothing_waits_when_the_screening_rests_on_the_latest_data(self, screened: Screening):
        assert told() == []

    def test_data_of_a_later_year_make_the_screening_old_and_villages_incomplete(
        self,
        screened: Screening,
        register: Register,
    ):
        make.make_household_year(register.rich, 2017)
        assert told() == [
            ("缺少 2017 年数据", "涉及 1 个村。"),
            ("筛查结果已过时", "筛查依据的是 2016 年数据，现已有 2017 年数据。"),
        ]
