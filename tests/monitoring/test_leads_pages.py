"""The pages of leads as officials of each side see them; asked as the role that serves pages. 演示数据"""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.core import processes
from lika.core.areas import Area
from lika.core.bounds import Bounds, told
from lika.monitoring import actions
from lika.monitoring.models import Lead, LeadDecision, LeadRun
from lika.register.models import Household
from tests import factories as make
from tests.console.officials import signed_in
from tests.monitoring.planted import home, look, member, moved, numbers_given
from tests.web_role import statements, web_role

pytestmark = pytest.mark.django_db
BORN = dt.date(1985, 3, 2)
PAGE = "/quality/duplicates/"


@pytest.fixture
def pair() -> Lead:
    """One person in two households, in a village of the township and in another county."""
    numbers_given()
    home("A1", "石一", BORN, phone="13800001234", address="石磊村2组5号")
    member(home("E1", "李演示三", village=make.ELSEWHERE), "石一", BORN, id_number="")
    look(division="6212")
    return Lead.objects.get()


@pytest.fixture
def near() -> Lead:
    """One person in two households of the village."""
    numbers_given()
    home("A1", "石一", BORN)
    member(home("B1", "李演示三"), "石一", BORN, id_number="")
    look()
    return Lead.objects.get()


def _text(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return str(page.content.decode())


def test_before_the_first_run_the_page_says_how_to_begin() -> None:
    make.make_division()
    page = _text(signed_in(Role.COUNTY), PAGE)
    assert "尚未排查" in page
    assert "lika duplicates" in page


def test_what_is_not_looked_for_says_which_number_is_open() -> None:
    make.make_division()
    page = _text(signed_in(Role.COUNTY), PAGE)
    assert "老年人年龄、老年人与户主年龄差下限" in page
    assert "登记册不记干部与农户的亲属关系" in page
    assert page.count("待补充依据") == 5


def test_from_the_number_to_the_list_of_as_many_and_to_the_record(near: Lead) -> None:
    client = signed_in(Role.TOWNSHIP)
    page = _text(client, PAGE)
    address = re.search(r'href="(/quality/duplicates/\?pattern=same_person[^"]*)">1</a>', page)
    assert address is not None
    listed = client.get(address[1].replace("&amp;", "&"))
    assert [line["lead"].pk for line in listed.context["lines"]] == [near.pk]
    shown = _text(client, f"{PAGE}{near.pk}/")
    for household in Household.objects.all():
        assert f"/households/{household.pk}/" in shown
    assert "姓名、出生日期、性别" in shown
    assert "一方无证件号码" in shown


def test_a_household_elsewhere_is_told_by_its_county_alone(pair: Lead) -> None:
    shown = _text(signed_in(Role.VILLAGE), f"{PAGE}{pair.pk}/")
    assert "您管辖范围外的一户" in shown
    assert "武都区" in shown
    assert "石一" in shown
    for hidden in ("E1", "李演示三", "演示村"):
        assert hidden not in shown


def test_whoever_reads_no_names_finds_them_masked(pair: Lead) -> None:
    shown = _text(signed_in(Role.PREFECTURE), f"{PAGE}{pair.pk}/")
    assert "石*" in shown
    for hidden in ("石一", "李演示三", "2组5号", "1985"):
        assert hidden not in shown


def test_reasons_are_told_to_who_reads_names_there_and_a_referral_to_who_decides_on_it(pair: Lead) -> None:
    village, page = signed_in(Role.VILLAGE), f"{PAGE}{pair.pk}/"
    signed_in(Role.TOWNSHIP).post(page + "decide/", {"verdict": "refer", "reason": "石一另一户在外县"})
    LeadDecision.objects.create(lead=pair, verdict="same", reason="石一确为一人", facts=pair.facts, decided_by="a")
    seen = {
        role: ["石一另一户在外县" in shown, "石一确为一人" in shown]
        for role, shown in (
            ("village", _text(village, page)),
            ("prefecture", _text(signed_in(Role.PREFECTURE), page)),
            ("province", _text(signed_in(Role.PROVINCE), page)),
        )
    }
    assert seen == {"village": [True, True], "prefecture": [True, False], "province": [False, False]}


def test_a_run_that_was_killed_keeps_nobody_from_the_next(near: Lead) -> None:
    client = signed_in(Role.COUNTY)
    killed = actions.ask_for_leads(by=make.make_actor("62"), division=make.COUNTY)
    LeadRun.objects.filter(pk=killed.pk).update(state="running")
    assert PAGE + "run/" not in _text(client, PAGE)
    for before, hours in ((near.last_run_id, 3), (killed.pk, 2)):
        LeadRun.objects.filter(pk=before).update(asked_at=timezone.now() - dt.timedelta(hours=hours))
    page = _text(client, PAGE)
    assert ("上次排查失败" in page, PAGE + "run/" in page) == (True, True)
    assert client.get(f"{PAGE}runs/{killed.pk}/progress/").headers["HX-Refresh"] == "true"


def test_a_lead_of_others_is_not_there(pair: Lead) -> None:
    client = signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
    assert client.get(f"{PAGE}{pair.pk}/").status_code == 404
    assert client.get(PAGE).context["lines"] == []


def test_the_wall_shows_a_lead_to_either_side_and_to_nobody_else(pair: Lead) -> None:
    LeadDecision.objects.create(lead=pair, verdict="refer", reason="上报", facts=pair.facts, decided_by="a")
    for village, seen in ((make.VILLAGE, 2), (make.ELSEWHERE, 2), (make.OTHER_VILLAGE, 0)):
        with web_role(), told(Bounds(Area.of([village]), reader="a")):
            assert len(list(Lead.objects.values_list("key"))) + LeadDecision.objects.count() == seen


def test_the_way_of_a_lead_through_two_hands(near: Lead) -> None:
    first, second = signed_in(Role.TOWNSHIP), signed_in(Role.COUNTY)
    own = f"{PAGE}{near.pk}/"
    empty = first.post(own + "decide/", {"verdict": "different", "reason": ""})
    assert (empty.status_code, LeadDecision.objects.count()) == (422, 0)
    assert first.post(own + "decide/", {"verdict": "different", "reason": "同名两人，已看证件"}).status_code == 302
    told_first, told_second = _text(first, own), _text(second, own)
    assert ("lead-check" in told_first, f"{own}check/" in told_first) == (False, False)
    assert f"{own}check/" in told_second
    refused = first.post(own + "check/", {"agree": "yes"})
    assert (refused.status_code, "LED-015" in refused.content.decode()) == (422, True)
    assert second.post(own + "check/", {"agree": "yes"}).status_code == 302
    near.refresh_from_db()
    assert near.state == "cleared"
    assert client_lines(first) == []
    assert "同名两人，已看证件" in _text(first, own)


def client_lines(client: Client) -> list[object]:
    return list(client.get(PAGE).context["lines"])


def test_one_side_is_not_offered_what_would_clear(pair: Lead) -> None:
    page = signed_in(Role.TOWNSHIP).get(f"{PAGE}{pair.pk}/")
    assert [value for value, _label in page.context["decide_form"].fields["verdict"].choices] == ["", "same", "refer"]
    forced = signed_in(Role.TOWNSHIP).post(f"{PAGE}{pair.pk}/decide/", {"verdict": "permitted", "reason": "属实"})
    assert (forced.status_code, "LED-014" in forced.content.decode()) == (422, True)


def test_a_confirmed_lead_leads_to_the_changes_that_correct_it(near: Lead) -> None:
    client = signed_in(Role.TOWNSHIP)
    client.post(f"{PAGE}{near.pk}/decide/", {"verdict": "same", "reason": "同一人"})
    shown = _text(client, f"{PAGE}{near.pk}/")
    for household in Household.objects.all():
        assert f"/households/{household.pk}/changes/new/leave/" in shown
        assert client.get(f"/households/{household.pk}/changes/new/leave/").status_code == 200


def test_a_split_tells_its_days() -> None:
    numbers_given()
    first, second = home("A1", "石一", BORN), home("B1", "石二", dt.date(1965, 1, 1))
    moved(second.memberships.get().person, first, on=dt.date(2016, 6, 1), relation="03")
    look()
    assert "2016年6月1日" in _text(signed_in(Role.TOWNSHIP), f"{PAGE}{Lead.objects.get().pk}/")


def test_a_run_is_asked_for_on_the_page_and_tells_how_far_it_is(near: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(processes.subprocess, "Popen", lambda words, **_more: _Ended(begun, words))
    client = signed_in(Role.COUNTY)
    assert client.post(PAGE + "run/", {"division": make.COUNTY}).status_code == 302
    run = LeadRun.objects.latest("asked_at")
    assert begun[0][-3:] == ("duplicates", "--run", str(run.pk))
    assert f"/quality/duplicates/runs/{run.pk}/progress/" in _text(client, PAGE)
    again = client.post(PAGE + "run/", {"division": make.TOWNSHIP}, follow=True)
    assert "该区域正在排查" in again.content.decode()
    actions.look_for_leads(by=actions.asker_of(run.pk), run=run.pk)
    over = client.get(f"{PAGE}runs/{run.pk}/progress/")
    assert over.headers["HX-Refresh"] == "true"
    assert client.post(PAGE + "run/", {"division": "620000000000"}).status_code == 403


class _Ended:
    """A process that has ended at once."""

    def __init__(self, begun: list[tuple[str, ...]], words: list[str]) -> None:
        begun.append(tuple(words))

    def wait(self, seconds: float) -> int:
        return 0


def test_home_tells_what_waits(near: Lead) -> None:
    first, second = signed_in(Role.TOWNSHIP), signed_in(Role.COUNTY)
    assert "1 条疑似重复与违规线索待核实" in _text(first, "/")
    first.post(f"{PAGE}{near.pk}/decide/", {"verdict": "permitted", "reason": "已核实"})
    assert "条线索拟排除，待您复核" not in _text(first, "/")
    assert "1 条线索拟排除，待您复核" in _text(second, "/")


@pytest.mark.parametrize("leads", [1, 3])
def test_the_list_takes_as_many_queries_for_one_as_for_many(leads: int) -> None:
    numbers_given()
    for order in range(leads):
        born = BORN + dt.timedelta(days=order)
        home(f"A{order}", "石一", born)
        member(home(f"B{order}", "李三"), "石一", born, id_number="")
    look()
    client = signed_in(Role.TOWNSHIP)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        assert len(client.get(PAGE).context["lines"]) == leads
    assert len(statements(captured)) == 17
