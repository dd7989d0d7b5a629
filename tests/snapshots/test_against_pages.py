"""Two screenings held against each other on pages: what differs, who moved, what changed of whom. 演示数据"""

from itertools import chain

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.core import audit
from lika.core.models import AuditEntry
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import actions
from lika.snapshots.models import Screening, Snapshot
from lika.snapshots.moved_lists import screening_told
from lika.snapshots.queries.screenings import same_pack
from lika.snapshots.views_against import UNITS_A_PAGE
from tests import factories as make
from tests.console.officials import signed_in
from tests.console.taking import lines, take
from tests.snapshots.conftest import Register, WritePack

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "与另一次筛查对比"
IN_PART = "只比较您辖区内的对象；辖区外的变化不予显示。"
COUNTED_IN_PART = "此处只统计您管辖范围内的对象，该区划的其余部分不显示。"
ALIKE = "无须处理。可另选一次筛查对比。"
MORE = "621223000099"  # the household that only the later screening has
QUERIES_OF_FORM = 8  # session, account and posts among them, here and below
QUERIES_OF_COMPARISON = 30  # of four kinds of unit
QUERIES_OF_UNITS = 14
QUERIES_OF_CHANGES = 32


@pytest.fixture
def county() -> Client:
    return signed_in(Role.COUNTY)


@pytest.fixture
def village_screening(screened: Screening, pack: ResolvedPack) -> Screening:
    """A screening of one village alone: of another area than the county's."""
    everything = make.make_actor(make.COUNTY)
    small = actions.take(by=everything, at=make.AT, division=make.VILLAGE)
    return actions.screen(by=everything, snapshot=small.pk, pack=pack)


def screen_by(taken: Snapshot, pack: ResolvedPack) -> Screening:
    return actions.screen(by=make.make_actor(make.COUNTY), snapshot=taken.pk, pack=pack)


def pack_of(found: Screening) -> ResolvedPack:
    return same_pack(found.pack, found.pack_sha256)


def get(client: Client, new: Screening, old: object = None, below: str = "", /, **asked: str) -> HttpResponse:
    given = asked if old is None else {"old": str(getattr(old, "pk", old)), **asked}
    return client.get(f"/screenings/{new.pk}/against/{below}", given)


