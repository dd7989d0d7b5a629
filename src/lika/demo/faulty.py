"""Two small workbooks: one with one of each error (演示-有错误.xlsx), and the same corrected (演示-已更正.xlsx).

Each fault is one change to a clean household of its own, so that correcting the workbook is undoing
the change. `FAULTS` names them by the code that the door must answer with; the test holds that it
answers with exactly these.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from lika.collection import workbook
from lika.collection.workbook import AsTyped
from lika.demo.areas import Village, period
from lika.demo.households import House
from lika.demo.names import Numbers
from lika.demo.place import Place, draw_village
from lika.demo.table import read
from lika.demo.tour_households import shown
from lika.demo.workbook import household_row, member_row, year_rows
from lika.register.choices import HEAD

Rows = dict[str, list[dict[str, Any]]]
_FIRST_NUMBER = 7001


@dataclass(frozen=True)
class Fault:
    """A code and the change that earns it; `change` gets the sheets and the household number set aside for it."""

    code: str
    change: Callable[[Rows, str], None]


@dataclass(frozen=True)
class RegisterFault:
    """A code that only shows against the imported county; `change` gets a household of the tour that stands there."""

    code: str
    change: Callable[[Rows, House], None]


def clean_rows(numbers: Numbers) -> Rows:
    """As many clean new households of the tour village as there are faults."""
    village = Village(read("tour")["village"], "官鹅村", "621223100000", len(FAULTS), advanced=False, poor=True)
    houses = list(draw_village(village, numbers, first=_FIRST_NUMBER, seed="faulty"))
    return {
        "households": [household_row(house) for house in houses],
        "persons": [member_row(house, order) for house in houses for order in range(1, len(house.members) + 1)],
        "household_years": [row for house in houses for row in year_rows(house)],
        "county_years": [],
    }


def write(faulty: Path, corrected: Path, county: Place, numbers: Numbers) -> None:
    """Write both workbooks. `numbers` must be the ones that the county was drawn with: nobody gets a number twice."""
    rows = clean_rows(numbers)
    workbook.write(corrected, rows)
    order = [row["number"] for row in rows["households"]]
    for fault, number in zip(FAULTS, order, strict=True):
        fault.change(rows, number)
    known = {house.number: house for house in county.houses}
    for standing, household in REGISTER_FAULTS:
        standing.change(rows, known[shown()[household - 1].number])
    workbook.write(faulty, rows)
    book = load_workbook(faulty)
    _shape(book, order)
    book.save(faulty)


def _household(rows: Rows, number: str) -> dict[str, Any]:
    return next(row for row in rows["households"] if row["number"] == number)


def _members(rows: Rows, number: str) -> list[dict[str, Any]]:
    return [row for row in rows["persons"] if row["number"] == number]


def _years(rows: Rows, number: str) -> list[dict[str, Any]]:
    return [row for row in rows["household_years"] if row["number"] == number]


def _set(sheet: str, column: str, value: Any) -> Callable[[Rows, str], None]:
    """Put a value into a column of the household's first row in a sheet."""

    def change(rows: Rows, number: str) -> None:
        next(row for row in rows[sheet] if row["number"] == number)[column] = value

    return change


def _typed(sheet: str, column: str, value: str | float) -> Callable[[Rows, str], None]:
    return _set(sheet, column, AsTyped(value))


def _damage(rows: Rows, number: str) -> None:
    head = _members(rows, number)[0]
    head["id_number"] = AsTyped(float(head["id_number"][:17].ljust(18, "0")))


def _wrong_digit(rows: Rows, number: str) -> None:
    head = _members(rows, number)[0]
    last = head["id_number"][-1]
    head["id_number"] = head["id_number"][:-1] + ("1" if last != "1" else "2")


def _impossible_birth(rows: Rows, number: str) -> None:
    head = _members(rows, number)[0]
    head["id_number"] = head["id_number"][:10] + "1332" + head["id_number"][14:]


