"""What stands beside a case and a batch: the verdict explained with its clause, and the year before. 演示数据"""

import datetime as dt

import pytest

from lika.accounts.choices import Role
from lika.casework.actions import candidates
from lika.casework.actions.cases import begin
from lika.casework.choices import ApplicationWay, CaseState
from lika.casework.models import Campaign, Case
from lika.casework.queries.last_year import Counts, TwoYears, two_years
from lika.policy.models import PackVersion
from tests.casework.going import COUNTY, JINGXI, SECOND, VILLAGE, begun, campaign, place
from tests.casework.noticing import brought, hung, objected
from tests.casework.screened import recorded, screened
from tests.console.officials import signed_in


@pytest.mark.django_db(transaction=True)
def test_the_page_of_a_case_leads_to_how_its_verdict_was_worked_out() -> None:
    at = place(1)
    recorded(at, wage=1000)
    screened(at)
    opened = campaign(at)
    begin(by=at.county, campaign=opened.pk)
    day = dt.date(2014, 5, 20)
    candidates.apply(
        by=at.village, campaign=opened.pk, household=at.households[0].pk, applied_on=day, signed_by="石演示",
        way=ApplicationWay.PAPER,
    )  # fmt: skip
    case, client = Case.objects.get(), signed_in(Role.VILLAGE, VILLAGE)
    address = f"/casework/cases/{case.pk}/explanation/"
    assert f'href="{address}"' in client.get(f"/casework/cases/{case.pk}/").content.decode()
    page = client.get(address)
    shown = page.context["why"]
    first = next(
        each for each in PackVersion.objects.get(pack_id=JINGXI).pack().criteria if each.id == "identification"
    )
    assert [(each.result, each.item.clause_ref, each.item.clause_text) for each in shown.asked] == [
        ("not_met", first.clause.ref, first.clause.text)
    ]
    assert first.clause.text in page.content.decode()
    assert page.content.decode().partition('id="others"')[2].count('class="criterion"') == len(shown.others)
    assert signed_in(Role.VILLAGE, SECOND).get(address).status_code == 404


@pytest.mark.django_db
def test_last_year_stands_beside_this_year() -> None:
    at = place(3)
    batch = brought(begun(at), "first_notice")
    hung(at.village, batch)
    done, out, _other = Case.objects.order_by("number")
    objected(at.village, done)
    Case.objects.filter(pk=out.pk).update(state=CaseState.STRUCK_OUT)
    Case.objects.exclude(pk=out.pk).update(state=CaseState.DONE)
    Campaign.objects.update(year=2013)
    for case in Case.objects.all():
        case.number = case.number.replace("2014", "2013")
        case.save(update_fields=["number"])
    this_year = begun(at)
    county = at.county
    assert two_years(county, this_year.campaign, VILLAGE) == TwoYears(
        2014, now=Counts(cases=3, persons=6), before=Counts(3, 6, passed=2, struck_out=1, objections=1)
    )
    assert two_years(county, this_year.campaign, COUNTY) == two_years(county, this_year.campaign, VILLAGE)
    assert two_years(county, this_year.campaign, SECOND) == TwoYears(2014)
    client, here = signed_in(Role.VILLAGE, VILLAGE), f"/casework/batches/{this_year.pk}/"
    assert client.get(here).context["years"] is None
    shown = client.get(f"{here}?years=1")
    assert shown.context["years"].lines == [
        ("cases", 3, 3), ("persons", 6, 6), ("passed", 0, 2), ("struck_out", 0, 1), ("objections", 0, 1),
    ]  # fmt: skip
