"""The five data sheets of the county workbook (DOMAIN §3.1-3.4, 3.7, 3.8).

What the register already declares as a fact is taken from there: heading, code list, bounds and source
are written once. What is not a fact (numbers, names, addresses, dates of changes) is declared here.
"""

from decimal import Decimal

from lika.collection.schema.columns import Column, Kind, Sheet, of_fact
from lika.engine.schema import Fact
from lika.register.choices import lists
from lika.register.facts import areas, households, persons

_LISTS = {code_list.id: code_list for code_list in lists.CODE_LISTS}
_BASE = "DOMAIN §3.1"
_FORM = "DOMAIN §3.2"

_FIRST_YEAR = Decimal(1900)
_LAST_YEAR = Decimal(2100)


def _facts(group: tuple[Fact, ...], *, required: frozenset[str] = frozenset()) -> dict[str, Column]:
    return {fact.name: of_fact(fact, _LISTS, required=fact.name in required) for fact in group}


def _household_number() -> Column:
    return Column("number", "户编号", "Household number", required=True, max_length=30, source=_BASE)


def _village() -> Column:
    return Column(
        "village",
        "行政村代码",
        "Village code",
        Kind.DIVISION,
        required=True,
        aliases=("行政区划代码",),
        source=_BASE,
        note_zh="12位统计用区划代码",
        note_en="12-digit statistical code",
    )


def _year_head(*, required: bool) -> tuple[Column, ...]:
    """Data year and reference period (标准时期), whose end is the standard time point (标准时点)."""
    source = "DOMAIN §1.1"
    return (
        Column(
            "data_year",
            "数据年度",
            "Data year",
            Kind.INTEGER,
            required=required,
            minimum=_FIRST_YEAR,
            maximum=_LAST_YEAR,
            source=source,
        ),
        Column("period_from", "标准时期起", "Period from", Kind.DATE, required=required, source=source),
        Column(
            "period_to", "标准时期止", "Period to", Kind.DATE, required=required, source=source, aliases=("标准时点",)
        ),
    )


_HOUSEHOLD = _facts((*households.BASE, *households.STATE), required=frozenset({"kind", "poverty_status"}))
_PERSON = _facts(persons.BASE, required=frozenset({"sex", "relation"}))
_HEALTH_FLAGS = ("chronic_illness", "serious_illness", "disabled")

HOUSEHOLDS = Sheet(
    "households",
    "户信息",
    "Households",
    (
        _household_number(),
        _village(),
        Column("natural_village", "自然村", "Natural village", max_length=80, source=_BASE, aliases=("自然村(屯)",)),
        Column("address", "家庭住址", "Address", source=_BASE),
        Column("phone", "联系电话", "Telephone", Kind.DIGITS, max_length=20, source=_BASE),
        Column("bank_name", "开户银行", "Bank", max_length=60, source=_BASE),
        Column("bank_account", "银行账号", "Bank account", Kind.DIGITS, max_length=30, source=_BASE),
        _HOUSEHOLD["standard"],
        _HOUSEHOLD["attribute"],
        _HOUSEHOLD["kind"],
        _HOUSEHOLD["poverty_status"],
        Column(
            "poverty_on", "脱贫属性日期", "Poverty status since", Kind.DATE, source=_BASE, aliases=("状态日期",),
            note_zh="现脱贫属性自何日起", note_en="The day since which the status holds",
        ),
        _HOUSEHOLD["identified_year"],
        _HOUSEHOLD["planned_exit_year"],
        _HOUSEHOLD["monitoring_status"],
        Column("monitoring_on", "监测对象日期", "Monitored since", Kind.DATE, source="DOMAIN §3.24"),
        Column(
            "longitude", "经度", "Longitude", Kind.DECIMAL, places=6, minimum=Decimal(-180), maximum=Decimal(180),
            source=_BASE,
        ),
        Column(
            "latitude", "纬度", "Latitude", Kind.DECIMAL, places=6, minimum=Decimal(-90), maximum=Decimal(90),
            source=_BASE,
        ),
        Column(
            "coordinate_system", "坐标系", "Coordinate system", Kind.CODE, code_list=lists.COORDINATES, source=_BASE
        ),
    ),
    aliases=("户",),
)  # fmt: skip

