"""Facts of villages and counties: the yearly forms and the poor-area status (DOMAIN §3.7, 3.8).

A division is a unit when it lies wholly in scope: a county is not asked in a snapshot of one of its
villages, for its counts would be wrong.
"""

from dataclasses import replace
from decimal import Decimal

from lika.core.facts import Provider
from lika.divisions.choices import Level
from lika.engine.amounts import RATIO
from lika.engine.schema import Fact
from lika.engine.types import DecimalType
from lika.register.choices import Axis, PoorAreaStatus, lists
from lika.register.facts.making import FLOW, classed, code, columns, count, flag, formula, measure, money
from lika.register.models import AreaStatus, CountyYear, VillageYear

_VILLAGE = "DOMAIN §3.7"
_COUNTY = "DOMAIN §3.8"
_EXIT = "甘肃秦巴山片区规划 第十章第一节六"
PEOPLE, HOUSEHOLDS, PLACES = ("人", "people"), ("户", "households"), ("个", "")

VILLAGE_STATUS = classed(
    (code("poor_area", "贫困村状态", "Poor-village status", lists.POOR_AREA, _VILLAGE),), AreaStatus.privacy
)
COUNTY_STATUS = classed(
    (code("poor_area", "贫困县状态", "Poor-county status", lists.POOR_AREA, _COUNTY),), AreaStatus.privacy
)

VILLAGE_YEARLY = classed(
    (
        count(
            "rural_registered_population",
            "农村户籍人口",
            "Rural registered population",
            PEOPLE,
            _VILLAGE + " B4",
            ("贫困发生率的分母", "The denominator of poverty incidence"),
        ),
        count("rural_households", "农村户数", "Rural households", HOUSEHOLDS, _VILLAGE + " B3"),
        count("natural_villages", "自然村数", "Natural villages", PLACES, _VILLAGE + " B1"),
        code("terrain", "地形地貌", "Terrain", lists.TERRAIN, _VILLAGE),
        money("net_income_per_head", "农民人均纯收入", "Farmers' net income per head", _VILLAGE + " B18", FLOW),
        money("collective_income", "村集体经济收入", "Collective income", _VILLAGE + " B20", FLOW),
        flag("hard_road", "通硬化路", "Hard road", _VILLAGE),
        count("natural_villages_unpaved", "未通硬化路自然村数", "Natural villages without", PLACES, _VILLAGE + " B24"),
        flag("bus", "通客运班车", "Bus service", _VILLAGE + " B23"),
        flag("production_power", "通动力电", "Electricity for production", _VILLAGE),
        flag("broadband_village", "通宽带", "Broadband", _VILLAGE + " B61"),
        count("tap_water_households", "通自来水户数", "Households with tap water", HOUSEHOLDS, _VILLAGE + " B26"),
        count("unsafe_water_households", "未实现饮水安全户数", "Without safe water", HOUSEHOLDS, _VILLAGE + " B32"),
        count("dangerous_house_households", "住危房户数", "In dangerous houses", HOUSEHOLDS, _VILLAGE + " B38"),
        count("medical_insured", "参加基本医疗保险人数", "People medically insured", PEOPLE, _VILLAGE + " B40"),
        count("pension_insured", "参加基本养老保险人数", "People in a pension scheme", PEOPLE, _VILLAGE + " B43"),
        flag("standard_clinic", "有标准化卫生室", "Standard clinic", _VILLAGE + " B45"),
        count("village_doctors", "乡村医生数", "Village doctors", PEOPLE, _VILLAGE + " B52"),
        flag("culture_room", "有文化图书室", "Culture and reading room", _VILLAGE + " B55"),
        flag("service_centre", "有综合服务设施", "Service centre", _VILLAGE + " B56"),
        flag("waste_handled", "垃圾集中处理", "Waste collected", _VILLAGE),
        flag("village_appearance", "村容村貌达标", "Village look up to standard", _EXIT),
        count("leading_industries", "主导产业数", "Leading industries", PLACES, _VILLAGE + " B83"),
        count("cooperatives", "农民专业合作社数", "Cooperatives", PLACES, _VILLAGE + " B85"),
        count(
            "cooperative_poor_households",
            "参加合作社贫困户数",
            "Poor households in cooperatives",
            HOUSEHOLDS,
            _VILLAGE + " B86",
        ),
    ),
    VillageYear.privacy,
)

