"""Who lives in a household, and each member's year: schooling, health, labour, work, insurance.

Ages are as of the last day of the last data year. `facts` holds columns of `register.PersonYear`.
"""

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lika.demo.table import Draw
from lika.register.choices import HEAD

Shape = list[tuple[str, str, int]]  # relation (CL-REL), sex, age

SCHOOL_AGES = range(6, 16)
ABLE = ("01", "02")


@dataclass
class Member:
    """A member and their year."""

    relation: str
    sex: str
    age: int
    birth: dt.date
    name: str = ""
    ethnicity: str = "01"
    identity: str = ""
    id_type: str = "01"
    no_id_reason: str = "1"
    joined_on: dt.date | None = None
    join_reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_student(self) -> bool:
        return self.facts.get("student_status", "01") not in ("01", None)

    @property
    def is_able(self) -> bool:
        return self.facts.get("labour") in ABLE


def _sex(draw: Draw) -> str:
    return draw.one_of("12")


def _children(draw: Draw, parent_age: int) -> Shape:
    oldest = min(26, parent_age - 21)
    if oldest < 0:
        return []
    count = draw.pick(draw.table["children"])
    ages = sorted((draw.whole(0, oldest) for _ in range(count)), reverse=True)
    return [("03" if (sex := _sex(draw)) == "1" else "04", sex, age) for age in ages]


def _couple(draw: Draw, low: int, high: int) -> Shape:
    age = draw.whole(low, high)
    return [(HEAD, "1", age), ("02", "2", max(22, age - draw.whole(-1, 4)))]


def _couple_children(draw: Draw) -> Shape:
    couple = _couple(draw, 27, 54)
    return couple + _children(draw, couple[1][2])


def _three_generations(draw: Draw) -> Shape:
    if draw.yes(0.6):
        couple = _couple(draw, 28, 50)
        age = couple[0][2]
        parents: Shape = [("11", "1", age + draw.whole(22, 28)), ("12", "2", age + draw.whole(20, 26))]
        return couple + _children(draw, couple[1][2]) + parents[draw.whole(0, 1) :]
    couple = _couple(draw, 52, 70)
    son = couple[1][2] - draw.whole(21, 26)
    young: Shape = [("03", "1", son), ("05", "2", max(21, son - draw.whole(0, 3)))]
    grandchildren = [("07" if sex == "1" else "08", sex, age) for _relation, sex, age in _children(draw, young[1][2])]
    return couple + young + grandchildren


def _single_parent(draw: Draw) -> Shape:
    sex = draw.pick({"1": 0.55, "2": 0.45})
    age = draw.whole(28, 50)
    return [(HEAD, sex, age), *(_children(draw, age) or [("03", "1", 6)])]


def _grandparents_children(draw: Draw) -> Shape:
    couple = _couple(draw, 58, 72)
    return couple[: draw.whole(1, 2)] + [
        ("07" if (sex := _sex(draw)) == "1" else "08", sex, draw.whole(3, 16)) for _ in range(draw.whole(1, 2))
    ]


SHAPES: dict[str, Callable[[Draw], Shape]] = {
    "couple_children": _couple_children,
    "three_generations": _three_generations,
    "couple": lambda draw: _couple(draw, 26, 62),
    "elder_couple": lambda draw: _couple(draw, 62, 82),
    "elder_alone": lambda draw: [(HEAD, _sex(draw), draw.whole(62, 88))],
    "single_parent": _single_parent,
    "adult_alone": lambda draw: [(HEAD, "1", draw.whole(25, 59))],
    "grandparents_children": _grandparents_children,
}


def birth_of(draw: Draw, age: int, at: dt.date) -> dt.date:
    """A birth date that gives exactly this age at the time point."""
    born = at.replace(year=at.year - age) - dt.timedelta(days=draw.whole(0, 364))
    return born if not (born.month == 2 and born.day == 29 and not calendar.isleap(born.year)) else born.replace(day=28)


def members(draw: Draw, at: dt.date) -> list[Member]:
    """The members of one household, each with their year."""
    shape = SHAPES[draw.pick(draw.table["structures"])](draw)
    people = [Member(relation, sex, age, birth_of(draw, age, at)) for relation, sex, age in shape]
    for person in people:
        person.facts = year_of(draw, person)
    return people


def _by_age(bands: dict[int, float], age: int) -> float:
    return next(bands[low] for low in sorted(bands, reverse=True) if age >= low)


def year_of(draw: Draw, person: Member) -> dict[str, Any]:
    """A person's year, from age and the table."""
    table = draw.table["people"]
    facts: dict[str, Any] = {}
    _health(draw, table, person.age, facts)
    _schooling(draw, table, person.age, facts)
    _labour(draw, table, person, facts)
    _insurance(draw, table, person.age, facts)
    facts["political"] = "01" if person.age > 25 and draw.yes(0.05) else "13"
    facts["mandarin"] = person.age >= 6 and draw.yes(table["mandarin"])
    facts["left_behind"] = False
    facts["resident_months"] = 12 - (facts["work_months"] or 0) if facts["work_status"] in ("02", "03", "04") else 12
    return facts


