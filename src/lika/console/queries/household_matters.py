"""What is open about a household elsewhere: faults of its data and leads to duplicates, for those who may see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise

from lika.accounts.queries import UserActor
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.monitoring.choices import FaultState, LeadState
from lika.monitoring.queries.faults import faults_of_household
from lika.monitoring.queries.leads import leads_of_household
from lika.policy import quality as rules
from lika.policy.choices import Pattern, Severity


@dataclass(frozen=True)
class Matter:
    """A fault or lead: what it is, where it stands, and its own page."""

    title: str | Promise
    state: str | Promise
    sign: str
    url: str


def matters_of(who: UserActor, household: UUID) -> list[Matter]:
    """The open ones, faults first; nothing for whoever sees no page of data quality. Two queries, none for them."""
    if not who.has(Permission.QUALITY_VIEW):
        return []
    return [*_faults(who, household), *_leads(who, household)]


def _faults(who: UserActor, household: UUID) -> Iterator[Matter]:
    for fault in faults_of_household(who, household):
        rule = rules.find(fault.rule)
        title = chosen(rule.zh, rule.en) if rule else fault.rule
        sign = "not_met" if fault.severity == Severity.ERROR else "waiting"
        yield Matter(title, FaultState(fault.state).label, sign, reverse("monitoring:fault", args=[fault.pk]))


def _leads(who: UserActor, household: UUID) -> Iterator[Matter]:
    for lead in leads_of_household(who, household):
        url = reverse("monitoring:lead", args=[lead.pk])
        yield Matter(Pattern(lead.pattern).label, LeadState(lead.state).label, "waiting", url)
