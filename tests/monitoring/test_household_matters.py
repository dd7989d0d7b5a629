"""What is open about a household stands on its page, for those who may see it there and elsewhere. 演示数据"""

import datetime as dt

import pytest
from django.test import Client

from lika.accounts.choices import Role
from lika.monitoring import actions
from lika.monitoring.models import Lead, QualityFault
from lika.register.models import Household
from tests import factories as make
from tests.console.officials import signed_in
from tests.monitoring.conftest import Check
from tests.monitoring.planted import home as planted
from tests.monitoring.planted import look, member, numbers_given

BORN = dt.date(1985, 3, 2)


def matters(client: Client, household: Household) -> list[tuple[str, str]]:
    page = client.get(f"/households/{household.pk}/")
    assert page.status_code == 200
    return [(str(each.title), each.url) for each in page.context["matters"]]


def test_faults_that_wait_stand_on_the_page_of_their_household(check: Check, home: Household, headless, actor) -> None:
    check()
    ours = {fault.rule: fault.pk for fault in QualityFault.objects.filter(household_id=home.pk)}
    township = signed_in(Role.TOWNSHIP)
    found = matters(township, home)
    assert {url for _title, url in found} == {f"/quality/faults/{pk}/" for pk in ours.values()}
    assert {"dibao_plausible", "insured_once"} <= set(ours)
    assert township.get(found[0][1]).status_code == 200
    actions.explain(by=actor, fault=ours["dibao_plausible"], remark="演示：情况属实")
    left = {f"/quality/faults/{pk}/" for rule, pk in ours.items() if rule != "dibao_plausible"}
    assert {url for _title, url in matters(township, home)} == left
    assert matters(signed_in(Role.HELPER, households=[home]), home) == []


@pytest.mark.django_db
def test_leads_stand_on_the_pages_of_both_households() -> None:
    numbers_given()
    one, other = planted("A1", "石一", BORN), planted("B1", "李演示三", village=make.OTHER_VILLAGE)
    member(other, "石一", BORN, id_number="")
    alone = planted("C1", "王演示")
    look()
    lead = Lead.objects.get()
    way = f"/quality/duplicates/{lead.pk}/"
    county = signed_in(Role.COUNTY)
    assert [[url for _title, url in matters(county, each)] for each in (one, other, alone)] == [[way], [way], []]
    village = signed_in(Role.VILLAGE)
    ((_title, url),) = matters(village, one)
    assert village.get(url).status_code == 200
    assert matters(signed_in(Role.EVALUATOR, villages=[make.VILLAGE]), one) == []
    day = dt.date(2016, 12, 30)
    assert county.get(f"/households/{one.pk}/?as_of={day}").context["matters"] == []
