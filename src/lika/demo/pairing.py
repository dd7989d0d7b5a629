"""Who helps whom in the township of the tour: units, their helpers, pairings, and proposals that wait. 演示数据"""

from uuid import UUID

from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.assistance.actions import proposals, units
from lika.assistance.actions.units import Named
from lika.assistance.actions.wanted import Line
from lika.assistance.choices import Affiliation, Rank
from lika.assistance.models import Helper, HelpingUnit, Pairing
from lika.assistance.queries.pairing import unpaired
from lika.assistance.queries.suggesting import suggest
from lika.core.actors import Actor, SystemActor
from lika.core.areas import EVERYWHERE, Area
from lika.core.permissions import Permission
from lika.demo import accounts
from lika.demo.governing import INVENTED, TOWNSHIP
from lika.demo.tour_households import shown
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.register import queries as register

COUNTY = "621223000000"
HELPED = 5  # households of the tour that the helper with an account is paired with
COVERED = 85  # of a hundred households of the township; the last villages show what is still to be done
# Of each unit: what it is called, to whom it belongs, where it is kept. The first is the one with an account's.
_UNITS = (
    ("县农业农村局", Affiliation.COUNTY, COUNTY),
    ("县教育局", Affiliation.COUNTY, COUNTY),
    ("县卫生健康局", Affiliation.COUNTY, COUNTY),
    ("县人力资源和社会保障局", Affiliation.COUNTY, COUNTY),
    ("城关镇人民政府", Affiliation.TOWNSHIP, TOWNSHIP),
)
# The helpers of a unit by rank: one leader, two heads of offices, the others staff.
_RANKS = (
    (Rank.DIVISION, "局长", 1),
    (Rank.SECTION, "股长", 2),
    (Rank.STAFF, "科员", 7),
)
_NUMERALS = "一二三四五六七"


def pair(*, by: Actor) -> None:
    """Units, helpers and pairings of one township, with gaps; two proposals wait. Once."""
    if Pairing.objects.exists():
        return
    checker = SystemActor("demonstration-checker", list(Permission), EVERYWHERE)
    made = [_unit(by, index, *row) for index, row in enumerate(_UNITS)]
    mine = _helper_with_account(by, made[0])
    _in_effect(by, checker, [Line(_household(by, each.number), helper=mine.pk) for each in shown()[:HELPED]])
    for unit in made:
        _staff(by, unit)
    found = suggest(by, divisions.get(TOWNSHIP), timezone.localdate())
    lines = [
        Line(line.household.id, helper=line.helper.pk)
        for line in found.lines
        if line.helper is not None and line.helper.pk != mine.pk
    ]
    _in_effect(by, checker, lines[: len(lines) * COVERED // 100])
    _waiting(by, mine)


def _unit(by: Actor, index: int, name: str, affiliation: Affiliation, division: str) -> HelpingUnit:
    """A unit that answers for every fifth village of the township, the first for that of the tour."""
    listed = [each.code for each in divisions.within(TOWNSHIP, Level.VILLAGE)]
    listed.sort(key=lambda code: code != accounts.TOUR_VILLAGE)
    return units.add_unit(
        by=by, name=f"{INVENTED}{name}", affiliation=affiliation, division=division, contact=f"{INVENTED}联络员",
        villages=listed[index :: len(_UNITS)],
    )  # fmt: skip


def _helper_with_account(by: Actor, unit: HelpingUnit) -> Helper:
    official = Official.objects.get(user__username=accounts.username_of(Role.HELPER))
    named = Named(rank=Rank.OTHER, official=official.pk, title="帮扶责任人", phone="13800000000", party_member=True)
    return units.add_helper(by=by, unit=unit.pk, named=named)


def _staff(by: Actor, unit: HelpingUnit) -> None:
    for rank, title, number in _RANKS:
        for order in range(number):
            name = f"{INVENTED}{unit.name.removeprefix(INVENTED)}{title}{_NUMERALS[order] if number > 1 else ''}"
            units.add_helper(by=by, unit=unit.pk, named=Named(rank=rank, name=name, title=title))


def _household(by: Actor, number: str) -> UUID:
    return register.household_visible_to(by, number).pk


def _in_effect(by: Actor, checker: Actor, lines: list[Line]) -> None:
    made = proposals.propose(by=by, division=TOWNSHIP, lines=lines, reason="演示：安排结对帮扶")
    proposals.agree(by=checker, proposal=made.pk)


def _waiting(by: Actor, helper: Helper) -> None:
    """One proposal of the tour's village waits for the township, one of the township for the county."""
    asked = [Permission.PAIRING_PROPOSE, Permission.PAIRING_VIEW, Permission.REGISTER_VIEW]
    village = SystemActor("demonstration-village", asked, Area.of([accounts.TOUR_VILLAGE]))
    here = list(unpaired(by, Area.of([accounts.TOUR_VILLAGE]))[:1])
    if here:
        proposals.propose(
            by=village, division=accounts.TOUR_VILLAGE, lines=[Line(here[0].pk, helper=helper.pk)],
            reason="演示：村里申请为该户安排帮扶责任人",
        )  # fmt: skip
    others = unpaired(by, Area.of([TOWNSHIP])).exclude(pk__in=[each.pk for each in here])
    more = list(others[:1])
    if more:
        proposals.propose(
            by=by, division=TOWNSHIP, lines=[Line(more[0].pk, helper=helper.pk)], reason="演示：乡镇补充安排结对"
        )
