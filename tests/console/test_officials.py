"""The pages on which accounts are kept: who is listed, what may be done, and by whom it may not. 演示数据"""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts import actions
from lika.accounts.choices import GrantKind, Role
from lika.accounts.models import Grant, Official, Post, User
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from tests import factories as make
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db

LIST = "/officials/"
UPPER = SystemActor("test", [Permission.ACCOUNTS_MANAGE], area=EVERYWHERE)
# Not the middle of an identifier: those look alike when they happen to hold no 0 and no 1.
PASSWORD = re.compile(r"(?<![\w-])[a-z2-9]{4}(?:-[a-z2-9]{4}){3}(?![\w-])")
SINCE = dt.date(2014, 1, 1)


def appoint(name: str, role: Role, division: str, username: str = "") -> Official:
    make.make_division(division)
    return actions.appoint(
        by=UPPER, name=name, role=role, division=division, valid_from=SINCE, username=username, organisation="演示单位"
    ).official


@pytest.fixture
def keeper() -> Client:
    """The administrator of the county."""
    make.make_division(make.OTHER_VILLAGE)
    make.make_division(make.VILLAGE)
    return signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def people(keeper: Client) -> dict[str, Official]:
    """Officials of the county, one of another county, and one with a post in each."""
    found = {
        "village": appoint("演示甲", Role.VILLAGE, make.VILLAGE, "jia"),
        "town": appoint("演示乙", Role.TOWNSHIP, make.TOWNSHIP),
        "far": appoint("演示丙", Role.VILLAGE, make.ELSEWHERE, "bing"),
        "both": appoint("演示丁", Role.COUNTY, make.COUNTY, "ding"),
    }
    actions.give_post(by=UPPER, official=found["both"], role=Role.VILLAGE, division=make.ELSEWHERE, valid_from=SINCE)
    return found


def names(client: Client, **asked: str) -> list[str]:
    response = client.get(LIST, asked)
    assert response.status_code == 200
    shown = [line.name for line in response.context["list"].rows]
    assert response.context["list"].total == len(shown)
    return [name for name in shown if name != "演示·官员"]  # the keeper


