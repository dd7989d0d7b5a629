"""Signing on the page of a batch and on a page of its own: by account, in ink, on paper; passing on what is signed."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.actions import confirm_holder
from lika.accounts.queries import UserActor
from lika.casework.actions import sheets, signing
from lika.casework.actions.signing import Given
from lika.casework.choices import ACTING_LEVELS, ROSTER_LEVELS, BatchState, CaseState, SignatureKind
from lika.casework.forms.signing import AccountForm, SheetForm
from lika.casework.models import Signature
from lika.casework.queries import cases as reads
from lika.casework.queries import signatories
from lika.casework.queries.courses import CaseLine, lines_of
from lika.casework.queries.rosters import rosters_visible
from lika.casework.queries.signing import SlotState, signed
from lika.casework.views.acts import papers
from lika.casework.views.batches import batch_page
from lika.casework.views.common import tabs_for
from lika.casework.views.sending_back import offered
from lika.casework.views.stages import STAGE_FORMS, STAGE_PARTS, StageView
from lika.core.forms import ActionForm
from lika.core.language import listed
from lika.core.permissions import Permission
from lika.core.serving import served_alone
from lika.divisions.models import Division
from lika.policy.choices import Capacity, StageKind
from lika.policy.queries.procedures import Slot

Sign = Callable[[Given, list[uuid.UUID] | None], object]


@dataclass(frozen=True)
class Hand:
    """A signature as the list of slots tells it: the official, or the households that signed together."""

    signature: Signature
    who: str


@dataclass(frozen=True)
class SlotLine:
    """A slot of the stage over all cases of a batch: how many are signed, by whom, and whether it is its turn."""

    index: int
    slot: Slot
    signed: int
    cases: int
    signatures: Sequence[Hand]
    is_next: bool
    may_sign: bool

    @property
    def is_whole(self) -> bool:
        """Signed for every case under way."""
        return self.signed == self.cases


def slots_shown(request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """The slots of a stage that has some; which is open now, and whether the reader signs there."""
    if not on.stage.slots or on.batch.state != BatchState.OPEN:
        return {}
    cases = [each.case for each in on.cases if each.case.state == CaseState.OPEN]
    states = signed(cases, on.procedure, on.stage.id)
    missing = [each.missing for each in states.values()]
    by_roster = on.stage.level in ROSTER_LEVELS
    lines = []
    for index, slot in enumerate(on.stage.slots):
        here = [states[case.pk].at(on.stage.id, index) for case in cases]
        is_next = any(each and (each.stage.id, each.index) == (on.stage.id, index) for each in missing)
        may_sign = is_next and not by_roster and bool(ways_to_sign(actor(request), slot, on.batch.division))
        held = sum(each.holds for each in here)
        lines.append(SlotLine(index, slot, held, len(cases), _once_each(here, on.cases), is_next, may_sign))
    below = next((each for each in missing if each and each.stage.id != on.stage.id), None)
    shown = {
        "slots": lines,
        "slots_below": below,
        "slots_by_roster": by_roster,
        "slots_whole": not any(missing),
        "may_look": may_look(request, on.batch.division),
    }
    return shown | (_rosters(request, on) if by_roster else {})


def _rosters(request: HttpRequest, on: StageView) -> dict[str, Any]:
    """The rosters of the area at this stage, and whether the reader draws one."""
    drawn = rosters_visible(actor(request)).filter(
        campaign=on.batch.campaign_id,
        stage=on.stage.id,
        division=signatories.code_at(on.batch.division_id, on.stage.level),
    )
    return {"rosters": drawn.order_by("sequence"), "may_draw": on.may_act}


def signatures_stage(request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """A stage of signatures: its papers, passing on, and sending back what is not to be signed as it is."""
    return {**papers(request, on), "pass_form": ActionForm() if on.may_act else None, "send_form": offered(on)}


def may_look(request: HttpRequest, division: Division) -> bool:
    """Whether the reader may ask for what was drawn or photographed, for a reason."""
    who = actor(request)
    return who.has(Permission.REGISTER_REVEAL) and who.area_for(Permission.REGISTER_REVEAL).covers(division.code)


STAGE_PARTS.append(slots_shown)
STAGE_FORMS[StageKind.SIGNATURES] = signatures_stage


def _once_each(states: Sequence[SlotState], cases: Sequence[CaseLine]) -> list[Hand]:
    """Who signed, each act once: one act signs many cases in one moment."""
    heads = {each.case.pk: each.household.head if each.household else each.case.number for each in cases}
    acts: dict[tuple[uuid.UUID | None, dt.datetime], list[SlotState]] = defaultdict(list)
    for each in states:
        if each.signature and each.holds:
            acts[(each.signature.official_id, each.signature.at)].append(each)
    found = []
    for together in acts.values():
        given = together[0].signature
        if given is not None:
            who = given.official.name if given.official else listed([heads[each.case.pk] for each in together])
            found.append(Hand(given, who))
    return found


@requires(Permission.CASEWORK_VIEW)
@never_cache
@sensitive_post_parameters()
def sign_slot(request: HttpRequest, pk: uuid.UUID, slot: int) -> HttpResponse:
    """A slot of a batch: the cases that are not signed in it yet, and the ways to sign that are open to the reader."""
    who = actor(request)
    batch = reads.batch_in_sight(who, pk)
    procedure = reads.procedure_of(batch)
    stage = procedure.stage(batch.stage)
    place = signing.slot_of(stage, slot)
    if place.level in ROSTER_LEVELS:
        raise signing.no_such_slot()
    cases = list(batch.cases.filter(state=CaseState.OPEN).order_by("place", "number"))
    states = signed(cases, procedure, stage.id)
    waiting = lines_of(who, [each for each in cases if not states[each.pk].at(stage.id, slot).holds])

    def sign(given: Given, chosen: list[uuid.UUID] | None) -> object:
        return signing.sign_cases(
            by=who, batch=pk, slot=slot, given=given, cases=chosen, stage=request.POST.get("stage", ""),
            shown=request.POST.get("shown", "").split(),
        )  # fmt: skip

    lines = [(each, states[each.case.pk].hashes[stage.id]) for each in waiting]
    context = {
        "title": stage.title,
        "stage": stage,
        "lines": lines,
        "shown": " ".join(each for _line, each in lines),
        "back": reverse("casework:batch", args=[pk]),
        "sends_back": bool(stage.kind is StageKind.SIGNATURES and reads.may_act(who, stage, batch.number)),
    }
    return sign_page(request, place, batch.division, waiting, sign, context)


def sign_page(
    request: HttpRequest,
    place: Slot,
    division: Division,
    cases: Sequence[CaseLine],
    sign: Sign,
    context: dict[str, Any],
) -> HttpResponse:
    """The page of one slot. Who holds the capacity signs by account; the office of the level enters ink and sheets."""
    forms = _forms(request, place, division, cases)
    form = None
    if request.method == "POST":
        form = forms.get(request.POST.get("way", ""))
        if form is None:
            raise signing.nobody_signs(place)
        if form.is_valid() and form.accepts(lambda: sign(*_given(request, form))):
            messages.success(request, _("Signed as %(capacity)s.") % {"capacity": place.capacity.label})
            return redirect(context["back"])
    page = {"place": place, "division": division, "forms": forms, "tabs": tabs_for(request, "batches")}
    return render(request, "casework/sign.html", page | context, status=422 if form is not None else 200)


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def pass_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A batch that everybody signed goes on."""
    who = actor(request)
    batch, form = reads.batch_in_sight(who, pk), ActionForm(request.POST)
    stage = request.POST.get("stage", "")
    if form.is_valid() and form.accepts(lambda: signing.pass_on(by=who, batch=pk, stage=stage)):
        messages.success(request, _("The cases go on."))
        return redirect("casework:batch", pk)
    return batch_page(request, batch, {"pass_form": form})


