"""Trials by rules that somebody chose name nobody to who may not see what is told of persons. 演示数据"""

import pytest

from lika.accounts.choices import Role
from lika.core.actors import SystemActor
from lika.core.errors import PermissionRefused
from lika.core.permissions import Permission
from lika.policy.models import PackVersion
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import Household, Placement
from lika.snapshots import actions, queries
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.models import Screening
from lika.snapshots.operators import operator
from lika.snapshots.queries import singling
from lika.snapshots.queries.compared import Compared, KindCompared, compare_screenings
from lika.snapshots.queries.compared_units import units_moved
from lika.snapshots.queries.differences import Turn
from lika.snapshots.queries.effects import Confusion, Truth, costs, errors, units_in_error
from tests import factories as make
from tests.console.officials import official, signed_in
from tests.snapshots.conftest import Register
from tests.snapshots.test_commands import as_json, typed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def masked() -> SystemActor:
    """Who sees all of the county but what is told of persons."""
    return make.make_actor(make.COUNTY, permissions=set(Permission) - {Permission.REGISTER_PERSONAL})


def trial_of(base: Screening, **changes: dict[str, str]) -> Screening:
    """The trial of a scenario; without changes, of a line that the newcomer just misses."""
    by = make.make_actor(make.COUNTY)
    given = changes or {"parameters": {"line": "2736.11"}}
    kept = actions.save_scenario(by=by, base=base.pk, name="试", reason="看", **given)
    return actions.run_scenario(by=by, scenario=kept.pk)


@pytest.fixture
def trial(screened: Screening) -> Screening:
    return trial_of(screened)


def listed(by: SystemActor, found: Screening) -> dict[str, int | str]:
    """How many units of each criterion meet it, as a list tells it; the code where it refuses."""
    told: dict[str, int | str] = {}
    for item in found.criteria.order_by("position"):
        try:
            told[item.criterion] = queries.units_by_verdict(by, found, item.criterion, Result.MET).total
        except PermissionRefused as error:
            told[item.criterion] = error.code
    return told


OPEN = {"water": 2, "rising": 1, "industry": 2, "ecology": 1, "adult": 4, "few_poor": 1, "county_poor": 1}


def test_only_what_rests_on_the_changed_rule_names_nobody(screened: Screening, trial: Screening, masked: SystemActor):
    county = make.make_actor(make.COUNTY)
    assert listed(masked, screened) == listed(county, screened)
    of_the_line = {"income": 1, "exit": 1}
    by_county = listed(county, trial)
    assert {name: by_county[name] for name in of_the_line} == of_the_line
    assert listed(masked, trial) == by_county | {"income": "SCR-074", "exit": "SCR-074"}
    condition = queries.verdict_condition(masked, trial, "water", Result.MET)
    assert Household.objects.filter(condition).count() == by_county["water"]
    with pytest.raises(PermissionRefused) as refused:
        queries.verdict_condition(masked, trial, "income", Result.MET)
    assert refused.value.code == "SCR-074"


def test_where_the_pack_is_gone_the_page_opens_and_names_nobody(trial: Screening, masked: SystemActor):
    PackVersion.objects.all().delete()
    singling._chosen.cache_clear()  # another process asks, which has not met the pack
    assert {name: listed(masked, trial)[name] for name in ("water", "adult", "few_poor")} == {
        "water": "SCR-074",
        "adult": "SCR-074",
        "few_poor": 1,
    }
    county, prefecture = signed_in(Role.COUNTY), signed_in(Role.PREFECTURE)
    page = f"/screenings/{trial.pk}/?division={make.COUNTY}"
    assert [client.get(page).status_code for client in (county, prefecture)] == [200, 200]
    assert listed(make.make_actor(make.COUNTY), trial)["water"] == 2


def test_a_trial_of_a_trial_names_nobody_either(trial: Screening, masked: SystemActor):
    """It changes no rule of its own; the amount alone is new."""
    again = trial_of(trial, amounts={"exit": "500"})
    assert {name: listed(masked, again)[name] for name in ("income", "water", "exit")} == {
        "income": "SCR-074",
        "water": 2,
        "exit": "SCR-074",
    }


def test_a_changed_criterion_names_nobody_and_those_beside_it_do(screened: Screening, masked: SystemActor):
    changed = trial_of(screened, criteria={"water": "not safe_water"})
    assert {name: listed(masked, changed)[name] for name in ("income", "water", "exit")} == {
        "income": 2,
        "water": "SCR-074",
        "exit": "SCR-074",
    }


