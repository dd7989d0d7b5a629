"""Why a village or county meets a criterion or not: page, PDF, JSON and command, by name or by count alone. 演示数据"""

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lika.accounts.choices import Role
from lika.core import audit
from lika.core.errors import NotFound
from lika.core.models import AuditEntry
from lika.register.models import VillageYear
from lika.snapshots import actions, queries
from lika.snapshots.models import Screening
from lika.snapshots.papers import PaperFact, explanation_data
from lika.snapshots.queries.screenings import same_pack
from tests import factories as make
from tests.console.officials import official, signed_in
from tests.console.test_explanation_files import WRITER
from tests.papers import characters_in
from tests.snapshots.conftest import Register, WritePack
from tests.web_role import statements

pytestmark = pytest.mark.django_db(transaction=True)

ENTERED = dt.datetime(2017, 1, 5, 4, tzinfo=dt.UTC)
BEFORE = "sum(household, if poverty = 'poor' then members else 0) / rural_registered_population <= 0.5"
#: Unknown in the other village, where nothing is recorded of one of its households.
AFTER = "count(household, safe_water) >= 2 and rural_registered_population > 7"

IN_ENGLISH = "number of households with “Safe drinking water”"


@pytest.fixture
def judged(register: Register, write_pack: WritePack) -> Screening:
    """Villages judged by how many of their households have safe water, and by what their own form says."""
    VillageYear.objects.update(recorded_at=ENTERED, recorded_by=official(Role.VILLAGE).username)
    by = make.make_actor(make.COUNTY)
    taken = actions.take(by=by, at=make.AT, division=make.COUNTY)
    return actions.screen(by=by, snapshot=taken.pk, pack=write_pack(**{BEFORE: AFTER}))


def address(found: Screening, code: str) -> str:
    return f"/screenings/{found.pk}/divisions/{code}/"


def taken(client: Client, found: Screening, code: str, kind: str = "json") -> Any:
    return client.post(f"{address(found, code)}explanation/{kind}/")


def read(client: Client, found: Screening, code: str) -> dict[str, Any]:
    answer = taken(client, found, code)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    told: dict[str, Any] = json.loads(answer.content)
    return told


def test_the_list_of_villages_leads_to_why(judged: Screening) -> None:
    client = signed_in(Role.COUNTY)
    path = f"/screenings/{judged.pk}/units/?criterion=few_poor&result=unknown&division={make.COUNTY}"
    link = f"{address(judged, make.OTHER_VILLAGE)}?criterion=few_poor"
    assert f'href="{link}#criterion-few_poor"' in client.get(path).content.decode()
    page = client.get(link)
    (told,) = page.context["why"].criteria
    assert (told.id, told.result, page.context["figures"]) == ("few_poor", "unknown", f"/years/{make.OTHER_VILLAGE}/")
    assert '<details class="criterion" id="criterion-few_poor" open>' in page.content.decode()
    assert "坡头村：条件与依据" in page.content.decode()


def test_households_are_told_by_number_and_head_and_never_by_id(judged: Screening, register: Register) -> None:
    client = signed_in(Role.COUNTY)
    unknown, newcomer = register.unknown, register.newcomer
    page = client.get(address(judged, make.OTHER_VILLAGE))
    (told,) = page.context["why"].criteria
    assert told.reasons == [
        f"{unknown.number} 未知演示：“饮水是否安全”未填写",
        "“农村户籍人口”未填写",
    ]
    assert (told.members.met, told.members.not_met, told.members.unknown) == (
        f"{newcomer.number} 新来演示", "", f"{unknown.number} 未知演示",
    )  # fmt: skip
    assert [each in page.content.decode() for each in (str(unknown.id), str(newcomer.id))] == [False, False]
    found = read(client, judged, make.OTHER_VILLAGE)
    assert found["names"] == {
        str(each.id): {"zh": name, "en": name}
        for each, name in ((unknown, f"{unknown.number} 未知演示"), (newcomer, f"{newcomer.number} 新来演示"))
    }
    (criterion,) = found["criteria"]
    (step,) = [part for part in criterion["needs"]["tree"]["parts"] if part["step"] and part["step"]["path"]]
    assert step["step"]["row"] == {"zh": f"{unknown.number} 未知演示", "en": f"{unknown.number} 未知演示"}
    assert step["words"]["en"].startswith(f"{unknown.number} 未知演示: ")
    assert set("未知演示") <= characters_in(taken(client, judged, make.OTHER_VILLAGE, "pdf").content)


def test_who_moved_out_of_sight_since_is_not_named(judged: Screening, register: Register) -> None:
    register.unknown.village = int(make.ELSEWHERE)
    register.unknown.save(update_fields=["village"])
    found = read(signed_in(Role.COUNTY), judged, make.OTHER_VILLAGE)
    assert found["names"][str(register.unknown.id)] == {
        "zh": "现不在您查看范围内的一户", "en": "a household that is now outside your area",
    }  # fmt: skip


