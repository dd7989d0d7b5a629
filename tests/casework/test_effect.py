"""What an announcement writes, what blocks it, support that goes on, and how a wrong decision is corrected. 演示数据"""

import datetime as dt

import pytest

from lika.casework.actions import cases, corrections, effect
from lika.casework.choices import BatchState, CampaignKind, CaseState, NoticeState, Origin, StepResult
from lika.casework.models import Batch, Case, Evidence, Notice, Step
from lika.casework.queries.effects import corrections_of, support_kept
from lika.core.audit import AuditEntry
from lika.core.errors import PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.register.choices import PovertyStatus
from lika.register.models import StatusEvent
from tests import factories as make
from tests.casework.going import COUNTY, TOWNSHIP, VILLAGE, begun, campaign, in_public, place, propose, standing_at
from tests.casework.noticing import photograph

pytestmark = pytest.mark.django_db
DAY = dt.date(2014, 12, 31)


def refused(call, **given) -> UserError:
    with pytest.raises(UserError) as caught:
        call(**given)
    return caught.value


def statuses(at) -> list[str]:
    for each in at.households:
        each.refresh_from_db()
    return [each.poverty_status for each in at.households]


def test_an_announcement_writes_every_status_and_the_batch_goes_on():
    at = place()
    batch = in_public(standing_at(begun(at), "announcement"))
    done = effect.announce(by=at.county, batch=batch.pk, effective_on=DAY)
    batch.refresh_from_db()
    numbers = [f"2014SB{VILLAGE}-000{n}" for n in (1, 2, 3)]
    assert ([each.number for each in done.changed], list(done.confirmed)) == (numbers, [])
    assert statuses(at) == ["10", "10", "10"]
    events = StatusEvent.objects.order_by("decision_label")
    assert list(
        events.values_list(
            "from_status", "to_status", "effective_on", "decision_kind", "decision_label", "pack_version"
        )
    ) == [("00", "10", DAY, "case", number, batch.pack) for number in numbers]
    assert set(events.values_list("decision_id", flat=True)) == set(Case.objects.values_list("pk", flat=True))
    assert batch.stage == "handbook"
    assert set(Case.objects.values_list("stage", "effective_on", "support_kept")) == {("handbook", DAY, False)}
    assert Case.objects.filter(decided_on=None).count() == 0
    rows = AuditEntry.objects.filter(action__in=("status.poverty", "batch.announced"))
    assert sorted(rows.values_list("action", "actor")) == [
        ("batch.announced", at.county.name),
        *[("status.poverty", at.county.name)] * 3,
    ]


def test_who_is_confirmed_keeps_the_status():
    at = place(2, status=PovertyStatus.POOR)
    batch = in_public(standing_at(begun(at), "announcement"))
    done = effect.announce(by=at.county, batch=batch.pk, effective_on=DAY)
    assert (len(done.changed), len(done.confirmed)) == (0, 2)
    assert statuses(at) == ["20", "20"]
    assert not StatusEvent.objects.filter(decision_kind="case").exists()
    assert set(Case.objects.values_list("effective_on", "stage")) == {(DAY, "handbook")}


def test_a_household_at_another_status_blocks_and_names_its_case():
    at = place()
    batch = in_public(standing_at(begun(at, CampaignKind.REDUCTION), "announcement"))
    for each in at.households[:2]:
        each.poverty_status = PovertyStatus.PLANNED
        each.save(update_fields=["poverty_status"])
    fault = refused(effect.announce, by=at.county, batch=batch.pk, effective_on=DAY)
    blocked = Case.objects.get(household_id=at.households[2].id)
    assert (fault.code, blocked.number in str(fault)) == ("CAS-110", True)
    assert statuses(at) == ["21", "21", "00"]
    assert not Case.objects.exclude(decided_on=None).exists()

    apart = effect.hold_back(by=at.county, batch=batch.pk, cases=[blocked.pk], reason="演示：状态已变")
    effect.announce(by=at.county, batch=batch.pk, effective_on=DAY)
    assert Notice.objects.get().state == NoticeState.HANGING  # for the one that is held back
    assert statuses(at) == ["30", "30", "00"]
    blocked.refresh_from_db()
    assert (blocked.batch, blocked.stage, blocked.state) == (apart, "announcement", CaseState.OPEN)
    assert Step.objects.filter(case=blocked).latest("at").result == StepResult.SET_APART


def test_all_cases_are_not_held_back():
    at = place(2)
    batch = in_public(standing_at(begun(at), "announcement"))
    everybody = list(Case.objects.values_list("pk", flat=True))
    given = {"by": at.county, "batch": batch.pk, "reason": "演示"}
    assert refused(effect.hold_back, **given, cases=everybody).code == "CAS-114"
    assert refused(effect.hold_back, **given, cases=[]).code == "CAS-114"
    assert refused(effect.hold_back, **given | {"reason": " "}, cases=everybody[:1]).code == "CAS-034"


def test_a_household_that_left_the_village_blocks():
    at = place(2)
    batch = in_public(standing_at(begun(at), "announcement"))
    gone = at.households[0]
    gone.closed_on = DAY
    gone.save(update_fields=["closed_on"])
    fault = refused(effect.announce, by=at.county, batch=batch.pk, effective_on=DAY)
    assert fault.code == "CAS-113"
    assert Case.objects.get(household_id=gone.id).number in str(fault)


