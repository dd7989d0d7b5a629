"""Plain Python, row at a time: what anybody writes first. Amounts stay decimals, so it is exact."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from peering import names

Row = dict[str, Any]


def screen(folder: Path) -> np.ndarray:
    """The verdicts of all households, county after county, in the order of the files."""
    found: list[list[bool | None]] = []
    for path in sorted((folder / "household").glob("*.parquet")):
        members = defaultdict(list)
        for person in pq.read_table(folder / "person" / path.name, columns=list(names.PERSON)).to_pylist():
            members[person["household_id"]].append(person)
        households = pq.read_table(path, columns=list(names.HOUSEHOLD)).to_pylist()
        found += [verdicts(household, members[household["household_id"]]) for household in households]
    as_numbers = {True: names.MET, False: names.NOT_MET, None: names.UNKNOWN}
    return np.array([[as_numbers[answer] for answer in row] for row in found], dtype=np.int8)


def verdicts(household: Row, members: list[Row]) -> list[bool | None]:
    """The ten answers for one household."""
    gross = total(household, *names.MONEY[:10])
    transfers = total(household, *names.TRANSFERS)
    expense, people = household["expense_operating"], household["members"]
    income = above(None if gross is None or expense is None else gross - expense, people, names.LINE)
    not_transfers = None
    if gross and transfers is not None:
        not_transfers = transfers * 2 <= gross if gross > 0 else transfers * 2 >= gross
    debt = total(household, "debt_illness", "debt_schooling", "debt_housing")
    water = both(household["safe_water"], opposite(household["water_difficult"]))
    children = [out_of_school(person) for person in members]
    education = False if True in children else None if None in children else True
    medical = every([either(person["medical_resident"], person["medical_employee"]) for person in members])
    pension = every([provided(person) for person in members])
    grade, area = household["housing_grade"], household["house_area"]
    wide = None if area is None or not people else area >= names.AREA_PER_HEAD * people
    housing = both(None if grade is None else grade in names.SOUND_GRADES, wide)
    debt_free = None if debt is None else debt < names.LARGE_DEBT
    leaves = every([income, debt_free, water, education, medical, housing])
    return [
        income, not_transfers, debt_free, water, education, medical, pension, housing, labour_share(members), leaves,
    ]  # fmt: skip


def total(row: Row, *columns: str) -> Any:
    """The sum, unknown where any part is."""
    values = [row[name] for name in columns]
    return None if None in values else sum(values)


def above(amount: Any, people: int | None, line: int) -> bool | None:
    """Whether an amount per head is above a line; compared as a product, so that nothing is rounded."""
    return None if amount is None or not people else amount > line * people


def out_of_school(person: Row) -> bool | None:
    """Whether somebody is of school age and out of school."""
    age, told = person["age"], person["out_of_school"]
    of_age = None if age is None else names.SCHOOL_FROM <= age <= names.SCHOOL_TO
    return both(of_age, None if told is None else told == "yes")


def provided(person: Row) -> bool | None:
    """Whether somebody is not old, or has a pension."""
    young = None if person["age"] is None else person["age"] < names.OLD_AGE
    return either(young, either(person["pension_resident"], person["pension_employee"]))


def labour_share(members: list[Row]) -> bool | None:
    """Whether at least half can work, whatever the unknown ones do."""
    if not members:
        return None
    able = [None if person["labour"] is None else person["labour"] in names.WORKING for person in members]
    certain, possible = able.count(True), len(able) - able.count(False)
    if certain >= names.LABOUR_SHARE * len(able):
        return True
    return False if possible < names.LABOUR_SHARE * len(able) else None


def opposite(answer: bool | None) -> bool | None:
    """Not, of three values."""
    return None if answer is None else not answer


def both(one: bool | None, other: bool | None) -> bool | None:
    """And, of three values."""
    return every([one, other])


def either(one: bool | None, other: bool | None) -> bool | None:
    """Or, of three values."""
    return opposite(both(opposite(one), opposite(other)))


def every(answers: list[bool | None]) -> bool | None:
    """And of many."""
    return False if False in answers else None if None in answers else True
