"""Scenarios: a pack changed and tried, who enters and leaves, what it costs, and whom it misses. 演示数据"""

from fractions import Fraction

import pytest

from lika.accounts.choices import Role
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import actions
from lika.snapshots.models import Scenario, Screening
from lika.snapshots.operators import operator
from lika.snapshots.queries import is_current_everywhere
from lika.snapshots.queries.effects import Confusion
from lika.snapshots.queries.screenings import same_pack
from lika.snapshots.verifying import latest_screening, verify
from tests import factories as make
from tests.console.officials import official
from tests.snapshots.conftest import Register
from tests.snapshots.test_commands import as_json, typed

pytestmark = pytest.mark.django_db(transaction=True)

AMOUNTS = ("--amount", "exit=param.line", "--amount", "industry=500 * members")
WHY = ("--name", "严一分", "--reason", "看谁会留下")


def tried(base: Screening, *more: str) -> dict[str, object]:
    return as_json("scenario", "try", "--base", str(base.pk), *WHY, "--json", *more)


def refused(base: Screening, *more: str, name: str = "试") -> UserError:
    with pytest.raises(UserError) as found:
        typed("scenario", "try", "--base", str(base.pk), "--name", name, "--reason", "看看", *more)
    return found.value


def test_rates_are_those_of_the_reference_case():
    """METHODS §4, T1: TP 140, FP 80, FN 60, TN 720."""
    case = Confusion(right=140, wrongly_in=80, missed=60, rightly_out=720, unjudged=5)
    assert (case.exclusion, case.inclusion, case.inclusion_of_others, case.false_omission, case.coverage) == (
        Fraction(3, 10),
        Fraction(4, 11),
        Fraction(1, 10),
        Fraction(1, 13),
        Fraction(11, 50),
    )
    assert Confusion().exclusion is None
    assert Confusion(wrongly_in=1).exclusion is None


def test_a_parameter_changed_shows_who_leaves_and_what_it_costs(screened: Screening, register: Register):
    found = tried(
        screened, "--set", "line=2736.11", "--amount", "exit=param.line", "--amount", "industry=500 * members"
    )
    assert found["diff"]["rules"] == [{"label": "Line", "old": "2,736.10 yuan", "new": "2,736.11 yuan"}]
    household = found["diff"]["units"]["household"]
    assert household["criteria"] == {
        "income": [{"from": "met", "to": "not_met", "units": 1}],
        "exit": [{"from": "met", "to": "not_met", "units": 1}],
    }
    # The operator is not told who: what the line is was chosen, and tells of each what they have.
    assert (found["diff"]["not_listed"], household["listed"]) == (["income", "exit"], [])
    # Two households at 2,736.10 yuan, then one at 2,736.11.
    costs = {each["criterion"]: each["own"] for each in found["costs"]}
    assert costs == {
        "exit": {
            "division": "621223000000",
            "base": {"units": 2, "unknown": 0, "amount": "5472.20"},
            "scenario": {"units": 1, "unknown": 0, "amount": "2736.11"},
            "difference": "-2736.09",
        },
        "industry": {
            "division": "621223000000",
            "base": {"units": 2, "unknown": 0, "amount": None},
            "scenario": {"units": 2, "unknown": 0, "amount": None},
            "difference": None,
        },
    }
    saved = Scenario.objects.get()
    # Of how many persons a household is, is personal: two sums together could tell it of one household.
    office = as_json("scenario", "show", str(saved.pk), "--user", official(Role.COUNTY).username, "--json")
    listed = office["diff"]["units"]["household"]["listed"]
    assert [each["household"] for each in listed] == [register.newcomer.number]
    (industry,) = [each["own"] for each in office["costs"] if each["criterion"] == "industry"]
    assert (industry["base"]["amount"], industry["scenario"]["amount"], industry["difference"]) == ("2000", "2000", "0")
    assert (saved.name, saved.reason, saved.written_by) == ("严一分", "看谁会留下", "system:command")
    trial = saved.runs.get()
    assert (trial.what_if, is_current_everywhere(trial, "household"), trial.pack) == (True, False, "test/exit@1")
    assert is_current_everywhere(screened, "household")
    assert list(AuditEntry.objects.filter(action__startswith="scenario.").values_list("action", "reason")) == [
        ("scenario.save", "看谁会留下")
    ]


