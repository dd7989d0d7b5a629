"""From a number to the list behind it, within the actor's scope; why; and what lists of other apps can ask. 演示数据"""

import datetime as dt
from uuid import uuid4

import pytest

from lika.accounts.choices import Role
from lika.accounts.queries import UserActor, actor_of
from lika.core.actors import SystemActor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import Household
from lika.snapshots import actions, queries
from lika.snapshots.choices import Result
from lika.snapshots.models import Screening, Snapshot
from lika.snapshots.queries.explaining import WITHHELD
from tests import factories as make
from tests.console.officials import official
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)


def screener(household: Household) -> UserActor:
    """A department of another county to which one household is granted: it sees screenings, so here too."""
    return actor_of(official(Role.DEPARTMENT, "621202000000", households=[household]))


@pytest.fixture
def earlier(screened: Screening, taken: Snapshot, pack: ResolvedPack, actor: SystemActor) -> Screening:
    """The same screening, but no longer current: its lists come from files."""
    actions.screen(by=actor, snapshot=taken.pk, pack=pack)
    return screened


@pytest.fixture(params=["current", "earlier"])
def either(request: pytest.FixtureRequest) -> Screening:
    """A current screening, read from the database, and an earlier one, read from its files."""
    return request.getfixturevalue("screened" if request.param == "current" else "earlier")


def test_every_number_opens_a_list_of_that_many(either: Screening, actor: SystemActor):
    assert queries.is_current_everywhere(either, "household") is (either == queries.current_screening(621223))
    checked = 0
    for unit in ("household", "person", "village", "county"):
        for division in (int(make.COUNTY), int(make.TOWNSHIP)):
            if unit == "county" and division != int(make.COUNTY):
                continue
            table = queries.rollup_table(actor, either, unit, division)
            for row in (table.own, *table.rows):
                for item, counts in zip(table.criteria, row.counts, strict=True):
                    for result in Result:
                        number = 0 if counts is None else getattr(counts, result.value)
                        page = queries.units_by_verdict(actor, either, item.criterion, result, division=row.code)
                        assert (page.total, len(page.units)) == (number, number)
                        checked += 1
    assert checked > 100


def test_units_come_in_pages_sorted_by_place(either: Screening, actor: SystemActor):
    pages = [queries.units_by_verdict(actor, either, "adult", Result.MET, page=n, size=3) for n in (1, 2, 3, 4)]
    assert [(page.total, len(page.units), page.pages) for page in pages] == [(7, 3, 3), (7, 3, 3), (7, 1, 3), (7, 0, 3)]
    units = [unit for page in pages for unit in page.units]
    assert units == sorted(set(units), key=lambda unit: (unit.village, unit.id.bytes))


def test_a_condition_for_lists_of_households(either: Screening, register: Register, actor: SystemActor):
    def households(result: Result, division: str | None = None) -> set[object]:
        condition = queries.verdict_condition(actor, either, "income", result, division)
        return set(Household.objects.filter(condition).values_list("id", flat=True))

    assert households(Result.MET) == {register.rich.id, register.newcomer.id}
    assert households(Result.NOT_MET) == {register.dry.id}
    assert households(Result.UNKNOWN) == {register.unknown.id}
    assert households(Result.MET, make.VILLAGE) == {register.rich.id}


def test_a_household_counts_where_it_stood(either: Screening, register: Register, actor: SystemActor):
    """It has moved to another county since: the list still equals the number."""
    Household.objects.filter(id=register.rich.id).update(village=int(make.ELSEWHERE))
    condition = queries.verdict_condition(actor, either, "income", Result.MET, make.VILLAGE)
    assert Household.objects.filter(condition).count() == 1


def test_lists_stay_in_the_scope_of_the_actor(either: Screening, register: Register):
    def seen(by: object) -> set[object]:
        found = set()
        for result in Result:
            page = queries.units_by_verdict(by, either, "income", result)
            found |= {unit.id for unit in page.units}
            condition = queries.verdict_condition(by, either, "income", result)
            assert set(Household.objects.filter(condition).values_list("id", flat=True)) <= found
        return found

    assert seen(make.make_actor(make.VILLAGE)) == {register.rich.id, register.dry.id}
    assert seen(make.make_actor("621202")) == set()
    assert seen(screener(register.unknown)) == {register.unknown.id}
    helper = actor_of(official(Role.HELPER, households=[register.unknown]))
    assert seen(helper) == set()  # a helper sees the household, and no result of a screening


def test_results_of_some_households(screened: Screening, register: Register, actor: SystemActor):
    wanted = [register.rich.id, register.dry.id, register.unknown.id, register.elsewhere.id]
    assert queries.results_of(actor, screened, "exit", wanted) == {
        register.rich.id: Result.MET,
        register.dry.id: Result.NOT_MET,
        register.unknown.id: Result.UNKNOWN,
    }


