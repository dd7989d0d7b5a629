"""The pages of the service window, as the township and the village see them. 演示数据"""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.core.models import AuditEntry
from lika.governance.actions import requests as actions
from lika.governance.actions.requests import Asked
from lika.governance.choices import Channel, Outcome, RequestKind, RequestState
from lika.governance.models import ServiceRequest
from lika.register.models import Change, Household
from tests import factories as make
from tests.console.officials import signed_in
from tests.web_role import statements

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
GIVEN = {
    "township": make.TOWNSHIP,
    "kind": "change",
    "applicant": "演示申请人",
    "phone": "13800001234",
    "household": "A1",
    "text": "演示：要求增加人口",
    "channel": "window",
    "received_on": TODAY.isoformat(),
    "received_by": "演示窗口",
    "due_on": (TODAY + dt.timedelta(days=7)).isoformat(),
}


@pytest.fixture
def household() -> Household:
    return make.make_household(number="A1")


@pytest.fixture
def township(household) -> Client:
    return signed_in(Role.TOWNSHIP)


def waiting(client: Client) -> list[str]:
    return [task.title for task in client.get("/").context["waiting"] if "职责" not in task.title]


def registered(**given: object) -> ServiceRequest:
    """A request of the township, written down by its window."""
    asked = {
        "kind": RequestKind.HELP, "channel": Channel.LETTER, "applicant": "演示申请人", "text": "演示",
        "received_on": TODAY, "received_by": "", "due_on": TODAY, "phone": "13800001234",
    }  # fmt: skip
    window = make.make_actor(make.TOWNSHIP)
    return actions.register_request(by=window, township=make.TOWNSHIP, asked=Asked(**asked | given))


def test_a_request_goes_its_way_on_the_pages(township: Client, household: Household) -> None:
    assert waiting(township) == []
    answer = township.post(f"/service/new/?household={household.id}", GIVEN)
    found = ServiceRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/service/{found.pk}/")
    assert waiting(township) == ["1件受理事项待交办"]

    village = signed_in(Role.VILLAGE)
    holder = Official.objects.get(posts__role=Role.VILLAGE)
    assert waiting(village) == []
    township.post(f"/service/{found.pk}/assign/", {"to": str(holder.pk), "note": "请核实"})
    assert (waiting(township), waiting(village)) == ([], ["1件群众诉求待您办理"])
    village.post(f"/service/{found.pk}/reply/", {"outcome": "done", "reply": "演示：已办理"})
    assert (waiting(township), waiting(village)) == (["1件答复待告知申请人"], [])
    township.post(f"/service/{found.pk}/close/", {"told_on": TODAY.isoformat(), "told_by": "telephone"})
    found.refresh_from_db()
    assert (found.state, waiting(township)) == (RequestState.CLOSED, [])
    page = township.get(f"/service/{found.pk}/").content.decode()
    assert [text in page for text in ("演示：已办理", "电话", "请核实", f"/households/{household.id}/")] == [True] * 4


def test_the_change_is_recorded_from_the_request_and_stands_on_it(township: Client, household: Household) -> None:
    township.post("/service/new/", GIVEN)
    found = ServiceRequest.objects.get()
    way = f"/households/{household.id}/changes/?request={found.pk}"
    assert way in township.get(f"/service/{found.pk}/").content.decode()
    form = f"/households/{household.id}/changes/new/correct/?request={found.pk}"
    assert form in township.get(way).content.decode()
    assert found.number in township.get(form).content.decode()
    wrong = township.post(form, {"effective_on": TODAY.isoformat(), "reason": "", "phone": "13900005678"})
    assert (wrong.status_code, Change.objects.count(), found.steps.count()) == (422, 0, 1)
    done = township.post(form, {"effective_on": TODAY.isoformat(), "reason": "演示", "phone": "13900005678"})
    change = Change.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"/service/{found.pk}/")
    page = township.get(done["Location"])
    assert f"/changes/{change.pk}/" in page.content.decode()
    assert page.context["reply_form"].initial == {"outcome": Outcome.DONE}


def test_a_change_that_cannot_be_kept_with_the_request_is_not_made(township: Client, household: Household) -> None:
    township.post("/service/new/", GIVEN)
    found = ServiceRequest.objects.get()
    village = signed_in(Role.VILLAGE)  # to whom it is not assigned
    given = {"effective_on": TODAY.isoformat(), "reason": "演示", "phone": "13900005678"}
    refused = village.post(f"/households/{household.id}/changes/new/correct/?request={found.pk}", given)
    assert (refused.status_code, "GOV-018" in refused.content.decode(), Change.objects.count()) == (422, True, 0)
    plain = village.post(f"/households/{household.id}/changes/new/correct/?request=none", given)
    assert (plain.status_code, plain["Location"]) == (302, f"/households/{household.id}/changes/")