class TestList:
    def test_it_holds_the_officials_of_the_area_and_no_others(self, keeper, people):
        assert names(keeper) == ["演示丁", "演示乙", "演示甲"]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"role": "village"}, ["演示丁", "演示甲"]),
            ({"role": "village", "division": make.VILLAGE}, ["演示甲"]),
            ({"division": make.TOWNSHIP}, ["演示乙", "演示甲"]),
            ({"division": make.OTHER_VILLAGE}, []),
            ({"state": "none"}, ["演示乙"]),
            ({"state": "first"}, ["演示丁", "演示甲"]),
            ({"state": "locked"}, []),
            ({"text": "演示单位"}, ["演示丁", "演示乙", "演示甲"]),
            ({"text": "甲"}, ["演示甲"]),
            ({"text": "bing"}, ["演示丙"]),  # the exact user name of somebody from elsewhere
            ({"text": "bin"}, []),
            ({"text": "丙"}, []),
        ],
    )
    def test_filters_narrow_it(self, keeper, people, asked, expected):
        assert names(keeper, **asked) == expected

    def test_states_are_those_that_the_filter_means(self, keeper, people):
        appoint("演示戊", Role.VILLAGE, make.VILLAGE, "wu")
        appoint("演示己", Role.VILLAGE, make.VILLAGE, "ji")
        appoint("演示庚", Role.VILLAGE, make.VILLAGE, "geng")
        User.objects.filter(username="wu").update(is_active=False)
        User.objects.filter(username="ji").update(password_expires_at=timezone.now())
        User.objects.filter(username="geng").update(must_change_password=False, password_expires_at=None)
        for state, name in (("locked", "演示戊"), ("expired", "演示己"), ("active", "演示庚")):
            response = keeper.get(LIST, {"state": state})
            lines = [line for line in response.context["list"].rows if line.name != "演示·官员"]
            assert [(line.name, line.state) for line in lines] == [(name, state)]

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [("name", ["演示丁", "演示乙", "演示甲"]), ("-name", ["演示甲", "演示乙", "演示丁"]),
         ("username", ["演示丁", "演示甲", "演示乙"]), ("-username", ["演示甲", "演示丁", "演示乙"])],
    )  # fmt: skip
    def test_it_is_sorted_with_the_missing_last(self, keeper, people, sort, expected):
        assert names(keeper, sort=sort) == expected

    def test_an_unknown_order_is_refused(self, keeper, people):
        response = keeper.get(LIST, {"sort": "password"})
        assert (response.status_code, "ACC-022" in response.content.decode()) == (400, True)

    def test_a_place_outside_is_not_there(self, keeper, people):
        assert keeper.get(LIST, {"division": make.ELSEWHERE}).status_code == 404

    def test_somebody_from_elsewhere_is_shown_without_what_they_hold_there(self, keeper, people):
        (line,) = keeper.get(LIST, {"text": "bing"}).context["list"].rows
        assert (line.name, line.posts) == ("演示丙", ())
        view = keeper.get(f"{LIST}{people['far'].id}/").context["found"]
        assert (view.line.posts, view.grants, view.whole) == ((), (), False)

    @pytest.mark.parametrize("officials", [1, 3])
    def test_the_queries_are_as_many_however_long_it_is(self, keeper, officials):
        for number in range(officials):
            appoint(f"演示{number}", Role.VILLAGE, make.VILLAGE, f"user-{number}")
        keeper.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = keeper.get(LIST)
        asked = [each["sql"] for each in queries.captured_queries if each["sql"].startswith("SELECT")]
        assert (len(response.context["list"].rows), len(asked) <= 12) == (officials + 1, True), asked

    def test_it_comes_in_pages(self, keeper):
        make.make_division(make.VILLAGE)
        Official.objects.bulk_create(Official(name=f"演示{number:03}") for number in range(60))
        village = make.make_division(make.VILLAGE)
        Post.objects.bulk_create(
            Post(official=each, role=Role.VILLAGE, division=village, valid_from=SINCE)
            for each in Official.objects.filter(name__startswith="演示0")
        )
        first, last = (keeper.get(LIST, {"page": page}).context["list"] for page in (1, 99))
        assert [(len(page.rows), page.total, page.page, page.pages) for page in (first, last)] == [
            (50, 61, 1, 2), (11, 61, 2, 2),
        ]  # fmt: skip


