"""Facts of a household: its base record, its state at the time point, and its yearly form (DOMAIN §3.1, 3.3, 3.4)."""

from lika.core.facts import Provider
from lika.core.privacy import Privacy
from lika.register.choices import STILL_POOR, PovertyStatus, lists
from lika.register.facts.making import (
    FLOW,
    RECORD,
    classed,
    code,
    columns,
    count,
    flag,
    formula,
    kept,
    measure,
    money,
    year,
)
from lika.register.models import Household, HouseholdYear

LAGS = 2
_BASE = "DOMAIN §3.1"
_LIVING = "DOMAIN §3.3"
_INCOME = "DOMAIN §3.4"
_EXIT = "甘肃秦巴山片区规划 第十章第一节六"
_BATCH = "甘肃秦巴山片区规划 第九章注"
MU, METRES, KILOMETRES = ("亩", "mu"), ("平方米", "m²"), ("公里", "km")
PEOPLE, CHANNELS = ("人", "people"), ("项", "channels")

BASE = classed(
    (
        code("kind", "登记类别", "Kind of registration", lists.REGISTER_KIND, _BASE),
        code("standard", "识别标准", "Identification standard", lists.STANDARD, _BASE + " A1"),
        code("attribute", "贫困户属性", "Household attribute", lists.HOUSEHOLD_ATTRIBUTE, _BASE + " A2"),
        year("identified_year", "识别年度", "Year of identification", _BASE),
        year("planned_exit_year", "计划脱贫年度", "Planned year of exit", _BASE),
    ),
    Household.privacy,
    RECORD,
)

STATE = kept(
    classed(
        (
            count(
                "members",
                "家庭人口",
                "Members",
                PEOPLE,
                "DOMAIN §3.2",
                ("标准时点上的家庭成员人数", "People who belong to the household at the time point"),
            ),
            code(
                "poverty",
                "贫困状态",
                "Poverty",
                lists.POVERTY,
                "DOMAIN §5.0",
                ("由标准时点的脱贫属性归并", "The poverty status at the time point, in four groups"),
            ),
            code("poverty_status", "脱贫属性", "Poverty status", lists.POVERTY_STATUS, "DOMAIN §4.5"),
            code("monitoring_status", "监测对象类别", "Monitoring class", lists.MONITORING, "DOMAIN §4.27"),
        ),
        {**Household.privacy, "members": Privacy.PERSONAL, "poverty": Privacy.PUBLIC},
    ),
    LAGS,
)

INCOME = kept(
    classed(
        (
            money("wage", "工资性收入", "Wages", _INCOME),
            money("operating", "生产经营性收入", "Operating income", _INCOME),
            money("property_dividend", "资产收益扶贫分红收入", "Dividends of asset-income support", _INCOME),
            money("property_other", "其他财产性收入", "Other property income", _INCOME),
            money("transfer_family_planning", "计划生育金", "Family-planning payments", _INCOME),
            money("transfer_dibao", "低保金", "Subsistence allowance (dibao)", _INCOME),
            money("transfer_extreme", "特困供养金", "Extreme-poverty support", _INCOME),
            money("transfer_pension", "养老保险金", "Pensions", _INCOME),
            money("transfer_eco", "生态补偿金", "Ecological compensation", _INCOME),
            money("transfer_other", "其他转移性收入", "Other transfers", _INCOME),
            money("expense_operating", "生产经营性支出", "Operating expenses", _INCOME),
        ),
        HouseholdYear.privacy,
        FLOW,
    ),
    LAGS,
)

