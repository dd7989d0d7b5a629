"""Households listed for exit by the yearly plan, and a decision corrected, on their pages. 演示数据"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lika.accounts.choices import Role
from lika.casework.actions import cases as acts
from lika.casework.choices import CampaignKind, CampaignState
from lika.casework.models import Campaign, Case, Evidence
from lika.register.choices import PovertyStatus
from lika.register.models import Household
from lika.register.queries import household_detail
from tests import factories as make
from tests.casework.going import COUNTY, TOWNSHIP, VILLAGE, begun, campaign, place
from tests.casework.noticing import photograph
from tests.casework.test_plan_list import locked
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db


def statuses() -> list[tuple[str, str]]:
    return sorted(Household.objects.values_list("number", "poverty_status"))


class TestListing:
    def test_the_county_lists_households_village_by_village(self):
        at = place(3, status=PovertyStatus.POOR)
        make.make_household(VILLAGE, number="JX900", members=2, poverty=PovertyStatus.EXITED)
        found = locked(at, 3)
        county = signed_in(Role.COUNTY, COUNTY)
        here = f"/casework/campaigns/{found.pk}/exit-list/"
        assert here in county.get(f"/casework/campaigns/{found.pk}/").content.decode()
        (line,) = county.get(here).context["lines"]
        assert (line.quota.division_id, line.listed, line.left) == (VILLAGE, 0, 3)
        village = f"{here}?division={VILLAGE}"
        assert [each["row"].number for each in county.get(village).context["fitting"]] == ["JX000", "JX001", "JX002"]
        first, second, third = (str(each.pk) for each in at.households)
        given = {"listed_on": "2015-03-01"}
        none = county.post(village, given)
        assert (none.status_code, list(none.context["form"].errors)) == (422, ["households"])
        many = county.post(village, given | {"households": [first, second, third]})
        shown = many.content.decode()
        assert (many.status_code, "CAS-117" in shown, shown.count(" checked")) == (422, True, 3)
        done = county.post(village, given | {"households": [second, first]}, follow=True)
        assert "已将4人列为预脱贫" in done.content.decode()
        assert statuses() == [("JX000", "21"), ("JX001", "21"), ("JX002", "20"), ("JX900", "30")]
        page = done.context
        assert ([each["row"].number for each in page["listed"]], page["line"].left) == (["JX000", "JX001"], -1)

    def test_the_county_takes_a_household_off_the_list_again(self):
        at = place(2, status=PovertyStatus.POOR)
        found = locked(at, 4)
        county = signed_in(Role.COUNTY, COUNTY)
        village = f"/casework/campaigns/{found.pk}/exit-list/?division={VILLAGE}"
        keys = [str(each.pk) for each in at.households]
        assert county.get(village).context["off_form"] is None
        county.post(village, {"households": keys, "listed_on": "2015-03-01"})
        given = {"act": "off", "off": [keys[0]], "taken_off_on": "2015-06-01"}
        silent = county.post(village, given)
        assert (silent.status_code, list(silent.context["off_form"].errors)) == (422, ["reason"])
        assert statuses() == [("JX000", "21"), ("JX001", "21")]
        done = county.post(village, given | {"reason": "演示：住房未达标"}, follow=True)
        assert "已将2人移出名单，恢复为未脱贫" in done.content.decode()
        assert statuses() == [("JX000", "20"), ("JX001", "21")]
        page = done.context
        assert ([each["row"].number for each in page["listed"]], page["line"].left) == (["JX001"], 2)
        history = household_detail(by=at.county, household=at.households[0].pk).history
        assert [(each.from_status, each.to_status) for each in history[-2:]] == [("20", "21"), ("21", "20")]

    def test_who_may_not_enter_statuses_reads_and_is_offered_nothing(self):
        at = place(1, status=PovertyStatus.POOR)
        found = locked(at, 3)
        village = f"/casework/campaigns/{found.pk}/exit-list/?division={VILLAGE}"
        station = signed_in(Role.TOWNSHIP, TOWNSHIP)
        found.quotas.filter(parent=None).update(split="published", published_on="2014-12-01")
        shown = station.get(village)
        assert (shown.context["form"], [each["row"].number for each in shown.context["fitting"]]) == (None, ["JX000"])
        given = {"households": [str(at.households[0].pk)], "listed_on": "2015-03-01"}
        assert station.post(village, given).status_code == 403
        assert statuses() == [("JX000", "20")]

    def test_a_plan_that_is_being_split_says_what_to_do_first(self):
        at = place(1, status=PovertyStatus.POOR)
        found = locked(at, 3)
        Campaign.objects.filter(pk=found.pk).update(state=CampaignState.OPEN)
        county = signed_in(Role.COUNTY, COUNTY)
        shown = county.get(f"/casework/campaigns/{found.pk}/exit-list/?division={VILLAGE}")
        assert shown.context["form"] is None
        assert "exit-list" not in county.get(f"/casework/campaigns/{found.pk}/").content.decode()


class TestCorrecting:
    @pytest.fixture
    def wrong(self) -> Case:
        """A household that exited by a case; a campaign for returns is begun."""
        at = place(1, status=PovertyStatus.EXITED)
        begun(at)
        Case.objects.update(state="done", decided_on="2014-12-31", effective_on="2014-12-31")
        acts.begin(by=at.county, campaign=campaign(at, CampaignKind.RETURN).pk)
        return Case.objects.get()

    def evidence(self) -> SimpleUploadedFile:
        return SimpleUploadedFile("演示.png", photograph(), "image/png")

    def test_a_case_is_opened_from_the_page_of_the_one_it_corrects(self, wrong):
        county = signed_in(Role.COUNTY, COUNTY)
        here = f"/casework/cases/{wrong.pk}/correct/"
        assert here in county.get(f"/casework/cases/{wrong.pk}/").content.decode()
        ((chosen, _named),) = county.get(here).context["form"].fields["campaign"].choices
        lacking = county.post(here, {"campaign": chosen})
        assert (lacking.status_code, sorted(lacking.context["form"].errors)) == (422, ["evidence", "reason"])
        given = {"campaign": chosen, "reason": "演示：收入核错", "evidence": self.evidence()}
        made = county.post(here, given)
        fresh = Case.objects.get(corrects=wrong)
        assert (made.status_code, made.url) == (302, f"/casework/cases/{fresh.pk}/")
        assert Evidence.objects.get(case=fresh).document.owner_id == fresh.pk
        assert f"/casework/cases/{fresh.pk}/" in county.get(f"/casework/cases/{wrong.pk}/").content.decode()
        assert f"/casework/cases/{wrong.pk}/" in county.get(f"/casework/cases/{fresh.pk}/").content.decode()
        again = county.post(here, given | {"evidence": self.evidence()})
        assert (again.status_code, "CAS-130" in again.content.decode()) == (422, True)

    def test_a_file_that_is_none_is_refused_and_nothing_is_opened(self, wrong):
        county = signed_in(Role.COUNTY, COUNTY)
        here = f"/casework/cases/{wrong.pk}/correct/"
        ((chosen, _named),) = county.get(here).context["form"].fields["campaign"].choices
        given = {"campaign": chosen, "reason": "演示", "evidence": SimpleUploadedFile("演示.png", b"no picture")}
        refused = county.post(here, given)
        assert (refused.status_code, "DOC-" in refused.content.decode()) == (422, True)
        assert not Case.objects.filter(corrects=wrong).exists()

    def test_without_a_work_that_leads_on_the_page_says_what_to_open(self, wrong):
        Household.objects.update(poverty_status=PovertyStatus.POOR)
        county = signed_in(Role.COUNTY, COUNTY)
        shown = county.get(f"/casework/cases/{wrong.pk}/correct/")
        assert (shown.context["form"], "错退的请开展返贫工作" in shown.content.decode()) == (None, True)
        station = signed_in(Role.TOWNSHIP, TOWNSHIP)
        assert "correct/" not in station.get(f"/casework/cases/{wrong.pk}/").content.decode()
        assert station.get(f"/casework/cases/{wrong.pk}/correct/").status_code == 403