class TestAppointing:
    def _form(self, **more: str) -> dict[str, str]:
        return {"name": "演示新", "role": "village", "valid_from": "2016-01-01", **more}

    def test_an_official_with_an_account_gets_a_password_shown_once(self, keeper):
        asked = f"{LIST}add/?division={make.VILLAGE}"
        response = keeper.post(asked, self._form(username="xin", sector="", title="村专干"))
        password = PASSWORD.search(response.content.decode()).group()
        user = User.objects.get(username="xin")
        assert (response.status_code, response["Cache-Control"].count("no-store")) == (200, 1)
        assert (user.check_password(password), user.must_change_password) == (True, True)
        post = Post.objects.get(official__user=user)
        assert (post.role, post.division_id, post.title, post.valid_from, post.valid_to) == (
            "village", make.VILLAGE, "村专干", dt.date(2016, 1, 1), None,
        )  # fmt: skip
        assert password not in keeper.get(f"{LIST}{post.official_id}/").content.decode()
        kept = AuditEntry.objects.filter(actor__startswith="administrator").values_list("action", flat=True)
        assert sorted(kept) == ["account.opened", "official.added", "post.given"]

    def test_without_a_user_name_there_is_no_account(self, keeper):
        response = keeper.post(f"{LIST}add/?division={make.VILLAGE}", self._form())
        official = Official.objects.get(name="演示新")
        assert (response["Location"], official.user) == (f"{LIST}{official.id}/", None)

    @pytest.mark.parametrize(
        ("given", "field", "code"),
        [
            ({"username": "a:b"}, "username", "ACC-009"),
            ({"username": "jia"}, "username", "ACC-004"),
            ({"valid_to": "2015-01-01"}, "valid_to", "ACC-019"),
        ],
    )
    def test_what_an_action_refuses_stands_at_the_field(self, keeper, people, given, field, code):
        response = keeper.post(f"{LIST}add/?division={make.VILLAGE}", self._form(**given))
        errors = response.context["form"].errors
        assert (response.status_code, list(errors), code in errors[field][0]) == (422, [field], True)
        assert not Official.objects.filter(name="演示新").exists()

    def test_a_role_that_does_not_stand_there_is_not_offered(self, keeper):
        response = keeper.post(f"{LIST}add/?division={make.VILLAGE}", self._form(role="county"))
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["role"])
        offered = {value for value, _label in keeper.get(f"{LIST}add/?division={make.VILLAGE}").context["roles"]}
        assert offered == {"village", "helper"}

    @pytest.mark.parametrize("place", [make.ELSEWHERE, "621202000000", "621200000000"])
    def test_nobody_is_appointed_outside_the_area_or_above_it(self, keeper, place):
        make.make_division(make.ELSEWHERE)
        response = keeper.post(f"{LIST}add/?division={place}", self._form(role="administrator"))
        assert (response.status_code, Official.objects.filter(name="演示新").count()) == (404, 0)