COUNTY_YEARLY = classed(
    (
        count(
            "rural_registered_population",
            "农村户籍人口",
            "Rural registered population",
            PEOPLE,
            _COUNTY,
            ("贫困发生率的分母", "The denominator of poverty incidence"),
        ),
        count("rural_households", "农村户数", "Rural households", HOUSEHOLDS, _COUNTY),
        money("net_income_per_head", "农民人均纯收入", "Farmers' net income per head", _COUNTY, FLOW),
        count("safe_water_population", "安全饮水人数", "People with safe water", PEOPLE, _COUNTY),
        count("safe_housing_households", "住房安全户数", "Households in safe houses", HOUSEHOLDS, _COUNTY),
        count("medical_insured", "参加基本医疗保险人数", "People medically insured", PEOPLE, _COUNTY),
        measure(
            "compulsory_retention_rate",
            "九年义务教育巩固率",
            "Retention in compulsory schooling",
            ("%", "%"),
            _COUNTY + " C63",
            maximum=Decimal(100),
        ),
        count("villages_total", "行政村数", "Administrative villages", PLACES, _COUNTY),
        count("villages_hard_road", "通硬化路村数", "Villages with a hard road", PLACES, _COUNTY),
        count("villages_standard_clinic", "有标准化卫生室村数", "Villages with a standard clinic", PLACES, _COUNTY),
    ),
    CountyYear.privacy,
)

_INCIDENCE = formula(
    Fact(
        "poverty_incidence",
        "贫困发生率",
        "Poverty incidence",
        DecimalType(6),
        *RATIO,
        meaning_zh="贫困人口除以农村户籍人口",
        meaning_en="Poor people divided by the rural registered population",
        privacy="public",
        source=_EXIT,
    ),
    "poor_population / rural_registered_population",
)


def _counted(state: str, zh: str, en: str, item: str) -> tuple[Fact, Fact]:
    """Households and people in one state of poverty, counted by the register and never typed."""
    source, meaning = f"{_VILLAGE} {item}", ("由登记的户汇总", "Counted from the households of the register")
    households = count(f"{state}_households", f"{zh}户数", f"{en} households", HOUSEHOLDS, source, meaning)
    people = count(f"{state}_population", f"{zh}人口", f"{en} people", PEOPLE, source, meaning)
    return (
        replace(formula(households, f"count(household, poverty = '{state}')"), privacy="public"),
        replace(formula(people, f"sum(household, if poverty = '{state}' then members else 0)"), privacy="public"),
    )


COUNTS = (*_counted("poor", "贫困", "Poor", "B3-1, B4-1"), *_counted("exited", "脱贫", "Exited", "B4"))
FORMULAS: dict[str, tuple[Fact, ...]] = {
    "village": (*COUNTS, _INCIDENCE),
    "township": COUNTS,
    "county": (*COUNTS, _INCIDENCE),
    "prefecture": COUNTS,
    "province": COUNTS,
}


def _spine_sql(key: str, level: Level) -> str:
    return f"""
WITH latest AS (
    SELECT DISTINCT ON (division) division, to_status
    FROM register_statusevent
    WHERE axis = '{Axis.POOR_AREA.value}' AND effective_on <= %(at)s AND division BETWEEN %(low)s AND %(high)s
    ORDER BY division, effective_on DESC, recorded_at DESC, id DESC
)
SELECT d.number AS {key}, COALESCE(latest.to_status, '{PoorAreaStatus.NONE.value}') AS poor_area
FROM divisions_division d
LEFT JOIN latest ON latest.division = d.number
WHERE d.level = {level.value} AND d.number BETWEEN %(low)s AND %(high)s
  AND (d.valid_from IS NULL OR d.valid_from <= %(at)s)
  AND (d.valid_to IS NULL OR d.valid_to > %(at)s)
"""  # noqa: S608 - made of our own constants


def _year_sql(key: str, facts: tuple[Fact, ...]) -> str:
    return f"""
SELECT y.{key}, {columns(facts, "y")}
FROM register_{key}year y
WHERE y.data_year = %(year)s AND y.{key} BETWEEN %(low)s AND %(high)s
"""  # noqa: S608 - made of our own constants


PROVIDERS = (
    Provider("village", "village_base", VILLAGE_STATUS, _spine_sql("village", Level.VILLAGE), spine=True),
    Provider("village", "village_year", VILLAGE_YEARLY, _year_sql("village", VILLAGE_YEARLY), yearly=True),
    Provider("county", "county_base", COUNTY_STATUS, _spine_sql("county", Level.COUNTY), spine=True),
    Provider("county", "county_year", COUNTY_YEARLY, _year_sql("county", COUNTY_YEARLY), yearly=True),
)
