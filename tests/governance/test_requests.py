"""The service window: registered with number and day, assigned, replied to, told; what is refused. 演示数据"""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official, Post
from lika.accounts.queries import actor_of
from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.bounds import told
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.governance.actions import requests as actions
from lika.governance.actions.requests import Asked
from lika.governance.choices import Channel, Outcome, RequestKind, RequestState
from lika.governance.models import RequestStep, ServiceRequest
from lika.governance.queries import requests as reads
from lika.governance.queries.requests import RequestFilter
from lika.register.actions import changes
from lika.register.models import Change
from tests import factories as make
from tests.console.officials import official
from tests.governance import packs
from tests.web_role import web_role

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
ASKED = Asked(
    kind=RequestKind.CHANGE,
    channel=Channel.WINDOW,
    applicant="演示申请人",
    phone="13800001234",
    text="演示：孩子出生，要求增加人口",
    received_on=TODAY,
    received_by="演示窗口",
    due_on=TODAY + dt.timedelta(days=7),
)


@pytest.fixture
def window() -> SystemActor:
    """The township's window."""
    make.make_division(make.VILLAGE)
    return make.make_actor(make.TOWNSHIP)


@pytest.fixture
def villager() -> Official:
    """An official of the village."""
    return Official.objects.get(user=official(Role.VILLAGE))


def register(by: SystemActor, **given: object) -> ServiceRequest:
    return actions.register_request(by=by, township=make.TOWNSHIP, asked=replace(ASKED, **given))


def code_of(call, *args: object, **given: object) -> str:
    with pytest.raises(UserError) as refused:
        call(*args, **given)
    return refused.value.code


def test_a_request_gets_the_next_number_of_its_township_and_year(window) -> None:
    household = make.make_household(number="A1")
    first, second = register(window, household="A1"), register(window)
    other = "621223101000"
    make.make_division("621223101201")
    county = make.make_actor(make.COUNTY)
    third = actions.register_request(by=county, township=other, asked=ASKED)
    assert [first.number, second.number, third.number] == [
        f"621223100-{TODAY.year}-0001", f"621223100-{TODAY.year}-0002", f"621223101-{TODAY.year}-0001",
    ]  # fmt: skip
    assert (first.village, first.household_id, second.village, second.household_id) == (
        int(make.VILLAGE), household.pk, int(make.TOWNSHIP), None,
    )  # fmt: skip
    assert (first.state, first.due_on, first.due_basis) == (RequestState.REGISTERED, ASKED.due_on, "")


def test_the_day_is_that_of_a_pack_where_one_gives_it(window, tmp_path) -> None:
    packs.give(tmp_path, days_to_reply=15)
    last = TODAY + dt.timedelta(days=15)
    by_pack, sooner = register(window, due_on=None), register(window, due_on=TODAY)
    assert [(by_pack.due_on, by_pack.due_basis), (sooner.due_on, sooner.due_basis)] == [
        (last, "test/parameters@1 T §1"), (TODAY, ""),
    ]  # fmt: skip
    assert code_of(register, window, due_on=last + dt.timedelta(days=1)) == "GOV-012"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"applicant": " "}, "GOV-011"),
        ({"text": "长" * 1001}, "GOV-011"),
        ({"phone": "1" * 21}, "GOV-011"),
        ({"due_on": None}, "GOV-012"),
        ({"due_on": TODAY - dt.timedelta(days=1)}, "GOV-012"),
        ({"received_on": TODAY + dt.timedelta(days=1)}, "GOV-013"),
        ({"household": "unbekannt"}, "REG-001"),
    ],
)
def test_what_cannot_be_registered(window, given, code) -> None:
    assert (code_of(register, window, **given), ServiceRequest.objects.count()) == (code, 0)


def test_a_household_of_another_township_goes_to_that_window() -> None:
    make.make_household("621223101201", number="B1")
    make.make_division(make.VILLAGE)
    assert code_of(register, make.make_actor(make.COUNTY), household="B1") == "GOV-014"
    with pytest.raises(NotFound):  # the township's own window does not learn that there is one
        register(make.make_actor(make.TOWNSHIP), household="B1")


