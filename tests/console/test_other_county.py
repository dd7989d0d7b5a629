"""A household moves to a village of 武都区; only names are seen of the places to choose from. 演示数据"""

import pytest
from django.test import Client

from lika.accounts.choices import Role
from lika.register.models import Change, Household
from tests import factories as make
from tests.console.officials import signed_in
from tests.console.test_changes import WHY, form_of

pytestmark = pytest.mark.django_db
AWAY = "621202000000"


@pytest.fixture
def home() -> Household:
    return make.make_household(number="A1", head="石大", members=3, phone="13800001111")


@pytest.fixture
def village() -> Client:
    return signed_in(Role.VILLAGE)


@pytest.fixture
def township() -> Client:
    return signed_in(Role.TOWNSHIP)


@pytest.fixture
def there() -> Client:
    make.make_household(make.ELSEWHERE, number="E1", head="别户")
    return signed_in(Role.VILLAGE, make.ELSEWHERE)


def test_the_form_leads_down_to_any_county_by_names_alone(village, home, there):
    form = form_of(home, "move")
    page = village.get(form)
    assert [step.chosen for step in page.context["cascade"]] == ["620000000000", "621200000000", make.COUNTY]
    page = village.get(form, {"division": ["620000000000", "621200000000", AWAY]})
    villages = [code for _town, some in page.context["form"].fields["village"].choices[1:] for code, _name in some]
    assert (page.context["county"], villages) == (AWAY, [make.ELSEWHERE])
    assert "E1" not in page.content.decode()
    assert "别户" not in page.content.decode()
    above = village.get(form, {"division": ["620000000000", ""]})
    assert (above.context["county"], above.context["form"].fields["village"].choices) == ("", [("", "—")])


def test_it_belongs_to_the_old_side_until_it_is_taken_over(village, township, home, there):
    make.make_household_year(home, 2015, main_cause="01")
    given = WHY | {"village": make.ELSEWHERE}
    assert village.post(form_of(home, "move"), given).status_code == 422  # of the own county there is no such village
    form = f"{form_of(home, 'move')}?division={AWAY}"
    assert village.post(form, given).status_code == 302
    change = Change.objects.get()
    page, record = f"/changes/{change.id}/", f"/households/{home.id}/"
    assert there.post(f"{page}accept/").status_code == 422  # not checked yet
    township.post(f"{page}check/")
    assert [client.get(record).status_code for client in (village, there)] == [200, 404]
    assert village.post(f"{page}accept/").status_code == 403
    there.post(f"{page}accept/")
    home.refresh_from_db()
    assert home.village == int(make.ELSEWHERE)
    assert [client.get(record).status_code for client in (village, there)] == [404, 200]

    for client in (village, township):  # the old side keeps what is dated before
        told = client.get(f"{record}?as_of=2016-05-31").context["household"]
        assert (told.village, told.head, told.phone, [year.data_year for year in told.years], told.moved_away) == (
            int(make.VILLAGE), "石大", "", [2015], True,
        )  # fmt: skip
        assert f"{record}?as_of=2016-05-31" in client.get(page).content.decode()
    assert village.get(f"{record}?as_of=2016-06-01").status_code == 404
    assert signed_in(Role.VILLAGE, make.OTHER_VILLAGE).get(f"{record}?as_of=2016-05-31").status_code == 404
    assert f'"{record}' in there.get(page).content.decode()