CONDITIONS = classed(
    (
        measure("land_cultivated", "耕地面积", "Cultivated land", MU, _LIVING),
        measure("land_forest", "林地面积", "Forest land", MU, _LIVING),
        measure("land_returned_forest", "退耕还林面积", "Farmland returned to forest", MU, _LIVING),
        measure("house_area", "住房面积", "House area", METRES, _LIVING),
        code("house_structure", "住房结构", "House structure", lists.STRUCTURE, _LIVING + " A22"),
        year("house_built_year", "建房年度", "Year the house was built", _LIVING + " A23"),
        year("house_renovated_year", "危改年度", "Year of renovation", _LIVING),
        code(
            "housing_grade",
            "房屋安全等级",
            "Housing safety grade",
            lists.HOUSING_GRADE,
            _LIVING,
            ("A、B级为安全，C级为局部危险，D级为整栋危险", "A and B are safe, C is partly and D wholly dangerous"),
        ),
        flag("power_life", "通生活用电", "Electricity for living", _LIVING),
        flag("power_production", "通生产用电", "Electricity for production", _LIVING),
        flag("tv", "通广播电视", "Radio and television", _LIVING),
        flag("broadband", "通宽带", "Broadband", _LIVING),
        code("road_type", "入户路类型", "Road to the house", lists.ROAD, _LIVING),
        measure("road_distance", "与村主干路距离", "Distance to the village's main road", KILOMETRES, _LIVING),
        code("water_source", "饮水水源", "Water source", lists.WATER_SOURCE, _LIVING + " A37"),
        flag("water_difficult", "饮水是否困难", "Water hard to get", _LIVING),
        flag("safe_water", "饮水是否安全", "Safe drinking water", _LIVING),
        code("fuel", "主要燃料类型", "Main fuel", lists.FUEL, _LIVING + " A35"),
        flag("toilet", "有无卫生厕所", "Sanitary toilet", _LIVING),
        flag("coop_member", "加入农民专业合作社", "Member of a cooperative", _LIVING),
        flag("leading_firm", "有龙头企业带动", "Linked to a leading enterprise", _LIVING),
        flag("leader_support", "有创业致富带头人带动", "Led by a village business leader", _LIVING),
        flag("food_secure", "不愁吃", "No worry about food", _EXIT),
        flag("clothing_secure", "不愁穿", "No worry about clothing", _EXIT),
        count(
            "income_channels",
            "增收渠道数",
            "Income channels",
            CHANNELS,
            _EXIT,
            ("家庭现有增收渠道的项数，没有的填0", "How many ways of raising its income the household has; 0 for none"),
        ),
        money("debt_illness", "因病借贷金额", "Debt for illness", _EXIT, ("因病借贷的未还金额", "Still owed")),
        money("debt_schooling", "因学借贷金额", "Debt for schooling", _EXIT, ("因学借贷的未还金额", "Still owed")),
        money("debt_housing", "因房借贷金额", "Debt for housing", _EXIT, ("因房借贷的未还金额", "Still owed")),
        code("main_cause", "主要致贫原因", "Main cause of poverty", lists.CAUSE, _BASE + " A3a"),
        code("other_cause_1", "其他致贫原因1", "Other cause 1", lists.CAUSE, _BASE + " A3b"),
        code("other_cause_2", "其他致贫原因2", "Other cause 2", lists.CAUSE, _BASE + " A3b"),
        flag("batch_industry", "产业发展标识", "Batch: industry", _BATCH),
        flag("batch_ecology", "生态保护标识", "Batch: ecology", _BATCH),
        flag("batch_education", "教育脱贫标识", "Batch: education", _BATCH),
        flag("relocation_planned", "列入易地搬迁规划", "In the relocation plan", _BATCH),
        flag("dibao_listed", "列入低保名册", "In the dibao list", _BATCH),
    ),
    HouseholdYear.privacy,
)

# What the income makes is kept as long as the income itself.
DERIVED_INCOME = kept(
    (
        formula(
            money("property_income", "财产性收入", "Property income", _INCOME), "property_dividend + property_other"
        ),
        formula(
            money("transfer_income", "转移性收入", "Transfer income", _INCOME),
            "transfer_family_planning + transfer_dibao + transfer_extreme + transfer_pension + transfer_eco"
            " + transfer_other",
        ),
        formula(
            money("gross_income", "总收入", "Gross income", _INCOME),
            "wage + operating + property_income + transfer_income",
        ),
        formula(
            money("net_income", "纯收入", "Net income", _INCOME, ("总收入减生产经营性支出", "Gross less expenses")),
            "gross_income - expense_operating",
        ),
        formula(
            money(
                "net_income_per_capita",
                "人均纯收入",
                "Net income per head",
                _INCOME,
                ("纯收入除以家庭人口", "Net income divided by members"),
            ),
            "net_income / members",
        ),
    ),
    LAGS,
)
_DEBT = formula(
    money(
        "debt",
        "大额借贷合计",
        "Debt for illness, schooling and housing",
        _EXIT,
        ("因病、因学、因房借贷的未还金额之和", "What is still owed for the three together"),
    ),
    "debt_illness + debt_schooling + debt_housing",
)
_DERIVED = (*DERIVED_INCOME, _DEBT)
FORMULAS = classed(
    _DERIVED,
    dict.fromkeys((fact.name for fact in _DERIVED), Privacy.PERSONAL),
    ("由本年收支各项计算", "Worked out from the year's income and cost"),
)

