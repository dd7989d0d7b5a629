"""Passwords that somebody else has seen: they expire, open nothing but their own change, and every change is kept."""

import datetime as dt
import re
from io import StringIO

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from lika.accounts import actions
from lika.accounts.choices import ONE_TIME_PASSWORD_DAYS, Role
from lika.accounts.models import Official, Post, User
from lika.accounts.queries import UserActor, actor_of
from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from tests import factories as make

pytestmark = pytest.mark.django_db

KEEPER = SystemActor("test", [Permission.ACCOUNTS_MANAGE], area=EVERYWHERE)
TODAY = dt.date(2016, 12, 31)
OWN = "坡头村 的 清晨 2016"


def appoint(username: str = "zhang", role: Role = Role.COUNTY, division: str = make.COUNTY) -> tuple[Official, str]:
    """A new official with an account; the official and the one-time password."""
    make.make_division(division)
    found = actions.appoint(
        by=KEEPER, name="演示张", role=role, division=division, valid_from=dt.date(2014, 1, 1), username=username
    )
    assert found.password is not None
    return found.official, found.password.password


def sign_in(username: str, password: str, client: Client | None = None) -> Client:
    client = client or Client(headers={"accept-language": "zh-hans"})
    client.post("/accounts/login/", {"login": username, "password": password})
    return client


def change(client: Client, old: str, new: str) -> object:
    return client.post("/accounts/password/change/", {"oldpassword": old, "password1": new, "password2": new})


class TestOneTime:
    def test_it_is_handed_out_once_and_expires(self):
        _official, password = appoint()
        user = User.objects.get(username="zhang")
        assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", password)
        assert (user.check_password(password), user.must_change_password) == (True, True)
        left = user.password_expires_at - timezone.now()
        assert dt.timedelta(0) < left <= dt.timedelta(days=ONE_TIME_PASSWORD_DAYS)
        texts = [str(audit.told(entry)) for entry in AuditEntry.objects.all()]
        assert ([text for text in texts if "zhang" in text] != [], [text for text in texts if password in text]) == (
            True, [],
        )  # fmt: skip

    def test_no_two_are_alike(self):
        assert len({appoint(f"zhang-{number}")[1] for number in range(20)}) == 20

    def test_it_opens_its_own_change_and_sign_out_alone(self):
        client = sign_in(*self._fresh())
        for path in ("/", "/households/", "/policy/", "/accounts/2fa/", "/map.json"):
            response = client.get(path)
            assert (response.status_code, response["Location"]) == (302, "/accounts/password/change/"), path
        page = client.get("/accounts/password/change/")
        assert (page.status_code, "请先设置您自己的密码" in page.content.decode()) == (200, True)
        part = client.get("/", headers={"hx-request": "true"})
        assert part["HX-Redirect"] == "/accounts/password/change/"
        assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
        assert client.get("/")["Location"].startswith("/accounts/login/")

    def test_after_the_change_everything_opens_and_the_audit_knows(self):
        username, password = self._fresh()
        client = sign_in(username, password)
        assert change(client, password, OWN)["Location"] == "/"
        assert client.get("/households/").status_code == 200
        user = User.objects.get(username=username)
        assert (user.must_change_password, user.password_expires_at, user.check_password(OWN)) == (False, None, True)
        entry = AuditEntry.objects.get(action="password.changed")
        assert (entry.actor, entry.subject_kind, entry.subject_id) == (username, "account", str(user.id))
        assert audit.told(entry) == (None, {"was_one_time": True})

    @pytest.mark.parametrize(
        ("new", "code"),
        [
            ("71936402857", "password_entirely_numeric"),
            ("short", "password_too_short"),
            ("password123", "password_too_common"),
            (None, None),
        ],
    )
    def test_a_weak_password_or_the_same_one_is_refused(self, new, code):
        username, password = self._fresh()
        client = sign_in(username, password)
        response = change(client, password, new or password)
        errors = response.context["form"].errors.as_data()
        assert (response.status_code, list(errors), errors["password1"][0].code) == (200, ["password1"], code)
        assert (code is None) == ("ACC-016" in response.content.decode())
        assert User.objects.get(username=username).must_change_password
        assert client.get("/households/").status_code == 302

    def test_an_expired_one_lets_nobody_in_and_says_why(self):
        username, password = self._fresh()
        User.objects.update(password_expires_at=timezone.now() - dt.timedelta(seconds=1))
        client = Client(headers={"accept-language": "zh-hans"})
        response = client.post("/accounts/login/", {"login": username, "password": password})
        assert (response.status_code, "ACC-015" in response.content.decode()) == (200, True)
        assert client.get("/")["Location"].startswith("/accounts/login/")
        wrong = client.post("/accounts/login/", {"login": username, "password": "not the password"})
        assert "ACC-015" not in wrong.content.decode()

    def _fresh(self) -> tuple[str, str]:
        return "zhang", appoint()[1]


