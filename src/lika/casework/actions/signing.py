"""Signing: cases of a batch in the village and the township, rosters from the county up.

A signature is given in a capacity. By account its holder proves to be at the screen; ink and sheets are entered by the
office of the level, with a witness in post. Slots are signed in their order, and levels one after the other.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.actions import Confirmation
from lika.accounts.models import Official
from lika.accounts.queries import officials_holding
from lika.casework.actions import moving
from lika.casework.actions.moving import Outcome
from lika.casework.actions.sheets import keep_sheet
from lika.casework.choices import ACTING_LEVELS, ROSTER_LEVELS, SignatureKind, VoidReason
from lika.casework.models import Case, Signatory, Signature, SignedPaper
from lika.casework.queries import signatories
from lika.casework.queries.cases import no_such_case
from lika.casework.queries.signing import Signed, signed
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.policy.choices import Capacity, StageKind
from lika.policy.queries.procedures import ProcedureStage, Slot


@dataclass(frozen=True)
class Given:
    """How somebody signs. By account: `confirmation`. Ink or paper: `sheet` (the file), `witness` (an official).

    `signatory` says who signed ink or paper, where several may sign in a capacity; left empty, who holds it.
    """

    kind: SignatureKind
    confirmation: Confirmation | None = None
    sheet: bytes = b""
    witness: UUID | None = None
    signatory: UUID | None = None


@dataclass(frozen=True)
class Signer:
    """What a signature says of who gave it. The household's names nobody."""

    signatory: Signatory | None
    paper: SignedPaper | None
    witness: UUID | None


@transaction.atomic
def sign_cases(
    *,
    by: Actor,
    batch: UUID,
    slot: int,
    given: Given,
    cases: Collection[UUID] | None = None,
    stage: str | None = None,
    shown: Collection[str] | None = None,
) -> Sequence[Signature]:
    """Sign cases of a batch in one slot of its stage: all that are under way and not signed there yet, or those named.

    `stage` is the one that the signer saw, `shown` the hashes of what the signer read; None where nothing is shown
    between reading and signing.

    Raises ACC-001, ACC-002, CAS-030, CAS-031 (not in the batch), CAS-032, CAS-081 (another slot comes first), CAS-082
    (no such slot here), CAS-083 (signed already), CAS-152 (a case is no longer what was shown), and what `signer`
    raises.
    """
    standing = moving.hold(by, batch, stage_id=stage)
    place = slot_of(standing.stage, slot)
    if place.level in ROSTER_LEVELS:
        raise no_such_slot()
    chosen = [each for each in standing.open if cases is None or each.pk in cases]
    if cases is not None and len(chosen) != len(set(cases)):
        raise no_such_case()
    states = signed(chosen, standing.procedure, standing.stage.id)
    waiting = [each for each in chosen if not states[each.pk].at(standing.stage.id, slot).holds]
    if not waiting:
        raise already_signed(place)
    for case in waiting:
        _refuse_early(states[case.pk], standing.stage, slot)
    hashes = {each.pk: states[each.pk].hashes[standing.stage.id] for each in waiting}
    if shown is not None:
        _refuse_unseen(waiting, hashes, shown)
    _refuse_one_hand(place, given, waiting)
    who = signer(by, place, standing.batch.division_id, given, standing.at)
    Signature.objects.filter(case__in=waiting, stage=standing.stage.id, slot=slot, void_at=None).update(
        void_at=standing.at, void_reason=VoidReason.CHANGED
    )
    rows = [made(by, place, slot, standing.stage.id, given, who, hashes[each.pk], standing.at) for each in waiting]
    for row, case in zip(rows, waiting, strict=True):
        row.case = case
    Signature.objects.bulk_create(rows, batch_size=1000)
    told = {"stage": standing.stage.id, "slot": slot, "capacity": place.capacity, "kind": given.kind}
    moving.record(standing, "case.signed", new=told | {"cases": [case.number for case in waiting]})
    return rows


@transaction.atomic
def pass_on(
    *, by: Actor, batch: UUID, outcomes: Mapping[UUID, Outcome] | None = None, stage: str | None = None
) -> None:
    """The batch leaves a signature stage; `outcomes` names the cases that go back or end here.

    Raises as `moving.take` and `moving.settle`, CAS-080 where somebody has not signed.
    """
    standing = moving.take(by, batch, StageKind.SIGNATURES, stage_id=stage)
    decided = {each.pk: Outcome() for each in standing.open} | dict(outcomes or {})
    moving.settle(standing, decided, action="case.signatures_complete")


