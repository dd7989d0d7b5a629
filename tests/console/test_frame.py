"""The frame of every page: menu, language, ribbon, sign-in, error pages, and nothing inline. 演示数据"""

import dataclasses
import re
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, server_error

import lika
from lika.accounts.choices import Role
from lika.accounts.models import User
from lika.console import demonstration
from lika.console.demonstration import DemonstrationAccount
from tests.console.officials import signed_in

TEMPLATES = sorted(Path(lika.__file__).parent.rglob("templates/**/*.html"))
INLINE = re.compile(r"""\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|https?://""", re.IGNORECASE)


@pytest.fixture
def demonstration_mode(settings):
    settings.LIKA = dataclasses.replace(settings.LIKA, demo=True)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(template: Path):
    assert [found.group() for found in INLINE.finditer(template.read_text(encoding="utf-8"))] == []


class TestMenu:
    @pytest.mark.parametrize(
        ("role", "labels"),
        [
            (
                Role.COUNTY,
                [
                    "首页",
                    "农户",
                    "年度数据采集",
                    "信息变更",
                    "动态管理",
                    "结对帮扶",
                    "基层工作",
                    "筛查",
                    "数据质量",
                    "统计分析",
                    "信息公开",
                    "导入",
                    "政策包",
                    "审计链",
                    "帮助",
                ],
            ),
            (
                Role.PREFECTURE,
                [
                    "首页",
                    "农户",
                    "年度数据采集",
                    "动态管理",
                    "结对帮扶",
                    "基层工作",
                    "筛查",
                    "数据质量",
                    "统计分析",
                    "政策包",
                    "审计链",
                    "帮助",
                ],
            ),
            (Role.EVALUATOR, ["首页", "农户", "统计分析", "政策包", "帮助"]),
            (Role.ADMINISTRATOR, ["首页", "动态管理", "政策包", "人员与账号", "审计链", "帮助"]),
        ],
    )
    @pytest.mark.django_db
    def test_a_role_sees_what_it_may_open(self, role, labels):
        page = signed_in(role).get("/help/").content.decode()
        assert re.findall(r'<span class="nav-link-title">([^<]*)</span>', page) == labels

    @pytest.mark.django_db
    def test_the_page_one_is_on_is_marked(self):
        page = signed_in(Role.COUNTY).get("/households/").content.decode()
        assert re.findall(r'href="([^"]*)" aria-current="page"', page) == ["/households/"]


class TestLanguage:
    @pytest.mark.django_db
    def test_the_switch_changes_the_page_and_returns_to_it(self):
        client = signed_in(Role.COUNTY)
        answer = client.post("/i18n/setlang/", {"language": "en", "next": "/help/"})
        assert answer["Location"] == "/help/"
        page = client.get("/help/").content.decode()
        assert '<html lang="en">' in page
        assert "<title>Help · Lika</title>" in page

    @pytest.mark.django_db
    def test_chinese_is_the_language_of_the_house(self):
        page = Client().get("/accounts/login/").content.decode()
        assert "<title>登录 · 立卡</title>" in page


class TestRibbon:
    @pytest.mark.django_db
    def test_demonstrations_say_so_on_every_page(self, demonstration_mode):
        assert "演示数据" in signed_in(Role.COUNTY).get("/help/").content.decode()
        assert "演示数据" in Client().get("/accounts/login/").content.decode()

    @pytest.mark.django_db
    def test_an_installation_at_work_does_not(self):
        assert "演示数据" not in signed_in(Role.COUNTY).get("/help/").content.decode()


class TestSignIn:
    ACCOUNT = DemonstrationAccount("lai", "a-long-password", "村专干", "官鹅村")

    @pytest.fixture(autouse=True)
    def offered(self, monkeypatch):
        monkeypatch.setattr(demonstration, "_offered", [self.ACCOUNT])

    @pytest.mark.django_db
    def test_accounts_are_offered_on_a_demonstration_alone(self, settings):
        assert "/demonstration/enter/" not in Client().get("/accounts/login/").content.decode()
        settings.LIKA = dataclasses.replace(settings.LIKA, demo=True)
        page = Client().get("/accounts/login/").content.decode()
        assert 'action="/demonstration/enter/"' in page
        assert 'name="username" value="lai"' in page

    @pytest.mark.django_db
    def test_the_form_lets_in_whoever_knows_the_password_and_no_others(self):
        User.objects.create_user("lai", password="a-long-password")
        wrong = Client().post("/accounts/login/", {"login": "lai", "password": "another-password"})
        assert wrong.status_code == 200
        assert wrong.context["form"].non_field_errors()
        right = Client().post("/accounts/login/", {"login": "lai", "password": "a-long-password"})
        assert (right.status_code, right["Location"]) == (302, "/")

    @pytest.mark.django_db
    def test_a_page_asked_for_before_signing_in_comes_after_it(self):
        User.objects.create_user("lai", password="a-long-password")
        client = Client()
        asked = client.get("/households/")
        assert asked["Location"] == "/accounts/login/?next=/households/"
        assert 'name="next" value="/households/"' in client.get(asked["Location"]).content.decode()

    @pytest.mark.django_db
    def test_nothing_is_reset_or_confirmed_by_mail(self):
        assert Client().post("/accounts/password/reset/", {"email": "a@example.org"})["Location"] == "/accounts/login/"
        assert signed_in(Role.COUNTY).get("/accounts/email/")["Location"] == "/accounts/login/"


class TestErrors:
    @pytest.mark.django_db
    def test_a_page_that_is_not_there_says_what_to_do(self):
        response = signed_in(Role.COUNTY).get("/nowhere/")
        assert response.status_code == 404
        assert "WEB-404" in response.content.decode()
        assert "怎么办" in response.content.decode()

    @pytest.mark.django_db
    def test_a_form_without_its_token_has_expired(self):
        client = Client(enforce_csrf_checks=True)
        response = client.post("/accounts/login/", {"login": "lai", "password": "a-long-password"})
        assert response.status_code == 403
        assert "WEB-401" in response.content.decode()

    def test_our_own_fault_is_shown_without_the_database(self):
        content = server_error(RequestFactory().get("/")).content.decode()
        assert "WEB-500" in content
        assert "系统出错了" in content

    def test_a_damaged_request_is_answered_without_the_database(self):
        assert "WEB-400" in bad_request(RequestFactory().get("/"), ValueError()).content.decode()

    @pytest.mark.django_db
    def test_pages_carry_the_policy_that_forbids_inline_code(self):
        policy = Client().get("/accounts/login/")["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
