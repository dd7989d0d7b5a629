"""What the township of the tour keeps beside the register: who is answerable this year. 演示数据"""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.core.actors import Actor
from lika.demo import accounts
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.names import place_name
from lika.governance.actions import duties
from lika.governance.models import DutyTerm

INVENTED = "演示·"  # how the names of all invented officials begin
TOWNSHIP = "621223100000"
VACANT = 2  # villages at the end of the list that have named nobody yet


def name_holders(*, by: Actor) -> None:
    """The holders of the duties in one township, for the year of the clock; two villages are vacant, one changed."""
    first = dt.date(timezone.localdate().year, 1, 1)
    if DutyTerm.objects.filter(year=first.year).exists():
        return
    duties.appoint_by_name(
        by=by, name=f"{INVENTED}副镇长", organisation="城关镇人民政府", duty_id="township_leader", division=TOWNSHIP,
        begins_on=first, reason="演示",
    )  # fmt: skip
    _known(by, Role.TOWNSHIP, "township_officer", TOWNSHIP, first)
    _known(by, Role.VILLAGE, "information_officer", accounts.TOUR_VILLAGE, first)
    for code, name in _villages():
        if code != accounts.TOUR_VILLAGE:
            _named(by, f"{name}信息员", "information_officer", code, first)
        _named(by, f"{name}文书", "village_keeper", code, first)
    _change_one(by, first)


def _villages() -> Iterator[tuple[str, str]]:
    listed = list(divisions.within(TOWNSHIP, Level.VILLAGE))
    yield from ((each.code, place_name(each.name)) for each in listed[:-VACANT])


def _known(by: Actor, role: Role, duty: str, division: str, first: dt.date) -> None:
    holder = Official.objects.get(user__username=accounts.username_of(role))
    duties.appoint_duty(by=by, official=holder.pk, duty_id=duty, division=division, begins_on=first, reason="演示")


def _named(by: Actor, who: str, duty: str, division: str, first: dt.date) -> None:
    duties.appoint_by_name(
        by=by, name=f"{INVENTED}{who}", organisation="", duty_id=duty, division=division, begins_on=first, reason="演示"
    )


def _change_one(by: Actor, first: dt.date) -> None:
    """One holder left on the first day; another followed."""
    term = DutyTerm.objects.filter(duty="village_keeper", year=first.year).earliest("division_id")
    duties.end_duty(by=by, term=term.pk, last_day=first, reason="演示：工作调动")
    village = place_name(term.division.name)
    _named(by, f"{village}新文书", "village_keeper", term.division_id, first + dt.timedelta(days=1))
