"""One page of help per role, which names buttons as they are labelled. 演示数据"""

from pathlib import Path

import pytest
from django.utils import translation

import lika
from lika.accounts.choices import Role
from lika.console.role_help import help_of, labels_quoted
from tests.console.messages import in_app
from tests.console.officials import signed_in

PACKAGE = Path(lika.__file__).parent
APPS = sorted(path.parent for path in PACKAGE.glob("*/apps.py"))


def test_every_label_that_is_quoted_stands_on_a_page():
    """Somewhere in a template or in Python a label with this message id is shown (and so it is translated)."""
    labels = {message.text for app in APPS for message in in_app(app)}
    assert sorted(set(labels_quoted()) - labels) == []


def test_the_test_above_would_notice():
    assert "Press the wrong button" not in {message.text for app in APPS for message in in_app(app)}
    assert {"Import", "Verify now", "Give the grant"} <= set(labels_quoted())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_role_has_four_to_eight_tasks_in_each_language(role: Role, language: str):
    with translation.override(language):
        told = help_of(role)
    assert 4 <= len(told.tasks) <= 8
    assert all(len(task.steps) >= 3 for task in told.tasks)
    texts = [told.waits, told.ask, *told.may_not, *(step for task in told.tasks for step in task.steps)]
    assert all(texts)
    assert [text for text in texts if "[[" in text] == []
    plain = [text for text in texts if any("一" <= sign <= "鿿" for sign in text)]
    assert plain == (texts if language == "zh-hans" else [])


def test_a_label_is_shown_in_the_readers_language():
    step = help_of(Role.VILLAGE).tasks[1].steps[1]
    assert '<b class="label-quoted">上传并检查</b>' in step
    with translation.override("en"):
        assert '<b class="label-quoted">Upload and check</b>' in help_of(Role.VILLAGE).tasks[1].steps[1]


@pytest.mark.django_db
class TestPage:
    def test_the_help_page_leads_to_all_roles_ones_own_first(self):
        answer = signed_in(Role.AUDITOR).get("/help/")
        assert answer.context["roles"][0] is Role.AUDITOR
        assert set(answer.context["roles"]) == set(Role)
        assert all(f'href="/help/{role.value}/"' in answer.content.decode() for role in Role)

    def test_the_page_of_a_role_can_be_printed(self):
        page = signed_in(Role.VILLAGE).get("/help/township/").content.decode()
        assert f"<title>帮助：{Role.TOWNSHIP.label} · 立卡</title>" in page
        assert "data-print" in page
        assert "我不能做的事" in page

    def test_a_role_that_is_not_there(self):
        answer = signed_in(Role.VILLAGE).get("/help/nobody/")
        assert answer.status_code == 404
        assert "WEB-010" in answer.content.decode()
