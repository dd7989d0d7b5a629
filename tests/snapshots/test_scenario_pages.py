"""Pages of scenarios: written, run in the background, read by division, held beside each other, taken. 演示数据"""

import io
import zipfile
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from lika.accounts.choices import Role
from lika.core import audit, processes
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import actions
from lika.snapshots.choices import RunState
from lika.snapshots.models import Scenario, Screening
from lika.snapshots.queries.scenarios import run_state
from tests import factories as make
from tests.console.officials import signed_in
from tests.console.taking import lines, take
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/screenings/scenarios/"
QUERIES_OF_LIST = 10  # session, account and posts among them
QUERIES_OF_UNITS = 23  # as above
TYPED = {"name": "严一分", "reason": "看谁会留下", "p-line": "2736.11"}


def write(client: Client, base: Screening, **more: str):
    return client.post(f"/screenings/{base.pk}/scenario/", TYPED | more)


def page_of(scenario: Scenario, *more: str) -> str:
    return "".join((LIST, f"{scenario.pk}/", *more))


@pytest.fixture
def county() -> Client:
    return signed_in(Role.COUNTY)


@pytest.fixture
def tried(screened: Screening, county: Client) -> Scenario:
    """A scenario written on the page and run."""
    write(county, screened, cost_of="exit", amount="param.line")
    scenario = Scenario.objects.get()
    actions.run_scenario(by=make.make_actor(), scenario=scenario.pk)
    return scenario


class TestWritten:
    def test_the_form_shows_what_is_and_keeps_what_is_typed(self, screened: Screening, county: Client):
        assert f"/screenings/{screened.pk}/scenario/" in county.get(f"/screenings/{screened.pk}/").content.decode()
        page = county.get(f"/screenings/{screened.pk}/scenario/").content.decode()
        for words in ("标准线", "2,736.10元", "T §1", "net_income_per_capita &gt; param.line"):
            assert words in page, words
        answer = write(county, screened, cost_of="exit", amount="500 * members")
        kept = Scenario.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, page_of(kept))
        assert {(each.kind, each.item, each.text) for each in kept.changes.all()} == {
            ("parameter", "line", "2736.11"),
            ("amount", "exit", "500 * members"),
        }

    def test_a_fault_is_told_with_line_and_column_and_nothing_is_kept(self, screened: Screening, county: Client):
        answer = write(county, screened, criterion="water", expression="safe_water and\nnosuch > 1")
        page = answer.content.decode()
        assert ("第 2 行" in page or "第2行" in page, "<mark>nosuch</mark>" in page) == (True, True)
        assert ('value="2736.11"' in page, Scenario.objects.count()) == (True, 0)

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"p-line": "much"}, "POL-121"),
            ({"p-line": ""}, "SCR-061"),
            ({"cost_of": "exit", "amount": "1 > 0"}, "SCR-062"),
        ],
    )
    def test_what_save_scenario_refuses_is_told_in_place(
        self, screened: Screening, county: Client, more: dict[str, str], code: str
    ):
        answer = write(county, screened, **more)
        assert (answer.status_code, answer.context["error"].code, Scenario.objects.count()) == (200, code, 0)

    def test_an_expression_without_its_criterion_is_not_lost(self, screened: Screening, county: Client):
        answer = write(county, screened, expression="safe_water")
        assert ("请选择条件" in answer.content.decode(), Scenario.objects.count()) == (True, 0)

    def test_who_screens_only_a_part_or_elsewhere_may_not(self, screened: Screening):
        found = {
            role: write(signed_in(role), screened).status_code for role in (Role.VILLAGE, Role.TOWNSHIP, Role.AUDITOR)
        }
        assert found == {Role.VILLAGE: 403, Role.TOWNSHIP: 403, Role.AUDITOR: 403}
        assert write(signed_in(Role.COUNTY, "621224000000"), screened).status_code == 404
        assert Scenario.objects.count() == 0


