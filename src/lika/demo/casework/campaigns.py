"""The campaigns whose cases the demonstration shows: begun, candidates taken in, driven; each once. 演示数据"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lika.casework.actions import candidates, days, quotas
from lika.casework.actions import cases as case_actions
from lika.casework.actions.quotas import Opening
from lika.casework.choices import ApplicationWay, Basis, CampaignKind, SplitMethod
from lika.casework.models import Batch, CalendarYear, Campaign
from lika.casework.queries.candidates import procedure_begun, proposed
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, COUNTRY, Area
from lika.demo.casework import cast
from lika.demo.casework.acts import Travel
from lika.demo.casework.driving import Driver
from lika.demo.casework.past import days_ago
from lika.demo.casework.standings import EXIT, IDENTIFICATION, VILLAGE_EXIT, Course, Standing
from lika.policy import queries as policy
from lika.register import queries as register
from lika.register.choices import PovertyStatus

_PREPARED = 6  # days between the beginning of a campaign and the end of its first stage


@transaction.atomic
def show_identification(*, by: Actor) -> None:
    """Some households of every village apply; the batches stand at every stage of the identification. Once."""
    course = IDENTIFICATION
    campaign = _not_begun(course, Campaign.objects.filter(division=course.area, pack=_pack(course)).first())
    if campaign is None:
        return
    with days_ago(_first_day(course), by=by, campaign=campaign):
        case_actions.begin(by=by, campaign=campaign.pk, procedure=course.procedure)
        by_village = _proposals(by, campaign)
        for village, found in by_village.items():
            _apply(campaign, village, found[: course.households], _day(_first_day(course)))
    _drive(by, course, campaign)
    for each in course.standings:
        if each.late:
            _apply(campaign, each.village, by_village[each.village][course.households or 0 :][:1], _day(1))


@transaction.atomic
def show_exit(*, by: Actor) -> None:
    """Everybody who plans to exit and meets the criteria is proposed; the batches stand at every stage. Once."""
    course = EXIT
    if Campaign.objects.filter(division=course.area, kind=CampaignKind.REDUCTION).exists():
        return
    _confirm_years(by)
    campaign = _plan(by, course)
    if campaign is None:
        return
    with days_ago(_first_day(course), by=by, campaign=campaign):
        case_actions.begin(by=by, campaign=campaign.pk, procedure=course.procedure)
        candidates.take_in_screened(by=by, campaign=campaign.pk)
    _drive(by, course, campaign)


@transaction.atomic
def show_village_exit(*, by: Actor) -> None:
    """The poor villages of the county that meet the criteria are proposed; each stands at another stage. Once."""
    course = VILLAGE_EXIT
    if Campaign.objects.filter(division=course.area, kind=CampaignKind.VILLAGE_EXIT).exists():
        return
    point = course.place.time_point
    opening = Opening(
        kind=CampaignKind.VILLAGE_EXIT, year=point.year, size=None, document=f"演示：{point.year}年贫困村退出工作通知",
        pack=_pack(course), time_point=point,
    )  # fmt: skip
    campaign = quotas.open_campaign(by=by, division=course.area, opening=opening)
    with days_ago(_first_day(course), by=by, campaign=campaign):
        case_actions.begin(by=by, campaign=campaign.pk, procedure=course.procedure)
        candidates.take_in_screened(by=by, campaign=campaign.pk)
    _drive(by, course, campaign)


def _plan(by: Actor, course: Course) -> Campaign | None:
    """The plan of the year: each village has the persons who stand as planned to exit. None where nobody does."""
    area = Area.of([course.area])
    planned = register.households_within(by, area).filter(poverty_status=PovertyStatus.PLANNED)
    villages = dict(planned.values_list("id", "village"))
    persons: Counter[str] = Counter()
    for household, members in register.members_each(planned).items():
        persons[f"{villages[household]:0{CODE_LENGTH}d}"] += members
    if not persons:
        return None
    point = course.place.time_point
    opening = Opening(
        kind=CampaignKind.REDUCTION, year=point.year, size=persons.total(), document=f"演示：{point.year}年度减贫计划",
        pack=_pack(course), time_point=point,
    )  # fmt: skip
    campaign = quotas.open_campaign(by=by, division=course.area, opening=opening)
    identifier, place = campaign.pk, course.area
    parts = quotas.propose(
        by=by, campaign=identifier, division=place, method=SplitMethod.LARGEST_REMAINDER, basis=Basis.POOR
    )
    quotas.change_by_hand(
        by=by, campaign=identifier, division=place, reason="演示：按各村预脱贫人数核定",
        numbers={part.division_id: persons[part.division_id] for part in parts},
    )  # fmt: skip
    quotas.publish(by=by, campaign=identifier, division=place)
    return campaign


def _drive(by: Actor, course: Course, campaign: Campaign) -> None:
    campaign.refresh_from_db()
    procedure = procedure_begun(campaign)
    batches = {
        str(each.division_id): each for each in Batch.objects.filter(campaign=campaign).select_related("campaign")
    }
    sizes = Counter(str(code) for code in campaign.cases.values_list("batch__division", flat=True))
    placed = _placed(course.standings, sizes)
    travels = [Travel(by, course, procedure, batches[code], standing) for code, standing in placed.items()]
    Driver(by, course, campaign, procedure, travels).drive()
    for stage, from_now in course.deadlines.items():
        case_actions.set_deadline(by=by, campaign=campaign.pk, stage=stage, due_on=_day(-from_now))


def _placed(standings: Sequence[Standing], sizes: Mapping[str, int]) -> dict[str, Standing]:
    """Which village stands where: whoever is named, then the others by size, so that few are carried far.

    Where a case is lost on the way another has to be left. Where there are more standings than villages with cases,
    the last ones are left out.
    """
    placed = {each.village: each for each in standings if each.village in sizes}
    free = sorted((code for code in sizes if code not in placed), key=lambda code: (sizes[code], code))
    anywhere = [each for each in standings if not each.village]
    for each in reversed(anywhere[: len(free)]):
        least = 2 if each.loses else 1
        if found := next((code for code in free if sizes[code] >= least), None):
            free.remove(found)
            placed[found] = each
    return placed


def _proposals(by: Actor, campaign: Campaign) -> dict[str, list[UUID]]:
    """The households that the screening proposes in each village."""
    campaign.refresh_from_db()
    found: dict[str, list[UUID]] = defaultdict(list)
    for each in proposed(by, campaign).proposals:
        if each.household_id is not None:
            found[f"{each.village:0{CODE_LENGTH}d}"].append(each.household_id)
    return found


def _apply(campaign: Campaign, village: str, households: Sequence[UUID], day: dt.date) -> None:
    """Households apply on paper, entered by the officer of their village."""
    by = cast.officer(village)
    for each in households:
        candidates.apply(
            by=by, campaign=campaign.pk, household=each, way=ApplicationWay.PAPER, applied_on=day,
            signed_by="演示·户主",
        )  # fmt: skip


def _not_begun(course: Course, campaign: Campaign | None) -> Campaign | None:
    begun = campaign is not None and Batch.objects.filter(campaign=campaign).exists()
    return None if begun else campaign


def _confirm_years(by: Actor) -> None:
    """Working days around today count for sure, whatever year the demonstration is built in."""
    today = timezone.localdate()
    years = {today.year + step for step in (-1, 0, 1)}
    for year in sorted(years - set(CalendarYear.objects.filter(division=None).values_list("year", flat=True))):
        days.confirm_year(by=by, division=COUNTRY, year=year, source="演示：放假安排")


def _pack(course: Course) -> str:
    return str(policy.get(course.place.packs[1]).reference)


def _first_day(course: Course) -> int:
    return max(course.left.values()) + _PREPARED


def _day(days_before: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days_before)
