"""The pages of changes: proposing, checking, taking over, undoing, history, and earlier days. 演示数据"""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from lika.accounts.choices import Role
from lika.register.choices import ChangeState
from lika.register.models import Change, Household, Membership
from tests import factories as make
from tests.console.officials import signed_in
from tests.console.taking import lines, take

pytestmark = pytest.mark.django_db

JUNE = dt.date(2016, 6, 1)
WHY = {"effective_on": "2016-06-01", "reason": "户主申请", "evidence": "户口簿"}


@pytest.fixture
def home() -> Household:
    return make.make_household(number="A1", head="石大", members=3, phone="13800001111")


@pytest.fixture
def village() -> Client:
    return signed_in(Role.VILLAGE)


@pytest.fixture
def township() -> Client:
    return signed_in(Role.TOWNSHIP)


def form_of(home: Household, kind: str) -> str:
    return f"/households/{home.id}/changes/new/{kind}/"


def named(home: Household, name: str) -> str:
    return str(home.memberships.get(person__name=name, left_on=None).person_id)


def proposed(client: Client, home: Household, kind: str, **given: Any) -> Change:
    """What a form proposes; it leads back to the history."""
    response = client.post(form_of(home, kind), WHY | given)
    assert response.status_code == 302, response.context["form"].errors
    assert response["Location"] == f"/households/{home.id}/changes/"
    return Change.objects.latest("recorded_at")


def errors(client: Client, home: Household, kind: str, **given: Any) -> dict[str, list[str]]:
    response = client.post(form_of(home, kind), WHY | given)
    assert (response.status_code, Change.objects.count()) == (422, 0)
    return dict(response.context["form"].errors)


def relations(home: Household, **changed: str) -> dict[str, str]:
    rows = home.memberships.filter(left_on=None).values_list("person_id", "person__name", "relation")
    return {f"relation_{person}": changed.get(name, relation) for person, name, relation in rows}


def changes_waiting(client: Client) -> list[str]:
    """What the home page tells of changes."""
    return [task.title for task in client.get("/").context["waiting"] if task.url == "/changes/"]


