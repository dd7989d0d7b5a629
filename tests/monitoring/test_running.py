"""A run over a snapshot: what it counts, which faults it opens, keeps and closes."""

from decimal import Decimal

import pytest

from lika.core.errors import NotFound, UserError
from lika.monitoring import actions
from lika.monitoring.models import QualityCount, QualityFault
from lika.monitoring.queries import faults, runs
from lika.policy.choices import Dimension
from lika.register.models import Household, HouseholdYear
from lika.snapshots import actions as snapshots
from tests import factories as make
from tests.monitoring.conftest import Check

NOT_ASKED = ("completeness", "timeliness")  # the small register leaves most of a form empty


def found() -> dict[tuple[str, str], str]:
    """State by rule and village, of what is neither about gaps nor about being late."""
    rows = QualityFault.objects.exclude(dimension__in=NOT_ASKED)
    return {(row.rule, f"{row.village:012d}"): row.state for row in rows}


def test_each_fault_is_found_once_and_again_stays_the_same(check: Check, home: Household) -> None:
    first = check()
    expected = {
        ("dibao_plausible", make.VILLAGE): "open",
        ("dibao_is_listed", make.VILLAGE): "open",
        ("insured_once", make.VILLAGE): "open",
        ("one_head", make.OTHER_VILLAGE): "open",
    }
    assert found() == expected
    assert QualityFault.objects.get(rule="insured_once").household_id == home.id
    ids = set(QualityFault.objects.values_list("pk", flat=True))
    second = check()
    assert found() == expected
    assert set(QualityFault.objects.values_list("pk", flat=True)) == ids
    assert (first.digest, first.faults) == (second.digest, second.faults)
    assert set(QualityFault.objects.values_list("first_run", "last_run")) == {(first.pk, second.pk)}


def test_counts_add_up_at_every_level_and_tell_what_could_not_be_judged(check: Check) -> None:
    run = check()
    rows = QualityCount.objects.filter(run=run, rule="dibao_is_listed")
    assert {(f"{row.division:012d}", row.sound, row.faulty, row.unknown) for row in rows} == {
        (make.COUNTY, 1, 1, 0),
        (make.TOWNSHIP, 1, 1, 0),
        (make.VILLAGE, 0, 1, 0),
    }
    insured = QualityCount.objects.get(run=run, rule="insured_once", level=3)
    assert (insured.sound, insured.faulty, insured.unknown) == (0, 1, 2)


def test_a_fault_is_over_only_when_a_run_finds_it_gone(check: Check, actor, home: Household) -> None:
    check()
    dibao = QualityFault.objects.get(rule="dibao_plausible")
    actions.fix(by=actor, fault=dibao.pk)
    check()
    assert found()["dibao_plausible", make.VILLAGE] == "open"
    HouseholdYear.objects.filter(household=home).update(transfer_dibao=Decimal(200))
    check()
    assert found()["dibao_plausible", make.VILLAGE] == "rechecked"
    assert found()["dibao_is_listed", make.VILLAGE] == "open"
    HouseholdYear.objects.filter(household=home).update(transfer_dibao=Decimal(199))
    check()
    assert found()["dibao_plausible", make.VILLAGE] == "open"


def test_an_older_snapshot_opens_nothing_again(check: Check, actor) -> None:
    older = snapshots.take(by=actor, at=make.AT, division=make.COUNTY)
    check()
    with pytest.raises(UserError) as raised:
        actions.run_quality(by=actor, snapshot=older.pk)
    assert raised.value.code == "QUA-001"


def test_rates_by_dimension_and_below_and_from_run_to_run(check: Check, actor) -> None:
    run = check()
    county = int(make.COUNTY)
    assert runs.root_of(actor, run, "") == county
    rows = runs.by_rule(run, county)
    consistency = next(rate for rate in runs.by_dimension(rows) if rate.key == Dimension.CONSISTENCY)
    own = [rate for row, rate in rows if row.dimension == Dimension.CONSISTENCY]
    assert (consistency.sound, consistency.faulty) == (sum(r.sound for r in own), sum(r.faulty for r in own))
    assert sum(runs.below(run, int(make.TOWNSHIP), 4).values()) == run.faults
    again = check()
    assert [each.pk for each, _rate in runs.trend(actor, again, county, 12)] == [run.pk, again.pk]
    assert [rate.faulty for _run, rate in runs.trend(actor, again, county, 12)] == [run.faults, again.faults]


def test_nobody_sees_beyond_their_area(check: Check) -> None:
    run = check()
    stranger = make.make_actor("531102", name="stranger")
    assert runs.latest(stranger) is None
    assert list(faults.visible(stranger)) == []
    with pytest.raises(NotFound) as raised:
        runs.root_of(stranger, run, "")
    assert raised.value.code == "QUA-020"
    village = make.make_actor(make.VILLAGE, name="village")
    assert {row.village for row in faults.visible(village)} == {int(make.VILLAGE)}
    assert runs.root_of(village, run, "") == int(make.VILLAGE)
