"""Small workbooks for tests (演示数据): a clean one to start from, and ways to spoil it."""

import datetime as dt
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from lika.collection import workbook
from tests.factories import OTHER_VILLAGE, VILLAGE

Rows = dict[str, list[dict[str, Any]]]

YEAR = {"data_year": 2016, "period_from": dt.date(2016, 1, 1), "period_to": dt.date(2016, 12, 31)}


def sound(first17: str) -> str:
    """An identity number with its check digit."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


# Invented people: a couple, their child, an old man, and one to spare.
LI, WANG, CHILD, ZHAO, SPARE = map(
    sound, ("62122319800101001", "62122319820304002", "62122320100506003", "62122319560708005", "62122319990909001")
)


def household(number: str, village: str = VILLAGE, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "village": int(village),
        "address": "城关镇演示街1号",
        "phone": "13900000001",
        "bank_name": "演示银行",
        "bank_account": f"62280000000000{number[-2:]}",
        "kind": "registered",
        "standard": "1",
        "attribute": "01",
        "poverty_status": "20",
        "poverty_on": dt.date(2014, 12, 31),
        "identified_year": 2013,
        **more,
    }


def person(number: str, name: str, identity: str | None, relation: str, **more: Any) -> dict[str, Any]:
    sex = None if identity is None else "1" if int(identity[16]) % 2 else "2"
    return {
        "number": number,
        "name": name,
        "sex": sex,
        "id_type": "01" if identity else None,
        "id_number": identity,
        "relation": relation,
        "ethnicity": "01",
        **YEAR,
        "education": "03",
        "student_status": "01",
        "health": ("01",),
        "labour": "01",
        "medical_resident": True,
        **more,
    }


def household_year(number: str, **more: Any) -> dict[str, Any]:
    zero = dict.fromkeys(
        (
            *("property_dividend", "property_other", "transfer_family_planning", "transfer_dibao"),
            *("transfer_extreme", "transfer_pension", "transfer_eco", "transfer_other"),
        ),
        Decimal(0),
    )
    return {
        "number": number,
        **YEAR,
        **zero,
        "wage": Decimal("9000.50"),
        "operating": Decimal(4000),
        "expense_operating": Decimal(1000),
        "housing_grade": "B",
        "safe_water": True,
        "main_cause": "09",
        **more,
    }


def clean() -> Rows:
    """Two households, four members, a year each, and the years of one village and the county: no fault at all.

    Sheet rows: household H1 is row 2 and H2 row 3; members are rows 2-4 (H1) and 5 (H2); years are rows 2 and 3.
    """
    return {
        "households": [household("62122310000001"), household("62122310000002", OTHER_VILLAGE)],
        "persons": [
            person("62122310000001", "李演示", LI, "01"),
            person("62122310000001", "王演示", WANG, "02"),
            person("62122310000001", "李小演", CHILD, "03", education=None, student_status="03", labour=None),
            person("62122310000002", "赵演示", ZHAO, "01", health=("02", "04"), disability_type="4",
                   disability_grade="2"),
        ],
        "household_years": [household_year("62122310000001"), household_year("62122310000002")],
        "village_years": [
            {"village": int(VILLAGE), **YEAR, "poor_area": "1", "poor_area_on": dt.date(2013, 12, 31),
             "rural_registered_population": 1200, "hard_road": True, "collective_income": Decimal(20000)},
        ],
        "county_years": [{"county": 621223000000, **YEAR, "rural_registered_population": 250_000}],
    }  # fmt: skip


H1, H2 = "62122310000001", "62122310000002"


def changed(**cells: Any) -> Rows:
    """The clean workbook with cells changed: `changed(persons__2__sex="2")` sets the sex in row 2 of the members."""
    rows = deepcopy(clean())
    for place, value in cells.items():
        sheet, row, name = place.split("__")
        sheet_rows = rows[sheet]
        sheet_rows[int(row) - 2][name] = value
    return rows


def save(path: Path, rows: Rows) -> Path:
    """Write a workbook to a path and return it."""
    workbook.write(path, rows)
    return path


def edit(path: Path) -> Workbook:
    """The workbook in openpyxl, for what only a spreadsheet can do; save it to the same path."""
    return load_workbook(path)
