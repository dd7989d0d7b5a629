"""Invented register rows for tests (演示数据), with the real codes of 宕昌县.

Each function writes what the actions would write, in the shortest way, and returns the model. Everything
not named gets a sound value; name what your test is about.
"""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from stdnum.cn import ric

from lika.core.actors import SystemActor
from lika.core.areas import Area
from lika.core.permissions import Permission
from lika.divisions.codes import ancestor_codes
from lika.divisions.models import Division
from lika.register.choices import Axis, MonitoringStatus, PovertyStatus, UnitKind
from lika.register.identity import identity_index
from lika.register.models import (
    AreaStatus,
    CountyYear,
    Household,
    HouseholdYear,
    Membership,
    Person,
    PersonYear,
    Placement,
    StatusEvent,
    VillageYear,
)
from lika.register.names import spell

COUNTY = "621223000000"  # 宕昌县
TOWNSHIP = "621223100000"  # 城关镇
VILLAGE = "621223100201"  # 石磊村
OTHER_VILLAGE = "621223100203"  # 坡头村
ELSEWHERE = "621202100201"  # a village of another county of the same prefecture

YEAR = 2016
AT = dt.date(2016, 12, 31)
NAMES = {
    "620000000000": "甘肃省",
    "621200000000": "陇南市",
    COUNTY: "宕昌县",
    TOWNSHIP: "城关镇",
    VILLAGE: "石磊村村民委员会",
    OTHER_VILLAGE: "坡头村村民委员会",
    "621202000000": "武都区",
    "621202100000": "城关镇",
    ELSEWHERE: "演示村村民委员会",
}
_LEVELS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
_serial = itertools.count(1)

NO_INCOME = dict.fromkeys(
    (
        *("wage", "operating", "property_dividend", "property_other", "transfer_family_planning", "transfer_dibao"),
        *("transfer_extreme", "transfer_pension", "transfer_eco", "transfer_other", "expense_operating"),
    ),
    Decimal(0),
)


def make_division(code: str = VILLAGE, name: str | None = None) -> Division:
    """A division with everything above it; known ones are returned as they are."""
    for step in [*ancestor_codes(code), code]:
        level = _LEVELS[next(n for n in _LEVELS if not step[n:].strip("0"))]
        parent = ancestor_codes(step)[-1:] or [None]
        named = name if step == code and name else NAMES.get(step, f"演示{step}")
        division, _ = Division.objects.get_or_create(
            code=step, defaults={"number": int(step), "level": level, "name": named, "parent_id": parent[0]}
        )
    return division


def make_actor(*codes: str, permissions: Any = tuple(Permission), name: str = "test") -> SystemActor:
    """An actor with every permission (or those named) in some divisions; the county when none is named."""
    return SystemActor(name, permissions, Area.of(codes or (COUNTY,)))


def make_id_number(birth: dt.date = dt.date(1980, 1, 1), sex: str = "1", order: int | None = None) -> str:
    """An invented identity number with a sound check digit; each call gives another."""
    serial = next(_serial) if order is None else order
    odd = 1 if sex == "1" else 0
    area, last = divmod(serial * 2 + odd, 1000)
    first17 = f"{621200 + area % 100:06}{birth:%Y%m%d}{last:03}"
    return first17 + str(ric.calc_check_digit(first17 + "0"))


def make_household(
    village: str = VILLAGE,
    *,
    number: str | None = None,
    head: str = "石演示",
    members: int = 1,
    poverty: str = PovertyStatus.POOR,
    monitoring: str = MonitoringStatus.NONE,
    since: dt.date | None = None,
    status_on: dt.date = dt.date(2014, 12, 31),
    **fields: Any,
) -> Household:
    """A household with its placement, its status events, its head and `members - 1` others (0: nobody)."""
    division = make_division(village)
    household = Household.objects.create(
        number=number or f"621223{next(_serial):08}",
        village=int(village),
        poverty_status=poverty,
        monitoring_status=monitoring,
        **fields,
    )
    Placement.objects.create(household=household, division=division, village=int(village), started_on=since)
    if poverty != PovertyStatus.NONE:
        make_status(household, Axis.POVERTY, poverty, on=status_on)
    if monitoring != MonitoringStatus.NONE:
        make_status(household, Axis.MONITORING, monitoring, on=status_on)
    if members:
        make_person(household, name=head, relation="01")
    for number_ in range(1, members):
        make_person(household, name=f"石演示{'一二三四五六七八九'[number_ - 1]}", relation="99")
    return household


def make_person(
    household: Household | None = None,
    *,
    name: str = "石演示",
    relation: str = "99",
    birth: dt.date = dt.date(1980, 1, 1),
    sex: str = "1",
    id_number: str | None = None,
    joined_on: dt.date | None = None,
    left_on: dt.date | None = None,
    **fields: Any,
) -> Person:
    """A person and, where a household is given, the membership. `id_number=""`: a new-born without one."""
    number = make_id_number(birth, sex) if id_number is None else id_number
    pinyin, initials = spell(name)
    known = {"id_type": "01", "id_number": number, "id_index": identity_index(number[:18])} if number else {}
    person = Person.objects.create(
        **{
            "name": name,
            "pinyin": pinyin,
            "initials": initials,
            "sex": sex,
            "birth_date": birth,
            "ethnicity": "01",
            **(known or {"no_id_reason": "1"}),
            **fields,
        }
    )
    if household is not None:
        Membership.objects.create(
            person=person,
            household=household,
            village=household.village,
            relation=relation,
            joined_on=joined_on,
            left_on=left_on,
            leave_reason="08" if left_on else "",
        )
    return person


def make_status(unit: Household | Division, axis: str, to: str, *, on: dt.date, before: str = "") -> StatusEvent:
    """A status event; the status now of the unit is not touched."""
    if isinstance(unit, Household):
        named: dict[str, Any] = {"unit_kind": UnitKind.HOUSEHOLD, "household_id": unit.id}
    else:
        kind = UnitKind.COUNTY if unit.level == 3 else UnitKind.VILLAGE
        named = {"unit_kind": kind, "division": unit.number}
        AreaStatus.objects.update_or_create(division=unit.number, defaults={"poor_area": to})
    return StatusEvent.objects.create(**named, axis=axis, from_status=before, to_status=to, effective_on=on)


def period(year: int) -> dict[str, Any]:
    """Data year and reference period of a calendar year."""
    return {"data_year": year, "period_from": dt.date(year, 1, 1), "period_to": dt.date(year, 12, 31)}


def make_household_year(household: Household, year: int = YEAR, **columns: Any) -> HouseholdYear:
    """A household's year: income all zero, the rest unknown, unless named."""
    return HouseholdYear.objects.create(
        household=household, village=household.village, **{**period(year), **NO_INCOME, **columns}
    )


def make_person_year(person: Person, year: int = YEAR, *, village: str = VILLAGE, **columns: Any) -> PersonYear:
    """A person's year; unknown unless named."""
    return PersonYear.objects.create(person=person, village=int(village), **{**period(year), **columns})


def make_village_year(village: str = VILLAGE, year: int = YEAR, **columns: Any) -> VillageYear:
    """A village's year; unknown unless named."""
    make_division(village)
    return VillageYear.objects.create(village=int(village), **{**period(year), **columns})


def make_county_year(county: str = COUNTY, year: int = YEAR, **columns: Any) -> CountyYear:
    """A county's year; unknown unless named."""
    make_division(county)
    return CountyYear.objects.create(county=int(county), **{**period(year), **columns})
