"""Pages of campaigns and their quotas: the list, opening one, the split of a division, annex 1, the rolling plan."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.places import place_asked, way_up
from lika.accounts.queries import UserActor
from lika.casework import annex
from lika.casework.actions import quotas as actions
from lika.casework.actions.quotas import Opening
from lika.casework.choices import NUMBERED, Basis, CampaignKind, CampaignState, SplitMethod, SplitState
from lika.casework.forms.quotas import ByHandForm, OpenCampaignForm, ProposeForm, SizeForm, TakeBackForm
from lika.casework.models import Campaign, Quota
from lika.casework.queries import quotas as reads
from lika.casework.queries.exit_lists import lists_exits
from lika.casework.views.common import tabs_for
from lika.core.errors import PermissionRefused, UserError
from lika.core.forms import ActionForm
from lika.core.papers import file_name, pdf_answer
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.policy.queries.in_force import active_packs
from lika.policy.words import said

SIGNS = {SplitState.NONE: "waiting", SplitState.DRAFT: "info", SplitState.PUBLISHED: "done"}


@requires(Permission.CASEWORK_VIEW)
@never_cache
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns that have a number for the reader, each with that number and how far it is split."""
    who = actor(request)
    waiting = reads.waiting(who)
    context = {
        "lines": [_line(each) for each in reads.uppermost(who)],
        "others": reads.without_numbers(who),
        "next": waiting[0] if waiting else None,
        "may_open": who.has(Permission.CAMPAIGN_OPEN),
        "tabs": tabs_for(request, "campaigns"),
    }
    return render(request, "casework/campaigns.html", context)


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_http_methods(["GET", "POST"])
def open_campaign(request: HttpRequest) -> HttpResponse:
    """Open a campaign in the reader's area."""
    who = actor(request)
    places = reads.may_open_in(who)
    packs = [
        (pack.reference, f"{said(pack.title)} ({pack.reference})")
        for pack in active_packs()
        if pack.criteria and any(pack.covers(place.code) for place in places)
    ]
    form = OpenCampaignForm(
        request.POST or None, places=places, packs=packs, initial={"year": timezone.localdate().year}
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        division = given.pop("division")
        opening = Opening(**given | {"kind": CampaignKind(given["kind"])})
        try:
            made = actions.open_campaign(by=who, division=division, opening=opening)
        except PermissionRefused:
            raise
        except UserError as error:
            form.refuse(error)
        else:
            if made.kind in NUMBERED:
                messages.success(request, _("Opened. Now have the shares proposed."))
                return redirect("casework:campaign", pk=made.pk)
            messages.success(request, _("Opened. Now begin its cases."))
            return redirect("casework:campaign-cases", pk=made.pk)
    return render(request, "casework/campaign_new.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.CASEWORK_VIEW)
@never_cache
def campaign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The split of one division (`?division=`; else the uppermost that the reader sees), and what may be done now."""
    return _page(request, pk)


@requires(Permission.QUOTA_SPLIT)
@never_cache
@require_POST
def propose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have the shares worked out anew."""
    return _done(
        request, pk, "propose_form", ProposeForm(request.POST),
        lambda who, division, given: actions.propose(
            by=who, campaign=pk, division=division, method=SplitMethod(given["method"]), basis=Basis(given["basis"])
        ),
    )  # fmt: skip


@requires(Permission.QUOTA_SPLIT)
@never_cache
@require_POST
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Numbers by hand."""
    quota = reads.quota_in_sight(actor(request), pk, _division(request))
    form = ByHandForm(request.POST, split=reads.split_of(quota))
    return _done(
        request, pk, "by_hand_form", form,
        lambda who, division, given: actions.change_by_hand(
            by=who, campaign=pk, division=division, numbers=form.numbers, reason=given["reason"]
        ),
    )  # fmt: skip


@requires(Permission.QUOTA_SPLIT)
@never_cache
@require_POST
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Publish the split to the divisions below."""
    return _done(
        request, pk, "publish_form", ActionForm(request.POST),
        lambda who, division, _given: actions.publish(by=who, campaign=pk, division=division),
    )  # fmt: skip


@requires(Permission.QUOTA_SPLIT)
@never_cache
@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a published split back."""
    return _done(
        request, pk, "take_back_form", TakeBackForm(request.POST),
        lambda who, division, given: actions.take_back(by=who, campaign=pk, division=division, **given),
    )  # fmt: skip


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_POST
def change_size(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another number for the campaign."""
    return _done(
        request, pk, "size_form", SizeForm(request.POST),
        lambda who, _division, given: actions.change_size(by=who, campaign=pk, **given),
    )  # fmt: skip


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_POST
def lock(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Lock the campaign."""
    return _done(
        request,
        pk,
        "lock_form",
        ActionForm(request.POST),
        lambda who, _division, _given: actions.lock(by=who, campaign=pk),
    )


@requires(Permission.CASEWORK_VIEW)
@never_cache
def annex_1(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Annex 1 of a division, in Chinese whatever the reader's language; `?as=pdf` a paper, `?as=xlsx` a workbook."""
    with translation.override("zh-hans"):
        found = annex.annex_of(actor(request), reads.quota_in_sight(actor(request), pk, _division(request)))
        if request.GET.get("as") == "xlsx":
            answer = HttpResponse(annex.to_xlsx(found), content_type=annex.XLSX)
            answer["Content-Disposition"] = f'attachment; filename="annex-1-{found.of.division_id}.xlsx"'
            return answer
        if request.GET.get("as") == "pdf":
            today = timezone.localdate()
            name = file_name(found.of.division_id, _("Annex 1"), f"{today}")
            return pdf_answer(annex.to_pdf(found, today), name)
        return render(request, "casework/annex.html", {"annex": found})


@requires(Permission.CASEWORK_VIEW)
@never_cache
def rolling_plan(request: HttpRequest) -> HttpResponse:
    """The yearly reduction plans side by side: `?division=`."""
    who = actor(request)
    place = place_asked(who, Permission.CASEWORK_VIEW, request.GET.get("division", ""))
    context = {
        "place": place,
        "path": way_up(who, Permission.CASEWORK_VIEW, place),
        "plan": reads.rolling_plan(who, place),
        "deeper": place.level < Level.TOWNSHIP,
        "may_open": who.has(Permission.CAMPAIGN_OPEN),
        "tabs": tabs_for(request, "rolling"),
    }
    return render(request, "casework/rolling.html", context)


def _page(request: HttpRequest, pk: uuid.UUID, **forms: ActionForm) -> HttpResponse:
    who = actor(request)
    quota = reads.quota_in_sight(who, pk, _division(request))
    split = reads.split_of(quota)
    offered = _offered(who, quota, split) | forms
    by_hand = offered.get("by_hand_form")
    context = {
        "campaign": quota.campaign,
        "quota": quota,
        "split": split,
        "sign": SIGNS[SplitState(quota.split)],
        "lines": [
            {
                "line": line,
                "sign": SIGNS[SplitState(line.quota.split)],
                "bound": by_hand[line.quota.division_id] if by_hand else None,
            }
            for line in split.lines
        ],
        "to_villages": bool(split.lines) and split.lines[0].quota.division.level == Level.VILLAGE,
        "path": reads.way_up(who, quota),
        "numbers": reads.tree_of(who, quota).count(),
        "levels": reads.progress(quota.campaign) if quota.parent_id is None else [],
        "days": None if quota.campaign.due_on is None else (quota.campaign.due_on - timezone.localdate()).days,
        "exits_listed": lists_exits(quota.campaign),
        "tabs": tabs_for(request, "campaigns"),
        **offered,
    }
    refused = any(form.errors for form in forms.values())
    return render(request, "casework/campaign.html", context, status=422 if refused else 200)


def _offered(who: UserActor, quota: Quota, split: reads.Split) -> dict[str, Any]:
    """The forms of what the reader may do with a split as it stands."""
    found: dict[str, Any] = {}
    campaign: Campaign = quota.campaign
    if campaign.state == CampaignState.LOCKED:
        return found
    if who.area_for(Permission.QUOTA_SPLIT).covers(quota.division_id) and quota.division.level < Level.VILLAGE:
        if quota.split == SplitState.PUBLISHED:
            found["take_back_form"] = TakeBackForm()
        else:
            chosen = {"method": quota.method, "basis": quota.basis} if quota.method else None
            found["propose_form"] = ProposeForm(initial=chosen)
            if split.lines:
                found["by_hand_form"] = ByHandForm(split=split)
                found["publish_form"] = ActionForm()
    if quota.parent_id is None and who.area_for(Permission.CAMPAIGN_OPEN).covers(quota.division_id):
        if quota.split != SplitState.PUBLISHED:
            found["size_form"] = SizeForm(initial={"size": quota.allocated, "document": campaign.document})
        elif not reads.unfinished(campaign):
            found["lock_form"] = ActionForm()
    return found


def _done(
    request: HttpRequest,
    pk: uuid.UUID,
    name: str,
    form: ActionForm,
    act: Callable[[UserActor, str, dict[str, Any]], object],
) -> HttpResponse:
    """Act, and show the split again: as it stands now, or with what was refused beside its field."""
    if form.is_valid():
        try:
            act(actor(request), _division(request), form.cleaned_data)
        except PermissionRefused:
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Done."))
            return _back(request, pk)
    return _page(request, pk, **{name: form})


def _back(request: HttpRequest, pk: uuid.UUID) -> HttpResponseRedirect:
    asked = _division(request)
    query = f"?{urlencode({'division': asked})}" if asked else ""
    return redirect(f"{reverse('casework:campaign', args=[pk])}{query}")


def _division(request: HttpRequest) -> str:
    return request.GET.get("division", "")


def _line(quota: Quota) -> dict[str, Any]:
    return {"quota": quota, "sign": SIGNS[SplitState(quota.split)], "is_village": not reads.is_split_further(quota)}
