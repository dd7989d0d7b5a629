"""Officials of every role for tests of pages. 演示数据"""

import datetime as dt
from collections.abc import Iterable

from django.test import Client

from lika.accounts.choices import GrantKind, Role
from lika.accounts.models import Grant, Official, Post, User
from lika.register.models import Household
from tests import factories as make

SINCE = dt.date(2014, 1, 1)
# Where each role's post stands when a test does not say.
HOME = {
    Role.VILLAGE: make.VILLAGE,
    Role.TOWNSHIP: make.TOWNSHIP,
    Role.COUNTY: make.COUNTY,
    Role.DEPARTMENT: make.COUNTY,
    Role.PREFECTURE: "621200000000",
    Role.PROVINCE: "620000000000",
    Role.EVALUATOR: make.COUNTY,
    Role.AUDITOR: make.COUNTY,
    Role.HELPER: make.TOWNSHIP,
    Role.ADMINISTRATOR: make.COUNTY,
}


def official(
    role: Role, division: str = "", *, households: Iterable[Household] = (), villages: Iterable[str] = ()
) -> User:
    """An account with a post of a role, and grants of some households and villages."""
    user = User.objects.create_user(f"{role}-{User.objects.count()}")
    holder = Official.objects.create(user=user, name="演示·官员")
    Post.objects.create(
        official=holder, role=role, division=make.make_division(division or HOME[role]), valid_from=SINCE
    )
    for household in households:
        Grant.objects.create(
            official=holder,
            kind=GrantKind.HOUSEHOLD,
            household_id=household.id,
            village=household.village,
            purpose="帮扶",
            valid_from=SINCE,
        )
    for village in villages:
        Grant.objects.create(
            official=holder, kind=GrantKind.VILLAGE, village=int(village), purpose="评估", valid_from=SINCE
        )
    return user


def signed_in(role: Role, division: str = "", **grants: Iterable) -> Client:
    """A browser in which such an official has signed in, in Chinese."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(
        official(role, division, **grants), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def also(user: User, role: Role, division: str) -> User:
    """A second post for the official of an account."""
    Post.objects.create(
        official=Official.objects.get(user=user), role=role, division=make.make_division(division), valid_from=SINCE
    )
    return user