def _twice(sheet: str) -> Callable[[Rows, str], None]:
    def change(rows: Rows, number: str) -> None:
        rows[sheet].append(dict(next(row for row in rows[sheet] if row["number"] == number)))

    return change


def _without_members(rows: Rows, number: str) -> None:
    rows["persons"] = [row for row in rows["persons"] if row["number"] != number]


def _without_head(rows: Rows, number: str) -> None:
    _members(rows, number)[0]["relation"] = "99"


def _two_heads(rows: Rows, number: str) -> None:
    rows["persons"].append(_another(rows, number, relation=HEAD))


def _another(rows: Rows, household: str, **changes: Any) -> dict[str, Any]:
    """One more member, without a number, born in the last year."""
    head = _members(rows, household)[0]
    start = dt.date(head["data_year"], 3, 1)
    quiet = {
        "id_type": None,
        "id_number": None,
        "no_id_reason": "1",
        "birth_date": start,
        "name": f"{head['name'][0]}小演",
    }
    kept = {name: head[name] for name in ("number", "ethnicity", "data_year", "period_from", "period_to")}
    return kept | quiet | {"sex": "1", "relation": "03", "person_number": None} | changes


def _same_number(rows: Rows, number: str) -> None:
    other = _members(rows, f"{int(number) - 1}")[0]
    head = _members(rows, number)[0]
    for column in ("id_number", "birth_date", "sex"):
        head[column] = other[column]


def _same_child(rows: Rows, number: str) -> None:
    rows["persons"] += [_another(rows, number), _another(rows, number)]


def _nobody(rows: Rows, number: str) -> None:
    rows["persons"].append(_another(rows, number, number="6212231002150000"))


def _other_sex(rows: Rows, number: str) -> None:
    head = _members(rows, number)[0]
    head["sex"] = "2" if head["sex"] == "1" else "1"


def _other_birth(rows: Rows, number: str) -> None:
    head = _members(rows, number)[0]
    head["birth_date"] += dt.timedelta(days=1)


def _without_number(rows: Rows, number: str) -> None:
    _members(rows, number)[0]["id_number"] = None


def _without_birth(rows: Rows, number: str) -> None:
    rows["persons"].append(_another(rows, number, birth_date=None))


def _backwards(rows: Rows, number: str) -> None:
    row = _years(rows, number)[0]
    row["period_from"], row["period_to"] = row["period_to"], row["period_from"]


def _ended_county(rows: Rows, number: str) -> None:
    """宕昌县 had this code until 2004."""
    start, end = period(2003)
    rows["county_years"].append({"county": 622623000000, "data_year": 2003, "period_from": start, "period_to": end})


def _without_period(rows: Rows, number: str) -> None:
    for member in _members(rows, number):
        member.update(period_from=None, period_to=None)
    rows["household_years"] = [row for row in rows["household_years"] if row["number"] != number]


def _healthy_and_ill(rows: Rows, number: str) -> None:
    _members(rows, number)[0]["health"] = ("01", "03")


