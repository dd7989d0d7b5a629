"""A household's page over the years: glance, income and line, members, schooling, what is missing. 演示数据"""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.register.choices import PovertyStatus
from lika.register.models import Household, Membership, PersonYear
from lika.snapshots import actions
from lika.snapshots.models import Screening
from tests import factories as make
from tests.assistance.conftest import pair
from tests.console.officials import official, signed_in
from tests.snapshots.conftest import Register, WritePack
from tests.web_role import statements

pytestmark = pytest.mark.django_db(transaction=True)


NO_HELPER = "该户没有帮扶责任人。"


def page_of(household: Household) -> str:
    return f"/households/{household.id}/"


def seen(household: Household, role: Role = Role.COUNTY, **asked: str) -> dict:
    return signed_in(role).get(page_of(household), asked).context


def glanced(household: Household, role: Role = Role.COUNTY) -> dict[str, str]:
    return {line.label: line.value for line in seen(household, role)["glance"]}


@pytest.fixture
def family() -> Household:
    """A head, a pupil with a serious illness, and a daughter who married out in 2016."""
    home = make.make_household(number="F1", head="石甲", members=1)
    pupil = make.make_person(home, name="石乙", relation="03", birth=dt.date(2005, 1, 1))
    make.make_person_year(pupil, education="02", student_status="03", serious_illness=True)
    make.make_person_year(pupil, 2015, education="06", student_status="02", chronic_illness=False)
    bride = make.make_person(home, name="石丙", relation="04", birth=dt.date(1994, 1, 1))
    Membership.objects.filter(person=bride).update(
        joined_on=dt.date(2010, 5, 1), left_on=dt.date(2016, 3, 8), leave_reason="02"
    )
    make.make_household_year(home, 2014, wage=Decimal(3000))
    make.make_household_year(home, 2015, wage=Decimal(6000), operating=Decimal(3000), expense_operating=Decimal(600))
    make.make_household_year(
        home, wage=Decimal(5000), housing_grade="C", safe_water=False, debt_illness=Decimal(20000), main_cause="01",
        other_cause_1="04",
    )  # fmt: skip
    return home


def data_as_of() -> str:
    """What is told of data of the end of 2016 that nobody confirmed, where no pack says what is old."""
    days = (timezone.localdate() - dt.date(2016, 12, 31)).days
    return f"截至2016年12月31日，距今{days:,}天（时限待补充依据）；尚未确认"


class TestGlance:
    def test_where_who_status_causes_and_risks(self, family: Household):
        assert glanced(family) == {
            "所在地": "甘肃省 陇南市 宕昌县 城关镇 石磊村",
            "家庭成员": "2 人",
            "监测对象类别": "非监测对象",
            "致贫原因": "因病、因灾",
            "已登记风险": "房屋安全等级 C级（局部危险）、饮水不安全、因病借贷金额（元） 20,000.00、患有大病1人",
            "数据截至": data_as_of(),
        }

    def test_a_helper_is_named_where_one_is_paired_and_asked_for_where_none_is(self, family: Household):
        official(Role.EVALUATOR, households=[family])  # sees it, and helps nobody
        assert "帮扶责任人" not in glanced(family)
        step = seen(family)["steps"][-1]
        assert (step.text, step.url) == (NO_HELPER, f"/pairing/households/{family.pk}/")
        pair(make.make_actor(make.COUNTY), family)
        assert glanced(family)["帮扶责任人"] == "演示·帮扶甲"
        assert NO_HELPER not in [step.text for step in seen(family)["steps"]]
        ordinary = make.make_household(number="F2", poverty=PovertyStatus.NONE)
        assert NO_HELPER not in [step.text for step in seen(ordinary)["steps"]]

    def test_who_sees_masks_is_told_the_place_alone(self, family: Household):
        assert glanced(family, Role.PREFECTURE) == {
            "所在地": "甘肃省 陇南市 宕昌县 城关镇 石磊村",
            "数据截至": data_as_of(),
        }


