"""Pages of reports: what is offered and how it stands, one with its figures, asked for and taken. 演示数据"""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.core import audit, processes
from lika.core.models import AuditEntry
from lika.policy.packs.resolved import ResolvedPack
from lika.reports import actions
from lika.reports.choices import ReportState
from lika.reports.models import ReportRun
from lika.snapshots.actions import screen
from lika.snapshots.actions import take as take_snapshot
from lika.snapshots.models import Snapshot
from tests import factories as make
from tests.console.officials import signed_in
from tests.console.taking import lines, marks, take
from tests.reports.conftest import module_folder  # noqa: F401
from tests.reports.test_figures import COUNTY, VILLAGE, pack, taken

__all__ = ["pack", "taken"]
LIST, PAGE = "/analysis/reports/", "/analysis/reports/{}/"
QUERIES_OF_LIST, QUERIES_OF_PAGE = 8, 14  # session, account and posts among them


@pytest.fixture
def run(taken: Snapshot, pack: ResolvedPack, db: None) -> ReportRun:
    return actions.run_report(by=make.make_actor(), snapshot=taken.pk, pack=pack, report="incidence")


def states(client: Any) -> dict[str, str]:
    """How each report stands, by its title."""
    page = client.get(LIST).content.decode()
    cards = page.split('<li class="report-card">')[1:]
    words = ("尚未统计", "数据已更新，待重新统计", "正在统计", "统计失败", "完成")
    return {
        re.sub(r"<[^>]+>", "", card.split("</h3>")[0]).strip(): next(word for word in words if word in card)
        for card in cards
    }


class TestOffered:
    def test_what_is_offered_and_how_it_stands(self, taken: Snapshot, pack: ResolvedPack, db: None):
        county, village = signed_in(Role.COUNTY), signed_in(Role.VILLAGE)
        assert states(county) == dict.fromkeys(("贫困发生率", "进出", "县"), "尚未统计")
        page = county.get(LIST).content.decode()
        assert (page.count("/analysis/reports/ask/"), "由负责整个地区的机关统计" in page) == (3, False)
        # Who answers for a part of the area is told who works it out, and gets no button.
        page = village.get(LIST).content.decode()
        assert (page.count("/analysis/reports/ask/"), page.count("由负责整个地区的机关统计")) == (0, 3)

    def test_a_report_of_another_version_is_out_of_date(self, run: ReportRun):
        client = signed_in(Role.COUNTY)
        assert states(client) == {"贫困发生率": "完成", "进出": "尚未统计", "县": "尚未统计"}
        ReportRun.objects.filter(pk=run.pk).update(pack_sha256="0" * 64)
        assert states(client)["贫困发生率"] == "数据已更新，待重新统计"

    def test_a_snapshot_of_a_village_takes_nothing_off_the_page(self, run: ReportRun, pack: ResolvedPack):
        of_village = take_snapshot(by=make.make_actor(), at=make.AT, division=make.VILLAGE)
        county, village = signed_in(Role.COUNTY), signed_in(Role.VILLAGE)
        assert [states(each)["贫困发生率"] for each in (county, village)] == ["完成", "尚未统计"]
        actions.run_report(by=make.make_actor(), snapshot=of_village.pk, pack=pack, report="incidence")
        assert [states(each)["贫困发生率"] for each in (county, village)] == ["完成", "完成"]
        # What was worked out of the village is no older state of the county's report.
        ReportRun.objects.filter(pk=run.pk).delete()
        assert states(county)["贫困发生率"] == "尚未统计"

    def test_what_was_killed_can_be_asked_for_again(self, taken: Snapshot, pack: ResolvedPack, db: None):
        client = signed_in(Role.COUNTY)
        asked = actions.ask_for_report(by=make.make_actor(), snapshot=taken.pk, pack=pack, report="incidence")
        assert states(client)["贫困发生率"] == "正在统计"
        ReportRun.objects.update(state=ReportState.RUNNING, asked_at=timezone.now() - dt.timedelta(minutes=5))
        assert states(client)["贫困发生率"] == "统计失败"
        page = client.get(PAGE.format(asked.pk)).content.decode()
        assert ("报表统计未完成" in page, "重新统计" in page) == (True, True)

    def test_the_list_asks_as_many_queries_for_one_run_as_for_three(self, run: ReportRun, pack: ResolvedPack):
        client = signed_in(Role.COUNTY)
        client.get(LIST)
        with CaptureQueriesContext(connection) as one:
            client.get(LIST)
        for report in ("moved", "counties"):
            actions.run_report(by=make.make_actor(), snapshot=run.snapshot_id, pack=pack, report=report)
        with CaptureQueriesContext(connection) as three:
            client.get(LIST)
        assert (len(one), len(three)) == (QUERIES_OF_LIST, QUERIES_OF_LIST)