def test_who_may_not_read_households_gets_counts_alone(judged: Screening, register: Register) -> None:
    client = signed_in(Role.PREFECTURE)
    page, found = client.get(address(judged, make.OTHER_VILLAGE)), read(client, judged, make.OTHER_VILLAGE)
    assert (page.context["in_full"], found["in_full"], found["names"]) == (False, False, {})
    text = page.content.decode() + json.dumps(found, ensure_ascii=False)
    for each in (register.unknown, register.newcomer):
        assert [part in text for part in (str(each.id), each.number)] == [False, False]
    assert "演示：" not in text
    (told,) = page.context["why"].criteria
    assert (told.reasons, told.members) == ([], None)
    assert "只列汇总数和比例" in page.content.decode()
    paper = characters_in(taken(client, judged, make.OTHER_VILLAGE, "pdf").content)
    assert set("坡头本说明只列汇总数和比例") <= paper
    # Of the heads 未知演示 and 新来演示 what stands in no other words of the paper.
    assert set("新来") & paper == set()


def fact(found: dict[str, Any], column: str) -> dict[str, Any]:
    def facts(part: dict[str, Any]) -> list[dict[str, Any]]:
        return part["facts"] + [each for below in part["parts"] for each in facts(below)]

    (one,) = [each for each in facts(found["criteria"][0]["explanation"]) if each["column"] == column]
    return dict(one)


def test_a_fact_of_a_village_says_where_it_was_recorded(judged: Screening) -> None:
    client = signed_in(Role.COUNTY)
    assert fact(read(client, judged, make.VILLAGE), "rural_registered_population") == {
        "unit": "village",
        "column": "rural_registered_population",
        "label": {"zh": "农村户籍人口", "en": "Rural registered population"},
        "value": {"zh": "8人", "en": "8 people"},
        "known": True,
        "exact": "8",
        "measure": {"zh": "人", "en": "people"},
        "origin": {
            "form": {"zh": "村年度数据", "en": "Village years"},
            "year": 2016,
            "date": "2017-01-05",
            "who": WRITER,
            "changed": False,
        },
    }
    line = f"村年度数据，2016年数据，2017年1月5日首次录入，最后修改人{WRITER}"
    assert line in client.get(address(judged, make.VILLAGE)).content.decode()
    VillageYear.objects.update(rural_registered_population=9)
    origin = fact(read(client, judged, make.VILLAGE), "rural_registered_population")["origin"]
    assert (origin["who"], origin["changed"]) == (None, True)
    unknown = fact(read(client, judged, make.OTHER_VILLAGE), "rural_registered_population")
    assert (unknown["known"], unknown["origin"]) == (False, None)


def test_a_county_is_explained_and_a_township_without_criteria_is_not_there(judged: Screening) -> None:
    client = signed_in(Role.COUNTY)
    found = read(client, judged, make.COUNTY)
    assert (found["unit"], found["id"]) == ("county", make.COUNTY)
    assert [(each["id"], each["result"]) for each in found["criteria"]] == [("county_poor", False)]
    assert client.get(address(judged, make.COUNTY)).context["why"].summary.id == "county_poor"
    refused = client.get(address(judged, make.TOWNSHIP))
    assert (refused.status_code, "SCR-023" in refused.content.decode()) == (404, True)


def test_out_of_sight_is_not_there(judged: Screening) -> None:
    own, other = signed_in(Role.VILLAGE), signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
    assert own.get(address(judged, make.VILLAGE)).status_code == 200
    for path in (address(judged, make.VILLAGE), address(judged, make.COUNTY)):
        assert other.get(path).status_code == 404
        assert other.post(f"{path}explanation/json/").status_code == 404
    assert own.get(f"{address(judged, make.VILLAGE)}explanation/json/").status_code == 405
    assert taken(own, judged, make.VILLAGE, "xml").status_code == 404
    assert not AuditEntry.objects.filter(action="explanation.taken").exists()