class TestIncome:
    def test_income_is_divided_by_those_who_belonged_to_it_at_the_end_of_each_year(self, family: Household):
        chart = seen(family)["chart"]
        assert chart["categories"] == ["2014", "2015", "2016"]
        assert chart["bars"] == [
            {"name": "工资性收入", "values": [1000.0, 2000.0, 2500.0]},
            {"name": "生产经营性收入", "values": [0.0, 1000.0, 0.0]},
            {"name": "生产经营性支出", "values": [0.0, -200.0, 0.0]},
        ]
        assert chart["lines"] == [{"name": "人均纯收入", "values": [1000.0, 2800.0, 2500.0]}]

    def test_a_year_without_the_whole_account_is_not_drawn(self, family: Household):
        family.years.filter(data_year=2015).update(transfer_eco=None)
        assert seen(family)["chart"]["categories"] == ["2014", "2016"]
        family.years.update(wage=None)
        context = signed_in(Role.COUNTY).get(page_of(family))
        assert context.context["chart"] is None
        assert "各年收支均未填全" in context.content.decode()

    def test_the_line_of_each_year_is_the_packs_with_its_clause(self, screened: Screening, register: Register):
        context = seen(register.rich)
        line = context["line"]
        assert (line.label, line.unit, line.demo) == ("标准线", "元", False)
        assert [(year.year, year.value, year.clause) for year in line.years] == [
            (2014, None, "T §1"),
            (2015, None, "T §1"),
            (2016, Decimal("2736.10"), "T §1"),
        ]
        assert context["chart"]["lines"][1] == {"name": "标准线", "values": [None, None, 2736.1], "limit": True}

    def test_a_pack_that_compares_the_income_with_no_parameter_draws_none(
        self, screened: Screening, register: Register, actor, write_pack: WritePack
    ):
        pack = write_pack(
            folder="test/plain",
            **{"id: test/exit": "id: test/plain", "net_income_per_capita > param.line": "safe_water"},
        )
        actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)
        context = seen(register.rich)
        assert (context["why"].pack.id, context["line"], len(context["chart"]["lines"])) == ("test/plain", None, 1)

    def test_who_sees_masks_gets_neither_income_nor_line(self, screened: Screening, register: Register):
        context = seen(register.rich, Role.PREFECTURE)
        assert (context["chart"], context["line"], context["member_years"]) == (None, None, [])


class TestMembers:
    def test_who_joined_and_left_with_date_and_reason(self, family: Household):
        told = [(c.on, c.name, c.joined, c.relation, c.reason) for c in seen(family)["changes"]]
        assert told == [
            (dt.date(2016, 3, 8), "石丙", False, "之女", "嫁出"),
            (dt.date(2010, 5, 1), "石丙", True, "之女", ""),
        ]

    def test_schooling_and_health_by_year(self, family: Household):
        context = seen(family)
        assert context["person_years"] == [2016, 2015]
        told = [(row.name, list(row.schooling), list(row.health)) for row in context["member_years"]]
        assert told == [("石乙", ["在读小学", "在读学前教育"], ["患有大病", "—"])]

    def test_a_year_lived_before_joining_is_not_the_households(self, family: Household):
        Membership.objects.filter(person__name="石乙").update(joined_on=dt.date(2016, 1, 1))
        assert PersonYear.objects.filter(person__name="石乙", data_year=2015).exists()
        assert seen(family)["person_years"] == [2016]


