"""Campaigns and quotas in the sight of a reader, and what a split rests on.

A number is seen by whoever it was split by, and where it holds once it is published there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.casework.apportion import Part
from lika.casework.choices import NUMBERED, Basis, CampaignKind, CampaignState, SplitState
from lika.casework.models import Batch, Campaign, Quota
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, Area, range_of
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.register import queries as register


def quotas_visible(by: Actor) -> QuerySet[Quota]:
    """The quotas that the actor may see. Raises ACC-001."""
    by.require(Permission.CASEWORK_VIEW)
    area = by.area_for(Permission.CASEWORK_VIEW)
    told = Q(parent__isnull=True) | Q(parent__split=SplitState.PUBLISHED) | area.where("parent__number")
    return Quota.objects.filter(area.where("number"), told).select_related("campaign__division", "division", "parent")


def campaigns_visible(by: Actor) -> QuerySet[Campaign]:
    """The campaigns that have a number or cases for the actor, the latest year first. Raises ACC-001."""
    seen = quotas_visible(by).filter(campaign=OuterRef("pk"))
    area = by.area_for(Permission.CASEWORK_VIEW)
    cases = Batch.objects.filter(area.where("number"), campaign=OuterRef("pk"))
    without_numbers = ~Q(kind__in=NUMBERED) & area.where("division__number")
    return Campaign.objects.filter(Exists(seen) | Exists(cases) | without_numbers).select_related("division")


def uppermost(by: Actor) -> list[Quota]:
    """Of each campaign the uppermost number that the actor sees, the latest year first. One query. Raises ACC-001."""
    seen = quotas_visible(by).order_by("campaign_id", "division__level", "number").distinct("campaign_id")
    return sorted(seen, key=lambda each: (-each.campaign.year, each.campaign.kind, each.number))


def without_numbers(by: Actor) -> list[Campaign]:
    """The campaigns in sight that split no number of persons, the latest year first. One query. Raises ACC-001."""
    return list(campaigns_visible(by).exclude(kind__in=NUMBERED).order_by("-year", "kind", "division_id"))


def may_open_in(by: UserActor) -> list[Division]:
    """Where the official may open a campaign: at their own posts' divisions and those directly below, no village."""
    area = by.area_for(Permission.CAMPAIGN_OPEN)
    own = {post.division_id: post.division for post in by.posts if area.covers(post.division_id)}
    below = divisions.children_of_each(list(own))
    found = [*own.values(), *(each for code in own for each in below[code])]
    return [each for each in found if each.level < Level.VILLAGE]


def campaign_in_sight(by: Actor, campaign: UUID) -> Campaign:
    """One campaign. Raises ACC-001, CAS-010."""
    found = campaigns_visible(by).filter(pk=campaign).first()
    if found is None:
        raise no_such_quota()
    return found


def quota_in_sight(by: Actor, campaign: UUID, division: str) -> Quota:
    """The quota of a division; without one, the uppermost that the actor sees. Raises ACC-001, CAS-010."""
    seen = quotas_visible(by).filter(campaign=campaign)
    found = (seen.filter(division=division) if division else seen.order_by("division__level", "number")).first()
    if found is None:
        raise no_such_quota()
    return found


def no_such_quota() -> NotFound:
    """CAS-010: there is none, or it lies out of sight."""
    return NotFound(
        "CAS-010",
        _("There is no such campaign or quota in your area."),
        remedy=_("Open it from the list of campaigns; a number is seen here once the level above has published it."),
    )


def way_up(by: Actor, quota: Quota) -> list[Quota]:
    """The quotas above it that the actor sees too, the uppermost first."""
    above = [each.code for each in divisions.ancestors(quota.division_id)]
    return list(quotas_visible(by).filter(campaign=quota.campaign_id, division__in=above).order_by("division__level"))


@dataclass(frozen=True)
class SplitLine:
    """A division that takes a share. `share` is its weight among all, None before there are weights."""

    quota: Quota
    share: Decimal | None

    @property
    def by_hand(self) -> int:
        """How far the number that holds lies from the one proposed."""
        return self.quota.allocated - (self.quota.proposed or 0)


@dataclass(frozen=True)
class Split:
    """The number of a division and how it is split below; `balance` is what is left to give (below zero: too much)."""

    of: Quota
    lines: Sequence[SplitLine]

    @property
    def given(self) -> int:
        return sum(line.quota.allocated for line in self.lines)

    @property
    def balance(self) -> int:
        return self.of.allocated - self.given


def tree_of(by: Actor, quota: Quota) -> QuerySet[Quota]:
    """A quota in sight and those below it that the actor sees, from above to below by code. Raises ACC-001."""
    area = Area((range_of(quota.division_id),))
    below = quotas_visible(by).filter(area.where("number"), campaign=quota.campaign_id)
    return below.order_by("number", "division__level")