class TestRun:
    def test_a_process_runs_it_once(self, screened: Screening, county: Client, monkeypatch: pytest.MonkeyPatch):
        begun = []
        monkeypatch.setattr(processes, "begin", lambda *words, **_: begun.append(words))
        write(county, screened)
        scenario = Scenario.objects.get()
        for _ in range(2):  # of a double click the second finds what the first asked for
            assert county.post(page_of(scenario, "run/"))["Location"] == page_of(scenario)
        assert begun == [("scenario", "do", str(scenario.pk))]
        assert "hx-get" in county.get(page_of(scenario)).content.decode()
        progress = county.get(page_of(scenario, "progress/"))
        assert (progress.headers.get("HX-Refresh"), "等待" in progress.content.decode()) == (None, True)
        trial = actions.do_run(scenario=scenario.pk)
        scenario.refresh_from_db()
        assert (scenario.state, trial.what_if, trial.scenario_id) == (RunState.DONE, True, scenario.pk)
        assert county.get(page_of(scenario, "progress/")).headers["HX-Refresh"] == "true"
        assert AuditEntry.objects.filter(action="scenario.ask").count() == 1
        with pytest.raises(UserError) as again:
            actions.do_run(scenario=scenario.pk)
        assert again.value.code == "SCR-073"

    def test_what_went_wrong_stands_on_the_page(
        self, screened: Screening, county: Client, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(processes, "begin", lambda *_words, **_: None)
        write(county, screened)
        scenario = Scenario.objects.get()
        county.post(page_of(scenario, "run/"))

        def broken(**_: object) -> None:
            raise UserError("SCR-030", "x", remedy="y")

        monkeypatch.setattr("lika.snapshots.actions.scenario_runs.run_scenario", broken)
        with pytest.raises(UserError):
            actions.do_run(scenario=scenario.pk)
        page = county.get(page_of(scenario)).content.decode()
        assert ("试算未完成" in page, "SCR-030" in page, "重新试算" in page or "开始试算" in page) == (True, True, True)
        entry = AuditEntry.objects.get(action="scenario.failed")
        base = scenario.base
        assert (audit.told(entry), entry.label) == ((None, {"code": "SCR-030"}), f"{base.pack} {base.snapshot_id}")
        monkeypatch.undo()
        # What is run by the command afterwards is what the page shows.
        actions.run_scenario(by=make.make_actor(), scenario=scenario.pk)
        page = county.get(page_of(scenario))
        assert (page.context["state"], "SCR-030" in page.content.decode()) == (RunState.DONE, False)

    def test_a_process_that_died_is_told_with_a_code(self, screened: Screening, county: Client):
        write(county, screened)
        Scenario.objects.update(state=RunState.RUNNING, asked_by="x", asked_at=timezone.now())
        scenario = Scenario.objects.get()
        page = county.get(page_of(scenario))
        assert (page.context["state"], "SCR-000" in page.content.decode()) == (RunState.FAILED, True)

    def test_a_run_that_ended_since_its_row_was_read_is_over(self, screened: Screening, county: Client):
        write(county, screened)
        Scenario.objects.update(state=RunState.RUNNING, asked_by="x", asked_at=timezone.now())
        stale = Scenario.objects.get()
        trial = actions.run_scenario(by=make.make_actor(), scenario=stale.pk)
        Scenario.objects.update(state=RunState.DONE)
        assert run_state(stale, last_run=trial.finished_at) == RunState.DONE

    def test_who_answers_for_a_part_may_not(self, tried: Scenario):
        found = {
            role: signed_in(role).post(page_of(tried, "run/")).status_code for role in (Role.VILLAGE, Role.TOWNSHIP)
        }
        tried.refresh_from_db()
        assert (found, tried.state) == ({Role.VILLAGE: 403, Role.TOWNSHIP: 403}, RunState.NONE)


class TestRead:
    def test_who_leaves_by_criterion_and_division_and_the_cost(self, tried: Scenario, county: Client):
        answer = county.get(page_of(tried))
        moves = {
            kind.kind.value: {item.criterion: (move.enter, move.leave, move.other) for item, move, _url in kind.lines}
            for kind in answer.context["kinds"]
        }
        assert moves == {"household": {"income": (0, 1, 0), "exit": (0, 1, 0)}}
        assert [
            (each.code, [(move.enter, move.leave) for move in each.moves])
            for kind in answer.context["kinds"]
            for each in kind.divisions
        ] == [(make.TOWNSHIP, [(0, 1), (0, 1)])]
        page = answer.content.decode()
        for words in (
            "看谁会留下",
            "进 0，出 1",
            "5,472.2",
            "2,736.11",
            "criterion=exit&amp;division=621223000000&amp;result=met",
        ):
            assert words in page, words

    def test_errors_against_a_truth_with_both_numbers(self, tried: Scenario, county: Client):
        answer = county.post(page_of(tried), {"truth": "safe_water", "of": "exit"})
        _name, ((base, *_), (trial, *_)) = answer.context["error_lines"][0]
        assert (base.chosen, trial.chosen) == (2, 1)
        page = answer.content.decode()
        assert ("漏评率（占应纳入者）" in page, f"{trial.missed} ÷ {trial.ought}" in page) == (True, True)
        assert f"的偏差，对照：safe_water（快照{tried.base.snapshot_id}）" in page
        faulty = county.post(page_of(tried), {"truth": "nosuch", "of": "exit"})
        assert ("<mark>nosuch</mark>" in faulty.content.decode(), "error_lines" in faulty.context) == (True, False)

    def test_the_truth_may_be_another_screening_of_the_area_and_is_named(
        self, tried: Scenario, pack: ResolvedPack, county: Client
    ):
        later = actions.screen(by=make.make_actor(), snapshot=tried.base.snapshot_id, pack=pack, whole=True)
        form = county.get(page_of(tried)).context["form"]
        assert [key for key, _label in form.fields["true_by"].choices] == ["", str(later.pk)]
        answer = county.post(page_of(tried), {"true_by": later.pk, "of": "exit"})
        _name, ((base, *_), (trial, *_)) = answer.context["error_lines"][0]
        assert [(each.right, each.missed, each.wrongly_in) for each in (base, trial)] == [(2, 0, 0), (1, 1, 0)]
        assert f"对照：快照{later.snapshot_id}按“" in answer.content.decode()

    @pytest.mark.parametrize("truths", [{}, {"truth": "safe_water", "true_by": "later"}, {"true_by": str(uuid4())}])
    def test_no_truth_or_two_or_one_out_of_sight_give_no_errors(
        self, tried: Scenario, county: Client, truths: dict[str, str]
    ):
        answer = county.post(page_of(tried), truths | {"of": "exit"})
        assert (answer.status_code, "error_lines" in answer.context, answer.context["form"].is_valid()) == (
            200,
            False,
            False,
        )

    def test_who_sees_a_part_is_told_so(self, tried: Scenario, county: Client):
        village = signed_in(Role.VILLAGE).get(page_of(tried)).content.decode()
        told = "此处只统计您管辖范围内的对象"
        assert (told in village, told in county.get(page_of(tried)).content.decode()) == (True, False)
        assert signed_in(Role.COUNTY, "621224000000").get(page_of(tried)).status_code == 404

    def test_the_list_asks_as_many_queries_for_one_as_for_three(self, tried: Scenario, county: Client):
        county.get(LIST)
        with CaptureQueriesContext(connection) as one:
            answer = county.get(LIST)
        assert [(line["scenario"].name, line["state"]) for line in answer.context["lines"]] == [
            ("严一分", RunState.DONE)
        ]
        for _ in range(2):
            write(county, tried.base)
        county.get(LIST)
        with CaptureQueriesContext(connection) as three:
            county.get(LIST)
        assert (len(one), len(three)) == (QUERIES_OF_LIST, QUERIES_OF_LIST)
        assert signed_in(Role.COUNTY, "621224000000").get(LIST).context["lines"] == []


class TestLists:
    """Who stands behind the numbers of a scenario, in sight."""

    def test_who_enters_and_leaves_stands_in_the_comparison_with_the_base(
        self, tried: Scenario, register: Register, county: Client
    ):
        trial = tried.runs.get()
        asked = f"old={tried.base_id}&criterion=exit&division={make.COUNTY}&which=leave"
        address = f"/screenings/{trial.pk}/against/units/?{asked}"
        assert f'href="{escape(address)}"' in county.get(page_of(tried)).content.decode()
        answer = county.get(address)
        assert [line.name for line in answer.context["lines"]] == [register.newcomer.number]
        assert f"{page_of(tried)}?division={make.COUNTY}" in answer.content.decode()  # the way back

    def test_no_truth_stands_in_an_address(self, tried: Scenario, county: Client):
        for which in ("missed", "wrong", "enter"):
            asked = {"criterion": "exit", "division": make.COUNTY, "which": which, "truth": "safe_water"}
            answer = county.get(page_of(tried, "units/"), asked)
            assert (answer.status_code, answer["Location"]) == (302, page_of(tried))
        posted = county.post(page_of(tried, "units/"), {"criterion": "exit", "which": "enter", "truth": "safe_water"})
        assert (posted.status_code, "SCR-024" in posted.content.decode()) == (404, True)

    def test_a_division_of_another_area_is_refused(self, tried: Scenario, county: Client):
        asked = {"criterion": "exit", "division": make.ELSEWHERE, "which": "missed", "truth": "safe_water"}
        answer = county.post(page_of(tried, "units/"), asked)
        assert (answer.status_code, "SCR-052" in answer.content.decode()) == (404, True)

    def test_who_is_missed_and_who_is_wrongly_in(self, tried: Scenario, register: Register, county: Client):
        asked = {"criterion": "exit", "division": make.COUNTY}
        found = {}
        for which, truth in (("missed", "safe_water"), ("wrong", "not safe_water")):
            answer = county.post(page_of(tried, "units/"), asked | {"which": which, "truth": truth})
            found[which] = [line.name for line in answer.context["lines"]]
            assert f"对照：{truth}（快照{tried.base.snapshot_id}）" in answer.content.decode()
        assert found == {"missed": [register.newcomer.number], "wrong": [register.rich.number]}
        by_base = asked | {"which": "missed", "true_by": str(tried.base_id)}
        answer = county.post(page_of(tried, "units/"), by_base)
        assert [line.name for line in answer.context["lines"]] == [register.newcomer.number]
        for given in ({}, {"truth": "safe_water\0"}, {"truth": "x" * 1001}, {"truth": "safe_water", "criterion": "\0"}):
            answer = county.post(page_of(tried, "units/"), asked | {"which": "missed"} | given)
            assert (answer.status_code, "SCR-024" in answer.content.decode()) == (404, True), given

    def test_the_list_asks_as_many_queries_for_one_as_for_two(
        self, tried: Scenario, register: Register, county: Client
    ):
        write(county, tried.base, **{"name": "再严一点", "p-line": "9000"})
        other = Scenario.objects.exclude(pk=tried.pk).get()
        actions.run_scenario(by=make.make_actor(), scenario=other.pk)
        asked = {"criterion": "exit", "division": make.COUNTY, "which": "missed", "true_by": str(tried.base_id)}
        found = []
        for scenario in (tried, other):
            county.post(page_of(scenario, "units/"), asked)
            with CaptureQueriesContext(connection) as queries:
                answer = county.post(page_of(scenario, "units/"), asked)
            found.append(({line.name for line in answer.context["lines"]}, len(queries)))
        assert found == [
            ({register.newcomer.number}, QUERIES_OF_UNITS),
            ({register.newcomer.number, register.rich.number}, QUERIES_OF_UNITS),
        ]

    def test_the_list_leaves_as_a_file_and_the_expression_is_kept_nowhere(
        self, tried: Scenario, register: Register, county: Client
    ):
        asked = {"criterion": "exit", "division": make.COUNTY, "which": "missed", "truth": "safe_water"}
        page = county.post(page_of(tried, "units/"), asked).content.decode()
        given = urlencode(
            {"of": tried.pk} | {name: asked[name] for name in ("which", "criterion", "division", "truth")}
        )
        assert f'name="definition" value="{escape(given)}&amp;true_by="' in page
        found = lines(take(county, "in-error", asked | {"of": tried.pk}))
        assert found == [[register.newcomer.number, "甘肃省 陇南市 宕昌县 城关镇 坡头村"]]
        told = audit.told(AuditEntry.objects.get(action="list.exported"))[1]
        assert told == {
            "list": "in-error", "division": make.COUNTY, "kind": "csv", "personal": False, "rows": 1, "second": "",
            "columns": ["unit", "place"], "scenario": str(tried.pk), "criterion": "exit", "which": "missed",
            "true_by": None,
        }  # fmt: skip
        refused = take(county, "in-error", asked | {"of": tried.pk}, personal="yes", reason="核对")
        assert (refused.status_code, "CON-004" in refused.content.decode()) == (404, True)
        guarded = take(signed_in(Role.PREFECTURE), "in-error", asked | {"of": tried.pk, "truth": "members = 1"})
        assert (guarded.status_code, "SCR-074" in guarded.content.decode()) == (403, True)

    def test_a_truth_that_reads_what_is_personal_names_nobody_to_who_may_not(self, tried: Scenario, county: Client):
        prefecture = signed_in(Role.PREFECTURE)
        # Behind this criterion nothing was changed: of the others a trial names nobody to who may not.
        asked = {"criterion": "water", "division": make.COUNTY, "which": "missed"}
        found = {
            who: [
                client.post(page_of(tried, "units/"), asked | truth).status_code
                for truth in ({"truth": "members = 1"}, {"true_by": str(tried.base_id)})
            ]
            for who, client in (("prefecture", prefecture), ("county", county))
        }
        assert found == {"prefecture": [403, 200], "county": [200, 200]}
        refused = prefecture.post(page_of(tried, "units/"), asked | {"truth": "members = 1"})
        assert "SCR-074" in refused.content.decode()
        shown = {
            who: "按测算方案漏评的名单"
            in client.post(page_of(tried), {"truth": "members = 1", "of": "water"}).content.decode()
            for who, client in (("prefecture", prefecture), ("county", county))
        }
        assert shown == {"prefecture": False, "county": True}


class TestBesideAndDraft:
    def test_two_stand_side_by_side_and_one_does_not(self, tried: Scenario, county: Client):
        write(county, tried.base, **{"name": "宽一点", "p-line": "2000"})
        other = Scenario.objects.exclude(pk=tried.pk).get()
        actions.run_scenario(by=make.make_actor(), scenario=other.pk)
        answer = county.get(f"{LIST}beside/", {"scenario": [tried.pk, other.pk]})
        cells = {
            line.criterion.criterion: [each.leave for each in line.cells] for line in answer.context["found"].lines
        }
        assert (answer.status_code, cells["exit"]) == (200, [1, 0])
        alone = county.get(f"{LIST}beside/", {"scenario": [tried.pk]})
        assert (alone.status_code, "SCR-067" in alone.content.decode()) == (400, True)
        assert county.get(f"{LIST}beside/", {"scenario": ["x", uuid4()]}).status_code == 404

    def test_the_draft_is_a_zip_and_needs_a_name(self, tried: Scenario, county: Client):
        answer = county.get(page_of(tried, "draft/"), {"id": "draft/exit"})
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            names = sorted(packed.namelist())
            assert "2736.11" in packed.read("draft/exit/parameters.yaml").decode()
        assert names == ["draft/exit/SOURCES.md", "draft/exit/pack.yaml", "draft/exit/parameters.yaml"]
        assert answer["Content-Disposition"] == 'attachment; filename="draft-exit.zip"'
        refused = county.get(page_of(tried, "draft/"), {"id": "../x"})
        assert (refused.status_code, "POL-125" in refused.content.decode()) == (400, True)