def test_all_verdicts_of_one_household(screened: Screening, register: Register, actor: SystemActor):
    (found,) = queries.verdicts_of(actor, "household", register.dry.id, int(make.VILLAGE))
    assert [(item.criterion, result) for item, result in found.results] == [
        ("income", Result.NOT_MET),
        ("water", Result.NOT_MET),
        ("rising", Result.UNKNOWN),
        ("exit", Result.NOT_MET),
        ("industry", Result.MET),
        ("ecology", Result.UNKNOWN),
    ]
    outside = make.make_actor(make.OTHER_VILLAGE)
    assert queries.verdicts_of(outside, "household", register.dry.id, int(make.VILLAGE)) == []
    granted = screener(register.dry)
    assert len(queries.verdicts_of(granted, "household", register.dry.id, int(make.VILLAGE))) == 1
    helper = actor_of(official(Role.HELPER, households=[register.dry]))
    assert queries.verdicts_of(helper, "household", register.dry.id, int(make.VILLAGE)) == []


def test_counts_and_roots_by_area(screened: Screening, actor: SystemActor):
    assert queries.counts_by_division(actor, screened, "income", 5) == {
        int(make.VILLAGE): queries.Counts(1, 1, 0),
        int(make.OTHER_VILLAGE): queries.Counts(1, 0, 1),
    }
    village = make.make_actor(make.VILLAGE)
    assert queries.counts_by_division(village, screened, "income", 5) == {int(make.VILLAGE): queries.Counts(1, 1, 0)}
    assert queries.counts_by_division(village, screened, "income", 3) == {}
    assert queries.roots(actor, screened) == [int(make.COUNTY)]
    assert queries.roots(village, screened) == [int(make.VILLAGE)]
    assert queries.roots(make.make_actor("621202"), screened) == []
    assert [row.households for row in queries.overlaps(actor, screened)] == [1, 1]
    assert queries.overlaps(village, screened) == []


def test_a_table_outside_the_area_is_not_there(screened: Screening):
    with pytest.raises(NotFound, match="SCR-021"):
        queries.rollup_table(make.make_actor(make.VILLAGE), screened, "household", int(make.COUNTY))
    with pytest.raises(NotFound, match="SCR-020"):
        queries.get_screening(make.make_actor("621202"), screened.pk)
    with pytest.raises(NotFound, match="SCR-022"):
        queries.units_by_verdict(make.make_actor(), screened, 'x"; --', Result.MET)


def test_why_says_the_values_to_those_who_may_see_them(screened: Screening, register: Register, actor: SystemActor):
    found = queries.explain_criterion(actor, screened, register.dry.id, "income")
    assert found.explanation.answer is False
    assert "2,736.10" in found.explanation.words.zh
    every = queries.explain_unit(actor, screened, "household", register.dry.id, near=int(make.VILLAGE)).criteria
    assert [each.explanation.answer for each in every] == [False, False, None, False, True, None]


def test_why_without_the_right_to_personal_facts(screened: Screening, register: Register):
    province = make.make_actor("62", permissions={Permission.REGISTER_VIEW, Permission.SCREENING_VIEW})
    for each in queries.explain_unit(province, screened, "household", register.rich.id).criteria:
        for part in each.explanation.walk():
            texts = [part.words.zh, part.words.en, part.value.zh, *(fact.value.zh for fact in part.facts)]
            assert not any("9,000" in text or "8,000" in text for text in texts)
    income = queries.explain_criterion(province, screened, register.rich.id, "income").explanation
    assert income.answer is True
    assert [fact.value for fact in income.facts] == [WITHHELD]
    village = queries.explain_criterion(province, screened, int(make.VILLAGE), "few_poor").explanation
    assert village.answer is True
    assert [part.rows for part in village.walk()] == [None] * len(list(village.walk()))


def test_why_of_a_division_and_of_a_person(screened: Screening, register: Register, actor: SystemActor):
    village = queries.explain_criterion(actor, screened, int(make.VILLAGE), "few_poor").explanation
    assert village.answer is True
    county = queries.explain_criterion(actor, screened, int(make.COUNTY), "county_poor").explanation
    assert county.answer is False
    head = register.rich.memberships.get(relation="01").person_id
    assert queries.explain_criterion(actor, screened, head, "adult").explanation.answer is True


def test_why_is_told_of_what_is_in_scope_only(screened: Screening, register: Register):
    other = make.make_actor(make.OTHER_VILLAGE)
    granted = screener(register.dry)
    helper = actor_of(official(Role.HELPER, households=[register.dry]))
    assert queries.explain_criterion(granted, screened, register.dry.id, "water").explanation.answer is False
    for by, unit, criterion in (
        (other, register.dry.id, "income"),
        (other, int(make.VILLAGE), "few_poor"),
        (granted, register.rich.id, "income"),
        (helper, register.dry.id, "water"),
        (make.make_actor(), uuid4(), "income"),
        (make.make_actor(), 621202000000, "county_poor"),
        (make.make_actor(), int(make.TOWNSHIP), "few_poor"),
        (make.make_actor(), int(make.VILLAGE) + 1, "few_poor"),
    ):
        with pytest.raises(UserError) as refused:
            queries.explain_criterion(by, screened, unit, criterion)
        assert refused.value.code == "SCR-023"


def test_why_is_of_the_snapshot_not_of_today(screened: Screening, register: Register, actor: SystemActor):
    register.dry.years.update(wage=99999, safe_water=True)
    register.dry.placements.update(ended_on=dt.date(2017, 1, 1))
    assert queries.explain_criterion(actor, screened, register.dry.id, "exit").explanation.answer is False
