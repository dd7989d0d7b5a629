"""The households of a locked reduction plan: marked as planned to exit (预脱贫), within each village's number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework.models import Campaign
from lika.casework.queries import exit_lists as lists
from lika.casework.queries import quotas as campaigns
from lika.casework.queries.exit_lists import LISTED_FROM, persons, with_persons
from lika.casework.whole_households import Candidate, Crossing, choose
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register import actions as register
from lika.register import queries as reads
from lika.register.actions import Decision, StatusMove
from lika.register.choices import Axis, PovertyStatus
from lika.register.models import Household

DECISION = "campaign"


@transaction.atomic
def list_for_exit(*, by: Actor, campaign: UUID, households: Sequence[UUID], listed_on: dt.date) -> int:
    """Mark households, in the order given, as planned to exit by a locked reduction plan. Returns how many persons.

    Who was identified in an earlier year counts as still poor from the first day of the plan's year (DOMAIN §5.0). A
    village's number is passed at most by the household that crosses it, for none is split. Raises ACC-001, ACC-002,
    CAS-010, CAS-115 (no locked reduction plan), CAS-116 (a household that may not be listed), CAS-117 (beyond a
    village's number), REG-001, REG-029, REG-041.
    """
    by.require(Permission.REGISTER_STATUS)
    plan = _plan(by, campaign)
    rows = _whole(by, households)
    identified = lists.identified_before(plan, rows)
    _refuse_unfit(rows, identified)
    _refuse_beyond(by, plan, rows)
    decision = _decision(plan)
    if identified:
        register.record_household_statuses(
            by=by, axis=Axis.POVERTY, moves=[StatusMove(key, PovertyStatus.POOR, decision) for key in identified],
            effective_on=dt.date(plan.year, 1, 1),
        )  # fmt: skip
    register.record_household_statuses(
        by=by, axis=Axis.POVERTY, moves=[StatusMove(each.id, PovertyStatus.PLANNED, decision) for each in rows],
        effective_on=listed_on,
    )  # fmt: skip
    return sum(persons(each) for each in rows)


def _plan(by: Actor, campaign: UUID) -> Campaign:
    """The plan, locked: of two who list at once the second sees what the first has listed."""
    found = campaigns.campaign_in_sight(by, campaign)
    held = Campaign.objects.select_for_update().get(pk=found.pk)
    if not lists.lists_exits(held):
        raise UserError(
            "CAS-115",
            _("Households are listed by a yearly reduction plan whose numbers are locked."),
            remedy=_("Have every number split down to the villages and the campaign locked first."),
        )
    return held


def _whole(by: Actor, households: Sequence[UUID]) -> list[Household]:
    """The households with their members of now, in the order given."""
    found = {each.id: each for each in with_persons(reads.households_visible_to(by).filter(id__in=households))}
    if len(set(households)) != len(households) or set(found) != set(households):
        raise _unfit("")
    return [found[key] for key in households]


def _refuse_unfit(rows: Sequence[Household], identified: Sequence[UUID]) -> None:
    for each in rows:
        if not persons(each) or (each.poverty_status not in LISTED_FROM and each.id not in set(identified)):
            raise _unfit(each.number)


def _refuse_beyond(by: Actor, plan: Campaign, rows: Sequence[Household]) -> None:
    numbers = dict(plan.quotas.filter(number__in={each.village for each in rows}).values_list("number", "allocated"))
    listed = lists.persons_listed(by, plan, list(numbers))
    by_village: dict[int, list[Candidate]] = defaultdict(list)
    for each in rows:
        by_village[each.village].append(Candidate(each.id, persons(each)))
    for village, order in by_village.items():
        left = max(numbers.get(village, 0) - listed.get(village, 0), 0)
        if choose(order, left, Crossing.TAKEN).left:
            raise UserError(
                "CAS-117",
                _("The plan has %(left)s persons left in village %(village)s; those given are %(given)s.")
                % {"left": left, "village": f"{village:012d}", "given": sum(each.persons for each in order)},
                remedy=_("List as many households as the village's number takes."),
                field="households",
            )


def _decision(plan: Campaign) -> Decision:
    label = f"{plan.year} {plan.kind} {plan.division_id}"
    return Decision(kind=DECISION, id=plan.pk, label=label, pack_version=plan.pack)


def _unfit(number: str) -> UserError:
    return UserError(
        "CAS-116",
        _("A household cannot be listed: %(number)s.") % {"number": number or "—"},
        remedy=_("List whole households of your area that are still poor and were not identified in the same year."),
        field="households",
    )
