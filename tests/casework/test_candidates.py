"""Candidates: from a screening, an application, a signal; what is pinned, what changed, screened again. 演示数据"""

import datetime as dt
from dataclasses import astuple

import pytest
from django.utils.translation import override

from lika.casework.actions import candidates as actions
from lika.casework.actions import cases
from lika.casework.actions.guarding_records import refuse_stale
from lika.casework.actions.screening_again import rescreen
from lika.casework.choices import ApplicationWay, CampaignKind, Duty, Origin, SignalKind
from lika.casework.models import Application, Campaign, Case, Signal, Step
from lika.casework.queries import candidates, staleness
from lika.core.errors import PermissionRefused, UserError
from lika.core.ids import uuid7
from lika.register.choices import PovertyStatus
from lika.register.models import HouseholdYear, Membership
from tests import factories as make
from tests.casework.going import VILLAGE, Place, campaign, place, standing_at
from tests.casework.screened import AT, recorded, said, screened

pytestmark = pytest.mark.django_db
KEY = "identification"


def begun(at: Place, kind: CampaignKind = CampaignKind.IDENTIFICATION) -> Campaign:
    opened = campaign(at, kind)
    cases.begin(by=at.county, campaign=opened.pk)
    opened.refresh_from_db()
    return opened


def refused(call, **given) -> str:
    with pytest.raises(UserError) as caught:
        call(**given)
    return caught.value.code


@pytest.fixture
def at() -> Place:
    """Four households: one meets, one does not, of one too little is known, one exited; all screened."""
    found = place(4)
    exited = found.households[3]
    exited.poverty_status = PovertyStatus.EXITED
    exited.save(update_fields=["poverty_status"])
    return found


def results(at: Place) -> dict:
    return {each.pk: result for each, result in zip(at.households, (1, 0, None, 1), strict=True)}


def test_a_screening_proposes_who_meets_all_and_fits(at: Place):
    screening = said(results(at))
    opened = begun(at)
    (line,) = candidates.proposed(at.county, opened).by_village.values()
    assert (line.village, line.candidates, line.persons, line.unknown, line.under_way) == (int(VILLAGE), 1, 2, 1, 0)
    taken = actions.take_in_screened(by=at.county, campaign=opened.pk)
    (case,) = taken.cases
    assert (case.household_id, case.verdicts, case.screening_id, case.persons, case.origin) == (
        at.households[0].pk, {KEY: 1}, screening.pk, 2, Origin.SCREENING,
    )  # fmt: skip
    again = actions.take_in_screened(by=at.county, campaign=opened.pk)
    assert (list(again.cases), again.under_way, Case.objects.count()) == ([], 1, 1)


def test_only_who_opens_campaigns_takes_in(at: Place):
    said(results(at))
    opened = begun(at)
    outsider = make.make_actor(VILLAGE, name="village office")
    with pytest.raises(PermissionRefused) as caught:
        actions.take_in_screened(by=outsider, campaign=opened.pk)
    assert (caught.value.code, Case.objects.count()) == ("ACC-002", 0)


def test_a_screening_by_another_version_of_the_pack_proposes_nobody(at: Place):
    said(results(at))
    opened = begun(at)
    Campaign.objects.update(pack="cn-guangxi-jingxi/2014@0")
    assert refused(actions.take_in_screened, by=at.county, campaign=opened.pk) == "CAS-051"


def test_before_its_cases_are_begun_a_campaign_has_no_candidates(at: Place):
    assert refused(actions.take_in_screened, by=at.county, campaign=campaign(at).pk) == "CAS-050"


def test_a_procedure_without_criteria_takes_nobody_from_a_screening(at: Place):
    opened = begun(at, CampaignKind.REMOVAL)
    assert refused(actions.take_in_screened, by=at.county, campaign=opened.pk) == "CAS-052"


APPLIED = {"way": ApplicationWay.PAPER, "applied_on": dt.date(2014, 6, 3), "signed_by": "演示·甲"}


def test_an_application_becomes_a_case_that_pins_what_the_screening_said(at: Place):
    screening = said(results(at))
    opened = begun(at)
    unknown = at.households[2]
    case = actions.apply(by=at.village, campaign=opened.pk, household=unknown.pk, **APPLIED)
    assert (case.origin, case.verdicts, case.screening_id, case.persons) == (
        Origin.APPLICATION, {KEY: None}, screening.pk, 2,
    )  # fmt: skip
    row = Application.objects.get(case=case)
    assert (row.pk, row.way, row.applied_on, row.signed_by) == (case.origin_id, "paper", dt.date(2014, 6, 3), "演示·甲")
    assert list(Step.objects.values_list("duty", "by_name")) == [(Duty.PREPARE, at.village.name)]


