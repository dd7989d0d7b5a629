"""Which policy reached which household and person, as the yearly rows tell it (政策到户到人, 000/1-1 §五(五)).

Only what the register holds: an empty column is unknown, and a policy that no column tells of is not listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import and_, or_

from django.db.models import BooleanField, Count, Model, Q, QuerySet

from lika.register.choices import PovertyStatus
from lika.register.models import Household, HouseholdYear, Membership, PersonYear

# Households and persons for whom help is meant: on record as poor now or once, and not removed.
MEANT_FOR = frozenset(PovertyStatus) - {PovertyStatus.NONE, PovertyStatus.REMOVED}


class Reached(StrEnum):
    """Whether a policy reached somebody."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Policy:
    """A policy by the fact that names it, and the columns of a yearly row of which one says that it reached."""

    name: str
    unit: str
    columns: tuple[str, ...]

    def answers(self) -> Mapping[Reached, Q]:
        """The conditions on a yearly row: any column yes (or above zero); all no; else it is unknown."""
        model: type[Model] = PersonYear if self.unit == "person" else HouseholdYear
        flags = {name: isinstance(model._meta.get_field(name), BooleanField) for name in self.columns}
        yes = reduce(or_, (Q(**({name: True} if flag else {f"{name}__gt": 0})) for name, flag in flags.items()))
        no = reduce(and_, (Q(**{name: False if flag else 0}) for name, flag in flags.items()))
        return {Reached.YES: yes, Reached.NO: no}


def _policies(unit: str, **columns: tuple[str, ...]) -> tuple[Policy, ...]:
    return tuple(Policy(name, unit, given or (name,)) for name, given in columns.items())


POLICIES: tuple[Policy, ...] = (
    *_policies(
        "household",
        batch_industry=(), batch_ecology=(), batch_education=(), relocation_planned=(), dibao_listed=(),
        property_dividend=(), transfer_family_planning=(), transfer_extreme=(), transfer_eco=(), coop_member=(),
        leading_firm=(),
    ),
    *_policies(
        "person",
        basic_medical=("medical_resident", "medical_employee"), major_illness_insurance=(),
        accident_insurance_aided=(), medical_aid=(), basic_pension=("pension_resident", "pension_employee"), dibao=(),
        extreme_support=(), welfare_post=("welfare_post_months",),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Coverage:
    """How many households or persons a policy reached in a year, how many it did not, of how many nothing is told."""

    policy: Policy
    yes: int
    no: int
    unknown: int


def policy_named(name: str) -> Policy | None:
    """The policy of a name."""
    return next((policy for policy in POLICIES if policy.name == name), None)


def coverage(inside: QuerySet[Household], year: int) -> list[Coverage]:
    """The policies over the households of a queryset (from this package) for whom help is meant. Four queries."""
    meant = _meant(inside)
    totals = {"household": meant.count(), "person": _members(meant).count()}
    counted: dict[str, int] = {}
    for unit, rows in (("household", _years(meant, year)), ("person", _person_years(meant, year))):
        counted |= rows.aggregate(
            **{
                f"{policy.name}_{answer}": Count("pk", filter=condition)
                for policy in POLICIES
                if policy.unit == unit
                for answer, condition in policy.answers().items()
            }
        )
    return [_covered(policy, counted, totals[policy.unit]) for policy in POLICIES]


def _covered(policy: Policy, counted: Mapping[str, int], total: int) -> Coverage:
    yes, no = (counted[f"{policy.name}_{answer}"] for answer in (Reached.YES, Reached.NO))
    return Coverage(policy, yes, no, total - yes - no)


def households_reached(inside: QuerySet[Household], year: int, policy: Policy, answer: Reached) -> QuerySet[Household]:
    """The households behind a number of `coverage`, by number."""
    meant = _meant(inside)
    told = {given: Q(pk__in=_years(meant, year).filter(row).values("household")) for given, row in _rows(policy)}
    return meant.filter(_of(told, answer)).order_by("number")


def members_reached(inside: QuerySet[Household], year: int, policy: Policy, answer: Reached) -> QuerySet[Membership]:
    """The members behind a number of `coverage`, by the number of their household; with person and household."""
    meant = _meant(inside)
    told = {
        given: Q(person__in=_person_years(meant, year).filter(row).values("person")) for given, row in _rows(policy)
    }
    found = _members(meant).filter(_of(told, answer)).select_related("person", "household")
    return found.order_by("household__number", "relation", "pk")


def _rows(policy: Policy) -> Sequence[tuple[Reached, Q]]:
    return tuple(policy.answers().items())


def _of(told: Mapping[Reached, Q], answer: Reached) -> Q:
    return told[answer] if answer in told else ~told[Reached.YES] & ~told[Reached.NO]


def _meant(inside: QuerySet[Household]) -> QuerySet[Household]:
    return inside.filter(poverty_status__in=sorted(map(str, MEANT_FOR)))


def _members(meant: QuerySet[Household]) -> QuerySet[Membership]:
    return Membership.objects.filter(household__in=meant.values("pk"), left_on=None)


def _years(meant: QuerySet[Household], year: int) -> QuerySet[HouseholdYear]:
    return HouseholdYear.objects.filter(data_year=year, household__in=meant.values("pk"))


def _person_years(meant: QuerySet[Household], year: int) -> QuerySet[PersonYear]:
    return PersonYear.objects.filter(data_year=year, person__in=_members(meant).values("person"))
