"""A small invented schema for the tests of the language: four units, every type, derived facts, earlier years."""

from __future__ import annotations

from decimal import Decimal

from lika.engine.checker import check
from lika.engine.criteria import Checked, Criterion
from lika.engine.parser import parse
from lika.engine.schema import CodeItem, CodeList, Fact, ParameterSpec, Schema
from lika.engine.types import BooleanType, DateType, DecimalType, IntegerType, TextType, Type


def _list(id_: str, zh: str, en: str, *items: tuple[str, str, str]) -> CodeList:
    return CodeList(id_, zh, en, tuple(CodeItem(*item) for item in items))


GRADES = _list("housing_grade", "住房等级", "housing grade", *((c, f"{c}级", f"grade {c}") for c in "ABCD"))
POVERTY = _list("poverty", "贫困状态", "poverty status", ("poor", "贫困户", "poor"), ("exited", "脱贫户", "exited"))
SCHOOL = _list("school", "失学情况", "out of school", ("yes", "失学", "out of school"), ("no", "在校", "in school"))


def _fact(name: str, zh: str, type_: Type, unit: str | None = None, **more: object) -> Fact:
    return Fact(name, zh, name.replace("_", " "), type_, unit, **more)  # type: ignore[arg-type]


FACTS = {
    "person": (
        _fact("birth_date", "出生日期", DateType()),
        _fact("age", "年龄", IntegerType(3), "岁", formula="years_between(birth_date, reference_date)"),
        _fact("out_of_school", "失学", SCHOOL.type),
        _fact("labour", "劳动力", BooleanType()),
        _fact("wage", "工资", DecimalType(2, 9), "元"),
        _fact("remark", "备注", TextType()),
    ),
    "household": (
        _fact("net_income", "纯收入", DecimalType(2), "元", lags=2),
        _fact("members", "人口数", IntegerType(3), "人", lags=1),
        _fact("net_income_per_capita", "人均纯收入", DecimalType(2), "元", lags=2, formula="net_income / members"),
        _fact("housing_grade", "住房等级", GRADES.type, lags=1),
        _fact("safe_water", "安全饮水", BooleanType(), lags=1),
        _fact("poverty", "贫困状态", POVERTY.type),
        _fact("debt", "借款", DecimalType(2, 10), "元"),
        _fact("registered_on", "建档日期", DateType(), lags=1),
        _fact("remark", "备注", TextType()),
    ),
    "village": (
        _fact("rural_registered_population", "农业户籍人口", IntegerType(6), "人"),
        _fact("surfaced_road", "通硬化路", BooleanType()),
        _fact("collective_income", "集体经济收入", DecimalType(4, 12), "万元"),
    ),
    "township": (_fact("cadres", "干部人数", IntegerType(4), "人"),),
}
SCHEMA = Schema(
    {unit: {fact.name: fact for fact in facts} for unit, facts in FACTS.items()},
    {code_list.id: code_list for code_list in (GRADES, POVERTY, SCHOOL)},
)
PARAMETERS = {
    spec.name: spec
    for spec in (
        ParameterSpec("exit_line", "退出线", "exit line", DecimalType(2), Decimal("2736.10"), "元", "第十章第一条"),
        ParameterSpec("incidence", "贫困发生率", "incidence", DecimalType(2), Decimal("0.03"), None, "第十章第三条"),
        ParameterSpec("road_from", "通路起算日", "road from", DateType(), None),
        ParameterSpec("debt_limit", "大额借贷", "large debt", DecimalType(2), None, "元"),
    )
}
CRITERIA = {
    criterion.id: criterion
    for criterion in (
        Criterion("income", "household", "收入达标", "income", "net_income_per_capita > param.exit_line"),
        Criterion("water", "household", "饮水安全", "water", "safe_water and housing_grade in ('A', 'B')"),
        Criterion("schooled", "person", "有学上", "schooled", "not (age between 6 and 15) or out_of_school = 'no'"),
        Criterion("no_dropout", "household", "无失学", "no dropout", "all(person, met('schooled'))"),
        Criterion("road", "village", "通路", "road", "surfaced_road"),
    )
}


def checked(text: str, unit: str = "household") -> Checked:
    """The checked form of ``text`` in this world."""
    return check(parse(text), unit=unit, schema=SCHEMA, parameters=PARAMETERS, criteria=CRITERIA)
