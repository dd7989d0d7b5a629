"""Signing in: closed after failed attempts, in two steps where that is asked, and ended elsewhere. 演示数据"""

import datetime as dt
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from lika.accounts import actions
from lika.accounts.actions import take_second_factor
from lika.accounts.choices import Role
from lika.accounts.models import FailedSignIn, User
from lika.config.values import ROLES
from lika.core import crypto
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from tests import factories as make
from tests.console.officials import official, signed_in

pytestmark = pytest.mark.django_db

LOGIN, SESSIONS, END = "/accounts/login/", "/sessions/", "/sessions/end/"
SET_UP = "/accounts/2fa/totp/activate/"
PASSWORD = "演示密码-lika-2016"


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()
    crypto.forget_keys()


@pytest.fixture
def user() -> User:
    found = official(Role.COUNTY)
    found.set_password(PASSWORD)
    found.email = "yanshi@example.org"
    found.save()
    return found


def attempt(user: User | str, password: str = PASSWORD, client: Client | None = None, **more: str):
    name = user if isinstance(user, str) else user.get_username()
    browser = client or Client(headers={"accept-language": "zh-hans"})
    return browser.post(LOGIN, {"login": name, "password": password}, **more)


def fail(user: User | str, times: int, **more: str) -> None:
    for _each in range(times):
        attempt(user, "falsch-aber-lang", **more)


class TestClosing:
    def test_after_five_failures_even_the_right_password_is_refused_with_a_code_and_a_time(self, user: User) -> None:
        fail(user, 4)
        assert attempt(user).status_code == 302
        fail(user, 5)
        refused = attempt(user)
        assert refused.status_code == 200
        content = refused.content.decode()
        until = FailedSignIn.objects.latest("at").at + dt.timedelta(minutes=15)
        assert "ACC-025" in content
        assert f"{timezone.localtime(until):%H:%M}" in content
        assert "请管理员解锁账号" in content

    def test_what_is_refused_does_not_prolong_it(self, user: User) -> None:
        fail(user, 9)
        assert FailedSignIn.objects.count() == 5

    def test_it_opens_by_itself_when_the_time_is_over(self, user: User) -> None:
        fail(user, 5)
        FailedSignIn.objects.update(at=timezone.now() - dt.timedelta(minutes=15))
        assert attempt(user).status_code == 302

    def test_names_that_nobody_has_close_alike_and_are_not_kept_in_clear(self, user: User) -> None:
        fail("mein-passwort-im-falschen-feld", 5)
        assert "ACC-025" in attempt("Mein-Passwort-im-falschen-Feld").content.decode()
        assert attempt(user).status_code == 302
        assert b"passwort" not in b"".join(bytes(row.account) for row in FailedSignIn.objects.all())

    def test_an_address_that_tries_many_names_is_closed_and_another_is_not(self, user: User) -> None:
        for number in range(20):
            fail(f"name-{number}", 1, REMOTE_ADDR="10.0.0.9")
        assert "ACC-025" in attempt(user, REMOTE_ADDR="10.0.0.9").content.decode()
        assert attempt(user, REMOTE_ADDR="10.0.0.8").status_code == 302

    def test_numbers_come_from_the_configuration(self, user: User, settings) -> None:
        settings.LIKA = replace(settings.LIKA, signin_tries=2)
        fail(user, 2)
        assert "ACC-025" in attempt(user).content.decode()

    def test_the_audit_tells_once_that_it_closed_and_never_the_name(self, user: User) -> None:
        fail(user, 7)
        (entry,) = AuditEntry.objects.filter(action="sign_in.closed")
        assert (entry.actor, user.get_username() in entry.label + entry.subject_id) == ("system:sign-in", False)

    def test_the_administrator_sees_it_and_opens_it(self, user: User) -> None:
        fail(user, 5)
        keeper = signed_in(Role.ADMINISTRATOR)
        page = f"/officials/{user.official.pk}/"
        assert "暂停登录至" in keeper.get(page).content.decode()
        assert keeper.post(f"{page}unlock/").status_code == 302
        assert attempt(user).status_code == 302
        assert "暂停登录至" not in keeper.get(page).content.decode()
        assert AuditEntry.objects.filter(action="account.unlocked").count() == 1


def code_of(user: User) -> str:
    """What the app on the official's telephone shows."""
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return totp(row.wrap().instance.data["secret"])


def totp(sealed: str) -> str:
    from allauth.mfa.adapter import get_adapter

    return shown(get_adapter().decrypt(sealed))


