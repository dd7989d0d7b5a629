"""Who acts on the cases of a place: whoever has an account, else an officer of the village. 演示数据"""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from django.utils import translation

from lika.accounts import actions as accounts_actions
from lika.accounts.actions import Confirmation, confirm_holder
from lika.accounts.choices import PERMISSIONS, Role
from lika.accounts.models import Official, User
from lika.accounts.queries import actor_of
from lika.casework.actions import signatories
from lika.casework.models import Signatory
from lika.core.actors import Actor, SystemActor
from lika.core.areas import Area
from lika.demo import accounts
from lika.demo.governing import INVENTED
from lika.divisions import queries as divisions
from lika.divisions.names import place_name
from lika.policy.choices import CAPACITY_LEVELS, Capacity, StageLevel

_APPOINTED = "演示：任命通知"
# Who sits in the office of each level, the first one first; the second reviews or approves what the first did before.
OFFICES: Mapping[StageLevel, Role] = {
    StageLevel.TOWNSHIP: Role.TOWNSHIP,
    StageLevel.COUNTY: Role.COUNTY,
    StageLevel.PREFECTURE: Role.PREFECTURE,
    StageLevel.PROVINCE: Role.PROVINCE,
}


def officer(village: str, *, second: bool = False) -> Actor:
    """Who prepares the cases of a village; `second` is who verifies them, never the same."""
    known = _usernames(Role.VILLAGE, village)
    if len(known) > second:
        return person(known[second])
    place = place_name(divisions.get(village).name)
    name = f"{INVENTED}{place}驻村工作队" if second else f"{INVENTED}{place}村专干"
    return SystemActor(name, PERMISSIONS[Role.VILLAGE], Area.of([village]))


def office(level: StageLevel, division: str, *, second: bool = False) -> Actor:
    """Who acts in the office of a division."""
    role = OFFICES[level]
    known = _usernames(role, division)
    if known:
        return person(known[second])
    return SystemActor(f"{INVENTED}{divisions.get(division).name}", PERMISSIONS[role], Area.of([division]))


def department(division: str) -> Actor:
    """Who acts for the line departments of a county."""
    return person(_usernames(Role.DEPARTMENT, division)[0])


def person(username: str) -> Actor:
    """The holder of an account."""
    return actor_of(User.objects.get(username=username))


def confirmed(by: Actor) -> Confirmation:
    """The holder of an account enters its password."""
    return confirm_holder(by=by, secret=accounts.PASSWORD, address="")


def witness(level: StageLevel, village: str) -> UUID:
    """An official in post above who saw it being signed."""
    above = {
        StageLevel.VILLAGE: (Role.TOWNSHIP, village[:9]),
        StageLevel.TOWNSHIP: (Role.COUNTY, village[:6]),
        StageLevel.COUNTY: (Role.PREFECTURE, village[:4]),
        StageLevel.PREFECTURE: (Role.PROVINCE, village[:2]),
    }
    role, digits = above[level]
    return _official(_usernames(role, digits.ljust(12, "0"))[0]).pk


def named(*, by: Actor, capacity: Capacity, division: str) -> Official:
    """Who signs in a capacity at a place, entered as such: an account of the demonstration, else somebody invented."""
    known = next((one for one in accounts.OFFICIALS if one.division == division and capacity in one.signs), None)
    held = Signatory.objects.filter(capacity=capacity, division=division).select_related("official").first()
    if held is not None:
        return held.official
    holder = _official(known.username) if known else _invented(by, capacity, division)
    signatories.name_signatory(
        by=by, official=holder.pk, capacity=capacity, division=division, valid_from=accounts.SINCE, document=_APPOINTED
    )
    return holder


def _invented(by: Actor, capacity: Capacity, division: str) -> Official:
    with translation.override("zh-hans"):
        title = str(capacity.label)
    of_many = CAPACITY_LEVELS[capacity] in (StageLevel.VILLAGE, StageLevel.TOWNSHIP)
    place = place_name(divisions.get(division).name) if of_many else ""
    return accounts_actions.add_official(by=by, name=f"{INVENTED}{place}{title}")


def _official(username: str) -> Official:
    return Official.objects.select_related("user").get(user__username=username)


@lru_cache
def _usernames(role: Role, division: str) -> tuple[str, ...]:
    return tuple(one.username for one in accounts.OFFICIALS if one.role is role and one.division == division)