@requires(Permission.REGISTER_REVEAL)
@never_cache
@require_POST
def sheet(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was drawn or photographed for a signature; `of` authorisation: what lets a deputy sign. For a reason."""
    media_type, content = sheets.reveal_sheet(
        by=actor(request),
        signature=pk,
        reason=request.POST.get("reason", ""),
        authorisation=request.POST.get("of") == "authorisation",
    )
    return served_alone(content, media_type, pk.hex[-8:])


def ways_to_sign(who: UserActor, place: Slot, division: Division) -> list[SignatureKind]:
    """How the reader may fill a slot."""
    code = signatories.code_at(division.code, place.level)
    ways = []
    if who.has(Permission.CASE_SIGN) and place.capacity is not Capacity.HOUSEHOLD:
        holders = signatories.holding(place.capacity, code, timezone.localdate())
        if any(each.official_id == who.official_id for each in holders):
            ways.append(SignatureKind.ACCOUNT)
    if who.has(ACTING_LEVELS[place.level]) and who.area_for(ACTING_LEVELS[place.level]).covers(code):
        ways += [SignatureKind.INK, SignatureKind.PAPER]
    return ways


def _forms(request: HttpRequest, place: Slot, division: Division, cases: Sequence[CaseLine]) -> dict[str, ActionForm]:
    today, code = timezone.localdate(), signatories.code_at(division.code, place.level)
    forms: dict[str, ActionForm] = {}
    own = actor(request).official_id  # who enters a signature is no witness of it
    seeing = [(str(each.pk), each.name) for each in signing.witnesses(division.code, today) if each.pk != own]
    for kind in ways_to_sign(actor(request), place, division):
        chosen = request.method == "POST" and request.POST.get("way") == kind
        data, files = (request.POST, request.FILES) if chosen else (None, None)
        if kind is SignatureKind.ACCOUNT:
            forms[kind.value] = AccountForm(data)
            continue
        named: list[tuple[str, Any]] = []
        if place.capacity is Capacity.HOUSEHOLD:
            named = [(str(each.case.pk), each.label) for each in cases]
            if kind is SignatureKind.PAPER:
                named.insert(0, ("", _("All of them, on one sheet")))
        holders = signatories.holding(place.capacity, code, today)
        choices = {
            "case": named,
            "signatory": [(str(each.pk), each.official.name) for each in holders] if len(holders) > 1 else [],
            "witness": [("", ""), *seeing],
        }
        forms[kind.value] = SheetForm(data, files, kind=kind, choices=choices)
    return forms


def _given(request: HttpRequest, form: ActionForm) -> tuple[Given, list[uuid.UUID] | None]:
    told = form.cleaned_data
    if isinstance(form, SheetForm):
        given = Given(
            form.kind, sheet=form.content(), witness=uuid.UUID(told["witness"]),
            signatory=uuid.UUID(told["signatory"]) if told.get("signatory") else None,
        )  # fmt: skip
        return given, [uuid.UUID(told["case"])] if told.get("case") else None
    confirmation = confirm_holder(
        by=actor(request), secret=told["secret"], address=get_adapter().get_client_ip(request)
    )
    return Given(SignatureKind.ACCOUNT, confirmation=confirmation), None