class TestKeptPassword:
    def test_one_that_a_keeper_chose_must_be_changed_too(self):
        actions.add_official(by=KEEPER, name="演示李", username="li", password="a long demonstration word")
        user = User.objects.get(username="li")
        assert (user.must_change_password, user.password_expires_at is None) == (True, False)

    def test_a_demonstration_keeps_its_well_known_one(self):
        actions.add_official(
            by=KEEPER, name="演示李", username="li", password="a long demonstration word", keep_password=True
        )
        user = User.objects.get(username="li")
        assert (user.must_change_password, user.password_expires_at) == (False, None)


class TestReset:
    def test_it_ends_the_old_password_and_every_session(self):
        official, first = appoint()
        client = sign_in("zhang", first)
        change(client, first, OWN)
        given = actions.reset_password(by=KEEPER, official=official)
        assert client.get("/households/")["Location"].startswith("/accounts/login/")
        user = User.objects.get(username="zhang")
        checked = [user.check_password(text) for text in (first, OWN, given.password)]
        assert (checked, user.must_change_password, user.password_expires_at) == (
            [False, False, True], True, given.expires_at,
        )  # fmt: skip
        assert AuditEntry.objects.filter(action="password.reset", subject_id=str(official.id)).count() == 1

    def test_a_locked_account_is_out_at_once_and_back_when_unlocked(self):
        official, first = appoint()
        client = sign_in("zhang", first)
        change(client, first, OWN)
        actions.lock_account(by=KEEPER, official=official)
        assert client.get("/households/")["Location"].startswith("/accounts/login/")
        assert sign_in("zhang", OWN).get("/households/").status_code == 302
        actions.unlock_account(by=KEEPER, official=official)
        actions.unlock_account(by=KEEPER, official=official)  # nothing to do: nothing kept
        assert sign_in("zhang", OWN).get("/households/").status_code == 200
        kept = AuditEntry.objects.filter(action__in=["account.locked", "account.unlocked"]).order_by("id")
        assert list(kept.values_list("action", flat=True)) == ["account.locked", "account.unlocked"]


class TestWhoMayKeep:
    """The keeper of the county; an official of it, one who also has a post elsewhere, one without an account."""

    @pytest.fixture
    def keeper(self) -> UserActor:
        official, _password = appoint("keeper", Role.ADMINISTRATOR)
        return actor_of(official.user)

    def test_an_account_that_opens_more_than_the_area_is_kept_by_nobody_of_it(self, keeper):
        own, _password = appoint("own")
        both, _password = appoint("both")
        _post(both, Role.VILLAGE, make.ELSEWHERE)
        for act in (actions.reset_password, actions.lock_account, actions.unlock_account):
            act(by=keeper, official=own)
            with pytest.raises(PermissionRefused) as refused:
                act(by=keeper, official=both)
            assert refused.value.code == "ACC-017"
        Post.objects.filter(division_id=make.ELSEWHERE).update(valid_to=TODAY)
        actions.lock_account(by=keeper, official=both)  # the other post has ended
        assert not User.objects.get(username="both").is_active

    def test_a_grant_elsewhere_counts_as_a_post_does(self, keeper):
        official, _password = appoint("helper", Role.HELPER)
        actions.grant_village(
            by=KEEPER, official=official, village=make.ELSEWHERE, purpose="帮扶", valid_from=TODAY, valid_to=None
        )
        with pytest.raises(PermissionRefused) as refused:
            actions.reset_password(by=keeper, official=official)
        assert refused.value.code == "ACC-017"

    def test_nobody_keeps_their_own_account(self, keeper):
        mine = Official.objects.get(user=keeper.user)
        for act in (actions.reset_password, actions.lock_account, actions.unlock_account):
            with pytest.raises(PermissionRefused) as refused:
                act(by=keeper, official=mine)
            assert refused.value.code == "ACC-003"

    def test_without_the_permission_nothing_happens(self, keeper):
        other, _password = appoint("other")
        county = actor_of(appoint("county")[0].user)
        before = User.objects.get(username="other").password
        for act in (actions.reset_password, actions.lock_account):
            with pytest.raises(PermissionRefused) as refused:
                act(by=county, official=other)
            assert refused.value.code == "ACC-001"
        user = User.objects.get(username="other")
        assert (user.password, user.is_active) == (before, True)

    def test_an_account_is_opened_once(self, keeper):
        official = actions.appoint(
            by=keeper, name="演示王", role=Role.VILLAGE, division=self._village(), valid_from=TODAY
        ).official
        with pytest.raises(UserError) as none:
            actions.reset_password(by=keeper, official=official)
        given = actions.open_account(by=keeper, official=official, username="wang")
        with pytest.raises(UserError) as twice:
            actions.open_account(by=keeper, official=official, username="wang-2")
        assert (none.value.code, twice.value.code) == ("ACC-014", "ACC-013")
        assert Official.objects.get(pk=official.pk).user.check_password(given.password)

    def test_a_taken_name_undoes_the_whole_appointment(self, keeper):
        appoint("wang")
        with pytest.raises(UserError) as taken:
            actions.appoint(
                by=keeper, name="演示王", role=Role.VILLAGE, division=self._village(), valid_from=TODAY,
                username="wang",
            )  # fmt: skip
        assert (taken.value.code, Official.objects.filter(name="演示王").count()) == ("ACC-004", 0)

    def _village(self) -> str:
        return str(make.make_division(make.VILLAGE).code)