class TestProposing:
    @pytest.mark.parametrize("kind", ["join", "leave", "away", "correct", "year", "head", "split", "merge", "move"])
    def test_each_kind_has_a_form(self, village, home, kind):
        assert village.get(form_of(home, kind)).status_code == 200

    def test_no_other_kind_has_one(self, village, home):
        assert village.get(form_of(home, "undo")).status_code == 404

    def test_a_member_joins_and_waits_for_the_township(self, village, township, home):
        given = {"name": "石小", "no_id_reason": "1", "sex": "1", "relation": "03", "reason_code": "06"}
        change = proposed(village, home, "join", **given)
        assert changes_waiting(township) == ["有1项信息变更待审核"]
        assert village.post(f"/changes/{change.id}/check/").status_code == 403
        township.post(f"/changes/{change.id}/check/")
        change.refresh_from_db()
        assert change.state == ChangeState.APPLIED
        assert home.memberships.filter(person__name="石小", joined_on=JUNE).count() == 1
        assert changes_waiting(township) == []

    def test_who_is_known_elsewhere_is_not_told_apart_by_the_wall(self, village, home):
        other = make.make_household(make.OTHER_VILLAGE, number="B1")
        number = make.make_id_number(sex="2")
        bride = make.make_person(other, name="李嫁", sex="2", id_number=number)
        given = {"name": "李嫁", "identity": number, "relation": "05", "reason_code": "05"}
        (refused,) = errors(village, home, "join", **given)["__all__"]
        assert "REG-023" in refused
        Membership.objects.filter(person=bride).update(left_on=JUNE, leave_reason="02")
        change = proposed(village, home, "join", **given)
        signed_in(Role.TOWNSHIP).post(f"/changes/{change.id}/check/")
        assert set(bride.memberships.values_list("household__number", flat=True)) == {"A1", "B1"}

    def test_the_head_leaves_and_another_is_named(self, village, township, home):
        head = named(home, "石大")
        leave = {"person": head, "reason_code": "01"}
        assert set(errors(village, home, "leave", **leave, **relations(home))) == {"__all__"}
        change = proposed(village, home, "leave", **leave, **relations(home, 石演示一="01"))
        township.post(f"/changes/{change.id}/check/")
        assert home.memberships.get(left_on=None, relation="01").person.name == "石演示一"

    def test_what_is_wrong_stands_at_its_field(self, village, home):
        assert set(errors(village, home, "correct", effective_on="2099-01-01", phone="1")) == {"effective_on"}
        assert set(errors(village, home, "correct", reason="")) == {"reason"}
        assert set(errors(village, home, "split", number="A1", **relations(home))) == {"number"}
        assert set(errors(village, home, "merge", number="none")) == {"__all__"}

    def test_a_merger_asks_for_the_relations_of_the_others_members(self, village, township, home):
        other = make.make_household(number="A2", head="石二")
        guest = named(other, "石二")
        assert set(errors(village, home, "merge", number="A2")) == {f"relation_{guest}"}
        change = proposed(village, home, "merge", number="A2", **{f"relation_{guest}": "99"})
        township.post(f"/changes/{change.id}/check/")
        assert (home.memberships.filter(left_on=None).count(), other.memberships.filter(left_on=None).count()) == (4, 0)

    def test_a_locked_year(self, village, township, home):
        row = make.make_household_year(home, 2015, state="locked", main_cause="01")
        given = {"row": f"household_year:{row.pk}", "field": "household_year:main_cause"}
        assert set(errors(village, home, "year", **given, value="没有")) == {"value"}
        change = proposed(village, home, "year", **given, value="因残")
        township.post(f"/changes/{change.id}/check/")
        row.refresh_from_db()
        assert row.main_cause == "02"


class TestHandover:
    def test_the_next_village_sees_and_takes_over(self, village, township, home):
        make.make_division(make.OTHER_VILLAGE)
        there = signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
        change = proposed(village, home, "move", village=make.OTHER_VILLAGE)
        page = f"/changes/{change.id}/"
        township.post(f"{page}check/")
        assert [task.title for task in there.get("/").context["waiting"]] == ["有1户申请迁入，待接收"]
        assert (there.get(f"/households/{home.id}/").status_code, there.get(page).status_code) == (404, 200)
        assert "A1" in there.get("/changes/").content.decode()
        there.post(f"{page}accept/")
        home.refresh_from_db()
        assert home.village == int(make.OTHER_VILLAGE)
        assert [client.get(f"/households/{home.id}/").status_code for client in (there, village)] == [200, 404]

    def test_it_may_be_sent_back_for_a_reason(self, village, township, home):
        make.make_division(make.OTHER_VILLAGE)
        change = proposed(village, home, "move", village=make.OTHER_VILLAGE)
        township.post(f"/changes/{change.id}/check/")
        there = signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
        assert there.post(f"/changes/{change.id}/refuse/", {"remark": ""}).status_code == 422
        assert there.post(f"/changes/{change.id}/refuse/", {"remark": "户籍未迁入"}).status_code == 302
        change.refresh_from_db()
        assert (change.state, change.remark) == (ChangeState.REFUSED, "户籍未迁入")


