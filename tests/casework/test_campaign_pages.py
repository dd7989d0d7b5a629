"""The pages of a campaign's cases: begun, candidates shown and taken in, deadlines, households proposed. 演示数据"""

import datetime as dt

import pytest

from lika.accounts.choices import Role
from lika.casework.models import Batch, Campaign, Case, Deadline
from lika.register.choices import PovertyStatus
from tests.casework.going import COUNTY, TOWNSHIP, VILLAGE, campaign, place, sign
from tests.casework.screened import AT, said
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db


def test_a_county_begins_sees_its_candidates_takes_them_in_and_screens_again():
    at = place(4)
    said({each.pk: result for each, result in zip(at.households, (1, 0, None, 1), strict=True)})
    opened, county = campaign(at), signed_in(Role.COUNTY, COUNTY)
    here = f"/casework/campaigns/{opened.pk}/cases/"
    assert "各村在办理程序的第一个环节建立批次" in county.get(here).content.decode()
    assert county.post(f"{here}begin/", {"procedure": "identification"}).status_code == 302
    assert county.post(f"{here}begin/", {"procedure": "identification"}).status_code == 422
    page = county.get(f"{here}?candidates=1")
    assert (page.context["candidates"], page.context["candidate_persons"], page.context["unknown"]) == (2, 4, 1)
    assert "有1个对象因情况不明不导入" in page.content.decode()
    assert county.post(f"{here}take-in/").status_code == 302
    page = county.get(here)
    (line,) = page.context["lines"]
    assert (line.code, line.under_way, line.at[0], page.context["under_way"]) == (TOWNSHIP, 2, 2, 2)
    assert county.post(f"{here}deadline/", {"stage": "application", "due_on": "2014-06-01"}).status_code == 302
    assert list(Deadline.objects.values_list("stage", "due_on")) == [("application", dt.date(2014, 6, 1))]

    newer = said({each.pk: 1 for each in at.households}, at=AT + dt.timedelta(1))
    batch = Batch.objects.get(number=int(VILLAGE))
    village = signed_in(Role.VILLAGE, VILLAGE)
    assert village.get(f"/casework/batches/{batch.pk}/").context["newer"] == newer
    done = village.post(f"/casework/batches/{batch.pk}/screen-again/", follow=True).content.decode()
    assert ("2件案件" in done, "不再有效，须重新签字" in done) == (True, False)
    assert village.get(f"/casework/batches/{batch.pk}/").context["newer"] is None

    said({each.pk: 1 for each in at.households}, at=AT + dt.timedelta(2))
    batch.stage = "verification"  # as if they came there, were signed and came back
    sign(batch)
    done = village.post(f"/casework/batches/{batch.pk}/screen-again/", follow=True).content.decode()
    assert "不再有效，须重新签字" in done


def test_a_village_enters_an_application_and_what_it_noticed():
    at = place(2)
    opened, county = campaign(at), signed_in(Role.COUNTY, COUNTY)
    county.post(f"/casework/campaigns/{opened.pk}/cases/begin/", {"procedure": "identification"})
    batch = Batch.objects.get(number=int(VILLAGE))
    village, here = signed_in(Role.VILLAGE, VILLAGE), f"/casework/batches/{batch.pk}/"
    assert village.get(here).context["may_propose"]
    form = {"household": "JX000", "way": "paper", "applied_on": "2014-06-03", "signed_by": "演示·甲"}
    assert village.post(f"{here}apply/", form | {"household": "none"}).status_code == 422
    assert village.post(f"{here}apply/", form).status_code == 302
    page = village.get(f"/casework/cases/{Case.objects.get().pk}/").content.decode()
    assert ("演示·甲" in page, "2014年6月3日" in page) == (True, True)
    again = village.post(f"{here}apply/", form)
    assert (again.status_code, "CAS-055" in again.content.decode()) == (422, True)
    noticed = {"household": "JX001", "kind": "report", "label": "演示来信", "reason": "演示：住房漏雨"}
    assert village.post(f"{here}propose/", noticed).status_code == 302
    assert sorted(Case.objects.values_list("origin", flat=True)) == ["application", "signal"]
    assert signed_in(Role.TOWNSHIP, TOWNSHIP).post(f"{here}apply/", form).status_code == 403


def test_a_campaign_without_numbers_is_opened_and_stands_in_the_list():
    place(1, status=PovertyStatus.POOR)
    county = signed_in(Role.COUNTY, COUNTY)
    form = {"kind": "removal", "division": COUNTY, "year": "2014", "document": "演示：清退通知"}
    answer = county.post("/casework/campaigns/new/", form)
    made = Campaign.objects.get()
    assert answer["Location"] == f"/casework/campaigns/{made.pk}/cases/"
    assert list(county.get("/casework/campaigns/").context["others"]) == [made]
    refused = county.post("/casework/campaigns/new/", form | {"kind": "identification"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["size"])