# Households that ever stood in scope: of an earlier year a household is asked wherever it stood then.
EVER_HERE = "SELECT household_id FROM register_placement WHERE village BETWEEN %(low)s AND %(high)s"

_SPINE_SQL = """
SELECT h.id AS household_id, placed.village,
       h.kind, NULLIF(h.standard, '') AS standard, NULLIF(h.attribute, '') AS attribute,
       h.identified_year, h.planned_exit_year
FROM register_placement placed
JOIN register_household h ON h.id = placed.household_id
WHERE placed.village BETWEEN %(low)s AND %(high)s
  AND (placed.started_on IS NULL OR placed.started_on <= %(at)s)
  AND (placed.ended_on IS NULL OR placed.ended_on > %(at)s)
"""

# NOT MATERIALIZED would repeat the scan of the scope: the three counts below share it.
_STATE_SQL = f"""
WITH here AS MATERIALIZED (SELECT DISTINCT household_id FROM ({EVER_HERE}) AS ever),
counted AS (
    SELECT m.household_id, count(*) AS members
    FROM register_membership m
    WHERE m.household_id IN (SELECT household_id FROM here)
      AND (m.joined_on IS NULL OR m.joined_on <= %(at)s)
      AND (m.left_on IS NULL OR m.left_on > %(at)s)
    GROUP BY m.household_id
),
status AS (
    SELECT DISTINCT ON (e.household_id, e.axis) e.household_id, e.axis, e.to_status
    FROM register_statusevent e
    WHERE e.household_id IN (SELECT household_id FROM here) AND e.effective_on <= %(at)s
    ORDER BY e.household_id, e.axis, e.effective_on DESC, e.recorded_at DESC, e.id DESC
),
stated AS (
    SELECT here.household_id,
           COALESCE(counted.members, 0)::integer AS members,
           COALESCE(poverty.to_status, '{PovertyStatus.NONE.value}') AS poverty_status,
           COALESCE(monitoring.to_status, '0') AS monitoring_status
    FROM here
    LEFT JOIN counted USING (household_id)
    LEFT JOIN status poverty ON poverty.household_id = here.household_id AND poverty.axis = 'poverty'
    LEFT JOIN status monitoring ON monitoring.household_id = here.household_id AND monitoring.axis = 'monitoring'
)
SELECT household_id, members, poverty_status, monitoring_status,
       CASE WHEN poverty_status IN ({", ".join(f"'{status}'" for status in sorted(map(str, STILL_POOR)))}) THEN 'poor'
            WHEN poverty_status = '{PovertyStatus.EXITED.value}' THEN 'exited'
            WHEN poverty_status = '{PovertyStatus.REMOVED.value}' THEN 'removed'
            ELSE 'none' END AS poverty
FROM stated
"""  # noqa: S608 - made of our own constants


def _year_sql(select: str) -> str:
    return f"""
SELECT y.household_id, {select}
FROM register_householdyear y
WHERE y.data_year = %(year)s AND y.household_id IN ({EVER_HERE})
"""  # noqa: S608 - the select list is made of the names of our own facts


PROVIDERS = (
    Provider("household", "household_base", BASE, _SPINE_SQL, spine=True),
    Provider("household", "household_state", STATE, _STATE_SQL, yearly=True),
    Provider("household", "household_income", INCOME, _year_sql(columns(INCOME, "y")), yearly=True),
    Provider("household", "household_conditions", CONDITIONS, _year_sql(columns(CONDITIONS, "y")), yearly=True),
)