def test_from_the_window_to_the_answer(window, villager) -> None:
    make.make_household(number="A1")
    found = register(window, household="A1")
    actions.assign_request(by=window, request=found.pk, to=villager.pk, note="请入户核实")
    reader = actor_of(villager.user)
    actions.reply_request(by=reader, request=found.pk, outcome=Outcome.EXPLAINED, reply="演示：材料不全")
    actions.return_request(by=window, request=found.pk, note="请写明缺少什么")
    actions.reply_request(by=reader, request=found.pk, outcome=Outcome.DONE, reply="演示：已受理变更")
    actions.close_request(by=window, request=found.pk, told_on=TODAY, told_by=Channel.TELEPHONE)
    found.refresh_from_db()
    assert (found.state, found.outcome, found.reply, found.told_on, found.told_by) == (
        RequestState.CLOSED, Outcome.DONE, "演示：已受理变更", TODAY, Channel.TELEPHONE,
    )  # fmt: skip
    assert [(step.verb, step.note) for step in reads.steps_of(found)] == [
        ("register", ""),
        ("assign", "请入户核实"),
        ("reply", "演示：材料不全"),
        ("return", "请写明缺少什么"),
        ("reply", "演示：已受理变更"),
        ("close", ""),
    ]
    entries = AuditEntry.objects.filter(subject_kind="request").order_by("at")
    assert [entry.action for entry in entries] == [
        f"request.{verb}" for verb in ("register", "assign", "reply", "return", "reply", "close")
    ]
    words = "".join(str((entry.label, entry.reason, audit.told(entry))) for entry in entries)
    assert "演示" not in words  # the audit tells no words of the resident
    assert "13800001234" not in words


def test_steps_only_in_their_states(window, villager) -> None:
    found = register(window)
    closing = {"told_on": TODAY, "told_by": Channel.WINDOW}
    assert code_of(actions.close_request, by=window, request=found.pk, **closing) == "GOV-016"
    actions.withdraw_request(by=window, request=found.pk, note="演示：已自行解决")
    assert code_of(actions.assign_request, by=window, request=found.pk, to=villager.pk) == "GOV-016"
    assert code_of(actions.reply_request, by=window, request=found.pk, outcome=Outcome.DONE, reply="x") == "GOV-016"
    assert ServiceRequest.objects.get().state == RequestState.WITHDRAWN
    assert RequestStep.objects.count() == 2


def test_who_may_deal_with_it(window, villager) -> None:
    neighbour = Official.objects.create(name="演示邻村")
    Post.objects.create(
        official=neighbour, role=Role.VILLAGE, division=make.make_division(make.OTHER_VILLAGE),
        valid_from=dt.date(2014, 1, 1),
    )  # fmt: skip
    make.make_household(number="A1")
    found = register(window, household="A1")
    assert list(reads.may_deal_with(found)) == [villager]
    assert code_of(actions.assign_request, by=window, request=found.pk, to=neighbour.pk) == "GOV-017"
    assert (
        code_of(actions.reply_request, by=actor_of(villager.user), request=found.pk, outcome=Outcome.DONE, reply="x")
        == "GOV-018"
    )
    with pytest.raises(PermissionRefused):
        actions.assign_request(by=actor_of(villager.user), request=found.pk, to=villager.pk)
    with pytest.raises(NotFound):
        actions.withdraw_request(by=make.make_actor("621223101000"), request=found.pk, note="x")


def test_the_telephone_is_shown_for_a_reason_that_is_kept(window) -> None:
    found = register(window)
    assert code_of(actions.reveal_phone, by=window, request=found.pk, reason=" ") == "REG-050"
    assert actions.reveal_phone(by=window, request=found.pk, reason="联系申请人") == "13800001234"
    entry = AuditEntry.objects.get(action="request.revealed")
    assert (entry.reason, audit.told(entry)) == ("联系申请人", (None, {"field": "phone"}))


