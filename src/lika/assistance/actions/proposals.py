"""Changing who helps whom: proposed below, passed by the township, agreed by the county headquarters, then in effect.

A change of pairings takes effect by an agreed proposal and by nothing else (000/1-1 §四(三)3, DOMAIN 5.21). Whoever
settles a proposal has had no hand in it before.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts import actions as accounts
from lika.assistance.actions.wanted import Line, Wanted, against, refuse_lines, refuse_over, wanted_lines
from lika.assistance.choices import PROPOSAL_MOVES, ProposalState, ProposalVerb
from lika.assistance.models import Pairing, Proposal, ProposalLine, ProposalStep
from lika.assistance.queries.proposals import lines_of, open_elsewhere, passed_by, proposal_in_sight
from lika.assistance.queries.rules import rules_at
from lika.core import audit
from lika.core.actors import Actor, Executor
from lika.core.areas import CODE_LENGTH, Area
from lika.core.errors import PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division

LONGEST_REASON = 300
PURPOSE = "结对帮扶"


@transaction.atomic
def propose(*, by: Actor, division: str, lines: Sequence[Line], reason: str, suggested: bool = False) -> Proposal:
    """Propose pairings to begin and to end in a village, township or county.

    What a township or county proposes need not be passed by a township again. Raises ACC-001, ACC-002, DIV-010,
    ASN-020 (nothing in it, or too much), ASN-021 (no reason), ASN-022 (a household elsewhere), ASN-023 (no such
    helper), ASN-024 (no such pairing), ASN-025 (proposed already), and what stands against a line (ASN-030 …).
    """
    by.require(Permission.PAIRING_PROPOSE, division=division)
    place = divisions.get(division)
    text = _reason(reason)
    _one_at_a_time(place)
    wanted = wanted_lines(by, place, lines)
    if spoken := open_elsewhere(line.household.pk for line in wanted):
        raise against(
            "ASN-025",
            _("Another proposal that is open speaks of this household."),
            _("Wait until it is settled, or withdraw it."),
            next(line.household for line in wanted if line.household.pk in spoken),
        )
    rules = rules_at(place.code, timezone.localdate())
    refuse_lines(wanted, rules)
    looking_through = (Permission.PAIRING_REVIEW, Permission.PAIRING_AGREE)
    from_above = place.level < Level.VILLAGE or any(by.area_for(each).covers(place.code) for each in looking_through)
    made = Proposal.objects.create(
        number=place.number,
        reason=text,
        state=ProposalState.PASSED if rules.by_county and from_above else ProposalState.PROPOSED,
        by_county=rules.by_county,
        suggested=suggested,
        proposed_by=by.name,
    )
    ProposalLine.objects.bulk_create(
        ProposalLine(proposal=made, household=line.household, helper=line.helper, ends=line.ends) for line in wanted
    )
    _step(by, made, ProposalVerb.PROPOSE, text)
    return made


@transaction.atomic
def pass_proposal(*, by: Actor, proposal: UUID, note: str = "") -> Proposal:
    """The township passes what a village proposed; where no county need agree, it takes effect with that.

    Raises ACC-001, ACC-002, ASN-003, ASN-026 (not now), ASN-027 (had a hand in it), ASN-030 ….
    """
    found = _moving(by, proposal, Permission.PAIRING_REVIEW, ProposalVerb.PASS)
    if found.by_county:
        return _settled(by, found, ProposalVerb.PASS, ProposalState.PASSED, note)
    _take_effect(by, found, Permission.PAIRING_REVIEW)
    return _settled(by, found, ProposalVerb.PASS, ProposalState.AGREED, note)


@transaction.atomic
def agree(*, by: Actor, proposal: UUID, note: str = "") -> Proposal:
    """The county headquarters agrees: pairings end and begin today, and with them what the helpers see.

    Raises ACC-001, ACC-002, ACC-003 (a helper oneself), ASN-003, ASN-026, ASN-027, ASN-030 … (what stands against a
    line by now: then nothing of the proposal takes effect).
    """
    found = _moving(by, proposal, Permission.PAIRING_AGREE, ProposalVerb.AGREE)
    _take_effect(by, found, Permission.PAIRING_AGREE)
    return _settled(by, found, ProposalVerb.AGREE, ProposalState.AGREED, note)


@transaction.atomic
def send_back(*, by: Actor, proposal: UUID, note: str) -> Proposal:
    """Whoever it waits for says why not. Raises ACC-001, ACC-002, ASN-003, ASN-021, ASN-026, ASN-027."""
    seen = proposal_in_sight(by, proposal)
    asked = Permission.PAIRING_REVIEW if seen.state == ProposalState.PROPOSED else Permission.PAIRING_AGREE
    found = _moving(by, proposal, asked, ProposalVerb.RETURN)
    return _settled(by, found, ProposalVerb.RETURN, ProposalState.RETURNED, _reason(note))


@transaction.atomic
def withdraw(*, by: Actor, proposal: UUID, note: str) -> Proposal:
    """Whoever may propose there takes it back. Raises ACC-001, ACC-002, ASN-003, ASN-021, ASN-026."""
    by.require(Permission.PAIRING_PROPOSE)
    found = proposal_in_sight(by, proposal, lock=True)
    by.require(Permission.PAIRING_PROPOSE, division=_code(found.number))
    _refuse_state(found, ProposalVerb.WITHDRAW)
    return _settled(by, found, ProposalVerb.WITHDRAW, ProposalState.WITHDRAWN, _reason(note))


# Settling it


def _take_effect(by: Actor, found: Proposal, permission: Permission) -> None:
    """Pairings and grants end and begin today, all of them or none."""
    place = divisions.get(_code(found.number))
    _one_at_a_time(place)
    today = timezone.localdate()
    wanted = [Wanted(line.household, line.helper, line.ends) for line in lines_of(found)]
    refuse_over(wanted)
    refuse_lines(wanted, rules_at(place.code, today))
    _refuse_self(by, wanted)
    ending = [line.ends for line in wanted if line.ends is not None]
    # One that the administrator ended early stays as it is. One given where a household stood before it moved goes too.
    sight = [each.grant for each in ending if each.grant.valid_to is None or each.grant.valid_to > today]
    area = Area.joined([*by.area_for(permission).ranges, *((grant.village, grant.village) for grant in sight)])
    keeper = Executor(by, [Permission.ACCOUNTS_MANAGE], area)
    accounts.end_grants(by=keeper, grants=sight, last_day=today)
    Pairing.objects.filter(pk__in=[pairing.pk for pairing in ending]).update(ended_on=today)
    beginning = [(line.household, line.helper) for line in wanted if line.helper is not None]
    grants = accounts.grant_households(
        by=keeper,
        given=[accounts.Sight(helper.official, household.pk, household.village) for household, helper in beginning],
        purpose=PURPOSE,
        valid_from=today,
    )
    begun = Pairing.objects.bulk_create(
        Pairing(helper=helper, household=household, village=household.village, began_on=today, grant=grant)
        for (household, helper), grant in zip(beginning, grants, strict=True)
    )
    _record_pairings(by, "pairing.ended", ending, found, {"to": today})
    _record_pairings(by, "pairing.began", begun, found, {"from": today})


def _refuse_self(by: Actor, wanted: Sequence[Wanted]) -> None:
    touched = {line.helper.official_id for line in wanted if line.helper is not None}
    touched |= {line.ends.helper.official_id for line in wanted if line.ends is not None}
    if by.official_id is not None and by.official_id in touched:
        raise PermissionRefused(
            "ASN-028",
            _("It gives households to yourself, or takes them from you."),
            remedy=_("Somebody else at your office settles it."),
        )


def _moving(by: Actor, proposal: UUID, permission: Permission, verb: ProposalVerb) -> Proposal:
    """A proposal locked for a step by somebody who had no hand in it."""
    by.require(permission)
    found = proposal_in_sight(by, proposal, lock=True)
    by.require(permission, division=_code(found.number))
    _refuse_state(found, verb)
    if by.name in passed_by(found):
        raise PermissionRefused(
            "ASN-027",
            _("You proposed it or passed it on: another person settles it."),
            remedy=_("Ask a colleague to look at it."),
        )
    return found


def _refuse_state(found: Proposal, verb: ProposalVerb) -> None:
    if found.state not in PROPOSAL_MOVES[verb]:
        raise UserError(
            "ASN-026",
            _("The proposal is not in the state that this step begins with."),
            remedy=_("Look at the proposal again."),
            state=found.get_state_display(),
        )


def _settled(by: Actor, found: Proposal, verb: ProposalVerb, state: ProposalState, note: str) -> Proposal:
    if len(note) > LONGEST_REASON:
        _reason(note)
    found.state = state
    if state != ProposalState.PASSED:
        found.settled_on = timezone.localdate()
    found.save(update_fields=["state", "settled_on"])
    _step(by, found, verb, note.strip())
    return found


def _step(by: Actor, found: Proposal, verb: ProposalVerb, note: str) -> None:
    ProposalStep.objects.create(proposal=found, verb=verb, note=note, by_name=by.name)
    new = {"state": ProposalState(found.state).value, "division": found.number}
    change = audit.Change("proposal", found.pk, county=audit.chain_of(found.number), new=new)
    audit.record(by=by, action=f"proposal.{ProposalVerb(verb).value}", change=change, reason=note)


def _record_pairings(
    by: Actor, action: str, pairings: Sequence[Pairing], found: Proposal, told: Mapping[str, object]
) -> None:
    changes = [
        audit.Change(
            "household",
            pairing.household_id,
            county=audit.chain_of(pairing.village),
            new={"helper": pairing.helper_id, "proposal": found.pk, **told},
        )
        for pairing in pairings
    ]
    audit.record_many(by=by, action=action, changes=changes)


def _one_at_a_time(place: Division) -> None:
    """Proposals of a county are made and settled one after the other: no household gets two helpers at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('pairing'), %s)", [audit.chain_of(place.number)])


def _reason(given: str) -> str:
    text = given.strip()
    if not 0 < len(text) <= LONGEST_REASON:
        raise UserError(
            "ASN-021",
            _("A reason is needed, of not more than %(longest)s characters.") % {"longest": LONGEST_REASON},
            remedy=_("Say in a sentence why."),
            field="reason",
        )
    return text


def _code(number: int) -> str:
    return f"{number:0{CODE_LENGTH}d}"