def test_the_day_is_not_ahead_and_not_before_the_last_change():
    at = place(1, status=PovertyStatus.PLANNED)
    batch = in_public(standing_at(begun(at, CampaignKind.REDUCTION), "announcement"))
    tomorrow = dt.date.today() + dt.timedelta(days=2)
    assert refused(effect.announce, by=at.county, batch=batch.pk, effective_on=tomorrow).code == "CAS-111"
    early = refused(effect.announce, by=at.county, batch=batch.pk, effective_on=DAY - dt.timedelta(days=1))
    assert early.code == "REG-041"
    assert statuses(at) == ["21"]


def test_objections_stop_every_case_of_the_announcement():
    at = place(1)
    batch = in_public(standing_at(begun(at), "announcement"))
    Case.objects.update(state=CaseState.STOPPED)
    assert refused(effect.announce, by=at.county, batch=batch.pk, effective_on=DAY).code == "CAS-112"


def test_the_procedure_says_who_announces_and_no_permission_of_the_register_is_asked():
    at = place(1)
    batch = in_public(standing_at(begun(at), "announcement"))
    lower = make.make_actor(
        TOWNSHIP, permissions=[Permission.CASEWORK_VIEW, Permission.CASE_TOWNSHIP, Permission.REGISTER_STATUS]
    )
    with pytest.raises(PermissionRefused) as without:
        effect.announce(by=lower, batch=batch.pk, effective_on=DAY)
    assert without.value.code == "ACC-001"
    assert statuses(at) == ["00"]
    office = make.make_actor(COUNTY, permissions=[Permission.CASEWORK_VIEW, Permission.CASE_COUNTY], name="office")
    effect.announce(by=office, batch=batch.pk, effective_on=DAY)
    assert statuses(at) == ["10"]
    assert AuditEntry.objects.get(action="status.poverty").actor == office.name


def exited(at) -> Case:
    """The case by which the one household of the place exited."""
    batch = in_public(standing_at(begun(at, CampaignKind.REDUCTION), "announcement"))
    effect.announce(by=at.county, batch=batch.pk, effective_on=DAY)
    Case.objects.update(state=CaseState.DONE)
    Batch.objects.update(state=BatchState.CLOSED)
    return Case.objects.get()


def test_what_the_decision_says_of_support_is_found_by_household():
    at = place(1, status=PovertyStatus.PLANNED)
    assert support_kept(at.county, at.households[0].id) is None
    case = exited(at)
    found = support_kept(at.county, at.households[0].id)
    # Jingxi's document says nothing of support that goes on; Gansu's does.
    assert (found.kept, found.since, found.case, found.clause_ref) == (False, DAY, case, "003 §七(二)")
    Case.objects.update(support_kept=True)
    assert support_kept(at.county, at.households[0].id).kept is True


def test_a_wrong_exit_is_corrected_by_a_return():
    at = place(1, status=PovertyStatus.PLANNED)
    old = exited(at)
    removal = campaign(at, CampaignKind.IDENTIFICATION)
    back = campaign(at, CampaignKind.RETURN)
    for each in (removal, back):
        cases.begin(by=at.county, campaign=each.pk)
    before = Case.objects.filter(pk=old.pk).values().get()
    given = {"by": at.county, "case": old.pk, "reason": "演示：收入核错", "evidence": photograph()}
    assert refused(corrections.correct, **given, campaign=removal.pk).code == "CAS-119"
    assert refused(corrections.correct, **given | {"reason": ""}, campaign=back.pk).code == "CAS-034"
    fresh = corrections.correct(**given, campaign=back.pk)
    assert (fresh.origin, fresh.corrects, fresh.persons, fresh.stage) == (Origin.CORRECTION, old, 2, "application")
    assert Step.objects.get(case=fresh).reason == "演示：收入核错"
    kept = Evidence.objects.get(case=fresh)
    assert (kept.paper, kept.stage, kept.document.owner_id) == ("evidence", "application", fresh.pk)
    assert Case.objects.filter(pk=old.pk).values().get() == before
    assert list(corrections_of(at.county, old).by) == [fresh]
    assert corrections_of(at.county, fresh).of == old
    assert refused(corrections.correct, **given, campaign=back.pk).code == "CAS-130"
    row = AuditEntry.objects.get(action="case.corrected")
    assert (row.subject_id, row.reason) == (str(old.pk), "演示：收入核错")


def test_only_a_completed_case_is_corrected_and_only_by_who_opens_campaigns():
    at = place(1)
    begun(at)
    case = Case.objects.get()
    removal = campaign(at, CampaignKind.REMOVAL)
    given = {"case": case.pk, "campaign": removal.pk, "reason": "演示", "evidence": b""}
    assert refused(corrections.correct, by=at.county, **given).code == "CAS-118"
    looks = make.make_actor(COUNTY, permissions=[Permission.CASEWORK_VIEW, Permission.CASE_COUNTY])
    with pytest.raises(PermissionRefused):
        corrections.correct(by=looks, **given)
    assert propose(at, case.campaign) == []
