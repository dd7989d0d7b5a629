"""The households of a locked reduction plan: planned to exit (预脱贫) within each village's number, or not any more."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework.actions.moving import reason_of
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
    village's number is passed at most by the household that crosses it, for none is split, and by none where the rule
    of the plan's procedure leaves it. Raises ACC-001, ACC-002, CAS-010, CAS-115 (no locked reduction plan), CAS-116 (a
    household that may not be listed), CAS-117 (beyond a village's number), CAS-177 (the plan's year is over), REG-001,
    REG-029, REG-041, REG-043.
    """
    by.require(Permission.REGISTER_STATUS)
    plan = _plan(by, campaign)
    _refuse_after(plan, listed_on, "listed_on")
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


@transaction.atomic
def take_off_list(*, by: Actor, campaign: UUID, households: Sequence[UUID], taken_off_on: dt.date, reason: str) -> int:
    """Take households off the plan's list before their exit is decided: they are still poor. Returns how many persons.

    Their room in the village's number is free again, and a plan may list them anew. A case that is opened at the same
    moment cannot be announced, for it asks for the status that is gone here (CAS-110). Raises ACC-001, ACC-002,
    CAS-010, CAS-034 (no reason), CAS-115, CAS-177 (the plan's year is over), CAS-178 (not on the list), CAS-179 (a case
    is under way), REG-001, REG-029, REG-041, REG-043.
    """
    by.require(Permission.REGISTER_STATUS)
    plan, words = _plan(by, campaign), reason_of(reason)
    _refuse_after(plan, taken_off_on, "taken_off_on")
    held = register.hold_household_statuses(by=by, axis=Axis.POVERTY, households=households)
    rows = _listed(by, plan, held)
    _refuse_under_way(rows)
    register.record_household_statuses(
        by=by, axis=Axis.POVERTY, moves=[StatusMove(each.id, PovertyStatus.POOR, _decision(plan)) for each in rows],
        effective_on=taken_off_on, reason=words,
    )  # fmt: skip
    return sum(persons(each) for each in rows)


def _listed(by: Actor, plan: Campaign, held: Mapping[UUID, str]) -> list[Household]:
    """The households that are held, each planned to exit by the plan."""
    seen = reads.households_visible_to(by).filter(lists.listed_by(plan), id__in=list(held))
    rows = list(with_persons(seen).order_by("number"))
    if not held or len(rows) < len(held) or set(held.values()) != {PovertyStatus.PLANNED}:
        raise UserError(
            "CAS-178",
            _("A household is not on the list of this plan, or no longer planned to exit."),
            remedy=_("Open the list again and choose from what it shows."),
            field="off",
        )
    return rows


def _refuse_under_way(rows: Sequence[Household]) -> None:
    under_way = lists.cases_under_way([each.id for each in rows])
    for each in rows:
        if each.id in under_way:
            raise UserError(
                "CAS-179",
                _("Household %(number)s has a case under way: %(case)s.")
                % {"number": each.number, "case": under_way[each.id]},
                remedy=_("Have the case struck out with the reason first, then take the household off the list."),
                field="off",
            )


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


def _refuse_after(plan: Campaign, day: dt.date, field: str) -> None:
    if day.year > plan.year:
        raise UserError(
            "CAS-177",
            _("The plan was for %(year)s; that year is over on this day.") % {"year": plan.year},
            remedy=_("What was not reached stays as it was planned. List the household by the plan of a later year."),
            field=field,
        )


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
    crossing = Crossing.LEFT if lists.crossing_of(plan) is False else Crossing.TAKEN
    by_village: dict[int, list[Candidate]] = defaultdict(list)
    for each in rows:
        by_village[each.village].append(Candidate(each.id, persons(each)))
    for village, order in by_village.items():
        left = max(numbers.get(village, 0) - listed.get(village, 0), 0)
        if choose(order, left, crossing).left:
            raise UserError(
                "CAS-117",
                _("The plan has %(left)s persons left in village %(village)s; those given are %(given)s.")
                % {"left": left, "village": f"{village:012d}", "given": sum(each.persons for each in order)},
                remedy=_("List as many households as the village's number takes."),
                field="households",
            )


def _decision(plan: Campaign) -> Decision:
    return Decision(kind=DECISION, id=plan.pk, label=plan.label, pack_version=plan.pack)


def _unfit(number: str) -> UserError:
    return UserError(
        "CAS-116",
        _("A household cannot be listed: %(number)s.") % {"number": number or "—"},
        remedy=_("List whole households of your area that are still poor and were not identified in the same year."),
        field="households",
    )
