"""A batch in which nobody is to be decided on: closed by hand with a reason, opened again by whoever comes. 演示数据"""

import pytest

from lika.accounts.choices import Role
from lika.casework.actions import cases as actions
from lika.casework.actions import empty_batches
from lika.casework.choices import BatchState
from lika.casework.models import Batch, Campaign, Case
from lika.casework.queries.progress import with_nobody
from lika.core import audit
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from tests import factories as make
from tests.casework.going import COUNTY, SECOND, VILLAGE, Place, campaign, place, propose
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db
WHY = "演示：本村无人符合识别标准"


@pytest.fixture
def at() -> Place:
    """Two villages with a batch each, in which nobody is proposed yet."""
    found = place(2)
    actions.begin(by=found.county, campaign=campaign(found).pk)
    return found


def batch_of(village: str = VILLAGE) -> Batch:
    return Batch.objects.get(number=int(village), sequence=0)


def refused(**given: object) -> str:
    with pytest.raises(UserError) as caught:
        empty_batches.close_empty(**given)
    return caught.value.code


def test_it_is_closed_by_the_village_with_a_reason_that_the_audit_keeps(at: Place):
    closed = empty_batches.close_empty(by=at.village, batch=batch_of().pk, reason=WHY)
    assert (closed.state, batch_of(SECOND).state) == (BatchState.CLOSED, BatchState.OPEN)
    assert list(with_nobody(Batch.objects.all())) == [closed]
    entry = AuditEntry.objects.get(action="batch.closed_empty")
    assert (entry.reason, entry.subject_id, entry.actor, audit.told(entry)[1]) == (
        WHY, str(closed.pk), at.village.name, {"stage": "application", "state": "closed"},
    )  # fmt: skip
    assert refused(by=at.village, batch=closed.pk, reason=WHY) == "CAS-032"


def test_not_with_a_case_under_way_without_a_reason_or_by_another_office(at: Place):
    batch = batch_of()
    assert refused(by=at.village, batch=batch.pk, reason=" ") == "CAS-034"
    reader = make.make_actor(VILLAGE, permissions=[Permission.CASEWORK_VIEW])
    with pytest.raises(PermissionRefused):
        empty_batches.close_empty(by=reader, batch=batch.pk, reason=WHY)
    propose(at, Campaign.objects.get())
    assert refused(by=at.team, batch=batch.pk, reason=WHY) == "CAS-180"
    assert set(Batch.objects.values_list("state", flat=True)) == {BatchState.OPEN}


def test_whoever_is_taken_in_later_opens_it_again(at: Place):
    closed = empty_batches.close_empty(by=at.village, batch=batch_of().pk, reason=WHY)
    cases = propose(at, Campaign.objects.get())
    closed.refresh_from_db()
    assert ({case.batch_id for case in cases}, closed.state, closed.stage) == ({closed.pk}, "open", "application")
    assert list(with_nobody(Batch.objects.all())) == []
    entry = AuditEntry.objects.get(action="batch.reopened")
    assert (entry.subject_id, audit.told(entry)) == (str(closed.pk), ({"state": "closed"}, {"state": "open"}))


def test_a_batch_whose_cases_were_all_struck_out_is_no_village_with_nobody(at: Place):
    """Who comes then gets a supplementary batch: the first one stays as it ended."""
    first, *_rest = propose(at, Campaign.objects.get())
    Case.objects.update(state="struck_out")
    Batch.objects.filter(pk=first.batch_id).update(state=BatchState.CLOSED)
    assert list(with_nobody(Batch.objects.all())) == []
    again = propose(at, Campaign.objects.get())
    assert {case.batch.sequence for case in again} == {1}


class TestPages:
    def test_the_village_closes_it_on_its_page_and_the_county_sees_how_many(self, at: Place):
        batch, village = batch_of(), signed_in(Role.VILLAGE, VILLAGE)
        here = f"/casework/batches/{batch.pk}/"
        silent = village.post(f"{here}close/", {"reason": ""})
        assert (silent.status_code, list(silent.context["empty_form"].errors)) == (422, ["reason"])
        shown = village.post(f"{here}close/", {"reason": WHY}, follow=True)
        told = (shown.context["nobody"], shown.context["empty_form"], shown.context["may_propose"])
        assert (told, "无对象" in shown.content.decode()) == ((True, None, True), True)
        county = signed_in(Role.COUNTY, COUNTY).get(f"/casework/campaigns/{batch.campaign_id}/cases/")
        assert (county.context["nobody"], "无对象批次" in county.content.decode()) == (1, True)
        noticed = {"household": at.households[0].number, "kind": "visit", "label": "演示：走访", "reason": "演示：漏评"}
        assert village.post(f"{here}propose/", noticed).status_code == 302
        assert (batch_of().state, Case.objects.get().batch_id) == (BatchState.OPEN, batch.pk)

    def test_it_is_offered_to_nobody_else_and_not_beside_cases(self, at: Place):
        here = f"/casework/batches/{batch_of().pk}/"
        assert signed_in(Role.COUNTY, COUNTY).get(here).context["empty_form"] is None
        village = signed_in(Role.VILLAGE, VILLAGE)
        assert village.get(here).context["empty_form"] is not None
        propose(at, Campaign.objects.get())
        assert village.get(here).context["empty_form"] is None
