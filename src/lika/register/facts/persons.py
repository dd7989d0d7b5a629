"""Facts of a person: base record and the yearly form (DOMAIN §3.2). No names, numbers or telephones."""

from decimal import Decimal

from lika.core.facts import Provider
from lika.core.privacy import Privacy
from lika.register.choices import lists
from lika.register.facts.making import FLOW, RECORD, classed, code, columns, count, day, flag, formula, money
from lika.register.models import Membership, Person, PersonYear

_FORM = "DOMAIN §3.2"
MONTHS, YEARS = ("个月", "months"), ("岁", "years")

BASE = classed(
    (
        code("sex", "性别", "Sex", lists.SEX, _FORM + " A5"),
        day("birth_date", "出生日期", "Date of birth", _FORM),
        count(
            "age",
            "年龄",
            "Age",
            YEARS,
            _FORM,
            ("标准时点的周岁", "Full years at the time point"),
            maximum=Decimal(130),
        ),
        code("relation", "与户主关系", "Relation to head", lists.RELATION, _FORM + " A7"),
        code("ethnicity", "民族", "Ethnicity", lists.ETHNIC, _FORM + " A8"),
    ),
    {**Person.privacy, "age": Privacy.PERSONAL, "relation": Membership.privacy["relation"]},
    RECORD,
)

YEARLY = classed(
    (
        code("political", "政治面貌", "Political status", lists.POLITICAL, _FORM),
        code("education", "文化程度", "Education", lists.EDUCATION, _FORM + " A9"),
        code("student_status", "在校生状况", "Student status", lists.STUDENT, _FORM + " A10"),
        code(
            "out_of_school",
            "是否失学辍学",
            "Out of school",
            lists.YES_NO,
            _FORM,
            ("应当在校而未在校", "Of an age to be at school and not there"),
        ),
        code("dropout_reason", "失学或辍学原因", "Reason for being out of school", lists.DROPOUT, _FORM),
        flag("chronic_illness", "长期慢性病", "Long-term chronic illness", _FORM + " A11"),
        flag("serious_illness", "患有大病", "Serious illness", _FORM + " A11"),
        flag("disabled", "残疾", "Disabled", _FORM + " A11"),
        code("disability_type", "残疾类别", "Kind of disability", lists.DISABILITY, _FORM),
        code("disability_grade", "残疾等级", "Grade of disability", lists.DISABILITY_GRADE, _FORM),
        flag("illness_collected", "疾病信息已采集", "Illness recorded", "甘肃秦巴山片区规划 第九章注3"),
        code("labour", "劳动技能", "Labour ability", lists.LABOUR, _FORM + " A12"),
        code("work_status", "务工状况", "Place of work", lists.WORK, _FORM + " A13"),
        count("work_months", "务工时间", "Months of work", MONTHS, _FORM + " A15", FLOW, maximum=Decimal(12)),
        money("monthly_pay", "月收入", "Monthly pay", _FORM, ("务工期间每月的收入", "The pay of a month of work")),
        code("welfare_post", "公益性岗位类型", "Public-welfare post", lists.WELFARE_POST, _FORM),
        count("welfare_post_months", "公益性岗位月数", "Months in the post", MONTHS, _FORM, FLOW, maximum=Decimal(12)),
        flag("training_wish", "培训意愿", "Wishes training", _FORM),
        flag("mandarin", "是否会讲普通话", "Speaks Mandarin", _FORM),
        flag("medical_resident", "参加城乡居民基本医疗保险", "Basic medical insurance for residents", _FORM + " A15"),
        flag("medical_employee", "参加城镇职工基本医疗保险", "Basic medical insurance for employees", _FORM),
        flag("major_illness_insurance", "参加大病保险", "Serious-illness insurance", _FORM),
        flag("commercial_insurance", "参加商业补充医疗保险", "Commercial medical insurance", _FORM),
        flag("accident_insurance_aided", "享受人身意外保险补贴", "Subsidised accident insurance", _FORM),
        flag("pension_resident", "参加城乡居民基本养老保险", "Basic pension for residents", _FORM + " A16"),
        flag("pension_employee", "参加城镇职工基本养老保险", "Basic pension for employees", _FORM),
        flag("dibao", "享受低保", "Receives dibao", _FORM),
        flag("extreme_support", "特困供养人员", "Receives extreme-poverty support", _FORM),
        flag("medical_aid", "接受医疗救助", "Receives medical aid", _FORM),
        flag("left_behind", "三留守人员", "Left behind", _FORM, ("留守儿童、妇女、老人", "Child, woman or old person")),
        count("resident_months", "年居住时间", "Months at home", MONTHS, _FORM, FLOW, maximum=Decimal(12)),
    ),
    PersonYear.privacy,
)

FORMULAS = classed(
    (
        formula(
            flag(
                "basic_medical",
                "基本医疗",
                "Basic medical insurance",
                _FORM,
                ("参加城乡居民或城镇职工基本医疗保险", "Insured as a resident or as an employee"),
            ),
            "medical_resident or medical_employee",
        ),
        formula(
            flag(
                "basic_pension",
                "基本养老",
                "Basic pension insurance",
                _FORM,
                ("参加城乡居民或城镇职工基本养老保险", "Insured as a resident or as an employee"),
            ),
            "pension_resident or pension_employee",
        ),
        formula(flag("is_student", "在校生", "Student", _FORM), "student_status != '01'"),
        formula(
            flag("healthy", "健康", "Healthy", _FORM + " A11", ("无慢性病、大病和残疾", "None of the three")),
            "not chronic_illness and not serious_illness and not disabled",
        ),
    ),
    {**dict.fromkeys(("basic_medical", "basic_pension", "is_student"), Privacy.PERSONAL), "healthy": Privacy.SENSITIVE},
)

# The full years of 周岁: a person born on 29 February grows older on 1 March of common years.
_SPINE_SQL = """
SELECT p.id AS person_id, m.household_id, placed.village,
       NULLIF(p.sex, '') AS sex, p.birth_date, m.relation, NULLIF(p.ethnicity, '') AS ethnicity,
       CASE WHEN p.birth_date <= %(at)s THEN EXTRACT(YEAR FROM age(%(at)s, p.birth_date))::integer END AS age
FROM register_placement placed
JOIN register_membership m ON m.household_id = placed.household_id
JOIN register_person p ON p.id = m.person_id
WHERE placed.village BETWEEN %(low)s AND %(high)s
  AND (placed.started_on IS NULL OR placed.started_on <= %(at)s)
  AND (placed.ended_on IS NULL OR placed.ended_on > %(at)s)
  AND (m.joined_on IS NULL OR m.joined_on <= %(at)s)
  AND (m.left_on IS NULL OR m.left_on > %(at)s)
"""

_YEAR_SQL = f"""
SELECT y.person_id, {columns(YEARLY, "y")}
FROM register_personyear y
WHERE y.data_year = %(year)s
  AND y.person_id IN (
    SELECT m.person_id
    FROM register_placement placed
    JOIN register_membership m ON m.household_id = placed.household_id
    WHERE placed.village BETWEEN %(low)s AND %(high)s
  )
"""  # noqa: S608 - made of our own constants

PROVIDERS = (
    Provider("person", "person_base", BASE, _SPINE_SQL, spine=True),
    Provider("person", "person_year", YEARLY, _YEAR_SQL, yearly=True),
)
