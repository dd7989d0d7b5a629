"""Deciding on a lead, and the check by a second person of what would clear it."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import audit
from lika.core.actors import Actor, outside_area
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.core.errors import PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.engine.snapshots.layout import county_of
from lika.monitoring.choices import CLEARS, LEAD_MOVES, LeadState, LeadVerdict, Reopened
from lika.monitoring.models import Lead, LeadDecision
from lika.monitoring.queries.leads import lead_of

LONGEST_REASON = 300


@transaction.atomic
def decide_lead(*, by: Actor, lead: UUID, verdict: LeadVerdict, reason: str) -> LeadDecision:
    """Say what a lead is. Confirmed, it waits for the register to be corrected; what would clear it waits for a check.

    One side in the actor's area is enough to confirm or to refer upward; to clear it both must lie there. A lead that
    was referred upward is decided by somebody else whose area holds the county of each side.

    Raises ACC-001, ACC-002, LED-010, LED-012 (no reason), LED-013 (not now), LED-014 (the other side lies elsewhere),
    LED-016 (referred by the actor).
    """
    found = _locked(by, Permission.LEADS_DECIDE, lead)
    states, state = LEAD_MOVES[verdict]
    if found.state not in states:
        raise _not_now(found)
    area = by.area_for(Permission.LEADS_DECIDE)
    if verdict in CLEARS and not all(village in area for village in _sides(found)):
        raise PermissionRefused(
            "LED-014",
            _("One of the two households lies outside your area."),
            remedy=_("Refer the lead upward: whoever sees both decides."),
        )
    if found.state == LeadState.REFERRED:
        _refuse_referrer(by, found)
    decision = LeadDecision(
        lead=found, verdict=verdict, reason=_text(reason, "reason"), facts=found.facts, decided_by=by.name
    )
    decision.save(force_insert=True)
    _move(by, found, state, verdict.value)
    return decision


@transaction.atomic
def check_lead(*, by: Actor, lead: UUID, agree: bool, remark: str = "") -> LeadDecision:
    """A second person agrees that a lead is cleared, or opens it again with a remark.

    Raises ACC-001, ACC-002, LED-010, LED-012 (refused without a remark), LED-013 (nothing to check), LED-015 (decided
    by the actor).
    """
    found = _locked(by, Permission.LEADS_CHECK, lead)
    if found.state != LeadState.CLEARING:
        raise _not_now(found)
    area = by.area_for(Permission.LEADS_CHECK)
    if not all(village in area for village in _sides(found)):
        raise outside_area(permission=str(Permission.LEADS_CHECK))
    decision = found.decisions.select_for_update().filter(agreed=None, verdict__in=CLEARS)[0]
    if decision.decided_by == by.name:
        raise PermissionRefused(
            "LED-015",
            _("Whoever would clear a lead does not check it."),
            remedy=_("Ask a colleague who may check in this area."),
        )
    decision.agreed, decision.checked_by, decision.checked_at = agree, by.name, timezone.now()
    decision.remark = _text(remark, "remark", needed=not agree)
    decision.save(update_fields=["agreed", "checked_by", "checked_at", "remark"])
    _move(by, found, LeadState.CLEARED if agree else LeadState.OPEN, "agreed" if agree else "refused")
    return decision


def _locked(by: Actor, permission: Permission, lead: UUID) -> Lead:
    """The lead, where the actor holds the permission on one side of it at least."""
    by.require(permission)
    found = lead_of(by, lead, lock=True)
    area = by.area_for(permission)
    if not any(village in area for village in _sides(found)):
        raise outside_area(permission=str(permission))
    return found


def _sides(lead: Lead) -> tuple[int, ...]:
    return (lead.village,) if lead.other_village is None else (lead.village, lead.other_village)


def _refuse_referrer(by: Actor, lead: Lead) -> None:
    """Upward is upward: not who referred it, and nobody who sees but a part of the counties."""
    referred = lead.decisions.filter(verdict=LeadVerdict.REFER)[0]
    if referred.decided_by == by.name:
        raise PermissionRefused(
            "LED-016",
            _("You referred this lead upward yourself."),
            remedy=_("The office above you decides on it."),
        )
    for village in _sides(lead):
        county = f"{village:0{CODE_LENGTH}d}"[: DIGITS_OF_LEVEL[3]]
        by.require(Permission.LEADS_DECIDE, division=county)


def _not_now(lead: Lead) -> UserError:
    return UserError(
        "LED-013",
        _("The lead is not in the state that this step begins with."),
        remedy=_("Look at the lead again."),
        state=lead.state,
    )


def _text(given: str, field: str, *, needed: bool = True) -> str:
    text = given.strip()
    if len(text) > LONGEST_REASON or (needed and not text):
        raise UserError(
            "LED-012",
            _("A reason of at most %(longest)d characters is needed.") % {"longest": LONGEST_REASON},
            remedy=_("Say why; the reason is kept with the lead."),
            field=field,
        )
    return text


def _move(by: Actor, lead: Lead, state: LeadState, verb: str) -> None:
    before = lead.state
    lead.state, lead.reopened = state, Reopened.NO
    lead.save(update_fields=["state", "reopened"])
    # The reason is personal and stands in the decision; the audit says who moved what where.
    change = audit.Change(
        "lead",
        lead.pk,
        county=county_of(lead.village),
        label=lead.pattern,
        old={"state": before},
        new={"state": state.value, "facts": lead.facts},
    )
    audit.record(by=by, action=f"lead.{verb}", change=change)