class TestNextSteps:
    def test_missing_fields_are_named_with_sheet_and_year(self, screened: Screening, register: Register):
        context = seen(register.unknown)
        missing = [(field.sheet, field.field, field.year, field.who) for field in context["why"].missing]
        assert missing == [("户年度数据", "工资性收入", 2016, ""), ("户年度数据", "饮水是否安全", 2016, "")]
        assert [(step.text, step.url) for step in context["steps"]] == [
            ("缺少2项指标，无法判定：请按下表采集，填入采集表后导入。", "/import/"),
            (NO_HELPER, f"/pairing/households/{register.unknown.pk}/"),
        ]

    def test_what_was_recorded_since_is_no_longer_asked_for(self, screened: Screening, register: Register):
        register.unknown.years.update(wage=Decimal(1), safe_water=True)
        assert seen(register.unknown)["why"].missing == []

    def test_a_criterion_that_fails_asks_for_nothing(self, screened: Screening, register: Register):
        context = seen(register.dry)
        assert (context["why"].missing, [step.text for step in context["steps"]]) == ([], [NO_HELPER])

    def test_members_whose_answer_is_unknown_are_named(
        self, screened: Screening, register: Register, actor, write_pack: WritePack
    ):
        count = "count(person, age >= 6 and education = '01') = 0"
        pack = write_pack(
            folder="test/who", **{"id: test/exit": "id: test/who", "expression: safe_water,": f'expression: "{count}",'}
        )
        child = make.make_person(register.dry, name="小演示", birth=dt.date(2014, 1, 1))
        make.make_person_year(Membership.objects.get(household=register.dry, relation="01").person)
        make.make_person_year(child)
        snapshot = actions.take(by=actor, at=make.AT, division=make.COUNTY)
        actions.screen(by=actor, snapshot=snapshot.pk, pack=pack)
        missing = [(f.sheet, f.field, f.year, f.who) for f in seen(register.dry)["why"].missing]
        assert missing == [("家庭成员", "文化程度", 2016, "缺水演示")]

    def test_a_post_that_may_not_import_is_not_sent_there(self, screened: Screening, register: Register):
        context = seen(register.unknown, Role.AUDITOR)
        assert (len(context["why"].missing), context["steps"]) == (2, [])

    def test_who_sees_masks_is_told_nothing_that_is_missing(self, screened: Screening, register: Register):
        assert seen(register.unknown, Role.PREFECTURE)["why"].missing == []

    def test_an_empty_household_begins_with_the_workbook(self):
        home = make.make_household(members=0)
        texts = [step.text for step in seen(home, Role.VILLAGE)["steps"]]
        assert texts == [
            "没有家庭成员。请填写“家庭成员”表并导入。",
            "没有年度数据。请填写“户年度数据”表并导入。",
            NO_HELPER,
        ]

    def test_later_data_ask_for_a_new_screening(self, screened: Screening, register: Register):
        make.make_household_year(register.dry, 2017)
        assert [step.text for step in seen(register.dry)["steps"]] == [
            "筛查之后又录入了2017年度数据。请取该年度快照，重新筛查。",
            NO_HELPER,
        ]
        assert [step.text for step in seen(register.dry, Role.VILLAGE)["steps"]] == [NO_HELPER]


class TestScreenings:
    def test_each_screening_with_what_it_said_then(
        self, screened: Screening, register: Register, actor, write_pack: WritePack
    ):
        pack = write_pack(folder="test/hard", **{"id: test/exit": "id: test/hard", "2736.10}": "99999.00}"})
        later = actions.screen(by=actor, snapshot=screened.snapshot_id, pack=pack)
        told = [(past.screening, past.criterion.criterion, past.result) for past in seen(register.rich)["screenings"]]
        assert told == [(later, "exit", "not_met"), (screened, "exit", "met")]

    def test_a_household_recorded_later_has_none(self, screened: Screening):
        assert seen(make.make_household(number="后来"))["screenings"] == []

    def test_who_sees_no_screenings_is_told_of_none(self, screened: Screening, register: Register):
        response = signed_in(Role.HELPER, households=[register.rich]).get(page_of(register.rich))
        assert (response.context["screenings"], "历次筛查结果" in response.content.decode()) == ([], False)

    def test_a_damaged_verdict_file_is_named_and_costs_the_decisions_alone(
        self, screened: Screening, register: Register, data_dir
    ):
        for path in (data_dir / "screenings").rglob("*.parquet"):
            path.write_bytes(b"x")
        response = signed_in(Role.COUNTY).get(page_of(register.rich))
        assert (response.status_code, response.context["why_error"].code) == (200, "SCR-031")
        assert "富裕演示" in response.content.decode()


def test_a_screened_household_costs_the_same_queries_whatever_its_size(screened: Screening, register: Register):
    client = signed_in(Role.COUNTY)
    client.get(page_of(register.rich))  # the pack is read once and kept
    with CaptureQueriesContext(connection) as small:
        client.get(page_of(register.rich))
    for number in range(3):
        make.make_person_year(make.make_person(register.rich, name=f"石{number}"))
    with CaptureQueriesContext(connection) as large:
        client.get(page_of(register.rich))
    assert len(statements(small)) == len(statements(large)) == 26