def test_nothing_of_a_request_is_told_without_need(township: Client) -> None:
    township.post("/service/new/", GIVEN)
    found = ServiceRequest.objects.get()
    page = township.get(f"/service/{found.pk}/").content.decode()
    assert ("138****1234" in page, "13800001234" in page) == (True, False)
    shown = township.post(f"/service/{found.pk}/phone/", {"reason": "联系申请人"})
    assert "13800001234" in shown.content.decode()
    assert AuditEntry.objects.get(action="request.revealed").reason == "联系申请人"
    for role in (Role.PREFECTURE, Role.PROVINCE, Role.DEPARTMENT, Role.HELPER):
        assert signed_in(role).get(f"/service/{found.pk}/").status_code == 403
    assert signed_in(Role.VILLAGE, make.OTHER_VILLAGE).get(f"/service/{found.pk}/").status_code == 404


def test_a_form_that_is_not_filled_in_says_what_is_missing(township: Client) -> None:
    page = township.post("/service/new/", GIVEN | {"due_on": "", "applicant": ""})
    assert (page.status_code, sorted(page.context["form"].errors), ServiceRequest.objects.count()) == (
        422, ["applicant", "due_on"], 0,
    )  # fmt: skip
    assert "待补充依据" in page.content.decode()
    unknown = township.post("/service/new/", GIVEN | {"household": "Z9"})
    assert (unknown.status_code, "REG-001" in unknown.content.decode(), ServiceRequest.objects.count()) == (
        422, True, 0,
    )  # fmt: skip
    found = registered()
    early = township.post(f"/service/{found.pk}/close/", {"told_on": TODAY.isoformat(), "told_by": "window"})
    assert (early.status_code, "GOV-016" in early.content.decode()) == (422, True)


def test_the_receipt_is_a_paper_in_chinese(township: Client) -> None:
    township.post("/service/new/", GIVEN)
    found = ServiceRequest.objects.get()
    township.cookies["django_language"] = "en"
    page = township.get(f"/service/{found.pk}/receipt/").content.decode()
    paper = re.search(r'class="card-body paper">(.*)</div></div>', page, re.DOTALL)
    assert paper is not None
    words = " ".join(re.sub(r"<[^>]+>", " ", paper[1]).split())
    assert [text in words for text in (found.number, "演示申请人", "城关镇", "答复期限", "申请人签字：")] == [True] * 5
    assert "13800001234" not in page


def test_the_list_shows_what_is_late_first_and_keeps_what_is_over(township: Client) -> None:
    late = registered(received_on=TODAY - dt.timedelta(days=9), due_on=TODAY - dt.timedelta(days=2))
    soon, over = registered(), registered()
    window = make.make_actor(make.TOWNSHIP)
    actions.reply_request(by=window, request=over.pk, outcome=Outcome.DONE, reply="演示")
    actions.close_request(by=window, request=over.pk, told_on=TODAY, told_by=Channel.WINDOW)

    def numbers(address: str) -> list[str]:
        page = township.get(address).content.decode()
        return re.findall(r'<a class="number"[^>]*>([^<]+)</a>', page)

    assert numbers("/service/") == [late.number, soon.number]
    assert numbers("/service/?state=late") == [late.number]
    assert numbers("/service/?state=closed") == [over.number]
    assert numbers("/service/?kind=policy") == []


def test_the_list_asks_as_often_for_one_as_for_three(township: Client) -> None:
    asked = []
    for _count in range(3):
        registered()
        with CaptureQueriesContext(connection) as captured:
            township.get("/service/")
        asked.append(len(statements(captured)))
    assert asked[0] == asked[-1]
    assert asked[-1] <= 12


def test_a_household_leads_to_its_requests(township: Client, household: Household) -> None:
    found = registered(household="A1")
    registered()
    address = f"/service/?household={household.id}"
    assert f'href="{address}"' in township.get(f"/households/{household.id}/").content.decode()
    page = township.get(address).content.decode()
    assert re.findall(r'<a class="number"[^>]*>([^<]+)</a>', page) == [found.number]
    assert f"/service/new/?household={household.id}" in page