class TestHistory:
    @pytest.fixture
    def change(self, village: Client, township: Client, home: Household) -> Change:
        change = proposed(village, home, "correct", phone="13900002222")
        township.post(f"/changes/{change.id}/check/")
        change.refresh_from_db()
        return change

    def told(self, client: Client, home: Household) -> str:
        response = client.get(f"/households/{home.id}/changes/")
        assert response.status_code == 200
        return response.content.decode()

    def test_who_changed_what_when_and_why(self, change, township, home):
        page = self.told(township, home)
        for words in (
            "信息更正",
            "联系电话",
            "138****1111",
            "139****2222",
            "户主申请",
            "户口簿",
            change.recorder,
            change.checker,
        ):
            assert words in page
        assert "13900002222" not in page

    def test_another_relation_is_told_once_before_and_after(self, village, home):
        change = proposed(village, home, "head", **relations(home, 石大="11", 石演示一="01"))
        told = village.get(f"/changes/{change.id}/").context["told"]
        rows = [(block.title, next((str(row.label), row.old, row.new) for row in block.rows)) for block in told.blocks]
        assert sorted(rows) == [
            ("石大 · 家庭成员关系", ("与户主关系", "户主", "之父")),
            ("石演示一 · 家庭成员关系", ("与户主关系", "其他", "户主")),
        ]

    def test_whoever_sees_no_persons_sees_that_there_is_a_change(self, change, home):
        page = self.told(signed_in(Role.PROVINCE), home)
        assert ("信息更正" in page, change.recorder in page) == (True, True)
        assert [words for words in ("139****2222", "户主申请", "户口簿") if words in page] == []

    def test_it_is_undone_by_another_change(self, change, village, township, home):
        assert village.post(f"/changes/{change.id}/undo/", {"reason": ""}).status_code == 422
        response = village.post(f"/changes/{change.id}/undo/", {"reason": "号码有误"})
        undo = Change.objects.get(reverses=change)
        assert response["Location"] == f"/changes/{undo.id}/"
        township.post(f"/changes/{undo.id}/check/")
        home.refresh_from_db()
        assert home.phone == "13800001111"
        assert f"/changes/{undo.id}/" in township.get(f"/changes/{change.id}/").content.decode()
        again = village.post(f"/changes/{change.id}/undo/", {"reason": "再"})
        assert (again.status_code, "REG-070" in again.content.decode()) == (422, True)

    def test_the_queries_do_not_grow_with_the_changes(
        self, change, village, township, home, django_assert_max_num_queries
    ):
        page = f"/households/{home.id}/changes/"
        with django_assert_max_num_queries(40) as first:
            township.get(page)
        asked = len(first.captured_queries)
        for phone in ("13900003333", "13900004444"):
            proposed(village, home, "correct", phone=phone)
        with django_assert_max_num_queries(asked):
            township.get(page)


class TestEarlierDays:
    def test_the_household_as_of_a_day(self, village, township, home):
        change = proposed(village, home, "leave", person=named(home, "石演示一"), reason_code="08", **relations(home))
        township.post(f"/changes/{change.id}/check/")
        now = township.get(f"/households/{home.id}/").context
        then = township.get(f"/households/{home.id}/", {"as_of": "2016-05-31"}).context
        assert ([len(page["members"]) for page in (now, then)], then["household"].as_of) == (
            [2, 3],
            dt.date(2016, 5, 31),
        )
        assert (then["may_reveal"], then["why"], then["screenings"]) == (False, None, ())

    def test_what_is_no_day_asks_for_now(self, township, home):
        for text in ("yesterday", "2099-01-01", ""):
            assert township.get(f"/households/{home.id}/", {"as_of": text}).context["household"].as_of is None

    def test_the_list_as_of_a_day(self, village, township, home):
        make.make_division(make.OTHER_VILLAGE)
        change = proposed(village, home, "move", village=make.OTHER_VILLAGE)
        township.post(f"/changes/{change.id}/check/")
        signed_in(Role.VILLAGE, make.OTHER_VILLAGE).post(f"/changes/{change.id}/accept/")
        then = {"as_of": "2016-05-31"}
        assert [line.village_name for line in township.get("/households/", then).context["lines"]] == ["石磊村"]
        assert [line.village_name for line in township.get("/households/").context["lines"]] == ["坡头村"]
        old = village.get("/households/", then).context
        assert (old["lines"], old["moved_away"]) == ([], 1)
        assert [row[2] for row in lines(take(township, "households", then))] == ["石磊村"]