class TestAsked:
    def test_the_county_asks_and_a_process_works_it_out(
        self, taken: Snapshot, pack: ResolvedPack, db: None, monkeypatch: pytest.MonkeyPatch
    ):
        begun = []
        monkeypatch.setattr(processes, "begin", lambda *words, **_: begun.append(words))
        client = signed_in(Role.COUNTY)
        asked = {"snapshot": taken.pk, "pack": pack.reference, "report": "incidence"}
        answer = client.post(f"{LIST}ask/", asked)
        waits = ReportRun.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, PAGE.format(waits.pk))
        assert (waits.state, begun) == (ReportState.WAITING, [("report", "do", str(waits.pk))])
        assert 'hx-get="/analysis/reports/' in client.get(PAGE.format(waits.pk)).content.decode()
        progress = f"{PAGE.format(waits.pk)}progress/"
        assert client.get(progress).headers.get("HX-Refresh") is None
        done = actions.do_report(by=actions.report_asker(waits.pk), run=waits.pk)
        assert (done.state, client.get(progress).headers["HX-Refresh"]) == (ReportState.DONE, "true")
        # Asked again it is there already: nothing is begun.
        client.post(f"{LIST}ask/", asked)
        assert (len(begun), ReportRun.objects.count()) == (1, 1)

    def test_who_answers_for_a_part_may_not(self, taken: Snapshot, pack: ResolvedPack, db: None):
        asked = {"snapshot": taken.pk, "pack": pack.reference, "report": "incidence"}
        found = {role: signed_in(role).post(f"{LIST}ask/", asked).status_code for role in (Role.TOWNSHIP, Role.VILLAGE)}
        assert (found, ReportRun.objects.count()) == ({Role.TOWNSHIP: 403, Role.VILLAGE: 403}, 0)

    def test_a_matrix_needs_an_earlier_snapshot_of_the_area(self, taken: Snapshot, pack: ResolvedPack, db: None):
        asked = {"snapshot": taken.pk, "pack": pack.reference, "report": "moved", "before": taken.pk}
        answer = signed_in(Role.COUNTY).post(f"{LIST}ask/", asked, follow=True)
        assert "不是同一地区，或时点不在其前" in answer.content.decode()
        assert ReportRun.objects.count() == 0


