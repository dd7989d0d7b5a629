"""Objections: those in sight by what waits; the page of one, with the form of the next step for whoever may take it."""

import uuid
from collections.abc import Callable, Mapping, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor, names_of
from lika.casework.actions import objections as actions
from lika.casework.choices import OBJECTIONS_DECIDED, ObjectionState, ObjectionVerb
from lika.casework.forms.notices import AssignForm, DecideObjectionForm, FindingForm, ReplyForm
from lika.casework.models import Objection
from lika.casework.queries import cases as cases_read
from lika.casework.queries import desk
from lika.casework.queries import objections as reads
from lika.casework.queries.courses import deadlines_of, lines_of
from lika.casework.queries.desk import Part
from lika.casework.views.common import tabs_for
from lika.core.errors import PermissionRefused
from lika.core.forms import ActionForm
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.core.privacy import mask_name

OBJECTIONS_A_PAGE = 50
Act = Callable[[UserActor, Objection, ActionForm], object]

# The steps of each state in the order in which they are offered: one form, that of the first that the reader may take.
# Both decisions are one form; of two steps the second lets an office give the inquiry to another official.
_NEXT: Mapping[ObjectionState, Sequence[ObjectionVerb]] = {
    ObjectionState.RECEIVED: (ObjectionVerb.ACKNOWLEDGE,),
    ObjectionState.ACKNOWLEDGED: (ObjectionVerb.ASSIGN,),
    ObjectionState.ASSIGNED: (ObjectionVerb.INVESTIGATE, ObjectionVerb.ASSIGN),
    ObjectionState.INVESTIGATED: (ObjectionVerb.ANSWER,),
    ObjectionState.ANSWERED: (ObjectionVerb.DISMISS,),
}


@requires(Permission.CASEWORK_VIEW)
@never_cache
def objections(request: HttpRequest) -> HttpResponse:
    """The objections in sight, those that came first before the others; `?show=` what waits for the reader, or all."""
    who = actor(request)
    asked = request.GET.get("show", "")
    open_ones = desk.marked(who, reads.objections_visible(who)).exclude(state__in=OBJECTIONS_DECIDED)
    counted = open_ones.aggregate(
        all=Count("pk"), **{part.value: Count("pk", filter=desk.is_in(part)) for part in Part}
    )
    found = open_ones.filter(desk.is_in(Part(asked))) if asked in Part.values else open_ones
    page = Paginator(found.order_by("received_at", "pk"), OBJECTIONS_A_PAGE).get_page(page_of(request))
    today = timezone.localdate()
    here = reverse("casework:objections")
    context = {
        "lines": [
            {"objection": each, "days": None if due is None else (due - today).days}
            for each, due in ((each, desk.due_on(each)) for each in page.object_list)
        ],
        "parts": [
            {"label": label, "url": f"{here}?show={show}" if show else here, "current": current, "count": counted[key]}
            for label, show, current, key in (
                (_("All that are open"), "", asked not in Part.values, "all"),
                *((part.label, part.value, asked == part, part.value) for part in Part),
            )
        ],
        "list": {"page": page.number, "pages": page.paginator.num_pages, "total": page.paginator.count},
        "may_receive": any(who.has(each) for each in reads.RECEIVING),
        "tabs": tabs_for(request, "objections"),
    }
    return render(request, "casework/objections.html", context)


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def objection(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An objection with its steps and the form of the next one, for whoever may take it."""
    who = actor(request)
    found = reads.objection_in_sight(who, pk)
    ahead = _NEXT.get(ObjectionState(found.state), ())
    step = next((each for each in ahead if reads.may_take(who, found, each)), None)
    form = None if step is None else _form(request, found, step)
    if request.method == "POST":
        if form is None or step is None:
            raise _not_yours()
        if form.is_valid() and form.accepts(lambda: _STEPS[step](who, found, form)):
            messages.success(request, _("Done."))
            return redirect("casework:objection", pk)
    due = deadlines_of(found.case.batch.campaign).get(found.case.stage)
    steps = list(found.steps.select_related("to"))
    names = names_of(each.by_name for each in steps)
    context = {
        "objection": found,
        "household": lines_of(who, [found.case])[0].household,
        "reads_words": form is not None or reads.reads_words(who, found),
        # In full for whoever deals with it now: who objected is to be protected from everybody else.
        "sender": found.name if form is not None else mask_name(found.name) if found.name else "",
        "steps": [{"step": each, "by": names[each.by_name]} for each in steps],
        "form": form,
        "step": step,
        "waits_for": ahead[0] if ahead else None,
        "due_on": due,
        "days": None if due is None else (due - timezone.localdate()).days,
        "is_decided": found.state in OBJECTIONS_DECIDED,
        "tabs": tabs_for(request, "objections"),
    }
    return render(request, "casework/objection.html", context, status=422 if form is not None and form.errors else 200)


def _not_yours() -> PermissionRefused:
    return PermissionRefused(
        "CAS-176",
        _("The next step on this objection is not yours to take."),
        remedy=_("Open it again: the page says whose turn it is."),
    )


def _form(request: HttpRequest, found: Objection, step: ObjectionVerb) -> ActionForm:
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    if step is ObjectionVerb.ASSIGN:
        return AssignForm(*data, officials=reads.investigators_for(found))
    if step is ObjectionVerb.DISMISS:
        procedure = cases_read.procedure_of(found.case.batch)
        ways = [
            (each, str(procedure.stage(each).title) if each else _("is struck out"))
            for each in reads.ways_out(found.case, found.notice)
        ]
        return DecideObjectionForm(*data, ways=ways)
    kinds: Mapping[ObjectionVerb, type[ActionForm]] = {
        ObjectionVerb.INVESTIGATE: FindingForm,
        ObjectionVerb.ANSWER: ReplyForm,
    }
    return kinds.get(step, ActionForm)(*data)


def _acknowledge(who: UserActor, found: Objection, _form: ActionForm) -> Objection:
    return actions.acknowledge(by=who, objection=found.pk)


def _assign(who: UserActor, found: Objection, form: ActionForm) -> Objection:
    return actions.assign(by=who, objection=found.pk, to=uuid.UUID(form.cleaned_data["to"]))


def _investigate(who: UserActor, found: Objection, form: ActionForm) -> Objection:
    given = form.cleaned_data
    return actions.investigate(by=who, objection=found.pk, finding=given["note"], evidence=given["evidence"].read())


def _answer(who: UserActor, found: Objection, form: ActionForm) -> Objection:
    return actions.answer(by=who, objection=found.pk, text=form.cleaned_data["text"])


def _decide(who: UserActor, found: Objection, form: ActionForm) -> Objection:
    given = form.cleaned_data
    if given["decision"] == "dismiss":
        return actions.dismiss(by=who, objection=found.pk, reason=given["reason"])
    return actions.uphold(by=who, objection=found.pk, reason=given["reason"], to=given["to"])


_STEPS: Mapping[ObjectionVerb, Act] = {
    ObjectionVerb.ACKNOWLEDGE: _acknowledge,
    ObjectionVerb.ASSIGN: _assign,
    ObjectionVerb.INVESTIGATE: _investigate,
    ObjectionVerb.ANSWER: _answer,
    ObjectionVerb.DISMISS: _decide,
}