def _health(draw: Draw, table: Any, age: int, facts: dict[str, Any]) -> None:
    facts["chronic_illness"] = draw.yes(_by_age(table["chronic_by_age"], age))
    facts["serious_illness"] = draw.yes(_by_age(table["serious_by_age"], age))
    facts["disabled"] = draw.yes(_by_age(table["disabled_by_age"], age))
    _disability(draw, facts)
    facts["illness_collected"] = facts["chronic_illness"] or facts["serious_illness"]
    facts["medical_aid"] = facts["serious_illness"] and draw.yes(0.7)


def _disability(draw: Draw, facts: dict[str, Any]) -> None:
    facts["disability_type"] = (
        draw.pick({"1": 2, "2": 2, "3": 1, "4": 6, "5": 2, "6": 2, "7": 1}) if facts["disabled"] else None
    )
    facts["disability_grade"] = draw.pick({"1": 1, "2": 3, "3": 3, "4": 3}) if facts["disabled"] else None


def make_disabled(draw: Draw, person: Member) -> None:
    """Give a member a disability, with what follows from it."""
    person.facts["disabled"] = True
    _disability(draw, person.facts)


def make_ill(person: Member, *, serious: bool) -> None:
    """Give a member an illness, with what follows from it."""
    person.facts["serious_illness" if serious else "chronic_illness"] = True
    person.facts["illness_collected"] = True


def insure(person: Member) -> None:
    """Give a member medical and serious-illness insurance, as the members of a household that has exited have."""
    person.facts["medical_resident"] = person.facts["major_illness_insurance"] = True


GRADE = {6: "03", 7: "03", 8: "03", 9: "03", 10: "03", 11: "03", 12: "04", 13: "05", 14: "06", 15: "06"}


def _schooling(draw: Draw, table: Any, age: int, facts: dict[str, Any]) -> None:
    facts.update(student_status="01", out_of_school=None, dropout_reason=None)
    if age < 6:
        facts["education"] = "06"
        facts["student_status"] = "02" if age >= 3 and draw.yes(0.7) else "01"
    elif age in SCHOOL_AGES:
        facts["education"] = "02" if age < 13 else "03"
        away = draw.yes(table["out_of_school"])
        facts["out_of_school"] = "yes" if away else "no"
        facts["dropout_reason"] = draw.pick({"2": 5, "3": 4, "4": 1}) if away else None
        facts["student_status"] = "01" if away else GRADE[age]
    elif age <= 18 and draw.yes(table["upper_secondary"]):
        facts["education"] = "03"
        facts["student_status"] = (
            draw.pick({"07": 1.2, "10": 0.8}) if age == 16 else f"{age - 9 if draw.yes(0.6) else age - 6:02d}"
        )
    elif 19 <= age <= 22 and draw.yes(table["college"]):
        facts.update(education="04", student_status="16")
    elif age <= 22:
        facts["education"] = "03"
    else:
        facts["education"] = draw.pick(table["education_adult"])


def _labour(draw: Draw, table: Any, person: Member, facts: dict[str, Any]) -> None:
    age = person.age
    student = facts["student_status"] != "01"
    hurt = facts["serious_illness"] or (facts["disabled"] and facts["disability_grade"] in ("1", "2"))
    if age < 16 or student or age >= 72:
        facts["labour"] = "04"
    elif hurt:
        facts["labour"] = draw.pick({"03": 0.6, "05": 0.4})
    elif age >= 60:
        facts["labour"] = draw.pick({"05": 0.8, "01": 0.2})
    else:
        facts["labour"] = "02" if draw.yes(table["skilled"]) else "01"
    facts.update(work_status=None, work_months=None, monthly_pay=None, welfare_post=None, welfare_post_months=None)
    facts["training_wish"] = facts["labour"] in ABLE and draw.yes(0.3)
    if facts["labour"] not in ABLE:
        return
    if draw.yes(table["migrant"]):
        facts["work_status"] = draw.pick(table["work_status"])
        facts["work_months"] = draw.whole(3, 11)
        facts["monthly_pay"] = round(draw.around(2400, 0.25), -1)
    elif draw.yes(table["welfare_post"]):
        facts.update(welfare_post=draw.pick({"1": 5, "2": 3, "3": 1, "4": 1}), welfare_post_months=12)


def _insurance(draw: Draw, table: Any, age: int, facts: dict[str, Any]) -> None:
    facts["medical_resident"] = draw.yes(table["medical_resident"])
    facts["medical_employee"] = False
    facts["major_illness_insurance"] = facts["medical_resident"] and draw.yes(table["major_illness_insurance"])
    facts["commercial_insurance"] = draw.yes(0.04)
    facts["accident_insurance_aided"] = draw.yes(0.3)
    facts["pension_resident"] = age >= 16 and facts["student_status"] == "01" and draw.yes(table["pension_16"])
    facts["pension_employee"] = False
    facts["dibao"] = False
    facts["extreme_support"] = False