def test_why_leaves_out_what_would_answer_bit_by_bit(trial: Screening, register: Register, masked: SystemActor):
    asked = (trial, "household", register.rich.id)
    every = ["income", "water", "rising", "exit", "industry", "ecology"]
    county = make.make_actor(make.COUNTY)
    assert [each.criterion.criterion for each in queries.explain_unit(county, *asked).criteria] == every
    assert [each.criterion.criterion for each in queries.explain_unit(masked, *asked).criteria] == [
        name for name in every if name not in ("income", "exit")
    ]
    assert queries.explain_criterion(masked, trial, register.rich.id, "water").explanation.answer is True
    with pytest.raises(PermissionRefused) as refused:
        queries.explain_criterion(masked, trial, register.rich.id, "income")
    assert refused.value.code == "SCR-074"


def test_who_moves_is_counted_and_not_named(screened: Screening, trial: Screening, register: Register):
    income = trial.criteria.get(criterion="income")
    county, masked = make.make_actor(make.COUNTY), operator()
    moved = units_moved(county, screened, trial, income, int(make.COUNTY), enter=False)
    assert [unit.id for unit in moved.units] == [register.newcomer.id]
    for old, new in ((screened, trial), (trial, screened)):
        with pytest.raises(PermissionRefused) as refused:
            units_moved(masked, old, new, income, int(make.COUNTY), enter=False)
        assert refused.value.code == "SCR-074"
    asked = ("screen", "--diff", str(screened.pk), str(trial.pk))
    for user, named in (((), False), (("--user", official(Role.COUNTY).username), True)):
        told = as_json(*asked, "--json", *user)
        household = told["units"]["household"]
        assert household["criteria"] == {
            "income": [{"from": "met", "to": "not_met", "units": 1}],
            "exit": [{"from": "met", "to": "not_met", "units": 1}],
        }
        assert (told["not_listed"], [each["household"] for each in household["listed"]], household["differing"]) == (
            ([], [register.newcomer.number], 1) if named else (["income", "exit"], [], 1)
        )
    out, _err, _code = typed(*asked)
    assert "more; --units" not in out
    assert "Who changed by these is not listed, for that would tell what is personal: Income, Exit" in out.splitlines()


def test_a_truth_by_a_trial_names_nobody(screened: Screening, trial: Screening, masked: SystemActor):
    county = make.make_actor(make.COUNTY)
    other = trial_of(screened, criteria={"exit": "met('water')"})
    place = int(make.COUNTY)

    def missed(by: SystemActor, tried: Screening, criterion: str, truth: Screening) -> int | str:
        try:
            found = units_in_error(by, screened, tried, criterion, Truth(screening=truth), place, missed=True)
        except PermissionRefused as error:
            return error.code
        return found.total

    assert [missed(by, trial, "income", screened) for by in (county, masked)] == [1, "SCR-074"]
    assert [missed(by, other, "income", trial) for by in (county, masked)] == [0, "SCR-074"]
    assert [missed(by, other, "income", screened) for by in (county, masked)] == [0, 0]


def test_what_stood_out_of_sight_is_not_judged(screened: Screening, register: Register, pack: ResolvedPack):
    """The newcomer lived in the other village when the screening that is held to be true was run."""
    county, village = make.make_actor(make.COUNTY), make.make_actor(make.VILLAGE)
    Placement.objects.filter(household=register.newcomer.pk).update(village=int(make.VILLAGE))
    later = actions.take(by=county, at=make.AT, division=make.COUNTY)
    base = actions.screen(by=county, snapshot=later.pk, pack=pack)
    told = {
        name: errors(by, base, base, "income", Truth(screening=screened), int(make.VILLAGE))[0].base
        for name, by in (("county", county), ("village", village))
    }
    assert told == {
        "county": Confusion(right=2, rightly_out=1),
        "village": Confusion(right=1, rightly_out=1, unjudged=1),
    }


def test_pages_have_no_way_to_what_they_would_refuse(screened: Screening, trial: Screening):
    prefecture, county = signed_in(Role.PREFECTURE), signed_in(Role.COUNTY)
    asked = {"criterion": "exit", "division": make.COUNTY}
    found = {}
    for name, client in (("prefecture", prefecture), ("county", county)):
        page = client.get(f"/screenings/{trial.pk}/", {"division": make.COUNTY}).content.decode()
        found[name] = (
            "criterion=exit&amp;result=met" in page,
            "criterion=water&amp;result=met" in page,
            client.get(f"/screenings/{trial.pk}/units/", asked | {"result": "met"}).status_code,
        )
    assert found == {"prefecture": (False, True, 403), "county": (True, True, 200)}


