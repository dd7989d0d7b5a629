"""The cases of a campaign beside those of the same kind a year before, place by place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum

from lika.casework.choices import CaseState
from lika.casework.models import Campaign, Objection
from lika.casework.queries.cases import cases_visible
from lika.core.actors import Actor
from lika.core.areas import Area, range_of


@dataclass(frozen=True)
class Counts:
    """Cases and their persons; those that passed to the end, those struck out; the objections against them."""

    cases: int = 0
    persons: int = 0
    passed: int = 0
    struck_out: int = 0
    objections: int = 0


@dataclass(frozen=True)
class TwoYears:
    """The years of two campaigns of one kind in a place. `before` is all zero where there was no case then."""

    year: int
    now: Counts = field(default_factory=Counts)
    before: Counts = field(default_factory=Counts)

    @property
    def last(self) -> int:
        """The year before."""
        return self.year - 1

    @property
    def lines(self) -> Sequence[tuple[str, int, int]]:
        """Each count by its name, this year's and last year's."""
        names = ("cases", "persons", "passed", "struck_out", "objections")
        return [(name, getattr(self.now, name), getattr(self.before, name)) for name in names]


def two_years(by: Actor, campaign: Campaign, division: str) -> TwoYears:
    """What stands of a division in the campaign and in those of its kind a year before. Two queries. Raises ACC-001."""
    here = Area((range_of(division),)).where("division")
    of_kind = cases_visible(by).filter(here, campaign__kind=campaign.kind)
    of_kind = of_kind.filter(Q(campaign=campaign) | Q(campaign__year=campaign.year - 1)).order_by()
    counted = {
        row["campaign__year"]: row
        for row in of_kind.values("campaign__year").annotate(
            n=Count("pk"), people=Sum("persons"), done=Count("pk", filter=Q(state=CaseState.DONE)),
            out=Count("pk", filter=Q(state=CaseState.STRUCK_OUT)),
        )
    }  # fmt: skip
    said = dict(
        Objection.objects.filter(case__in=of_kind.values("pk"))
        .order_by()
        .values_list("case__campaign__year")
        .annotate(Count("pk"))
    )

    def of(year: int) -> Counts:
        row = counted.get(year)
        if row is None:
            return Counts()
        return Counts(row["n"], row["people"] or 0, row["done"], row["out"], said.get(year, 0))

    return TwoYears(campaign.year, of(campaign.year), of(campaign.year - 1))