def test_taking_it_is_written_down(judged: Screening) -> None:
    answer = taken(signed_in(Role.COUNTY), judged, make.VILLAGE, "pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    (entry,) = AuditEntry.objects.filter(action="explanation.taken")
    assert (entry.county, entry.subject_kind, entry.subject_id) == (621223, "division", make.VILLAGE)
    assert audit.told(entry)[1] == {
        "format": "pdf", "pack": "test/exit@1", "bytes": len(answer.content), "screening": str(judged.pk),
        "what_if": False, "criterion": "",
    }  # fmt: skip


def test_what_is_not_current_is_marked_so_wherever_it_is_taken(judged: Screening) -> None:
    """Nobody takes the paper of a trial for a decision."""
    county, by = signed_in(Role.COUNTY), make.make_actor(make.COUNTY)
    pack = same_pack(judged.pack, judged.pack_sha256)
    trial = actions.screen(by=by, snapshot=judged.snapshot_id, pack=pack, what_if=True)
    actions.screen(by=by, snapshot=judged.snapshot_id, pack=pack, whole=True)  # takes the place of the first
    found = {}
    for name, each in (("trial", trial), ("earlier", judged)):
        told = json.loads(taken(county, each, make.VILLAGE).content)
        paper = characters_in(taken(county, each, make.VILLAGE, "pdf").content)
        entry = AuditEntry.objects.filter(action="explanation.taken").latest("id")
        kept = audit.told(entry)[1] or {}
        marked = set("试算，不得据此认定") <= paper
        found[name] = (told["screening"]["state"], marked, kept["what_if"], kept["screening"] == str(each.pk))
    assert found == {"trial": ("trial", True, True, True), "earlier": ("earlier", False, False, True)}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh-hans",
            [
                (0, "不符合", "以下各项均应符合：不符合"),
                (1, "不符合", "符合“饮水是否安全”的户数为1户，应不小于2户：不符合"),
                (2, "", "符合“饮水是否安全”的户数：1户"),
                (1, "符合", "农村户籍人口为8人，应大于7人：符合"),
            ],
        ),
        (
            "en",
            [
                (0, "Not met", "all of the following must be met: not met"),
                (
                    1,
                    "Not met",
                    f"{IN_ENGLISH} is 1 household, must be at least 2 households: not met",
                ),
                (2, "", f"{IN_ENGLISH}: 1 household"),
                (1, "Met", "Rural registered population is 8 people, must be above 7 people: met"),
            ],
        ),
    ],
)
def test_the_paper_tells_the_steps_in_their_order(
    judged: Screening, language: str, expected: list[tuple[int, str, str]]
) -> None:
    unit = queries.explain_unit(make.make_actor(make.COUNTY), judged, "village", int(make.VILLAGE))
    with translation.override(language):
        data = explanation_data(unit, about=[("村", "石磊村")], made_on=make.AT)
    assert data.head[0] == PaperFact("村", "石磊村")
    (criterion,) = data.criteria
    assert [(line.depth, line.result, line.text) for line in criterion.working] == expected


class TestCommand:
    def told(self, code: str, *asked: str, user: str = "") -> dict[str, Any]:
        out = StringIO()
        name = user or official(Role.COUNTY).username
        call_command("explain", code, "--user", name, *asked, stdout=out)
        found: dict[str, Any] = json.loads(out.getvalue())
        return found

    def test_a_division_is_told_by_its_code(self, judged: Screening) -> None:
        village = self.told(make.VILLAGE, "--unit", "village", "--pack", "test/exit@1")
        county = self.told(make.COUNTY[:6], "--unit", "county", "--criterion", "county_poor")
        assert [(each["unit"], each["id"], [c["id"] for c in each["criteria"]]) for each in (village, county)] == [
            ("village", make.VILLAGE, ["few_poor"]),
            ("county", make.COUNTY, ["county_poor"]),
        ]
        assert AuditEntry.objects.filter(action="explanation.taken", subject_kind="division").count() == 2

    @pytest.mark.parametrize(
        ("code", "asked", "refusal"),
        [
            (make.VILLAGE, ("--unit", "county"), "SCR-023"),
            (make.TOWNSHIP, ("--unit", "township"), "SCR-023"),
            (make.VILLAGE, ("--unit", "village", "--pack", "test/exit@9"), "SCR-023"),
            (make.VILLAGE, ("--unit", "village", "--criterion", "county_poor"), "SCR-022"),
            ("621223999999", ("--unit", "village"), "DIV-010"),
        ],
    )
    def test_what_cannot_be_explained_is_refused(
        self, judged: Screening, code: str, asked: tuple[str, ...], refusal: str
    ) -> None:
        with pytest.raises(NotFound) as refused:
            self.told(code, *asked)
        assert refused.value.code == refusal

    def test_out_of_the_area_of_the_user_it_is_not_there(self, judged: Screening) -> None:
        with pytest.raises(NotFound) as refused:
            self.told(make.VILLAGE, "--unit", "village", user=official(Role.VILLAGE, make.OTHER_VILLAGE).username)
        assert refused.value.code == "SCR-023"


def test_the_number_of_queries_does_not_grow_with_households(judged: Screening) -> None:
    client = signed_in(Role.COUNTY)

    def asked(code: str) -> int:
        client.get(address(judged, code))  # what is read once per process
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(judged, code)).status_code == 200
        return len(statements(captured))

    assert asked(make.VILLAGE) == asked(make.OTHER_VILLAGE) <= 24
