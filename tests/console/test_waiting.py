"""What waits for somebody on the home page because of their office. 演示数据"""

import datetime as dt

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from lika.accounts import actions
from lika.accounts.choices import Role
from lika.accounts.models import Post, User
from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from tests import factories as make
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db

UPPER = SystemActor("test", [Permission.ACCOUNTS_MANAGE], area=EVERYWHERE)


def tasks(client: Client) -> list[tuple[str, str]]:
    response = client.get("/")
    assert response.status_code == 200
    return [(task.title, task.url) for task in response.context["waiting"]]


class TestEndingPost:
    @pytest.mark.parametrize(("days", "told"), [(0, True), (30, True), (31, False), (None, False)])
    def test_its_holder_is_told_a_month_before(self, days, told):
        client = signed_in(Role.VILLAGE)
        last = None if days is None else timezone.localdate() + dt.timedelta(days=days)
        Post.objects.update(valid_to=last)
        expected = [(f"您在石磊村的岗位将于{last.year}年{last.month}月{last.day}日到期", "")] if told and last else []
        assert tasks(client) == expected

    def test_the_one_that_ends_first_stands_first(self):
        client = signed_in(Role.VILLAGE)
        post = Post.objects.get()
        today = timezone.localdate()
        Post.objects.update(valid_to=today + dt.timedelta(days=9))
        Post.objects.create(
            official=post.official,
            role=Role.HELPER,
            division=make.make_division(make.OTHER_VILLAGE),
            valid_from=dt.date(2014, 1, 1),
            valid_to=today + dt.timedelta(days=2),
        )
        assert [title[2:5] for title, _url in tasks(client)] == ["坡头村", "石磊村"]


class TestExpiredPasswords:
    def test_a_keeper_is_told_how_many_and_led_to_as_many(self):
        client = signed_in(Role.ADMINISTRATOR)
        for number, village in enumerate((make.VILLAGE, make.VILLAGE, make.OTHER_VILLAGE, make.ELSEWHERE)):
            make.make_division(village)
            actions.appoint(
                by=UPPER, name="演示甲", role=Role.VILLAGE, division=village, valid_from=dt.date(2014, 1, 1),
                username=f"user-{number}",
            )  # fmt: skip
        assert tasks(client) == []
        late = User.objects.filter(username__in=["user-0", "user-2", "user-3"])
        late.update(password_expires_at=timezone.now())
        ((title, url),) = tasks(client)
        assert (title, url) == ("2个一次性密码已过期，未使用", "/officials/?state=expired")
        assert client.get(url).context["list"].total == 2

    def test_nobody_else_is_told(self):
        signed_in(Role.ADMINISTRATOR)
        User.objects.update(must_change_password=True, password_expires_at=timezone.now())
        assert tasks(signed_in(Role.COUNTY)) == []


class TestUnsealed:
    @pytest.fixture
    def entry(self) -> AuditEntry:
        with transaction.atomic():
            return audit.record(by=UPPER, action="test", change=audit.Change("test", "1"))

    @pytest.mark.parametrize(
        ("role", "minutes", "told"),
        [(Role.AUDITOR, 11, True), (Role.AUDITOR, 5, False), (Role.COUNTY, 11, True), (Role.VILLAGE, 11, False)],
    )
    def test_who_sees_the_audit_is_told_of_rows_that_wait_too_long(self, entry, role, minutes, told):
        AuditEntry.objects.update(at=timezone.now() - dt.timedelta(minutes=minutes))
        assert tasks(signed_in(role)) == ([("有1条审计记录尚未封存", "")] if told else [])

    def test_sealed_rows_are_no_task(self, entry):
        AuditEntry.objects.update(at=timezone.now() - dt.timedelta(hours=1), sealed=True)
        assert tasks(signed_in(Role.AUDITOR)) == []