@pytest.mark.parametrize(("given", "code"), [
    ({"applied_on": dt.date(2999, 1, 1)}, "CAS-054"),
    ({"signed_by": "  "}, "CAS-056"),
])  # fmt: skip
def test_an_application_is_dated_and_signed(at: Place, given, code):
    opened = begun(at)
    asked = APPLIED | given | {"household": at.households[0].pk, "campaign": opened.pk}
    assert (refused(actions.apply, by=at.village, **asked), Case.objects.count()) == (code, 0)


def test_a_household_whose_status_does_not_fit_or_that_has_a_case_is_refused(at: Place):
    opened = begun(at)
    asked = APPLIED | {"by": at.village, "campaign": opened.pk}
    assert refused(actions.apply, household=at.households[3].pk, **asked) == "CAS-053"
    actions.apply(household=at.households[0].pk, **asked)
    assert refused(actions.apply, household=at.households[0].pk, **asked) == "CAS-055"


def test_the_township_enters_no_application_of_a_village(at: Place):
    opened = begun(at)
    township = make.make_actor(VILLAGE, permissions=["casework.view", "register.view", "case.township"], name="station")
    with pytest.raises(PermissionRefused) as caught:
        actions.apply(by=township, campaign=opened.pk, household=at.households[0].pk, **APPLIED)
    assert caught.value.code == "ACC-001"


def test_what_was_noticed_becomes_a_case_that_names_its_record(at: Place):
    at.households[0].poverty_status = PovertyStatus.IDENTIFIED
    at.households[0].save(update_fields=["poverty_status"])
    opened, lead = begun(at, CampaignKind.REMOVAL), uuid7()
    case = actions.notice(
        by=at.village, campaign=opened.pk, household=at.households[0].pk, kind=SignalKind.LEAD, label="演示线索3",
        reason="演示：县城有商品房", source_id=lead,
    )  # fmt: skip
    row = Signal.objects.get(case=case)
    assert (case.origin, row.pk, row.kind, row.source_id, row.label) == (
        Origin.SIGNAL, case.origin_id, "lead", lead, "演示线索3",
    )  # fmt: skip


def test_screened_again_the_case_rests_on_the_newest_screening(at: Place):
    said(results(at))
    opened = begun(at)
    (case,) = actions.take_in_screened(by=at.county, campaign=opened.pk).cases
    assert refused(rescreen, by=at.village, batch=case.batch_id) == "CAS-058"
    newer = said({case.household_id: 0}, at=AT + dt.timedelta(1))
    assert [each.pk for each in rescreen(by=at.village, batch=case.batch_id)] == [case.pk]
    case.refresh_from_db()
    assert (case.screening_id, case.verdicts) == (newer.pk, {KEY: 0})
    assert list(case.steps.values_list("result", flat=True)) == ["taken_in", "screened"]


def test_who_is_announced_keeps_the_screening_by_which_it_was(at: Place):
    screening = said(results(at))
    opened = begun(at)
    (case,) = actions.take_in_screened(by=at.county, campaign=opened.pk).cases
    said({case.household_id: 0}, at=AT + dt.timedelta(1))
    batch = standing_at(case.batch, "handbook")
    assert staleness.newer_screening(batch.cases.select_related("screening__snapshot")) is not None
    Case.objects.update(decided_on=AT, effective_on=AT)
    assert staleness.newer_screening(batch.cases.select_related("screening__snapshot")) is None
    assert refused(rescreen, by=at.county, batch=batch.pk) == "CAS-058"
    assert Case.objects.get(pk=case.pk).screening_id == screening.pk


@pytest.mark.django_db(transaction=True)
def test_what_changed_since_the_snapshot_is_told_fact_by_fact_and_stops_the_announcement():
    at = place(1)
    recorded(at, wage=1000)
    screening = screened(at)
    opened = begun(at)
    case = actions.apply(by=at.village, campaign=opened.pk, household=at.households[0].pk, **APPLIED)
    assert (case.screening_id, staleness.changed_since(at.county, [case])) == (screening.pk, {})
    refuse_stale(at.county, [case])
    HouseholdYear.objects.filter(household=case.household_id).update(wage=9000)
    Membership.objects.filter(household=case.household_id).exclude(relation="01").update(left_on=dt.date(2015, 2, 1))
    with override("zh-hans"):
        changes = [astuple(each) for each in staleness.changed_since(at.county, [case])[case.pk]]
    assert changes == [("工资性收入", "1,000.00元", "9,000.00元"), ("现有家庭成员", "2", "1")]
    assert refused(refuse_stale, by=at.county, cases=[case]) == "CAS-057"