def shown(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def confirmed(client: Client) -> Client:
    """Who changes how they sign in says their password once more."""
    assert client.get(SET_UP)["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def set_up(client: Client) -> None:
    confirmed(client)
    secret = client.get(SET_UP).context["form"].secret
    assert client.post(SET_UP, {"code": shown(secret)}).status_code == 302


class TestTwoSteps:
    def test_setting_up_confirming_and_signing_in_by_code(self, user: User) -> None:
        client = Client()
        attempt(user, client=client)
        confirmed(client)
        refused = client.post(SET_UP, {"code": "000000"})
        assert (refused.status_code, Authenticator.objects.count()) == (200, 0)
        secret = client.get(SET_UP).context["form"].secret
        assert client.post(SET_UP, {"code": shown(secret)}).status_code == 302
        assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}

        again = Client()
        assert attempt(user, client=again)["Location"] == "/accounts/2fa/authenticate/"
        assert again.get("/households/").status_code == 302
        cache.clear()  # the app has shown another code in the meantime
        assert again.post("/accounts/2fa/authenticate/", {"code": code_of(user)}).status_code == 302
        assert again.get("/households/").status_code == 200

    def test_a_recovery_code_works_once(self, user: User) -> None:
        client = Client()
        attempt(user, client=client)
        set_up(client)
        codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
        found = []
        for _each in range(2):
            again = Client()
            attempt(user, client=again)
            found.append(again.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code)
        assert (len(codes), found) == (10, [302, 200])

    def test_its_secrets_lie_sealed(self, user: User) -> None:
        client = Client()
        attempt(user, client=client)
        confirmed(client)
        secret = client.get(SET_UP).context["form"].secret
        client.post(SET_UP, {"code": shown(secret)})
        rows = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in rows

    def test_wrong_codes_close_sign_in_like_wrong_passwords(self, user: User) -> None:
        client = Client()
        attempt(user, client=client)
        set_up(client)
        again = Client()
        attempt(user, client=again)
        for _each in range(5):
            again.post("/accounts/2fa/authenticate/", {"code": "000000"})
        cache.clear()
        assert "ACC-025" in again.post("/accounts/2fa/authenticate/", {"code": code_of(user)}).content.decode()

    def test_roles_named_must_set_it_up_before_anything_else(self, settings) -> None:
        settings.LIKA = replace(settings.LIKA, second_factor_roles=frozenset({"county"}))
        county, village = signed_in(Role.COUNTY), signed_in(Role.VILLAGE)
        assert [county.get(page)["Location"] for page in ("/", "/households/", "/sessions/x/")[:2]] == [SET_UP] * 2
        assert county.get("/households/", headers={"hx-request": "true"})["HX-Redirect"] == SET_UP
        assert (village.get("/households/").status_code, county.get("/healthz").status_code) == (200, 200)

    def test_who_must_have_it_sets_it_up_and_cannot_take_it_off(self, user: User, settings) -> None:
        settings.LIKA = replace(settings.LIKA, second_factor_roles=frozenset({"county"}))
        client = Client()
        attempt(user, client=client)
        set_up(client)
        assert client.get("/households/").status_code == 200
        client.post("/accounts/2fa/totp/deactivate/")
        assert Authenticator.objects.filter(user=user, type="totp").exists()

    def test_an_administrator_takes_a_lost_one_away(self, user: User) -> None:
        client = Client()
        attempt(user, client=client)
        set_up(client)
        keeper = signed_in(Role.ADMINISTRATOR)
        assert keeper.post(f"/officials/{user.official.pk}/second-step/").status_code == 302
        assert attempt(user)["Location"] == "/"
        assert AuditEntry.objects.filter(action="second_factor.taken").count() == 1
        with pytest.raises(UserError) as refused:
            take_second_factor(by=make.make_actor(), official=user.official)
        assert refused.value.code == "ACC-026"

    def test_only_who_keeps_the_account_may(self, user: User) -> None:
        with pytest.raises(PermissionRefused):
            take_second_factor(by=make.make_actor(permissions=()), official=user.official)

    def test_the_configuration_knows_every_role(self) -> None:
        assert {str(role) for role in Role} == ROLES


class TestSessions:
    def test_each_sign_in_is_listed_and_can_be_ended(self, user: User) -> None:
        here, there = Client(), Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537"})
        attempt(user, client=here)
        attempt(user, client=there, REMOTE_ADDR="10.1.1.1")
        found = here.get(SESSIONS).context["sessions"]
        assert [(row.current, row.address, row.browser, row.system) for row in found] == [
            (True, "127.0.0.1", "", ""),
            (False, "10.1.1.1", "Chrome", "Windows"),
        ]
        assert here.post(END, {"session": found[1].id}).status_code == 302
        assert there.get("/households/")["Location"].startswith(LOGIN)
        assert here.get("/households/").status_code == 200
        assert AuditEntry.objects.filter(action="session.ended").count() == 1

    def test_all_others_end_at_once(self, user: User) -> None:
        clients = [Client() for _each in range(3)]
        for client in clients:
            attempt(user, client=client)
        clients[0].post(END)
        assert [client.get("/households/").status_code for client in clients] == [200, 302, 302]

    def test_nobody_ends_those_of_somebody_else(self, user: User) -> None:
        mine, other = Client(), Client()
        attempt(user, client=mine)
        stranger = official(Role.COUNTY)
        stranger.set_password(PASSWORD)
        stranger.save()
        attempt(stranger, client=other)
        wanted = mine.get(SESSIONS).context["sessions"][0].id
        other.post(END, {"session": wanted})
        other.post(END, {"session": "x"})
        assert mine.get("/households/").status_code == 200

    def test_a_new_password_ends_them_all(self, user: User) -> None:
        client = Client()
        attempt(user, client=client)
        actions.reset_password(by=make.make_actor(), official=user.official)
        assert client.get("/households/")["Location"].startswith(LOGIN)
