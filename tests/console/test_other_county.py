"""A household moves to a village of 武都区; only names are seen of the places to choose from. 演示数据"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from lika.accounts.choices import Role
from lika.core import audit
from lika.core.models import AuditEntry
from lika.register.models import Change, Household
from lika.register.queries import household_traces
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
    assert re.search(r"\bE1\b", page.content.decode()) is None  # not a piece of the form's token
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


def test_once_it_holds_the_move_stands_in_the_chains_of_both_counties(village, township, home, there):
    """What was proposed and checked is the matter of the old county; undoing it tells both again."""
    village.post(f"{form_of(home, 'move')}?division={AWAY}", WHY | {"village": make.ELSEWHERE})
    page = f"/changes/{Change.objects.get().id}/"
    township.post(f"{page}check/")
    there.post(f"{page}accept/")
    told = [(entry.county, entry.action, audit.told(entry)) for entry in about(home)]
    (applied,) = {canonical for _county, action, canonical in texts(told) if action == "change.applied"}
    assert [(county, action) for county, action, _values in told] == [
        (621223, "change.proposed"), (621223, "change.checked"), (621202, "change.applied"),
        (621223, "change.applied"),
    ]  # fmt: skip
    assert make.ELSEWHERE in applied
    traces = household_traces(by=make.make_actor(make.ELSEWHERE), household=home.id)
    assert [trace.action for trace in traces].count("change.applied") == 1
    there.post(f"{page}undo/", {"reason": "登记有误"})
    back = Change.objects.get(kind="undo")
    signed_in(Role.TOWNSHIP, "621202100000").post(f"/changes/{back.id}/check/")
    village.post(f"/changes/{back.id}/accept/")
    assert sorted(about(home).filter(action="change.applied").values_list("county", flat=True)) == [
        *[621202] * 2, *[621223] * 2,
    ]  # fmt: skip


def test_a_move_inside_a_county_stands_in_one_chain(village, township, home):
    make.make_household(make.OTHER_VILLAGE, number="B1", head="邻户")
    village.post(form_of(home, "move"), WHY | {"village": make.OTHER_VILLAGE})
    page = f"/changes/{Change.objects.get().id}/"
    township.post(f"{page}check/")
    signed_in(Role.VILLAGE, make.OTHER_VILLAGE).post(f"{page}accept/")
    assert list(about(home).filter(action="change.applied").values_list("county", flat=True)) == [621223]


def about(home: Household) -> QuerySet[AuditEntry]:
    """What the audit tells of the household's changes."""
    return AuditEntry.objects.filter(subject_id=str(home.id), action__startswith="change.").order_by(
        "at", "action", "county"
    )


def texts(told: Iterable[tuple[int, str, tuple[Any, Any]]]) -> Iterator[tuple[int, str, str]]:
    """The values of entries as one text each."""
    for county, action, (old, new) in told:
        yield county, action, audit.canonical({"old": old, "new": new})