def test_errors_are_held_against_a_condition(screened: Screening):
    found = tried(screened, "--set", "line=2736.11", "--truth", "safe_water")["errors"]
    rates = ("exclusion_error_of_those_who_ought", "inclusion_error_of_those_in")
    base, trial = found["own"]["base"], found["own"]["scenario"]
    # With safe water: the rich one and the newcomer. Of the household of unknown income nothing can be said.
    assert [base[name] for name in ("right", "wrongly_in", "missed", "rightly_out", "unjudged")] == [2, 0, 0, 1, 1]
    assert [base[name] for name in rates] == ["0.00%", "0.00%"]
    assert [trial[name] for name in ("right", "wrongly_in", "missed", "rightly_out", "unjudged")] == [1, 0, 1, 1, 1]
    assert [trial[name] for name in rates] == ["50.00%", "0.00%"]


def test_errors_are_held_against_another_screening(screened: Screening):
    found = tried(screened, "--set", "line=2736.11", "--true-by", str(screened.pk), "--of", "income")["errors"]
    shown = {
        side: [found["own"][side][name] for name in ("right", "wrongly_in", "missed")] for side in ("base", "scenario")
    }
    assert (found["criterion"], shown) == ("income", {"base": [2, 0, 0], "scenario": [1, 0, 1]})


def test_a_criterion_changed_is_screened_and_verified_as_changed(screened: Screening):
    user = ("--user", official(Role.COUNTY).username)
    found = tried(screened, "--criterion", "exit=not met('water')", *user)
    assert found["diff"]["rules"] == [
        {"label": "Exit", "old": "met('income') and met('water')", "new": "not met('water')"}
    ]
    assert found["diff"]["units"]["household"]["criteria"] == {
        "exit": [{"from": "met", "to": "not_met", "units": 2}, {"from": "not_met", "to": "met", "units": 1}]
    }
    trial = Scenario.objects.get().runs.select_related("snapshot").get()
    pack = same_pack(trial.pack, trial.pack_sha256)
    assert pack.criterion("exit").expression == "not met('water')"
    assert (
        same_pack(screened.pack, screened.pack_sha256).criterion("exit").expression == "met('income') and met('water')"
    )
    assert verify(latest_screening(trial.snapshot, pack, what_if=True)).same
    shown = as_json("scenario", "show", str(Scenario.objects.get().pk), "--json", *user)
    assert shown == found
    again = as_json("scenario", "run", str(Scenario.objects.get().pk), "--json", *user)
    assert again["diff"]["new"]["digest"] == trial.digest


def test_a_criterion_that_reads_what_is_personal_is_for_those_who_see_it(screened: Screening):
    """An expression of one's own choosing would tell of each household listed what it asks, bit by bit."""
    changes = {"exit": "met('income')"}
    masked = make.make_actor(make.COUNTY, permissions=set(Permission) - {Permission.REGISTER_PERSONAL})
    for by in (masked, operator()):
        with pytest.raises(PermissionRefused) as found:
            actions.save_scenario(by=by, base=screened.pk, name="试", reason="看", criteria=changes)
        assert found.value.code == "SCR-070"
    assert Scenario.objects.count() == 0
    actions.save_scenario(
        by=masked, base=screened.pk, name="试", reason="看", criteria={"few_poor": "rural_registered_population > 1"}
    )
    actions.save_scenario(by=make.make_actor(make.COUNTY), base=screened.pk, name="试", reason="看", criteria=changes)
    assert Scenario.objects.count() == 2


