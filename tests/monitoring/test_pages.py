"""The pages of data quality: from a number to the record, and the steps on a fault."""

import re

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.monitoring.models import QualityFault
from lika.register.models import Household
from tests import factories as make
from tests.console.officials import signed_in
from tests.monitoring.conftest import Check


def test_without_a_run_the_page_says_how_to_make_one(db) -> None:
    page = signed_in(Role.COUNTY).get("/quality/")
    assert page.status_code == 200
    assert "lika quality" in page.content.decode()


def test_from_a_number_to_the_list_of_as_many(check: Check, home: Household) -> None:
    check()
    client = signed_in(Role.COUNTY)
    page = client.get("/quality/").content.decode()
    assert "户主" in page
    address = re.search(r'href="(/quality/faults/\?rule=insured_once[^"]*)">1</a>', page)
    assert address is not None
    listed = client.get(address[1].replace("&amp;", "&"))
    assert [line["fault"].rule for line in listed.context["lines"]] == ["insured_once"]
    found = client.get(f"/quality/faults/{listed.context['lines'][0]['fault'].pk}/").content.decode()
    assert f"/households/{home.pk}/" in found


def test_a_village_sees_its_own_and_never_the_county(check: Check) -> None:
    check()
    client = signed_in(Role.VILLAGE)
    assert client.get("/quality/").context["upper"] == ""  # it would lead out of sight
    listed = client.get("/quality/faults/").context["lines"]
    assert {line["fault"].village for line in listed} == {int(make.VILLAGE)}
    assert client.get("/quality/", {"division": make.COUNTY}).status_code == 404
    elsewhere = QualityFault.objects.get(rule="one_head")
    assert client.get(f"/quality/faults/{elsewhere.pk}/").status_code == 404


def test_the_steps_on_the_page(check: Check) -> None:
    check()
    client = signed_in(Role.COUNTY)
    mender = Official.objects.get()
    own = f"/quality/faults/{QualityFault.objects.get(rule='dibao_is_listed').pk}/"
    assert client.post(own + "explain/", {"remark": ""}).status_code == 422
    assert client.post(own + "explain/", {"remark": "村里已上报，名册下月更新"}).status_code == 302
    # What was written in words is read where names are read: not above the county.
    assert ["村里已上报" in each.get(own).content.decode() for each in (client, signed_in(Role.PROVINCE))] == [
        True,
        False,
    ]
    error = f"/quality/faults/{QualityFault.objects.get(rule='one_head').pk}/"
    assert "QUA-014" in client.post(error + "explain/", {"remark": "属实"}).content.decode()
    past = client.post(error + "assign/", {"to": str(mender.pk), "deadline": "2016-01-01"})
    assert (past.status_code, list(past.context["assign_form"].errors)) == (422, ["deadline"])
    assert client.post(error + "assign/", {"to": str(mender.pk)}).status_code == 302
    assert client.post(error + "recheck/").status_code == 302
    assert QualityFault.objects.get(rule="one_head").state == "open"
