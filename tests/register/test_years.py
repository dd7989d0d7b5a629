"""Yearly rows of those who move: who reads them, who writes them, and for which village they count. 演示数据"""

import datetime as dt

import pytest

from lika.core.errors import UserError
from lika.register import actions
from lika.register.actions import Period
from lika.register.models import Household, HouseholdYear, Person, PersonYear
from lika.register.queries import household_detail
from tests import factories as make

pytestmark = pytest.mark.django_db

LEFT = dt.date(2016, 6, 1)
YEAR = Period(2016, dt.date(2016, 1, 1), dt.date(2016, 12, 31))
BEFORE = Period(2015, dt.date(2015, 1, 1), dt.date(2015, 12, 31))


@pytest.fixture
def home() -> Household:
    home = make.make_household(number="A1")
    make.make_household_year(home, 2016)
    return home


@pytest.fixture
def gone(home: Household) -> Person:
    """Somebody who left the household in the middle of 2016."""
    return make.make_person(home, name="石远行", left_on=LEFT)


def values_shown(home: Household, person: Person, *area: str) -> str | None:
    view = household_detail(by=make.make_actor(*area), household=home.id)
    (member,) = [member for member in view.members if member.id == person.id]
    return None if member.year is None else member.year.values["out_of_school"]


def test_the_year_of_somebody_who_moved_away_is_shown_where_it_was_lived(home: Household, gone: Person) -> None:
    row = make.make_person_year(gone, 2016, village=make.ELSEWHERE, out_of_school="yes")
    assert values_shown(home, gone) is None
    assert values_shown(home, gone, make.COUNTY, make.ELSEWHERE) == "yes"
    PersonYear.objects.filter(pk=row.pk).update(village=int(make.VILLAGE))
    assert values_shown(home, gone) == "yes"


def test_the_year_of_somebody_who_moved_here_is_shown(home: Household) -> None:
    person = make.make_person(home, joined_on=LEFT)
    make.make_person_year(person, 2016, village=make.ELSEWHERE, out_of_school="no")
    assert values_shown(home, person) == "no"


def test_a_year_is_written_by_the_household_of_its_last_day(home: Household, gone: Person) -> None:
    record = {"by": make.make_actor(), "household": home.id, "person": gone.id, "values": {"out_of_school": "no"}}
    with pytest.raises(UserError) as refused:
        actions.record_person_year(**record, period=YEAR)
    assert (refused.value.code, PersonYear.objects.count()) == ("REG-036", 0)
    assert actions.record_person_year(**record, period=BEFORE).out_of_school == "no"
    later = make.make_person(home, joined_on=dt.date(2016, 1, 1))
    with pytest.raises(UserError) as refused:
        actions.record_person_year(**{**record, "person": later.id}, period=BEFORE)
    assert refused.value.code == "REG-036"


def test_a_year_that_another_county_wrote_is_not_changed(home: Household) -> None:
    head = home.memberships.get().person
    make.make_person_year(head, 2016, village=make.ELSEWHERE)
    HouseholdYear.objects.update(village=int(make.ELSEWHERE))
    write = {"household": home.id, "period": YEAR}
    person = {**write, "person": head.id, "values": {"out_of_school": "no"}}
    household = {**write, "values": {"safe_water": True}}
    for call, arguments in ((actions.record_person_year, person), (actions.record_household_year, household)):
        with pytest.raises(UserError) as refused:
            call(by=make.make_actor(), **arguments)
        assert refused.value.code == "ACC-002"
    both = make.make_actor(make.COUNTY, make.ELSEWHERE)
    assert actions.record_person_year(by=both, **person).out_of_school == "no"
    assert actions.record_household_year(by=both, **household).safe_water is True


def test_a_year_counts_for_the_village_of_its_last_day() -> None:
    home = make.make_household(since=LEFT)
    make.make_division(make.OTHER_VILLAGE)
    home.placements.create(division_id=make.OTHER_VILLAGE, village=int(make.OTHER_VILLAGE), ended_on=LEFT)
    write = {"by": make.make_actor(), "household": home.id, "values": {}}
    head = home.memberships.get().person
    assert [
        (actions.record_household_year(**write, period=period).village,
         actions.record_person_year(**write, person=head.id, period=period).village)
        for period in (BEFORE, YEAR)
    ] == [(int(make.OTHER_VILLAGE),) * 2, (int(make.VILLAGE),) * 2]  # fmt: skip