class TestOwnChange:
    def test_nobody_changes_the_password_of_nobody(self):
        with pytest.raises(PermissionRefused):
            actions.change_own_password(by=actor_of(User(username="ghost")), password=OWN)


class TestCommand:
    def test_add_prints_the_password_once_with_its_end(self):
        make.make_division(make.COUNTY)
        said = _said("add", "wang", "--name", "演示王", "--role", "county", "--division", make.COUNTY)
        password = re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", said).group()
        user = User.objects.get(username="wang")
        assert (user.check_password(password), said.count(password)) == (True, 1)
        assert f"{timezone.localtime(user.password_expires_at):%Y-%m-%d %H:%M}" in said
        assert password not in _said("list")

    def test_it_keeps_posts_and_locks_as_the_page_does(self):
        make.make_division(make.VILLAGE)
        _said("add", "wang", "--name", "演示王", "--role", "county", "--division", make.COUNTY)
        _said("post", "wang", "--role", "village", "--division", make.VILLAGE, "--from", "2016-01-01")
        _said("end-post", "wang", "--role", "county", "--division", make.COUNTY)
        _said("lock", "wang")
        posts = Post.objects.order_by("role").values_list("role", "division_id", "valid_to")
        assert list(posts) == [("county", make.COUNTY, timezone.localdate()), ("village", make.VILLAGE, None)]
        assert not User.objects.get(username="wang").is_active
        assert "wang\t已锁定\t演示王\t" in _said("list")
        _said("unlock", "wang")
        assert "一次性密码" in _said("reset-password", "wang")
        assert set(AuditEntry.objects.values_list("actor", flat=True)) == {"system:command-line"}

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (("lock", "nobody"), "ACC-021"),
            (("end-post", "wang", "--role", "village", "--division", make.VILLAGE), "ACC-020"),
            (("post", "wang", "--role", "village", "--division", make.COUNTY), "ACC-005"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, arguments, code):
        make.make_division(make.COUNTY)
        _said("add", "wang", "--name", "演示王", "--role", "county", "--division", make.COUNTY)
        with pytest.raises(UserError) as refused:
            _said(*arguments)
        assert refused.value.code == code


def _post(official: Official, role: Role, division: str) -> Post:
    make.make_division(division)
    return actions.give_post(by=KEEPER, official=official, role=role, division=division, valid_from=dt.date(2014, 1, 1))


def _said(*arguments: str) -> str:
    out = StringIO()
    call_command("accounts", *arguments, stdout=out)
    return out.getvalue()


def test_what_django_says_of_passwords_is_said_as_the_house_says_it() -> None:
    with translation.override("zh-hans"):
        told = password_validators_help_texts()
    assert told == [
        "密码不能与您的其他个人信息太相似。",
        "密码至少10个字符。",
        "不能使用常见密码。",
        "密码不能全是数字。",
    ]
