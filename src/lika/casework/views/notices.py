"""Public notices and objections: the notices of a batch with all that is done on them, and the page of an objection."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.casework.actions import boards, notices, objections
from lika.casework.choices import (
    LIVE_STATES,
    OBJECTIONS_DECIDED,
    BatchState,
    CaseState,
    NoticeKind,
    NoticeState,
    ObjectionState,
)
from lika.casework.forms.notices import (
    AssignForm,
    DecideObjectionForm,
    FaultForm,
    FindingForm,
    ObjectionForm,
    OpenNoticeForm,
    PostForm,
    ReplyForm,
    said_of,
)
from lika.casework.models import Batch, Notice, Objection, Posting
from lika.casework.queries import cases as cases_read
from lika.casework.queries import notices as reads
from lika.casework.queries import objections as objections_read
from lika.casework.views.common import tabs_for
from lika.casework.views.stages import STAGE_FORMS, StageView
from lika.core.forms import ActionForm
from lika.core.papers import pdf_answer
from lika.core.permissions import Permission
from lika.policy.choices import PostingPlace, StageKind


def hanging(_request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """What the fragment of a public notice shows: its notices with their clocks."""
    return {"clocks": _clocks(on.batch)}


STAGE_FORMS[StageKind.PUBLIC_NOTICE] = hanging


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def batch_notices(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The notices of a batch: made, posted, with faults, ended; objections received. `act` says which form was sent."""
    who = actor(request)
    batch = cases_read.batch_in_sight(who, pk)
    asked = request.POST.get("act", "")
    forms = _forms(request, batch, asked)
    if request.method == "POST" and asked in forms:
        form = forms[asked]
        if form.is_valid() and form.accepts(lambda: _ACTS[asked](who, batch, form)):
            messages.success(request, _("Done."))
            return redirect("casework:notices", pk)
    clocks = _clocks(batch)
    stage = cases_read.procedure_of(batch).stage(batch.stage)
    context = {
        "batch": batch,
        "stage": stage,
        "clocks": clocks,
        "ends": stage.kind is StageKind.PUBLIC_NOTICE and batch.state == BatchState.OPEN,
        "may_act": cases_read.may_act(who, stage, batch.number),
        "may_post": notices.may_post(who, stage, batch.number),
        "lacks_notice": stage.kind in notices.KINDS and _unnamed(batch),
        "to_post": sum(len(each["clock"].waiting) for each in clocks if each["hangs"]),
        "is_over": any(each["is_over"] for each in clocks),
        "tabs": tabs_for(request, "batches"),
        "objections": objections_read.objections_of(batch),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    refused = any(form.is_bound and form.errors for form in forms.values())
    return render(request, "casework/notices.html", context, status=422 if refused else 200)


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def print_board(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The paper of a public notice, to hang on the board."""
    name, paper = boards.print_board(by=actor(request), notice=pk)
    return pdf_answer(paper, name)


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def objection(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An objection with its steps and the form of the next one."""
    who = actor(request)
    found = objections_read.objection_in_sight(who, pk)
    step = _NEXT.get(ObjectionState(found.state))
    form = None if step is None else _step_form(request, found, step)
    if form is not None and step is not None and request.method == "POST" and _taken(form, step, who, found):
        messages.success(request, _("Done."))
        return redirect("casework:objection", pk)
    context = {
        "objection": found,
        "steps": found.steps.select_related("to"),
        "form": form,
        "step": step,
        "is_decided": found.state in OBJECTIONS_DECIDED,
        "tabs": tabs_for(request, "batches"),
    }
    return render(request, "casework/objection.html", context, status=422 if form is not None and form.errors else 200)


def _taken(form: ActionForm, step: str, who: Any, found: Objection) -> bool:
    return form.is_valid() and form.accepts(lambda: _STEPS[step](who, found, form))


def _unnamed(batch: Batch) -> bool:
    """Whether a case under way is on no notice of its stage."""
    cases = list(batch.cases.filter(state=CaseState.OPEN))
    return len(reads.serving(cases, batch.stage)) < len(cases)


def _clocks(batch: Batch) -> list[dict[str, Any]]:
    found = []
    for notice in reads.notices_of(batch):
        clock = reads.clock_of(notice)
        faulty = Posting.objects.filter(notice=notice).exclude(fault="").select_related("division")
        hangs, period = notice.state == NoticeState.HANGING, clock.period
        found.append(
            {
                "notice": notice,
                "clock": clock,
                "faulty": faulty,
                "hangs": hangs,
                "prints": hangs and notice.kind == NoticeKind.NOTICE and (period is None or period.confirmed),
                "is_over": hangs and period is not None and period.is_over(timezone.now()),
            }
        )
    return found


def _forms(request: HttpRequest, batch: Batch, asked: str) -> dict[str, ActionForm]:
    hang = [each for each in reads.notices_of(batch) if each.state == NoticeState.HANGING]
    counting = Posting.objects.filter(notice__in=hang, fault="").select_related("division")
    cases = list(batch.cases.filter(state__in=LIVE_STATES).order_by("place", "number"))

    def made(name: str, kind: type[ActionForm], **options: Any) -> ActionForm:
        data = (request.POST, request.FILES) if request.method == "POST" and asked == name else ()
        return kind(*data, **{"auto_id": f"{name}_%s", **options})

    found = {"open": made("open", OpenNoticeForm), "end": made("end", ActionForm)}
    # The web page is put up by its own button, never entered.
    waiting = [each for each in counting if each.posted_on is None and each.place != PostingPlace.WEB]
    posted = [each for each in counting if each.posted_on is not None]
    if waiting:
        found["post"] = made("post", PostForm, postings=waiting)
    if posted:
        found["fault"] = made("fault", FaultForm, postings=posted)
    if hang and cases:
        found["object"] = made("object", ObjectionForm, cases=cases)
    return found


def _open(who: Any, batch: Batch, form: ActionForm) -> Notice:
    return notices.open_notice(by=who, batch=batch.pk, phone=form.cleaned_data["phone"])


def _post(who: Any, _batch: Batch, form: ActionForm) -> Posting:
    given = form.cleaned_data
    return notices.post(
        by=who, posting=uuid.UUID(given["posting"]), posted_on=given["posted_on"], proof=given["proof"].read(),
        late_reason=given["late_reason"],
    )  # fmt: skip


def _fault(who: Any, _batch: Batch, form: ActionForm) -> Posting:
    given = form.cleaned_data
    return notices.report_fault(by=who, **{**given, "posting": uuid.UUID(given["posting"])})


def _end(who: Any, batch: Batch, _form: ActionForm) -> Batch:
    return notices.end_notice(by=who, batch=batch.pk)


def _object(who: Any, _batch: Batch, form: ActionForm) -> Objection:
    given = form.cleaned_data
    return objections.receive(by=who, case=uuid.UUID(given["case"]), said=said_of(given))


_ACTS: Mapping[str, Callable[[Any, Batch, ActionForm], object]] = {
    "open": _open,
    "post": _post,
    "fault": _fault,
    "end": _end,
    "object": _object,
}

_NEXT: Mapping[ObjectionState, str] = {
    ObjectionState.RECEIVED: "acknowledge",
    ObjectionState.ACKNOWLEDGED: "assign",
    ObjectionState.ASSIGNED: "investigate",
    ObjectionState.INVESTIGATED: "answer",
    ObjectionState.ANSWERED: "decide",
}


def _step_form(request: HttpRequest, found: Objection, step: str) -> ActionForm:
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    if step == "assign":
        return AssignForm(*data, officials=objections_read.officials_for(found.case))
    if step == "decide":
        procedure = cases_read.procedure_of(found.case.batch)
        ways = [
            (each, str(procedure.stage(each).title) if each else _("is struck out"))
            for each in objections_read.ways_out(found.case, found.notice)
        ]
        return DecideObjectionForm(*data, ways=ways)
    kinds: Mapping[str, type[ActionForm]] = {"investigate": FindingForm, "answer": ReplyForm}
    return kinds.get(step, ActionForm)(*data)


def _acknowledge(who: Any, found: Objection, _form: ActionForm) -> Objection:
    return objections.acknowledge(by=who, objection=found.pk)


def _assign(who: Any, found: Objection, form: ActionForm) -> Objection:
    return objections.assign(by=who, objection=found.pk, to=uuid.UUID(form.cleaned_data["to"]))


def _investigate(who: Any, found: Objection, form: ActionForm) -> Objection:
    given = form.cleaned_data
    return objections.investigate(by=who, objection=found.pk, finding=given["note"], evidence=given["evidence"].read())


def _answer(who: Any, found: Objection, form: ActionForm) -> Objection:
    return objections.answer(by=who, objection=found.pk, text=form.cleaned_data["text"])


def _decide(who: Any, found: Objection, form: ActionForm) -> Objection:
    given = form.cleaned_data
    if given["decision"] == "dismiss":
        return objections.dismiss(by=who, objection=found.pk, reason=given["reason"])
    return objections.uphold(by=who, objection=found.pk, reason=given["reason"], to=given["to"])


_STEPS: Mapping[str, Callable[[Any, Objection, ActionForm], object]] = {
    "acknowledge": _acknowledge,
    "assign": _assign,
    "investigate": _investigate,
    "answer": _answer,
    "decide": _decide,
}