def signer(by: Actor, place: Slot, division: str, given: Given, at: dt.datetime) -> Signer:
    """Who signs in a slot of a division at a moment, with the sheet kept, within a transaction.

    Raises ACC-001, ACC-002, CAS-084 (nobody signs in this capacity, or not the actor), CAS-085 (the household by
    account), CAS-086 (not confirmed), CAS-087 (witness), and what `keep_sheet` raises.
    """
    day, code = timezone.localdate(at), signatories.code_at(division, place.level)
    if given.kind is SignatureKind.ACCOUNT:
        by.require(Permission.CASE_SIGN)
        if place.capacity is Capacity.HOUSEHOLD:
            raise UserError(
                "CAS-085",
                _("No account signs for a household."),
                remedy=_("Have the household sign on the screen or on paper, before a witness in post."),
            )
        own = [each for each in signatories.holding(place.capacity, code, day) if each.official_id == by.official_id]
        if not own:
            raise nobody_signs(place)
        if given.confirmation is None or not given.confirmation.is_of(by):
            raise UserError(
                "CAS-086",
                _("Who signs proves it by password or code."),
                remedy=_("Enter the password of your account, or the code of your app."),
                field="secret",
            )
        return Signer(own[0], None, None)
    by.require(ACTING_LEVELS[place.level], division=code)
    found = None if place.capacity is Capacity.HOUSEHOLD else _named(place, code, day, given)
    _refuse_witness(by, given, found, division, day)
    return Signer(found, keep_sheet(by, int(code), given.kind, given.sheet), given.witness)


def witnesses(division: str, day: dt.date) -> QuerySet[Official]:
    """Who may witness ink or paper in a division on a day: whoever holds a post that deals with cases there."""
    return officials_holding(Permission.CASEWORK_VIEW, division, day)


def made(
    by: Actor, place: Slot, slot: int, stage: str, given: Given, who: Signer, content_hash: str, at: dt.datetime
) -> Signature:
    """A signature as it is kept; a deputy's carries the authorisation."""
    return Signature(
        stage=stage, slot=slot, capacity=place.capacity, signatory=who.signatory, kind=given.kind, paper=who.paper,
        official_id=who.signatory.official_id if who.signatory else None, witness_id=who.witness,
        authorisation_id=who.signatory.authorisation_id if who.signatory else None,
        content_hash=content_hash, entered_by=by.name, at=at,
    )  # fmt: skip


def slot_of(stage: ProcedureStage, slot: int) -> Slot:
    """A slot of a stage. Raises CAS-082."""
    if not 0 <= slot < len(stage.slots):
        raise no_such_slot()
    return stage.slots[slot]


def no_such_slot() -> UserError:
    """CAS-082: nothing is signed here, or not in this way."""
    return UserError(
        "CAS-082",
        _("There is no such slot to sign here."),
        remedy=_("The village and the township sign cases; the county and those above sign rosters."),
    )


def already_signed(place: Slot) -> UserError:
    """CAS-083: the slot is filled."""
    return UserError(
        "CAS-083",
        _("The slot %(capacity)s is signed already.") % {"capacity": place.capacity.label},
        remedy=_("Open the page again: it shows who signed and when."),
    )


def too_early(missing: Slot, number: str) -> UserError:
    """CAS-081: another slot comes first."""
    return UserError(
        "CAS-081",
        _("Signatures are given in order: %(case)s waits for %(capacity)s first.")
        % {"case": number, "capacity": missing.capacity.label},
        remedy=_("Wait until the slot before is signed; where the case has changed, send it back to be signed anew."),
    )


def _refuse_early(state: Signed, stage: ProcedureStage, slot: int) -> None:
    missing = state.missing
    if missing is not None and (missing.stage.id, missing.index) != (stage.id, slot):
        raise too_early(missing.slot, state.case.number)


def _refuse_unseen(cases: Sequence[Case], hashes: Mapping[UUID, str], shown: Collection[str]) -> None:
    """Nobody puts a name to what the page did not show: a case that changed, or joined the batch, since then."""
    unseen = next((each for each in cases if hashes[each.pk] not in shown), None)
    if unseen is not None:
        raise UserError(
            "CAS-152",
            _("Case %(case)s is no longer what the page showed.") % {"case": unseen.number},
            remedy=_("The page shows now what would be signed: read it again, then sign."),
        )


def _refuse_one_hand(place: Slot, given: Given, cases: Sequence[Case]) -> None:
    """What a household draws on the screen stands for it alone."""
    if place.capacity is Capacity.HOUSEHOLD and given.kind is SignatureKind.INK and len(cases) != 1:
        raise UserError(
            "CAS-088",
            _("Each household signs for itself."),
            remedy=_("Choose the one case that it signs."),
            field="case",
        )


def _named(place: Slot, code: str, day: dt.date, given: Given) -> Signatory:
    """Who signed ink or paper: the one named, else who holds the capacity."""
    for each in signatories.holding(place.capacity, code, day):
        if given.signatory in (None, each.pk):
            return each
    raise nobody_signs(place)


def nobody_signs(place: Slot) -> UserError:
    """CAS-084: the actor does not sign in this capacity, or nobody does."""
    return UserError(
        "CAS-084",
        _("You do not sign as %(capacity)s here today, or nobody does.") % {"capacity": place.capacity.label},
        remedy=_("Ask the office above to enter who signs in this capacity."),
    )


def _refuse_witness(by: Actor, given: Given, signatory: Signatory | None, division: str, day: dt.date) -> None:
    seen = None if given.witness is None else witnesses(division, day).filter(pk=given.witness).first()
    if seen is None or seen.pk in (by.official_id, signatory and signatory.official_id):
        raise UserError(
            "CAS-087",
            _("A signature on screen or paper needs a witness: another official in post here today."),
            remedy=_("Choose who saw it being signed."),
            field="witness",
        )