def is_split_further(quota: Quota) -> bool:
    """Whether a number is split below its division: a village's is not."""
    return quota.division.level < Level.VILLAGE


def split_of(quota: Quota) -> Split:
    """The split of a quota that is in sight. One query."""
    parts = list(quota.parts.select_related("division", "campaign"))
    whole = sum(part.weight or 0 for part in parts)
    return Split(quota, [SplitLine(part, Decimal(part.weight or 0) / whole if whole else None) for part in parts])


def parts_of(quota: Quota, basis: Basis) -> tuple[list[Part], list[Division]]:
    """What a split rests on: the divisions below with weight and cap; and those of which no weight is known.

    A plan to reduce takes nowhere more than are poor there; an identification nowhere more than are registered as
    rural there, where a form says how many. At most five queries.
    """
    below = list(divisions.children(quota.division_id).filter(level__lte=Level.VILLAGE))
    if not below:
        return [], []
    level, area = Level(below[0].level), Area((range_of(quota.division_id),))
    poor = {each.code: each.counts.poor[1] for each in register.division_counts(area, level)}
    rural: Mapping[str, int] = register.rural_populations(area, level)
    weights: Mapping[str, int] = poor if basis == Basis.POOR else rural
    caps: Mapping[str, int] = poor if quota.campaign.kind == CampaignKind.REDUCTION else rural
    unknown = [each for each in below if each.code not in weights]
    return [Part(each.code, weights.get(each.code, 0), caps.get(each.code)) for each in below], unknown


def unfinished(campaign: Campaign) -> int:
    """How many divisions above the villages have a number that is not split and published below."""
    return _to_split().filter(campaign=campaign).count()


def _to_split() -> QuerySet[Quota]:
    """What somebody has to split: numbers above zero, in divisions that have divisions below them."""
    below = Division.objects.filter(parent=OuterRef("division"), valid_to=None, level__lte=Level.VILLAGE)
    return Quota.objects.filter(Exists(below), allocated__gt=0).exclude(split=SplitState.PUBLISHED)


@dataclass(frozen=True)
class LevelProgress:
    """Of one level: how many divisions have a number, and how many of them have published their split."""

    level: Level
    quotas: int
    published: int


def progress(campaign: Campaign) -> list[LevelProgress]:
    """How far a campaign is, from its own level down; villages have nothing to publish. One query."""
    counted = (
        campaign.quotas.order_by()
        .values("division__level")
        .annotate(quotas=Count("pk"), published=Count("pk", filter=Q(split=SplitState.PUBLISHED)))
        .order_by("division__level")
    )
    return [LevelProgress(Level(row["division__level"]), row["quotas"], row["published"]) for row in counted]


def waiting(by: UserActor) -> list[Quota]:
    """The numbers that wait to be split by the official's own post, the earliest day first. One query."""
    if not by.has(Permission.QUOTA_SPLIT):
        return []
    area = by.area_for(Permission.QUOTA_SPLIT)
    own = [post.division_id for post in by.posts if area.covers(post.division_id)]
    found = _to_split().filter(campaign__state=CampaignState.OPEN, division__in=own)
    told = Q(parent__isnull=True) | Q(parent__split=SplitState.PUBLISHED)
    return list(found.filter(told).select_related("campaign").order_by(F("campaign__due_on").asc(nulls_last=True)))


@dataclass(frozen=True)
class YearsOfPlan:
    """The yearly reduction plans of a division and of those below it, side by side: the persons of each by year.

    `poor` are those in the register today.
    """

    years: Sequence[int]
    lines: Sequence["YearsLine"]


@dataclass(frozen=True)
class YearsLine:
    """One division of the rolling plan; None where no plan of the year has a number for it."""

    division: Division
    poor: int
    by_year: Sequence[tuple[int, int | None]]

    @property
    def total(self) -> int:
        return sum(number or 0 for _year, number in self.by_year)


def rolling_plan(by: Actor, place: Division) -> YearsOfPlan:
    """The reduction plans of all years: the division itself, then those below. At most six queries. Raises ACC-001."""
    shown = [place]
    if place.level < Level.VILLAGE:
        shown += divisions.children(place.code)
    codes = [each.code for each in shown]
    seen = quotas_visible(by).filter(campaign__kind=CampaignKind.REDUCTION, division__in=codes)
    numbers = {(each.division_id, each.campaign.year): each.allocated for each in seen}
    years = sorted({year for _code, year in numbers})
    area = Area((range_of(place.code[:CODE_LENGTH]),))
    counts = {
        each.code: each.counts.poor[1]
        for level in sorted({each.level for each in shown})
        for each in register.division_counts(area, Level(level))
    }
    lines = [
        YearsLine(each, counts.get(each.code, 0), [(year, numbers.get((each.code, year))) for year in years])
        for each in shown
    ]
    return YearsOfPlan(years, lines)