class TestOne:
    def test_a_post_is_given_and_ended(self, keeper, people):
        official = people["town"]
        page = f"{LIST}{official.id}/"
        given = keeper.post(
            f"{page}posts/?division={make.OTHER_VILLAGE}", {"role": "village", "valid_from": "2016-01-01"}
        )
        assert given["Location"] == page
        post = Post.objects.get(official=official, role="village")
        ended = keeper.post(f"{page}posts/{post.id}/end/", {"valid_to": "2016-12-31"})
        post.refresh_from_db()
        assert (ended["Location"], post.valid_to) == (page, dt.date(2016, 12, 31))
        assert [(line.role, line.is_open, line.kept) for line in keeper.get(page).context["found"].line.posts] == [
            ("township", True, True), ("village", False, False),
        ]  # fmt: skip

    def test_grants_of_a_village_and_of_a_household(self, keeper, people):
        household = make.make_household(number="A1-0042")
        page = f"{LIST}{people['town'].id}/"
        given = {"purpose": "帮扶", "valid_from": "2016-01-01"}
        keeper.post(f"{page}grants/?division={make.OTHER_VILLAGE}", {**given, "number": ""})
        keeper.post(f"{page}grants/", {**given, "number": "A1-0042"})
        grants = Grant.objects.filter(official=people["town"]).order_by("kind")
        assert [(each.kind, each.village, each.household_id, each.purpose) for each in grants] == [
            (GrantKind.HOUSEHOLD, int(make.VILLAGE), household.id, "帮扶"),
            (GrantKind.VILLAGE, int(make.OTHER_VILLAGE), None, "帮扶"),
        ]
        keeper.post(f"{page}grants/{grants[0].id}/end/", {"valid_to": "2016-06-30"})
        assert [each.valid_to for each in grants.all()] == [dt.date(2016, 6, 30), None]
        assert "A1-0042" not in keeper.get(page).content.decode()  # a keeper sees no household

    @pytest.mark.parametrize(("number", "code"), [("", "ACC-024"), ("A9", "REG-001"), ("none", "REG-001")])
    def test_sight_of_more_than_a_village_or_of_what_lies_elsewhere_is_refused(self, keeper, people, number, code):
        make.make_household(make.ELSEWHERE, number="A9")
        response = keeper.post(
            f"{LIST}{people['town'].id}/grants/?division={make.TOWNSHIP}",
            {"number": number, "purpose": "帮扶", "valid_from": "2016-01-01"},
        )
        assert (response.status_code, code in response.content.decode()) == (422, True)
        assert not Grant.objects.exists()

    def test_an_account_is_opened_locked_unlocked_and_given_a_password(self, keeper, people):
        page = f"{LIST}{people['town'].id}/"
        opened = PASSWORD.search(keeper.post(f"{page}account/", {"username": "yi"}).content.decode()).group()
        assert User.objects.get(username="yi").check_password(opened)
        keeper.post(f"{page}lock/")
        assert not User.objects.get(username="yi").is_active
        keeper.post(f"{page}unlock/")
        again = PASSWORD.search(keeper.post(f"{page}password/").content.decode()).group()
        user = User.objects.get(username="yi")
        assert (user.is_active, user.check_password(again), user.check_password(opened)) == (True, True, False)

    @pytest.mark.parametrize("act", ["password", "lock", "unlock"])
    def test_an_account_that_opens_more_than_the_area_stays_as_it_is(self, keeper, people, act):
        before = User.objects.values("password", "is_active").get(username="ding")
        response = keeper.post(f"{LIST}{people['both'].id}/{act}/")
        assert (response.status_code, "ACC-017" in response.content.decode()) == (403, True)
        assert User.objects.values("password", "is_active").get(username="ding") == before
        assert not keeper.get(f"{LIST}{people['both'].id}/").context["found"].whole

    def test_what_is_held_elsewhere_is_not_ended_from_here(self, keeper, people):
        far = Post.objects.get(official=people["both"], division_id=make.ELSEWHERE)
        response = keeper.post(f"{LIST}{people['both'].id}/posts/{far.id}/end/", {"valid_to": "2016-12-31"})
        far.refresh_from_db()
        assert (response.status_code, "ACC-002" in response.content.decode(), far.valid_to) == (403, True, None)

    def test_nobody_keeps_their_own(self, keeper):
        mine = Official.objects.get()
        own = Post.objects.get()
        page = f"{LIST}{mine.id}/"
        given = {"role": "county", "valid_from": "2016-01-01"}
        answers = [
            keeper.post(f"{page}posts/?division={make.COUNTY}", given),
            keeper.post(f"{page}posts/{own.id}/end/", {"valid_to": "2016-12-31"}),
            keeper.post(f"{page}grants/?division={make.VILLAGE}", {"purpose": "看", "valid_from": "2016-01-01"}),
            keeper.post(f"{page}password/"),
            keeper.post(f"{page}lock/"),
        ]
        assert {(each.status_code, "ACC-003" in each.content.decode()) for each in answers} == {(403, True)}
        assert (Post.objects.count(), Grant.objects.count(), User.objects.get().is_active) == (1, 0, True)
        shown = keeper.get(page).content.decode()
        assert (f"{page}posts/" in shown, f"{page}lock/" in shown) == (False, False)

    def test_a_post_of_another_official_is_not_ended_by_this_address(self, keeper, people):
        post = Post.objects.get(official=people["village"])
        response = keeper.post(f"{LIST}{people['town'].id}/posts/{post.id}/end/", {"valid_to": "2016-12-31"})
        assert (response.status_code, "ACC-023" in response.content.decode()) == (404, True)
        assert Post.objects.get(pk=post.pk).valid_to is None

    def test_a_wrong_day_stands_beside_its_post(self, keeper, people):
        post = Post.objects.get(official=people["town"])
        response = keeper.post(f"{LIST}{people['town'].id}/posts/{post.id}/end/", {"valid_to": "2013-12-31"})
        assert (response.status_code, response.context["ending"], "ACC-007" in response.content.decode()) == (
            422, post.id, True,
        )  # fmt: skip
        assert Post.objects.get(pk=post.pk).valid_to is None


def test_the_menu_shows_the_line_to_keepers_alone(keeper):
    assert (LIST in keeper.get("/").content.decode(), LIST in signed_in(Role.COUNTY).get("/").content.decode()) == (
        True, False,
    )  # fmt: skip