TOWN, OTHER_VILLAGE = int(make.TOWNSHIP), int(make.OTHER_VILLAGE)
LEAVES = {Turn(Result.MET, Result.NOT_MET): 1}


def household(found: Compared) -> KindCompared:
    return next(kind for kind in found.kinds if kind.kind == UnitKind.HOUSEHOLD)


def test_moves_are_counted_down_to_townships(screened: Screening, trial: Screening, masked: SystemActor):
    """Of a village of one household the number would be the household's."""
    told = {}
    for name, by in (("county", make.make_actor(make.COUNTY)), ("masked", masked)):
        above, town, village = (
            household(compare_screenings(by, screened, trial, division=code))
            for code in (int(make.COUNTY), TOWN, OTHER_VILLAGE)
        )
        told[name] = (
            [(line.division, dict(line.turns)) for line in above.divisions],
            dict(town.own.turns),
            [(line.division, dict(line.turns)) for line in town.divisions],
            [item.criterion for item in town.only_above],
            dict(village.own.turns),
            village.units_differing,
        )
    both = {"income": LEAVES, "exit": LEAVES}
    assert told == {
        "county": ([(TOWN, both)], both, [(OTHER_VILLAGE, both)], [], both, 1),
        "masked": ([(TOWN, both)], both, [], ["income", "exit"], {}, 0),
    }
    asked = ("screen", "--diff", str(screened.pk), str(trial.pk), "--division", make.TOWNSHIP)
    out, _err, _code = typed(*asked)
    assert "  not told of villages, for that would tell what is personal: Income, Exit" in out.splitlines()


def test_counts_of_a_trial_are_told_down_to_townships(screened: Screening, trial: Screening, masked: SystemActor):
    def counted(by: SystemActor, found: Screening, code: int) -> dict[int, dict[str, tuple[int, int, int] | None]]:
        table = queries.rollup_table(by, found, "household", code)
        return {
            row.division: {
                item.criterion: counts and (counts.met, counts.not_met, counts.unknown)
                for item, counts in zip(table.criteria, row.counts, strict=True)
                if item.criterion in ("income", "water")
            }
            for row in (table.own, *table.rows)
        }

    county = make.make_actor(make.COUNTY)
    assert counted(county, trial, TOWN)[OTHER_VILLAGE] == {"income": (0, 1, 1), "water": (1, 0, 1)}
    assert counted(masked, trial, TOWN) == {
        TOWN: {"income": (1, 2, 1), "water": (2, 1, 1)},
        int(make.VILLAGE): {"income": None, "water": (1, 1, 0)},
        OTHER_VILLAGE: {"income": None, "water": (1, 0, 1)},
    }
    assert counted(masked, trial, OTHER_VILLAGE) == {OTHER_VILLAGE: {"income": None, "water": (1, 0, 1)}}
    assert counted(masked, screened, TOWN) == counted(county, screened, TOWN)


def test_errors_and_costs_are_told_down_to_townships(screened: Screening, trial: Screening, masked: SystemActor):
    county, amounts = make.make_actor(make.COUNTY), {"exit": "500", "water": "100"}
    told = {}
    for name, by in (("county", county), ("masked", masked)):
        _own, lines = errors(by, screened, trial, "exit", Truth("safe_water"), TOWN)
        costs_of = {
            code: {each.criterion.criterion: [line.division for line in each.lines] for each in found}
            for code in (TOWN, OTHER_VILLAGE)
            for found in [costs(by, screened, trial, amounts, code)]
        }
        told[name] = ([line.division for line in lines], costs_of)
    villages = [int(make.VILLAGE), OTHER_VILLAGE]
    assert told == {
        "county": (
            villages,
            {
                TOWN: {"exit": villages, "water": villages},
                OTHER_VILLAGE: {"exit": [OTHER_VILLAGE], "water": [OTHER_VILLAGE]},
            },
        ),
        "masked": ([], {TOWN: {"exit": [], "water": villages}, OTHER_VILLAGE: {"water": [OTHER_VILLAGE]}}),
    }
    for truth in (Truth("safe_water"), Truth(screening=screened)):
        with pytest.raises(PermissionRefused) as refused:
            errors(masked, screened, trial, "exit", truth, OTHER_VILLAGE)
        assert refused.value.code == "SCR-080"
    assert errors(county, screened, trial, "exit", Truth("safe_water"), OTHER_VILLAGE)[0].trial.missed == 1
