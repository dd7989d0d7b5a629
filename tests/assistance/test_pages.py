"""Pages of pairing: what stands on them, who may act, papers, counted queries. 演示数据"""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.assistance.actions.proposals import propose
from lika.assistance.actions.wanted import Line
from lika.assistance.models import Helper, HelpingUnit, Pairing, Proposal
from lika.assistance.queries.pairing import UnitLine, statistics_of
from lika.console.queries.pairing_paper import HelperOnPaper, copies_of, form_of
from lika.register import queries as register
from lika.register.choices import PovertyStatus
from tests import factories as make
from tests.assistance.conftest import helper, pair
from tests.console.officials import signed_in
from tests.governance import packs
from tests.papers import characters_in

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def pages_in(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


class TestCoverage:
    def test_each_division_with_its_numbers_and_what_to_do_next(self, county):
        pair(county, make.make_household(number="A1", poverty=PovertyStatus.EXITED))
        make.make_household(number="A2")
        make.make_household(make.OTHER_VILLAGE, number="B1")
        make.make_household(number="A3", poverty=PovertyStatus.REMOVED)
        make.make_household(number="A4", poverty=PovertyStatus.NONE)
        page = signed_in(Role.TOWNSHIP).get("/pairing/")
        lines = [
            (line.division.name, line.households, line.paired, line.exited, line.exited_paired)
            for line in page.context["lines"]
        ]
        assert lines == [("石磊村村民委员会", 2, 1, 1, 1), ("坡头村村民委员会", 1, 0, 0, 0)]
        assert "有2户没有帮扶责任人。" in page.content.decode()
        assert f"/pairing/suggestion/?division={make.TOWNSHIP}" in page.content.decode()

    def test_another_office_sees_its_own_area_alone(self, county):
        make.make_household(number="A1")
        elsewhere = signed_in(Role.COUNTY, "621202000000")
        assert elsewhere.get("/pairing/").context["households"] == 0
        assert elsewhere.get(f"/pairing/?division={make.TOWNSHIP}").status_code == 403
        assert signed_in(Role.HELPER).get("/pairing/").status_code == 403

    def test_as_many_queries_for_two_households_as_for_twenty(self, county):
        make.make_household(number="A0")
        reader = signed_in(Role.COUNTY)
        reader.get("/pairing/unpaired/")
        with CaptureQueriesContext(connection) as few:
            reader.get("/pairing/unpaired/")
        for number in range(20):
            make.make_household(number=f"A{number + 1}")
        with CaptureQueriesContext(connection) as many:
            reader.get("/pairing/unpaired/")
        assert len(few) == len(many)


class TestProposing:
    def test_those_ticked_get_the_helper_chosen_when_it_is_agreed(self, county, unit):
        one = helper(county, unit)
        first, second = make.make_household(number="A1"), make.make_household(number="A2")
        village = signed_in(Role.VILLAGE)
        asked = {"household": [str(first.pk)], "helper": str(one.pk), "reason": "演示：新纳入"}
        answer = village.post("/pairing/unpaired/", asked)
        made = Proposal.objects.get()
        assert (answer.status_code, answer.url) == (302, f"/pairing/proposals/{made.pk}/")
        assert list(made.lines.values_list("household", "helper")) == [(first.pk, one.pk)]
        assert signed_in(Role.TOWNSHIP).post(f"/pairing/proposals/{made.pk}/pass/").status_code == 302
        assert signed_in(Role.COUNTY).post(f"/pairing/proposals/{made.pk}/agree/").status_code == 302
        assert list(Pairing.objects.values_list("household", flat=True)) == [first.pk]
        assert second.number in text_of(village, "/pairing/unpaired/")
        assert first.number not in text_of(village, "/pairing/unpaired/")

    def test_nobody_ticked_is_told_on_the_page(self, county, unit):
        one = helper(county, unit)
        make.make_household(number="A1")
        answer = signed_in(Role.VILLAGE).post("/pairing/unpaired/", {"helper": str(one.pk), "reason": "演示"})
        assert (answer.status_code, "ASN-020" in answer.content.decode()) == (422, True)

    def test_a_reader_without_the_right_gets_no_form(self, county, unit):
        make.make_household(number="A1")
        auditor = signed_in(Role.AUDITOR)
        assert auditor.get("/pairing/unpaired/").context["form"] is None
        assert auditor.post("/pairing/unpaired/", {"reason": "演示"}).status_code == 200
        assert Proposal.objects.count() == 0

    def test_another_helper_for_one_household(self, county):
        household = make.make_household(number="A1")
        held = pair(county, household)
        other = helper(county, held.helper.unit, "演示·帮扶乙")
        page = signed_in(Role.TOWNSHIP)
        given = {"ends": str(held.pk), "helper": str(other.pk), "reason": "演示：岗位调整"}
        assert page.post(f"/pairing/households/{household.pk}/", given).status_code == 302
        made = Proposal.objects.latest("proposed_at")
        assert list(made.lines.values_list("helper", "ends")) == [(other.pk, held.pk)]
        refused = page.post(f"/pairing/households/{household.pk}/", given)
        assert (refused.status_code, "ASN-025" in refused.content.decode()) == (422, True)

    def test_who_proposed_finds_no_button_and_is_refused(self, county, unit):
        one, household = helper(county, unit), make.make_household(number="A1")
        office = signed_in(Role.COUNTY)
        asked = {"household": [str(household.pk)], "helper": str(one.pk), "reason": "演示"}
        office.post("/pairing/unpaired/", asked)
        made = Proposal.objects.get()
        page = office.get(f"/pairing/proposals/{made.pk}/")
        assert (page.context["agrees"], page.context["had_a_hand"]) == (False, True)
        assert office.post(f"/pairing/proposals/{made.pk}/agree/").status_code == 403
        assert Pairing.objects.count() == 0

    def test_sent_back_asks_for_the_reason(self, county, unit):
        one, household = helper(county, unit), make.make_household(number="A1")
        made = propose(by=county, division=make.TOWNSHIP, lines=[Line(household.pk, helper=one.pk)], reason="演示")
        office = signed_in(Role.COUNTY)
        assert office.post(f"/pairing/proposals/{made.pk}/return/", {"note": ""}).status_code == 422
        assert office.post(f"/pairing/proposals/{made.pk}/return/", {"note": "演示：人员重复"}).status_code == 302
        assert "演示：人员重复" in text_of(office, f"/pairing/proposals/{made.pk}/")

    def test_what_stands_against_it_by_now_is_said_with_the_household(self, county, unit):
        one, household = helper(county, unit), make.make_household(number="A1")
        made = propose(by=county, division=make.TOWNSHIP, lines=[Line(household.pk, helper=one.pk)], reason="演示")
        household.poverty_status = PovertyStatus.REMOVED
        household.save(update_fields=["poverty_status"])
        answer = signed_in(Role.COUNTY).post(f"/pairing/proposals/{made.pk}/agree/")
        assert answer.status_code == 422
        assert all(words in answer.content.decode() for words in ("ASN-030", "A1"))


class TestSuggestion:
    def test_it_is_shown_then_proposed_as_it_was_shown(self, county, unit):
        one, two = helper(county, unit), helper(county, unit, "演示·帮扶乙")
        homes = [make.make_household(number=f"A{number}") for number in range(4)]
        office = signed_in(Role.TOWNSHIP)
        page = office.get(f"/pairing/suggestion/?division={make.TOWNSHIP}")
        shown = {line.household.id: line.helper.pk for line in page.context["found"].lines}
        assert (shown.keys(), sorted(shown.values()).count(one.pk), sorted(shown.values()).count(two.pk)) == (
            {home.pk for home in homes}, 2, 2,
        )  # fmt: skip
        assert Proposal.objects.count() == 0
        pairs = page.context["form"].initial["pairs"]
        office.post(f"/pairing/suggestion/?division={make.TOWNSHIP}", {"pairs": pairs, "reason": "演示：全覆盖"})
        made = Proposal.objects.get()
        assert (made.suggested, dict(made.lines.values_list("household", "helper"))) == (True, shown)
        again = office.get(f"/pairing/suggestion/?division={make.TOWNSHIP}")
        assert (again.status_code, "ASN-042" in again.content.decode()) == (422, True)

    def test_without_helpers_it_says_what_to_do(self, county):
        make.make_household(number="A1")
        page = signed_in(Role.TOWNSHIP).get(f"/pairing/suggestion/?division={make.TOWNSHIP}")
        assert (page.status_code, "ASN-041" in page.content.decode()) == (422, True)

    def test_what_was_never_shown_is_refused(self, county, unit):
        helper(county, unit)
        make.make_household(number="A1")
        address = f"/pairing/suggestion/?division={make.TOWNSHIP}"
        answer = signed_in(Role.TOWNSHIP).post(address, {"pairs": "x y", "reason": "演示"})
        assert (answer.status_code, Proposal.objects.count()) == (422, 0)

    def test_a_county_is_too_large(self, county):
        page = signed_in(Role.COUNTY).get(f"/pairing/suggestion/?division={make.COUNTY}")
        assert (page.status_code, "ASN-040" in page.content.decode()) == (422, True)


class TestUnits:
    def test_from_the_unit_to_its_helpers(self, county):
        office = signed_in(Role.COUNTY)
        asked = {"name": "演示县教育局", "affiliation": "04", "division": make.COUNTY, "contact": "演示联络员"}
        assert office.post("/pairing/units/new/", asked).status_code == 302
        unit = HelpingUnit.objects.get()
        office.post(f"/pairing/units/{unit.pk}/villages/", {"villages": [make.VILLAGE]})
        assert list(unit.villages.values_list("village", flat=True)) == [int(make.VILLAGE)]
        named = {
            "name": "演示·老师",
            "rank": "section",
            "title": "股长",
            "phone": "0939-000000",
            "party_member": "True",
        }
        office.post(f"/pairing/units/{unit.pk}/helpers/", named)
        one = Helper.objects.get()
        assert (one.rank, one.title, one.phone, one.party_member) == ("section", "股长", "0939-000000", True)
        assert all(
            words in text_of(office, f"/pairing/units/{unit.pk}/") for words in ("演示·老师", "0939-000000", "石磊村")
        )
        assert office.post(f"/pairing/helpers/{one.pk}/end/").status_code == 302
        assert office.post(f"/pairing/units/{unit.pk}/end/").status_code == 302
        office.get("/pairing/units/")  # tells that it is done
        assert "演示县教育局" not in text_of(office, "/pairing/units/")

    def test_a_name_is_needed_and_said_at_its_field(self, county, unit):
        answer = signed_in(Role.COUNTY).post(f"/pairing/units/{unit.pk}/helpers/", {"rank": "staff"})
        assert (answer.status_code, "ASN-011" in answer.content.decode()) == (422, True)
        assert Helper.objects.count() == 0


class TestPapers:
    def test_annex_10_counts_units_helpers_households_and_persons(self, county):
        pair(county, make.make_household(number="A1", members=3))
        assert statistics_of(county) == [UnitLine("演示县农业农村局", "04", 1, 1, 3)]
        answer = signed_in(Role.COUNTY).get("/pairing/statistics/")
        assert answer["Content-Type"] == "application/pdf"
        assert set("宕昌县结对帮扶统计表演示县农业农村局合计") <= characters_in(answer.content)

    def test_annex_10_of_nobody_is_an_empty_table(self, county):
        assert statistics_of(county) == []
        assert set("宕昌县结对帮扶统计表") <= characters_in(signed_in(Role.COUNTY).get("/pairing/statistics/").content)

    def test_annex_9_is_filled_in_from_the_register(self, county, tmp_path: Path):
        household = make.make_household(number="A1", head="石甲", members=2)
        make.make_household_year(household, wage=1234, house_area=80)
        pairing = pair(county, household)
        found = register.household_detail(by=county, household=household.pk)
        form = form_of(found, [pairing], ("",), TODAY)
        assert (form.head, form.status, form.year) == ("石甲", "未脱贫", 2016)
        assert form.helpers == (HelperOnPaper("演示·帮扶甲", "演示县农业农村局", "演示科员", "", pairing.began_on),)
        assert [each.value for each in form.income if each.name.startswith("工资性收入")] == ["1,234.00"]
        assert [(each.name, each.relation) for each in form.members] == [("石甲", "户主"), ("石演示一", "其他")]
        address = f"/households/{household.pk}/pairing-form/"
        assert set("石甲演示帮扶") <= characters_in(signed_in(Role.COUNTY).get(address).content)
        assert "甲" not in characters_in(signed_in(Role.PROVINCE).get(address).content) - set("帮扶甲")

    def test_as_many_copies_as_the_pack_says_each_with_who_keeps_it(self, county, tmp_path: Path):
        household = make.make_household(number="A1")
        found = register.household_detail(by=county, household=household.pk)
        assert copies_of(found, TODAY) == ("",)
        packs.give(tmp_path, pairing_form_copies=3)
        assert copies_of(found, TODAY) == ("乡（镇）人民政府", "县扶贫开发攻坚指挥部", "定点帮扶单位")
        pdf = signed_in(Role.COUNTY).get(f"/households/{household.pk}/pairing-form/").content
        assert pages_in(pdf) == 3
