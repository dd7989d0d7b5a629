"""The demonstration county is what it says: real villages, invented people, facts that hang together."""

from collections import Counter

import pytest

from lika.demo.households import CHECKABLE, bears_out
from lika.demo.place import Place, draw_place, villages
from lika.demo.table import FIRST, read
from lika.register import identity

LAST = 2016


@pytest.fixture(scope="module")
def county() -> Place:
    return draw_place(households=2_500)


def test_villages_are_the_real_ones() -> None:
    listed = villages(read(FIRST), 25_000)
    assert (len(listed), len({village.township for village in listed})) == (342, 25)
    assert sum(village.households for village in listed) == 25_000
    assert {village.code: village.name for village in listed}["621223100215"] == "官鹅村"


def test_the_same_seed_gives_the_same_county(county: Place) -> None:
    assert draw_place(households=2_500) == county


def test_every_household_has_one_head_and_every_number_stands_once(county: Place) -> None:
    assert all(sum(member.relation == "01" for member in house.members) == 1 for house in county.houses)
    numbers = Counter(member.identity for house in county.houses for member in house.members if member.identity)
    assert max(numbers.values()) == 1
    assert len({house.number for house in county.houses}) == 2_520  # with the twenty of the tour


def test_identity_numbers_are_well_formed_and_belong_to_nobody(county: Place) -> None:
    """620000 is a province-level code: no card was ever issued under it."""
    for house in county.houses[:300]:
        for member in filter(lambda member: member.identity, house.members):
            checked = identity.check_identity(member.identity)
            assert isinstance(checked, identity.Identity)
            assert (checked.number[:6], checked.birth_date, checked.sex) == ("620000", member.birth, member.sex)


def test_causes_fit_the_facts_for_ninety_five_percent(county: Place) -> None:
    poor = [house for house in county.houses if house.years[LAST]["main_cause"]]

    def fits(house: object) -> bool:
        cause = house.years[LAST]["main_cause"]  # type: ignore[attr-defined]
        if cause in CHECKABLE:
            return bears_out(cause, house)  # type: ignore[arg-type]
        return cause not in ("07", "09") or any(m.is_able for m in house.members)  # type: ignore[attr-defined]

    share = sum(map(fits, poor)) / len(poor)
    assert 0.95 <= share < 1


def test_all_statuses_causes_and_unknowns_occur(county: Place) -> None:
    table = read("distributions")
    assert {house.status for house in county.houses} == set(table["statuses"])
    assert {house.years[LAST]["main_cause"] for house in county.houses} == {None, *table["causes"]}
    unknown = {name for house in county.houses for name, value in house.years[LAST].items() if value is None}
    assert {"safe_water", "debt_housing", "income_channels"} <= unknown


def test_every_household_has_the_three_years_and_money_in_cents(county: Place) -> None:
    assert {tuple(sorted(house.years)) for house in county.houses} == {(2014, 2015, 2016)}
    for house in county.houses:
        for year in house.years.values():
            money = [value for name, value in year.items() if name in ("wage", "operating", "expense_operating")]
            assert all(value >= 0 and value.as_tuple().exponent == -2 for value in money)


def test_who_has_exited_is_insured_against_serious_illness(county: Place) -> None:
    facts = {status: [] for status in ("20", "30")}
    for house in county.houses:
        facts.get(house.status, []).extend(member.facts for member in house.members)
    insured = {status: {each["major_illness_insurance"] for each in found} for status, found in facts.items()}
    assert insured == {"20": {True, False}, "30": {True}}
    assert {each["medical_resident"] for each in facts["30"]} == {True}


def test_nobody_has_wages_too_small_to_be_believed(county: Place) -> None:
    wages = [year["wage"] for house in county.houses for year in house.years.values()]
    assert {wage for wage in wages if 0 < wage < county.table["least_wage"]} == set()
    assert 0 in wages


def test_nobody_exits_in_the_year_of_identification(county: Place) -> None:
    exited = [house.base for house in county.houses if house.status == "30"]
    assert exited
    assert all(base["exit_year"] > base["identified_year"] for base in exited)


def test_the_county_form_adds_up_from_the_villages(county: Place) -> None:
    population = sum(row["rural_registered_population"] for row in county.village_years.values())
    assert county.county_year["rural_registered_population"] == population
    assert county.county_year["villages_total"] == 342