PERSONS = Sheet(
    "persons",
    "家庭成员",
    "Members",
    (
        _household_number(),
        Column("person_number", "人编号", "Person number", max_length=30, source=_FORM),
        Column("name", "姓名", "Name", required=True, max_length=60, source=_FORM + " A4"),
        _PERSON["sex"],
        Column("id_type", "证件类型", "Identity document", Kind.CODE, code_list=lists.ID_TYPE, source=_FORM + " A6"),
        Column(
            "id_number", "证件号码", "Identity number", Kind.IDENTITY, max_length=22, source=_FORM + " A6",
            aliases=("公民身份号码", "身份证号码", "身份证号"),
        ),
        Column(
            "no_id_reason", "无证件原因", "Reason for no document", Kind.CODE, code_list=lists.NO_ID, source=_FORM
        ),
        _PERSON["birth_date"],
        _PERSON["relation"],
        _PERSON["ethnicity"],
        Column("change", "人员变更", "Member change", Kind.CODE, code_list=lists.MEMBER_CHANGE, source=_FORM),
        Column("change_on", "变更日期", "Date of change", Kind.DATE, source=_FORM),
        *_year_head(required=False),
        *(
            Column("health", "健康状况", "Health", Kind.HEALTH, code_list=lists.HEALTH, source=_FORM + " A11",
                   note_zh="可多选，用顿号分开", note_en="Several answers, separated by 、 or ,")
            if name == "chronic_illness"
            else column
            for name, column in _facts(persons.YEARLY).items()
            if name not in _HEALTH_FLAGS[1:]
        ),
    ),
    aliases=("家庭成员信息", "成员"),
)  # fmt: skip

HOUSEHOLD_YEARS = Sheet(
    "household_years",
    "户年度数据",
    "Household years",
    (
        _household_number(),
        *_year_head(required=True),
        *_facts((*households.INCOME, *households.CONDITIONS)).values(),
        Column(
            "net_income", "纯收入", "Net income", Kind.DECIMAL, places=2, source="DOMAIN §3.4", unit_zh="元",
            unit_en="yuan", note_zh="只作核对，系统按明细计算", note_en="Only compared: the register computes it",
        ),
    ),
)  # fmt: skip

VILLAGE_YEARS = Sheet(
    "village_years",
    "村年度数据",
    "Village years",
    (
        _village(),
        *_year_head(required=True),
        *_facts(areas.VILLAGE_STATUS).values(),
        Column("poor_area_on", "贫困村状态日期", "Status since", Kind.DATE, source="DOMAIN §3.7"),
        *_facts(areas.VILLAGE_YEARLY).values(),
    ),
)

COUNTY_YEARS = Sheet(
    "county_years",
    "县年度数据",
    "County years",
    (
        Column(
            "county", "县代码", "County code", Kind.DIVISION, required=True, aliases=("行政区划代码",),
            source="DOMAIN §3.8", note_zh="6位或12位区划代码", note_en="6- or 12-digit code",
        ),
        *_year_head(required=True),
        *_facts(areas.COUNTY_STATUS).values(),
        Column("poor_area_on", "贫困县状态日期", "Status since", Kind.DATE, source="DOMAIN §3.8"),
        *_facts(areas.COUNTY_YEARLY).values(),
    ),
)  # fmt: skip

SHEETS: tuple[Sheet, ...] = (HOUSEHOLDS, PERSONS, HOUSEHOLD_YEARS, VILLAGE_YEARS, COUNTY_YEARS)
SHEETS_BY_KEY = {sheet.key: sheet for sheet in SHEETS}

# Sheets of the template that carry no data.
NOTES_SHEET = ("说明", "Notes")
CODES_SHEET = ("代码表", "Codes")
FAULTS_SHEET = ("错误清单", "Faults")
IGNORED_SHEETS = frozenset({*NOTES_SHEET, *CODES_SHEET, *FAULTS_SHEET})