def test_a_trial_starts_from_a_trial_without_changing_a_rule(screened: Screening):
    """Two scenarios then have packs of one content: the first of them is the one whose base is another pack."""
    tried(screened, "--set", "line=2736.11")
    first = Scenario.objects.get()
    trial = first.runs.get()
    found = tried(trial, "--amount", "exit=500")
    second = Scenario.objects.exclude(pk=first.pk).get()
    assert (found["diff"]["alike"], second.pack_sha256 == first.pack_sha256) == (True, True)
    assert same_pack(trial.pack, trial.pack_sha256).sha256 == first.pack_sha256
    assert as_json("scenario", "show", str(first.pk), "--json")["diff"]["rules"] == [
        {"label": "Line", "old": "2,736.10 yuan", "new": "2,736.11 yuan"}
    ]


def test_what_does_not_hold_is_refused_and_nothing_is_kept(screened: Screening):
    assert refused(screened).code == "SCR-061"
    assert refused(screened, "--set", "line=1", name=" ").code == "SCR-060"
    assert refused(screened, "--set", "lines=1").code == "POL-120"
    assert refused(screened, "--set", "line=a").code == "POL-121"
    assert refused(screened, "--set", "line=1.001").code == "POL-121"
    assert refused(screened, "--criterion", "leave=true").code == "POL-123"
    assert refused(screened, "--amount", "leave=1").code == "POL-123"
    assert refused(screened, "--amount", "exit=safe_water").code == "SCR-062"
    fault = refused(screened, "--criterion", "exit=met('income') and safe_watre")
    assert (fault.code, fault.where) == ("ENG-020", {"line": 1, "column": 19, "criterion": "exit"})
    assert Scenario.objects.count() == 0


def test_what_is_asked_of_a_scenario_is_refused_where_it_does_not_hold(screened: Screening, pack: ResolvedPack):
    small = actions.take(by=make.make_actor(make.COUNTY), at=make.AT, division=make.VILLAGE)
    village = actions.screen(by=make.make_actor(make.COUNTY), snapshot=small.pk, pack=pack)
    tried(screened, "--set", "line=2736.11")
    scenario = str(Scenario.objects.get().pk)
    for code, words in (
        ("SCR-063", ("show", "1")),
        ("SCR-063", ("show", str(screened.pk))),
        ("SCR-065", ("show", scenario, "--truth", "members")),
        ("SCR-022", ("show", scenario, "--truth", "safe_water", "--of", "none")),
        ("SCR-020", ("show", scenario, "--true-by", "1")),
        ("SCR-050", ("show", scenario, "--true-by", str(village.pk))),
    ):
        with pytest.raises(UserError) as found:
            typed("scenario", *words)
        assert found.value.code == code


def test_whoever_may_not_screen_saves_none(screened: Screening):
    viewer = make.make_actor(make.COUNTY, permissions=(Permission.SCREENING_VIEW,))
    neighbour = make.make_actor(make.OTHER_VILLAGE)
    for actor in (viewer, neighbour):
        with pytest.raises(PermissionRefused):
            actions.save_scenario(by=actor, base=screened.pk, name="试", reason="看", parameters={"line": "1"})
    outsider = make.make_actor("450000")
    with pytest.raises(NotFound):
        actions.save_scenario(by=outsider, base=screened.pk, name="试", reason="看", parameters={"line": "1"})
    assert Scenario.objects.count() == 0


def test_the_text_tells_the_same(screened: Screening):
    out, err, code = typed(
        "scenario", "try", "--base", str(screened.pk), *WHY, "--set", "line=2736.11", "--amount", "exit=1000",
        "--truth", "safe_water",
    )  # fmt: skip
    lines = out.splitlines()
    assert (err, code) == ("", 0)
    assert "Reason: 看谁会留下" in lines
    assert "  Parameter line = 2736.11" in lines
    assert "Rule: Line: 2,736.10 yuan → 2,736.11 yuan" in lines
    assert "Cost by Exit, each 1000" in lines
    assert any(line.endswith("2,000 → 1,000 (-1,000)") for line in lines)
    listed, _err, _code = typed("scenario", "list")
    assert listed.splitlines()[0].startswith("Scenario 严一分, by system:command, ")