def test_words_of_residents_lie_encrypted(window) -> None:
    found = register(window)
    with connection.cursor() as cursor:
        cursor.execute("SELECT applicant, phone, text FROM governance_servicerequest")
        raw = b"".join(bytes(column) for column in cursor.fetchone())
    assert all(text.encode() not in raw for text in (ASKED.applicant, ASKED.phone, ASKED.text))
    assert ServiceRequest.objects.get(pk=found.pk).text == ASKED.text


def test_what_is_late_stands_first_and_what_is_over_last(window) -> None:
    week = dt.timedelta(days=7)
    soon = register(window)
    late = register(window, received_on=TODAY - 2 * week, due_on=TODAY - week)
    over = register(window, received_on=TODAY - 2 * week, due_on=TODAY - week)
    actions.withdraw_request(by=window, request=over.pk, note="演示")
    assert list(reads.list_requests(window, RequestFilter())) == [late, soon]
    assert list(reads.list_requests(window, RequestFilter(number="621223100"))) == [late, soon, over]
    assert list(reads.list_requests(window, RequestFilter(state="late"))) == [late]
    assert reads.waiting(window) == reads.RequestsWaiting(to_assign=2, to_close=0, own=0, late=1)


def test_the_wall_shows_a_village_its_own_households_requests_alone(window, villager) -> None:
    make.make_household(number="A1")
    make.make_household(make.OTHER_VILLAGE, number="A2")
    mine = register(window, household="A1")
    register(window, household="A2")
    register(window)
    with told(actor_of(villager.user).bounds), web_role():
        assert list(ServiceRequest.objects.values_list("number", flat=True)) == [mine.number]
        assert RequestStep.objects.count() == 1


def test_only_who_keeps_the_window_registers(window) -> None:
    reader = make.make_actor(make.TOWNSHIP, permissions=[Permission.REQUESTS_VIEW])
    with pytest.raises(PermissionRefused):
        register(reader)
    with pytest.raises(PermissionRefused):
        actions.register_request(by=window, township="621223101000", asked=ASKED)


class TestChangesThatARequestLedTo:
    @pytest.fixture
    def change(self, window) -> Change:
        """A correction of the household A1, proposed."""
        household = make.make_household(number="A1")
        return changes.propose_correction(
            by=window, household=household.pk, person=None, values={"phone": "13900005678"},
            grounds=changes.Grounds(TODAY, "演示"),
        )  # fmt: skip

    def test_it_is_kept_with_the_request_which_still_waits(self, window, change) -> None:
        found = register(window, household="A1")
        step = actions.link_change(by=window, request=found.pk, change=change.pk)
        found.refresh_from_db()
        assert (step.verb, step.led_to_kind, step.led_to_id, step.led_to_label, found.state) == (
            "change", "change", change.pk, "correct", RequestState.REGISTERED,
        )  # fmt: skip
        (told,) = reads.changes_of(window, reads.steps_of(found))
        assert (told.kind, told.view.id, told.view.state) == ("correct", change.pk, "proposed")
        assert AuditEntry.objects.filter(action="request.change").count() == 1
        assert actions.reply_request(by=window, request=found.pk, outcome=Outcome.DONE, reply="已登记").state == (
            RequestState.REPLIED
        )
        assert code_of(actions.link_change, by=window, request=found.pk, change=change.pk) == "GOV-016"

    def test_the_change_of_another_household_is_refused(self, window, change) -> None:
        make.make_household(number="A2")
        for asked in (register(window, household="A2"), register(window)):
            assert code_of(actions.link_change, by=window, request=asked.pk, change=change.pk) == "GOV-019"
        assert RequestStep.objects.filter(verb="change").count() == 0

    def test_in_a_village_only_whoever_it_is_assigned_to_records_it(self, window, change, villager) -> None:
        found, by = register(window, household="A1"), actor_of(villager.user)
        assert code_of(actions.link_change, by=by, request=found.pk, change=change.pk) == "GOV-018"
        actions.assign_request(by=window, request=found.pk, to=villager.pk)
        assert actions.link_change(by=by, request=found.pk, change=change.pk).by_name == by.name

    def test_one_change_is_kept_once(self, window, change) -> None:
        found = register(window, household="A1")
        actions.link_change(by=window, request=found.pk, change=change.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            actions.link_change(by=window, request=found.pk, change=change.pk)