class TestPage:
    def test_figures_with_what_they_are_made_of(self, run: ReportRun):
        page = signed_in(Role.COUNTY).get(PAGE.format(run.pk)).content.decode()
        for words in ("分子5，分母100", "5%", "待补充依据", "T §8", "发生率", "1户无法判定", "贫困状态为贫困"):
            assert words in page, words

    def test_the_way_down_ends_where_the_reader_s_area_ends(self, run: ReportRun):
        county, village = signed_in(Role.COUNTY), signed_in(Role.VILLAGE)
        found = {
            code: (county.get(f"{PAGE.format(run.pk)}?division={code}").status_code,
                   village.get(f"{PAGE.format(run.pk)}?division={code}").status_code)
            for code in (make.COUNTY, make.TOWNSHIP, make.VILLAGE, make.OTHER_VILLAGE, make.ELSEWHERE)
        }  # fmt: skip
        assert found == {
            make.COUNTY: (200, 404), make.TOWNSHIP: (200, 404), make.VILLAGE: (200, 200),
            make.OTHER_VILLAGE: (200, 404), make.ELSEWHERE: (404, 404),
        }  # fmt: skip
        own = village.get(PAGE.format(run.pk))
        assert (own.context["read"].own.division, "坡头村" in own.content.decode()) == (VILLAGE, False)
        assert signed_in(Role.COUNTY, "621224000000").get(PAGE.format(run.pk)).status_code == 404

    def test_a_number_leads_to_the_list_of_as_many(self, run: ReportRun, pack: ResolvedPack):
        client = signed_in(Role.COUNTY)
        poor = f"{PAGE.format(moved(run, pack).pk)}"
        assert "/households/?analysis=" not in client.get(poor).content.decode()  # nothing is screened yet
        screen(by=make.make_actor(), snapshot=run.snapshot_id, pack=pack)
        page = client.get(poor)
        cell = page.context["matrix"].rows[1].cells[1]
        assert (cell.households, cell.own) == ("2", True)
        behind = client.get(cell.url).content.decode()
        # As words: two characters may stand in the token of a form by chance.
        assert sorted(set(re.findall(r"\b[AB]\d\b", behind))) == ["A1", "B1"]
        # A report of another version of the pack may count others than the list of today.
        ReportRun.objects.filter(pk=run.pk).update(pack_sha256="0" * 64)
        assert "/households/?analysis=" not in client.get(PAGE.format(run.pk)).content.decode()

    def test_a_matrix_is_told_with_its_sums(self, run: ReportRun, pack: ResolvedPack):
        found = signed_in(Role.COUNTY).get(PAGE.format(moved(run, pack).pk)).context["matrix"]
        assert [[(cell.households, cell.people) for cell in row.cells] for row in found.rows] == [
            [("1", "1"), ("0", "0"), ("0", "0"), ("0", "0")],
            [("0", "0"), ("2", "5"), ("1", "1"), ("0", "0")],
            [("0", "0"), ("0", "0"), ("1", "2"), ("0", "0")],
            [("0", "0"), ("0", "0"), ("0", "0"), ("0", "0")],
        ]
        assert [(row.total.households, row.total.people) for row in found.rows] == [
            ("1", "1"), ("3", "6"), ("1", "2"), ("0", "0"),
        ]  # fmt: skip
        assert [cell.households for cell in found.totals.cells] == ["1", "2", "2", "0"]
        assert (found.totals.total.households, found.totals.total.people) == ("5", "9")

    def test_the_page_asks_as_many_queries_for_one_division_below_as_for_two(self, run: ReportRun):
        client = signed_in(Role.COUNTY)
        found = []
        for code in (make.COUNTY, make.TOWNSHIP):
            client.get(f"{PAGE.format(run.pk)}?division={code}")
            with CaptureQueriesContext(connection) as asked:
                client.get(f"{PAGE.format(run.pk)}?division={code}")
            found.append(len(asked))
        assert found == [QUERIES_OF_PAGE, QUERIES_OF_PAGE]


def test_a_report_of_levels_above_the_reader_says_so(run: ReportRun, pack: ResolvedPack):
    of_counties = PAGE.format(moved(run, pack).pk)
    found = {role: signed_in(role).get(of_counties) for role in (Role.COUNTY, Role.VILLAGE)}
    told_of = {role: "本报表不涉及您的地区" not in answer.content.decode() for role, answer in found.items()}
    assert ({answer.status_code for answer in found.values()}, told_of) == (
        {200}, {Role.COUNTY: True, Role.VILLAGE: False},
    )  # fmt: skip


def moved(run: ReportRun, pack: ResolvedPack) -> ReportRun:
    return actions.run_report(by=make.make_actor(), snapshot=run.snapshot_id, pack=pack, report="moved")


def test_it_leaves_by_the_one_door_with_its_small_numbers_marked(run: ReportRun):
    client = signed_in(Role.COUNTY)
    rows = lines(take(client, "report", {"of": run.pk, "division": make.TOWNSHIP}))
    assert [row[1] for row in rows] == [make.TOWNSHIP, make.VILLAGE, make.OTHER_VILLAGE]
    told = marks(take(client, "report", {"of": run.pk}))
    assert any(f"有{run.small}个人数或户数在1至4之间" in f"{label}{text}" for label, text in told.items())
    entry = AuditEntry.objects.filter(action="list.exported").latest("id")
    new = audit.told(entry)[1] or {}
    assert (new["report"], new["digest"], new["small"], new["rows"]) == (str(run.pk), run.digest, run.small, 4)
    village = signed_in(Role.VILLAGE)
    assert take(village, "report", {"of": run.pk, "division": make.COUNTY}).status_code == 404
    assert [row[1] for row in lines(take(village, "report", {"of": run.pk}))] == [f"{VILLAGE}"]
    assert int(make.COUNTY) == COUNTY
