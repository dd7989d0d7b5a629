"""A household's page: what is shown to whom, years side by side, and revealing with a reason. 演示数据"""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import DecimalField, Model
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.core.models import AuditEntry
from lika.core.privacy import Privacy
from lika.register.models import Household, HouseholdYear, Person, PersonYear, StatusEvent
from tests import factories as make
from tests.console.officials import signed_in
from tests.web_role import statements

pytestmark = pytest.mark.django_db

PHONE = "13800001234"


@pytest.fixture
def household() -> Household:
    """A head and a child, two years, a telephone."""
    found = make.make_household(number="A1", head="石甲", members=1, phone=PHONE, identified_year=2014)
    child = make.make_person(found, name="石乙", relation="03", birth=dt.date(2008, 6, 7))
    make.make_person_year(child, student_status="03", medical_resident=True, chronic_illness=False)
    make.make_household_year(found, 2015, wage=Decimal("11000.50"), housing_grade="C", safe_water=False)
    make.make_household_year(found, 2016, wage=Decimal(24000), housing_grade="A", main_cause="01")
    return found


def page_of(household: Household) -> str:
    return f"/households/{household.id}/"


def fill(row: Model, household: Household) -> list[str]:
    """Put a value that is nowhere else into each personal number and text of a row; as the page writes them."""
    texts = []
    privacy = {name for name, kind in row.privacy.items() if kind in (Privacy.PERSONAL, Privacy.SENSITIVE)}
    fields = [field for field in row._meta.concrete_fields if field.name in privacy and not field.generated]
    for number, field in enumerate(fields, start=11):
        if isinstance(field, DecimalField) and field.max_digits >= 12:
            setattr(row, field.name, Decimal(7_000_000 + number))
            texts.append(f"{7_000_000 + number:,}.00")
        elif field.name in {"bank_name", "address"}:
            setattr(row, field.name, f"演示银行甲{number}")
            texts.append("演示银行甲")
    row.save()
    return texts


class TestPage:
    def test_years_stand_side_by_side_in_words(self, household):
        response = signed_in(Role.COUNTY).get(page_of(household))
        rows = {row.label: list(row.values) for group in response.context["groups"] for row in group.rows}
        assert rows["工资性收入（元）"] == ["24,000.00", "11,000.50"]
        assert rows["房屋安全等级"] == ["A级（安全）", "C级（局部危险）"]
        assert rows["饮水是否安全"] == ["—", "否"]
        assert rows["主要致贫原因"] == ["因病", "—"]
        assert "住房面积（平方米）" not in rows

    def test_members_are_told_in_words(self, household):
        members = signed_in(Role.COUNTY).get(page_of(household)).context["members"]
        told = [(line.name, line.relation, line.sex, line.health, line.insurance) for line in members]
        assert told == [("石甲", "户主", "男", "—", "—"), ("石乙", "之子", "男", "—", "医疗保险")]
        assert [line.id_number.count("*") for line in members] == [13, 13]

    def test_ages_belong_to_the_year_of_the_data(self, household):
        members = signed_in(Role.COUNTY).get(page_of(household)).context["members"]
        assert {line.name: line.age for line in members}["石乙"] == 8  # born in June 2008, at the end of 2016

    def test_the_page_speaks_english_too(self, household):
        client = signed_in(Role.COUNTY)
        client.cookies["django_language"] = "en"
        response = client.get(page_of(household))
        rows = {row.label for group in response.context["groups"] for row in group.rows}
        assert {"Wages (yuan)", "Housing safety grade"} <= rows

    def test_the_chart_gets_the_years_in_order(self, household):
        chart = signed_in(Role.COUNTY).get(page_of(household)).context["chart"]
        assert chart["categories"] == ["2015", "2016"]
        assert chart["bars"][0]["values"] == [5500.25, 12000.0]
        assert chart["lines"][0]["values"] == [5500.25, 12000.0]

    def test_a_status_that_came_by_a_workbook_names_the_import(self, household):
        label = "2016-12-31 ab12cd34"
        for year, kind in ((2017, "initial"), (2018, "import"), (2019, "")):
            StatusEvent.objects.create(
                unit_kind="household",
                household_id=household.id,
                axis="poverty",
                from_status="20",
                to_status="30",
                effective_on=dt.date(year, 12, 31),
                decision_kind=kind,
                decision_label=label,
            )
        events = signed_in(Role.COUNTY).get(page_of(household)).context["events"][:3]
        assert [event.decision for event in events] == [label, f"导入批次 {label}", f"导入批次 {label}"]

    def test_who_may_not_see_persons_sees_masks(self, household):
        response = signed_in(Role.PREFECTURE).get(page_of(household))
        content = response.content.decode()
        assert "石*" in content
        assert "石甲" not in content
        assert "石乙" not in content
        assert [line.value for line in response.context["masked"]] == ["无权查看"] * 3
        assert "您的岗位无权查看个人和家庭的具体数据。" in content
        assert (response.context["groups"], response.context["chart"]) == ([], None)

    def test_no_personal_value_reaches_who_may_not_see_persons(self, household):
        filled = [
            fill(household, household),
            fill(HouseholdYear.objects.get(data_year=2016), household),
            fill(PersonYear.objects.get(), household),
        ]
        shown = signed_in(Role.COUNTY).get(page_of(household)).content.decode()
        hidden = signed_in(Role.PREFECTURE).get(page_of(household)).content.decode()
        values = {text for texts in filled for text in texts}
        assert len(values) > 15
        assert {text for text in values if text in shown} >= {"7,000,012.00", "演示银行甲"}
        assert sorted(text for text in values if text in hidden) == []
        personal = {"户主", "之子", "一般贫困户", "2008-06-07"}
        assert sorted(text for text in personal if text in hidden) == []

    def test_a_household_out_of_sight_is_as_good_as_none(self, household):
        response = signed_in(Role.VILLAGE, make.OTHER_VILLAGE).get(page_of(household))
        assert response.status_code == 404
        assert "REG-001" in response.content.decode()

    def test_the_page_is_never_kept_by_the_browser(self, household):
        assert "no-store" in signed_in(Role.COUNTY).get(page_of(household))["Cache-Control"]

    def test_a_large_household_costs_no_more_queries(self, household):
        client = signed_in(Role.COUNTY)
        with CaptureQueriesContext(connection) as small:
            client.get(page_of(household))
        for number in range(3):
            make.make_person_year(make.make_person(household, name=f"石{number}"))
            make.make_household_year(household, 2010 + number)
        with CaptureQueriesContext(connection) as large:
            client.get(page_of(household))
        assert len(statements(small)) == len(statements(large)) == 24  # one of them tells the bounds


