"""Entering a demonstration by one click, and its guide of ten steps. 演示数据"""

import dataclasses
import re

import pytest
from django.test import Client

from lika.accounts.choices import PERMISSIONS, Role
from lika.accounts.models import User
from lika.casework.actions.notices import end_notice
from lika.casework.choices import CampaignKind
from lika.console import demonstration
from lika.demo import accounts, guide
from lika.register.models import Household
from tests import factories as make
from tests.casework.driving import act, loaded, posted, started, walk
from tests.casework.noticing import age
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db
ENTER = "/demonstration/enter/"
TEN = range(1, 11)


@pytest.fixture
def on_demonstration(settings):
    settings.LIKA = dataclasses.replace(settings.LIKA, demo=True)


@pytest.fixture
def county_office() -> User:
    """The demonstration's account of the county office, with the password that the sign-in page tells."""
    username = accounts.username_of(Role.COUNTY)
    return User.objects.create_user(username, password=accounts.PASSWORD)


def signed_in_user(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


class TestEntering:
    def test_five_people_stand_first_on_the_sign_in_page_of_a_demonstration(self, on_demonstration):
        first = [account.username for account in demonstration.accounts_to_try() if account.first]
        assert first == ["cunzhuangan", "xiangzhen", "xianban", "shengban", "disanfang"]
        page = Client().get("/accounts/login/").content.decode()
        before, after = page.split("<details>")
        assert [name for name in first if f'name="username" value="{name}"' in before] == first
        assert 'name="username" value="shenji"' in after
        assert re.search(r'<a class="[^"]+" href="/open/"><span>群众<small>', before)  # the sixth needs no account

    def test_nobody_is_offered_elsewhere(self):
        assert demonstration.accounts_to_try() == []
        assert "/demonstration/" not in Client().get("/accounts/login/").content.decode()

    def test_one_click_signs_in_and_begins_the_guide(self, on_demonstration, county_office):
        client = Client()
        answer = client.post(ENTER, {"username": county_office.username})
        assert (answer.status_code, answer["Location"]) == (302, "/demonstration/guide/1/")
        assert signed_in_user(client) == str(county_office.pk)

    def test_another_person_takes_the_place_at_the_step(self, on_demonstration, county_office):
        client = signed_in(Role.VILLAGE)
        answer = client.post(ENTER, {"username": county_office.username, "step": "10"})
        assert answer["Location"] == "/demonstration/guide/10/"
        assert signed_in_user(client) == str(county_office.pk)

    def test_elsewhere_the_server_refuses_a_request_made_by_hand(self, county_office):
        client = Client()
        answer = client.post(ENTER, {"username": county_office.username})
        assert (answer.status_code, "DEM-005" in answer.content.decode()) == (404, True)
        assert signed_in_user(client) is None

    def test_only_people_of_the_demonstration_are_entered(self, on_demonstration):
        User.objects.create_user("stranger", password=accounts.PASSWORD)
        client = Client()
        answer = client.post(ENTER, {"username": "stranger"})
        assert (answer.status_code, "DEM-007" in answer.content.decode()) == (404, True)
        assert signed_in_user(client) is None

    def test_a_password_that_was_changed_closes_the_short_way(self, on_demonstration, county_office):
        county_office.set_password("another-password-2016")
        county_office.save(update_fields=["password"])
        client = Client()
        assert client.post(ENTER, {"username": county_office.username}).status_code == 404
        assert signed_in_user(client) is None

    def test_a_locked_account_stays_locked(self, on_demonstration, county_office):
        User.objects.update(is_active=False)
        client = Client()
        client.post(ENTER, {"username": county_office.username})
        assert signed_in_user(client) is None


class TestGuide:
    def test_it_stands_above_the_pages_of_a_demonstration(self, on_demonstration):
        page = signed_in(Role.COUNTY).get("/help/").content.decode()
        assert "第1步，共10步" in page
        assert 'href="/demonstration/guide/2/"' in page

    def test_elsewhere_there_is_none(self):
        client = signed_in(Role.COUNTY)
        assert "/demonstration/" not in client.get("/help/").content.decode()
        assert [client.get(f"/demonstration/guide/{number}/").status_code for number in TEN] == [404] * 10

    def test_each_step_ends_on_its_screen(self, on_demonstration, tour_household):
        client = signed_in(Role.COUNTY)
        why = f"/households/{tour_household.pk}/"
        nothing = ["/"] * 3  # no case is in this register: the home page
        expected = ["/", why, "/", "/import/", "/import/", "/screenings/try/?criterion=income", *nothing, "/audit/"]
        found = [client.get(f"/demonstration/guide/{number}/")["Location"] for number in TEN]
        assert found == expected  # the third household is not in this register: the home page

    def test_the_steps_of_cases_end_on_a_batch_its_notice_and_a_file(self, on_demonstration, settings, tmp_path):
        settings.LIKA = dataclasses.replace(settings.LIKA, data_dir=tmp_path)
        pack = loaded("demo/cn-gansu-dangchang/2016")
        course = started(pack, CampaignKind.REDUCTION, accounts.TOUR_VILLAGE, year=2016, statuses=("21",))
        client = signed_in(Role.COUNTY)

        def ends_on() -> list[str]:
            return [client.get(f"/demonstration/guide/{number}/")["Location"] for number in (7, 8, 9)]

        batch = f"/casework/batches/{course.batch.pk}/"
        assert ends_on() == [batch, "/", "/"]
        while course.stage.id != "notice":
            act(course)
        notice = posted(course)
        assert ends_on() == [batch, f"{batch}notices/", "/"]
        assert f'href="/open/notices/{notice.pk}/"' in client.get(f"{batch}notices/").content.decode()
        age(notice, 40)
        end_notice(by=course.official(), batch=course.batch.pk)
        walk(course)
        assert ends_on() == [batch, "/", f"/casework/cases/{course.cases[0].pk}/file/"]

    def test_the_step_is_kept_until_the_next_and_when_folded(self, on_demonstration):
        client = signed_in(Role.COUNTY)
        client.get("/demonstration/guide/4/")
        assert "第4步，共10步" in client.get("/help/").content.decode()
        assert client.post("/demonstration/guide/dismiss/").status_code == 302
        folded = client.get("/help/").content.decode()
        assert "第4步" not in folded
        assert 'href="/demonstration/guide/4/"' in folded
        client.get("/demonstration/guide/4/")
        assert "第4步，共10步" in client.get("/help/").content.decode()

    def test_who_cannot_take_a_step_is_told_whom_to_enter_as(self, on_demonstration):
        client = signed_in(Role.EVALUATOR)
        assert client.get("/demonstration/guide/10/")["Location"] == "/"
        page = client.get("/help/").content.decode()
        assert (
            '<input type="hidden" name="username" value="xianban"><input type="hidden" name="step" value="10">' in page
        )
        assert "您的岗位不办这件事" in page

    def test_the_step_of_the_what_if_names_the_household_of_the_second(self, on_demonstration):
        client = signed_in(Role.COUNTY)
        client.get("/demonstration/guide/6/")
        number = next(one.number for one in guide.shown() if one.expect.get("income") == "not_met")
        assert f"户编号 <code>{number}</code>" in client.get("/help/").content.decode()
        without_names = signed_in(Role.PROVINCE)
        assert without_names.get("/demonstration/guide/6/")["Location"] == "/"

    def test_a_step_that_is_not_there(self, on_demonstration):
        answer = signed_in(Role.COUNTY).get("/demonstration/guide/11/")
        assert (answer.status_code, "DEM-006" in answer.content.decode()) == (404, True)

    def test_the_county_office_can_take_every_step(self):
        assert accounts.username_of(Role.COUNTY) == guide.COMMON
        assert {str(needed) for step in guide.STEPS for needed in step.needs} <= PERMISSIONS[Role.COUNTY]


@pytest.fixture
def tour_household() -> Household:
    """The household of the second step stands in the register; that of the third does not."""
    number = next(one.number for one in guide.shown() if one.expect.get("income") == "not_met")
    return make.make_household(number=number, members=2)


class TestWorkbooks:
    def test_they_are_handed_out_on_a_demonstration(self, on_demonstration, settings, tmp_path):
        settings.LIKA = dataclasses.replace(settings.LIKA, data_dir=tmp_path)
        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / "演示-有错误.xlsx").write_bytes(b"PK")
        client = signed_in(Role.COUNTY)
        assert client.get("/demonstration/workbooks/faulty.xlsx").content == b"PK"
        assert client.get("/demonstration/workbooks/corrected.xlsx").status_code == 404
        assert client.get("/demonstration/workbooks/other.xlsx").status_code == 404

    def test_not_elsewhere(self, settings, tmp_path):
        settings.LIKA = dataclasses.replace(settings.LIKA, data_dir=tmp_path)
        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / "演示-有错误.xlsx").write_bytes(b"PK")
        assert signed_in(Role.COUNTY).get("/demonstration/workbooks/faulty.xlsx").status_code == 404