FAULTS: tuple[Fault, ...] = (
    Fault("COL-101", lambda rows, number: None),  # a formula, put in by `_shape`
    Fault("COL-102", lambda rows, number: None),  # merged cells, put in by `_shape`
    Fault("COL-104", _set("persons", "name", None)),
    Fault("COL-105", _typed("household_years", "housing_grade", "E级")),
    Fault("COL-106", _typed("household_years", "wage", "五千")),
    Fault("COL-107", _typed("household_years", "house_built_year", 20160)),
    Fault("COL-108", _typed("household_years", "operating", 1234.567)),
    Fault("COL-109", _typed("persons", "birth_date", "2016年13月1日")),
    Fault("COL-110", _typed("household_years", "safe_water", "也许")),
    Fault("COL-111", _set("households", "bank_name", "信" * 61)),
    Fault("COL-112", _typed("households", "bank_account", 6.212231234567891e18)),
    Fault("COL-113", _set("households", "phone", "10ABC567890")),
    Fault("COL-120", _typed("households", "village", "官鹅村")),
    Fault("COL-121", _damage),
    Fault("COL-122", _set("persons", "id_number", "62000019")),
    Fault("COL-123", _impossible_birth),
    Fault("COL-124", _wrong_digit),
    Fault("COL-125", _healthy_and_ill),
    Fault("COL-201", _twice("households")),
    Fault("COL-202", _without_members),
    Fault("COL-203", _without_head),
    Fault("COL-204", _two_heads),
    Fault("COL-205", _same_number),
    Fault("COL-206", _same_child),
    Fault("COL-207", _nobody),
    Fault("COL-208", _twice("household_years")),
    Fault("COL-209", _ended_county),
    Fault("COL-210", _set("households", "village", "621223100998")),
    Fault("COL-211", _set("households", "village", "621223100000")),
    Fault("COL-212", _set("households", "village", "621202001001")),  # another county's, real
    Fault("COL-213", _set("households", "natural_village", "没有的自然村")),
    Fault("COL-214", _other_sex),
    Fault("COL-215", _other_birth),
    Fault("COL-216", _without_number),
    Fault("COL-217", _without_birth),
    Fault("COL-218", _set("households", "longitude", 104.39)),
    Fault("COL-219", _set("persons", "data_year", None)),
    Fault("COL-220", _backwards),
    Fault("COL-222", _without_period),
    Fault("COL-223", _set("households", "poverty_on", dt.date(2099, 12, 31))),
)


def _person_of_another(rows: Rows, house: House) -> None:
    head = house.members[0]
    same = {
        "id_type": "01",
        "id_number": head.identity,
        "no_id_reason": None,
        "birth_date": head.birth,
        "sex": head.sex,
    }
    rows["persons"].append(_another(rows, rows["persons"][0]["number"], relation="99", **same))


def _locked_year(rows: Rows, house: House) -> None:
    oldest = next(year_rows(house))
    rows["household_years"].append(oldest | {"wage": oldest["wage"] + 1})


def _household_as(**changes: Any) -> Callable[[Rows, House], None]:
    def change(rows: Rows, house: House) -> None:
        rows["households"].append(household_row(house) | changes)

    return change


def _leaves_before_joining(rows: Rows, house: House) -> None:
    child = member_row(house, len(house.members))
    rows["persons"].append(child | {"change": "08"})


LOCKED = 2  # the loop locks the oldest year of this household of the tour
REGISTER_FAULTS: tuple[tuple[RegisterFault, int], ...] = (  # with the household of the tour (from 1)
    (RegisterFault("COL-301", _person_of_another), 1),
    (RegisterFault("COL-302", _locked_year), LOCKED),
    (RegisterFault("COL-303", _household_as(poverty_status="10", poverty_on=dt.date(2016, 6, 30))), 3),
    (RegisterFault("COL-304", _household_as(village="621223100200")), 4),
    (RegisterFault("COL-306", _household_as(poverty_status="20", poverty_on=dt.date(2015, 1, 1))), 5),
    (RegisterFault("COL-307", _leaves_before_joining), 20),
)
CODES = frozenset(fault.code for fault in FAULTS) | {fault.code for fault, _household in REGISTER_FAULTS}


def _shape(book: Workbook, order: list[str]) -> None:
    """What only a spreadsheet can do: a formula and merged cells."""
    sheet = book["户年度数据"]
    headings = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    rows: dict[str, int] = {}
    for row in sheet.iter_rows(min_row=2, max_col=1):
        rows.setdefault(row[0].value, row[0].row)
    wage = next(column for heading, column in headings.items() if heading.startswith("工资性收入"))
    sheet.cell(rows[order[0]], wage).value = "=1000+2000"
    merged = rows[order[1]]
    sheet.merge_cells(start_row=merged, end_row=merged + 1, start_column=wage, end_column=wage)