class TestReveal:
    def test_a_telephone_is_shown_for_a_reason_that_is_kept(self, household):
        client = signed_in(Role.VILLAGE)
        assert PHONE not in client.get(page_of(household)).content.decode()
        response = client.post(f"{page_of(household)}reveal/", {"what": "phone", "reason": "核实低保"})
        assert response.context["revealed"].value == PHONE
        entry = AuditEntry.objects.get(action="household.revealed")
        assert (entry.subject_id, entry.reason) == (str(household.id), "核实低保")

    def test_an_identity_number_of_a_member(self, household):
        child = Person.objects.get(name="石乙")
        response = signed_in(Role.COUNTY).post(
            f"{page_of(household)}reveal/", {"what": str(child.id), "reason": "核对户口"}
        )
        assert response.context["revealed"].value == child.id_number

    def test_only_the_part_of_the_page_is_sent_to_htmx(self, household):
        response = signed_in(Role.COUNTY).post(
            f"{page_of(household)}reveal/", {"what": "phone", "reason": "核实"}, headers={"HX-Request": "true"}
        )
        assert response.content.decode().lstrip().startswith('<div class="card-footer reveal"')

    @pytest.mark.parametrize(
        "asked", [{"what": "phone"}, {"what": "phone", "reason": "  "}, {"reason": "核实", "what": "x"}]
    )
    def test_without_a_reason_or_a_thing_nothing_is_shown(self, household, asked):
        response = signed_in(Role.COUNTY).post(f"{page_of(household)}reveal/", asked)
        assert "revealed" not in response.context
        assert PHONE not in response.content.decode()
        assert not AuditEntry.objects.filter(action="household.revealed").exists()

    def test_a_department_may_look_but_not_reveal(self, household):
        client = signed_in(Role.DEPARTMENT)
        assert 'id="reveal"' in client.get(page_of(household)).content.decode()
        response = client.post(f"{page_of(household)}reveal/", {"what": "phone", "reason": "核实"})
        assert response.status_code == 403
        assert "ACC-001" in response.content.decode()


class TestHome:
    def test_the_province_starts_with_its_prefectures(self, household):
        lines = signed_in(Role.PROVINCE).get("/").context["below"].lines
        assert [(line.ranked.place.name, line.ranked.place.households) for line in lines] == [("陇南市", 1)]

    def test_an_administrator_has_no_area_and_sees_no_numbers(self, household):
        response = signed_in(Role.ADMINISTRATOR).get("/")
        assert response.context["focus"] is None
        assert "figures" not in response.context

    def test_the_map_holds_the_villages_of_the_area_alone(self, household):
        data = json.loads(signed_in(Role.VILLAGE).get("/map.json").content)
        assert [(place["code"], place["size"]) for place in data["places"]] == [(make.VILLAGE, 1)]
        assert data["outline"]["features"][0]["properties"]["code"] == make.COUNTY

    def test_the_map_of_a_prefecture_draws_counties(self, household):
        data = json.loads(signed_in(Role.PREFECTURE).get("/map.json").content)
        assert (data["kind"], [place["code"] for place in data["places"]]) == ("areas", [make.COUNTY])

    def test_the_map_of_somewhere_else_is_refused(self, household):
        assert signed_in(Role.VILLAGE).get("/map.json", {"division": make.COUNTY}).status_code == 404