def refused(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, answer.context["error"].code


def moves(answer: HttpResponse) -> dict[str, dict[str, tuple[int, int, int]]]:
    return {
        kind.kind.value: {item.criterion: (move.enter, move.leave, move.other) for item, move, _url in kind.lines}
        for kind in answer.context["kinds"]
    }


def presences(answer: HttpResponse) -> dict[str, tuple[int, int, int]]:
    return {
        kind.kind.value: (kind.presence.both, kind.presence.come, kind.presence.gone)
        for kind in answer.context["kinds"]
    }


def names(answer: HttpResponse) -> list[str]:
    return [line.name for line in answer.context["lines"]]


class TestChosen:
    def test_a_screening_leads_there_where_its_area_has_another(
        self, screened: Screening, village_screening: Screening, county: Client, taken: Snapshot, pack: ResolvedPack
    ):
        alone = county.get(f"/screenings/{screened.pk}/").content.decode()
        assert (LINK in alone, "该地区没有其他筛查" in get(county, screened).content.decode()) == (False, True)
        other = screen_by(taken, pack)
        for each in (screened, other):
            page = county.get(f"/screenings/{each.pk}/").content.decode()
            assert f'href="/screenings/{each.pk}/against/?division={make.COUNTY}"' in page

    def test_the_form_offers_the_others_of_the_area_newest_first(
        self, screened: Screening, later: Screening, village_screening: Screening, county: Client
    ):
        newest = screen_by(later.snapshot, pack_of(later))
        answer = get(county, later, division=make.TOWNSHIP)
        form = answer.context["form"]
        assert (answer.status_code, form["division"].value()) == (200, make.TOWNSHIP)
        assert form.fields["old"].choices == [(str(each.pk), screening_told(each)) for each in (newest, screened)]
        assert screening_told(screened) in answer.content.decode()

    @pytest.mark.parametrize("old", ["", "x", "01a20ad5-0000-7000-8000-000000000000"])
    def test_what_is_no_screening_in_sight_is_said_beside_the_field(
        self, screened: Screening, later: Screening, county: Client, old: str
    ):
        answer = get(county, later, old)
        said = "您的管辖范围内没有这次筛查。" if old else "请选择一次筛查。"
        assert (answer.status_code, answer.context["form"].errors) == (422, {"old": [said]})
        assert [key for key, _told in answer.context["form"].fields["old"].choices] == [str(screened.pk)]

    def test_what_cannot_be_compared_is_refused_with_its_code(
        self, screened: Screening, later: Screening, village_screening: Screening, county: Client
    ):
        assert refused(get(county, later, village_screening)) == (400, "SCR-050")
        assert refused(get(county, later, screened, division=make.ELSEWHERE)) == (404, "SCR-052")
        assert refused(get(county, later, screened, division="1")) == (400, "DIV-001")
        assert refused(get(signed_in(Role.COUNTY, "621224000000"), later, screened)) == (404, "SCR-020")

    def test_no_criterion_in_common_is_refused(
        self, screened: Screening, taken: Snapshot, write_pack: WritePack, county: Client
    ):
        known = ("income", "water", "rising", "exit", "industry", "ecology", "adult", "few_poor", "county_poor")
        renamed = {f"{{id: {name}, unit": f"{{id: {name}_b, unit" for name in known}
        other = write_pack(
            folder="test/other", **renamed, **{"id: test/exit": "id: test/other"},
            **{"met('income') and met('water')": "met('income_b') and met('water_b')"},
        )  # fmt: skip
        assert refused(get(county, screen_by(taken, other), screened)) == (400, "SCR-051")

    def test_the_form_asks_as_many_queries_for_one_as_for_two(
        self, screened: Screening, later: Screening, county: Client
    ):
        found = []
        for _time in range(2):
            get(county, later)
            with CaptureQueriesContext(connection) as queries:
                answer = get(county, later)
            found.append((len(answer.context["others"]), len(queries)))
            screen_by(later.snapshot, pack_of(later))
        assert found == [(1, QUERIES_OF_FORM), (2, QUERIES_OF_FORM)]


class TestCompared:
    def test_what_differs_by_kind_criterion_and_division(self, screened: Screening, later: Screening, county: Client):
        answer = get(county, later, screened)
        assert presences(answer) == {
            "person": (7, 1, 0), "household": (4, 1, 0), "village": (2, 0, 0), "county": (1, 0, 0),
        }  # fmt: skip
        assert moves(answer) == {
            "person": {},
            "household": {"income": (1, 1, 0), "water": (1, 0, 0), "exit": (1, 1, 0)},
            "village": {"few_poor": (0, 1, 0)},
            "county": {},
        }
        below = {
            kind.kind.value: [
                (each.code, (each.presence.come, each.presence.gone), [(move.enter, move.leave) for move in each.moves])
                for each in kind.divisions
            ]
            for kind in answer.context["kinds"]
        }
        assert below == {
            "person": [(make.TOWNSHIP, (1, 0), [])],
            "household": [(make.TOWNSHIP, (1, 0), [(1, 1), (1, 0), (1, 1)])],
            "village": [(make.TOWNSHIP, (0, 0), [(0, 1)])],
            "county": [],
        }
        page = answer.content.decode()
        lists, against = f"/screenings/{later.pk}", f"old={screened.pk}"
        for words in (
            *(screening_told(screened), screening_told(later)),
            "两次都有 4 个，仅新的一次有 1 个，仅旧的一次有 0 个",
            "进 1，出 1",
            f'href="?{against}&amp;division={make.TOWNSHIP}"',
            f"{lists}/against/units/?{against}&amp;criterion=exit&amp;division={make.COUNTY}&amp;which=enter",
            f"{lists}/units/?criterion=exit&amp;division={make.COUNTY}&amp;result=met",
            f"{lists}/against/changes/?{against}&amp;division={make.COUNTY}&amp;kind=household",
        ):
            assert words in page, words
        assert (answer.context["rules"], ALIKE in page, IN_PART in page) == ([], False, False)

    def test_a_level_down_to_the_village_which_has_nothing_below(
        self, screened: Screening, later: Screening, county: Client
    ):
        answer = get(county, later, screened, division=make.VILLAGE)
        assert (moves(answer)["household"], presences(answer)["household"]) == (
            {"income": (1, 0, 0), "water": (1, 0, 0), "exit": (1, 0, 0)},
            (2, 1, 0),
        )
        assert [kind.divisions for kind in answer.context["kinds"]] == [()] * len(answer.context["kinds"])
        assert f'href="/screenings/{later.pk}/against/?old={screened.pk}"' in answer.content.decode()  # the whole

    def test_another_version_of_the_pack_tells_the_rule(
        self, screened: Screening, taken: Snapshot, write_pack: WritePack, county: Client
    ):
        stricter = write_pack(**{'version: "1"': 'version: "2"', "value: 2736.10": "value: 2736.11"})
        answer = get(county, screen_by(taken, stricter), screened)
        assert moves(answer)["household"] == {"income": (0, 1, 0), "exit": (0, 1, 0)}
        assert "标准线：2,736.10元 → 2,736.11元" in answer.content.decode()

    def test_the_same_is_alike_and_kinds_apart_are_named(
        self, screened: Screening, taken: Snapshot, write_pack: WritePack, county: Client
    ):
        renamed = write_pack(**{'version: "1"': 'version: "2"', "{id: few_poor, unit": "{id: poor_few, unit"})
        answer = get(county, screen_by(taken, renamed), screened)
        page = answer.content.decode()
        assert (answer.context["found"].alike, answer.context["changes_url"], list(moves(answer))) == (
            True,
            "",
            ["person", "household", "county"],
        )
        assert ("两次筛查没有共同条件，未作比较：行政村" in page, ALIKE in page) == (True, True)
        same = get(county, screened, screened).content.decode()
        assert ("未作比较" in same, ALIKE in same) == (False, True)

    def test_criteria_of_one_side_alone_are_named(
        self, screened: Screening, taken: Snapshot, write_pack: WritePack, county: Client
    ):
        changed = write_pack(
            **{
                'version: "1"': 'version: "2"',
                "{id: ecology, unit: household, zh: 生态": "{id: eco, unit: household, zh: 新生态",
            }
        )
        kinds = {kind.kind.value: kind for kind in get(county, screen_by(taken, changed), screened).context["kinds"]}
        found = {
            name: ([each.criterion for each in kind.dropped], [each.criterion for each in kind.added])
            for name, kind in kinds.items()
        }
        nothing = ([], [])
        assert found == {"person": nothing, "household": (["ecology"], ["eco"]), "village": nothing, "county": nothing}

    def test_who_sees_a_part_gets_its_numbers_and_is_told_so(self, screened: Screening, later: Screening):
        village = signed_in(Role.VILLAGE)
        answer = get(village, later, screened)
        assert (presences(answer)["household"], moves(answer)["household"]) == (
            (2, 1, 0),
            {"income": (1, 0, 0), "water": (1, 0, 0), "exit": (1, 0, 0)},
        )
        assert IN_PART in answer.content.decode()
        assert IN_PART not in get(village, later, screened, division=make.VILLAGE).content.decode()

    def test_the_page_asks_as_many_queries_for_one_change_as_for_three(
        self, screened: Screening, later: Screening, taken: Snapshot, write_pack: WritePack, county: Client
    ):
        stricter = write_pack(**{'version: "1"': 'version: "2"', "value: 2736.10": "value: 2736.11"})
        found = []
        for new in (screen_by(taken, stricter), later):
            get(county, new, screened)
            with CaptureQueriesContext(connection) as queries:
                answer = get(county, new, screened)
            differing = {kind.kind.value: kind.differing for kind in answer.context["kinds"]}
            found.append((differing["household"], len(queries)))
        assert found == [(1, QUERIES_OF_COMPARISON), (3, QUERIES_OF_COMPARISON)]


class TestMoved:
    def test_who_enters_and_who_leaves_in_sight(
        self, screened: Screening, later: Screening, register: Register, county: Client
    ):
        asked = {"criterion": "exit", "division": make.COUNTY}
        readers = {"county": county, "village": signed_in(Role.VILLAGE)}
        found = {
            (who, which): names(get(client, later, screened, "units/", **asked, which=which))
            for who, client in readers.items()
            for which in ("enter", "leave")
        }
        assert found == {
            ("county", "enter"): [register.dry.number],
            ("county", "leave"): [register.newcomer.number],
            ("village", "enter"): [register.dry.number],
            ("village", "leave"): [],
        }
        told = {
            who: COUNTED_IN_PART in get(client, later, screened, "units/", **asked, which="enter").content.decode()
            for who, client in readers.items()
        }
        assert told == {"county": False, "village": True}

    def test_divisions_that_move_lead_to_their_reasons(self, screened: Screening, later: Screening, county: Client):
        answer = get(county, later, screened, "units/", criterion="few_poor", which="leave")
        (line,) = answer.context["lines"]
        why = f"/screenings/{later.pk}/divisions/{make.VILLAGE}/?criterion=few_poor#criterion-few_poor"
        assert (line.division, f'href="{why}"' in answer.content.decode()) == (make.VILLAGE, True)

    def test_what_is_no_list_is_refused_with_its_code(
        self, screened: Screening, later: Screening, village_screening: Screening, county: Client
    ):
        right = {"criterion": "exit", "which": "enter"}
        assert get(county, later, screened, "units/", **right).status_code == 200
        elsewhere = signed_in(Role.COUNTY, "621224000000")
        for client, old, asked, expected in (
            (elsewhere, screened, right, (404, "SCR-020")),
            (county, "x", right, (404, "SCR-020")),
            (county, None, right, (404, "SCR-020")),
            (county, village_screening, right, (400, "SCR-050")),
            (county, screened, right | {"which": "all"}, (404, "SCR-024")),
            (county, screened, right | {"criterion": "none"}, (404, "SCR-022")),
            (county, screened, right | {"division": make.ELSEWHERE}, (404, "SCR-052")),
        ):
            assert refused(get(client, later, old, "units/", **asked)) == expected, (old, asked)

    def test_a_criterion_that_only_one_has_or_that_is_of_another_kind_has_no_list(
        self, screened: Screening, taken: Snapshot, write_pack: WritePack, county: Client
    ):
        """Of the person's criterion the new pack makes what the old one says of villages."""
        changed = write_pack(
            **{'version: "1"': 'version: "2"', "{id: few_poor, unit": "{id: poor_few, unit"},
            **{"{id: adult, unit": "{id: few_poor, unit"},
        )
        new = screen_by(taken, changed)
        found = {
            name: refused(get(county, new, screened, "units/", criterion=name, which="enter"))
            for name in ("adult", "poor_few", "few_poor")
        }
        assert found == dict.fromkeys(("adult", "poor_few", "few_poor"), (404, "SCR-022"))

    def test_the_list_leaves_as_its_reader_sees_it(
        self, screened: Screening, later: Screening, register: Register, county: Client
    ):
        asked = {"of": later.pk, "old": screened.pk, "criterion": "exit", "which": "leave"}
        assert lines(take(county, "moved", asked)) == [[register.newcomer.number, "甘肃省 陇南市 宕昌县 城关镇 坡头村"]]
        told = audit.told(AuditEntry.objects.get(action="list.exported"))[1]
        assert told == {
            "list": "moved", "division": make.COUNTY, "kind": "csv", "personal": False, "rows": 1, "second": "",
            "columns": ["unit", "place"], "screening": str(later.pk), "old": str(screened.pk), "criterion": "exit",
            "which": "leave",
        }  # fmt: skip
        assert lines(take(signed_in(Role.VILLAGE), "moved", asked)) == []
        assert take(county, "moved", asked | {"which": "all"}).status_code == 404
        assert take(signed_in(Role.COUNTY, "621224000000"), "moved", asked).status_code == 404

    def test_the_list_asks_as_many_queries_for_one_as_for_two(
        self, screened: Screening, taken: Snapshot, write_pack: WritePack, register: Register, county: Client
    ):
        found = []
        for version, line in (("2", "2736.11"), ("3", "9000")):
            stricter = write_pack(**{'version: "1"': f'version: "{version}"', "value: 2736.10": f"value: {line}"})
            new = screen_by(taken, stricter)
            asked = {"criterion": "exit", "which": "leave"}
            get(county, new, screened, "units/", **asked)
            with CaptureQueriesContext(connection) as queries:
                answer = get(county, new, screened, "units/", **asked)
            found.append((set(names(answer)), len(queries)))
        assert found == [
            ({register.newcomer.number}, QUERIES_OF_UNITS),
            ({register.newcomer.number, register.rich.number}, QUERIES_OF_UNITS),
        ]


class TestChanges:
    def test_each_unit_with_its_turns_and_the_facts_that_differ(
        self, screened: Screening, later: Screening, register: Register, county: Client
    ):
        answer = get(county, later, screened, "changes/", kind="household")
        found = {
            line.number: (
                line.presence,
                [(item.criterion, turn.before.value, turn.after.value) for item, turn in line.unit.turns],
                line.facts_told,
                line.untold,
            )
            for line in answer.context["lines"]
        }
        up = ("not_met", "met")
        assert found == {
            register.dry.number: (
                "",
                [("income", *up), ("water", *up), ("exit", *up)],
                ["饮水是否安全：否 → 是", "工资性收入：2,736.10元 → 2,736.11元"],
                [],
            ),
            register.newcomer.number: (
                "",
                [("income", "met", "not_met"), ("exit", "met", "not_met")],
                ["工资性收入：2,736.11元 → 2,000.00元"],
                [],
            ),
            MORE: ("仅新的一次有", [], [], []),
        }
        page = answer.content.decode()
        assert (f'href="/households/{register.dry.pk}/"' in page, "2,736.11元 → 2,000.00元" in page) == (True, True)
        tabs = {str(tab["label"]): (tab["count"], tab["current"]) for tab in answer.context["tabs"]}
        assert tabs == {"人": (1, False), "户": (3, True), "行政村": (1, False), "县": (0, False)}

    def test_facts_of_persons_are_counted_to_whom_they_are_not_shown(
        self, screened: Screening, later: Screening, register: Register
    ):
        answer = get(signed_in(Role.PREFECTURE), later, screened, "changes/", kind="household")
        (line,) = [each for each in answer.context["lines"] if each.number == register.newcomer.number]
        assert (line.facts_told, line.untold) == ([], [f"无权查看的指标：{len(line.facts.withheld)} 项"])
        assert ("工资性收入" in line.facts.withheld, "2,000.00" in answer.content.decode()) == (True, False)

    def test_who_sees_a_part_sees_its_units_alone(self, screened: Screening, later: Screening, register: Register):
        answer = get(signed_in(Role.VILLAGE), later, screened, "changes/", kind="household")
        assert {line.number for line in answer.context["lines"]} == {register.dry.number, MORE}
        assert (answer.context["list"].total, IN_PART in answer.content.decode()) == (2, True)

    def test_the_first_kind_that_differs_is_shown_and_others_by_name(
        self, screened: Screening, later: Screening, county: Client
    ):
        shown = {
            kind: [(line.number, line.place, line.presence) for line in answer.context["lines"]]
            for kind in ("", "village", "county")
            for answer in [get(county, later, screened, "changes/", **({"kind": kind} if kind else {}))]
        }
        village = "甘肃省 陇南市 宕昌县 城关镇 石磊村村民委员会"
        assert shown == {
            "": [(MORE, village, "仅新的一次有")],
            "village": [("", village, "")],
            "county": [],
        }
        page = get(county, later, screened, "changes/", kind="village").content.decode()
        assert f'href="/screenings/{later.pk}/divisions/{make.VILLAGE}/"' in page
        assert refused(get(county, later, screened, "changes/", kind="prefecture")) == (404, "SCR-024")
        assert refused(get(county, later, "x", "changes/")) == (404, "SCR-020")
        assert refused(get(county, later, screened, "changes/", division=make.ELSEWHERE)) == (404, "SCR-052")
        elsewhere = signed_in(Role.COUNTY, "621224000000")
        assert refused(get(elsewhere, later, screened, "changes/")) == (404, "SCR-020")

    def test_ten_stand_on_a_page(self, screened: Screening, register: Register, pack: ResolvedPack, county: Client):
        numbers = [f"6212230001{each:02d}" for each in range(UNITS_A_PAGE + 1)]
        for number in numbers:
            make.make_household_year(make.make_household(members=1, number=number))
        everything = make.make_actor(make.COUNTY)
        snapshot = actions.take(by=everything, at=make.AT, division=make.COUNTY)
        new = actions.screen(by=everything, snapshot=snapshot.pk, pack=pack)
        pages = [get(county, new, screened, "changes/", kind="household", page=page) for page in ("1", "2")]
        shown = [[line.number for line in page.context["lines"]] for page in pages]
        assert ([len(each) for each in shown], sorted(chain(*shown))) == ([10, 1], numbers)
        assert [page.context["list"].pages for page in pages] == [2, 2]

    def test_the_page_asks_as_many_queries_for_one_as_for_three(
        self, screened: Screening, later: Screening, taken: Snapshot, write_pack: WritePack, county: Client
    ):
        stricter = write_pack(**{'version: "1"': 'version: "2"', "value: 2736.10": "value: 2736.11"})
        found = []
        for new in (screen_by(taken, stricter), later):
            get(county, new, screened, "changes/", kind="household")
            with CaptureQueriesContext(connection) as queries:
                answer = get(county, new, screened, "changes/", kind="household")
            found.append((len(answer.context["lines"]), len(queries)))
        assert found == [(1, QUERIES_OF_CHANGES), (3, QUERIES_OF_CHANGES)]
