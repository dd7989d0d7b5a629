"""Public notices: the notices of a batch with all that is done on them, objections received among it."""

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
from lika.accounts.queries import UserActor
from lika.casework.actions import boards, notices, objections
from lika.casework.choices import LIVE_STATES, BatchState, CaseState, NoticeState
from lika.casework.forms.notices import (
    FaultForm,
    ObjectionForm,
    OpenNoticeForm,
    PostForm,
    TakeDownForm,
    place_of,
    said_of,
)
from lika.casework.models import Batch, Notice, Objection, Posting
from lika.casework.queries import cases as cases_read
from lika.casework.queries import notices as reads
from lika.casework.queries import objections as objections_read
from lika.casework.queries.courses import lines_of
from lika.casework.queries.notices import Clock
from lika.casework.views.common import tabs_for
from lika.casework.views.sending_back import offered
from lika.casework.views.stages import STAGE_FORMS, StageView
from lika.core.forms import ActionForm
from lika.core.language import chosen, listed
from lika.core.papers import pdf_answer
from lika.core.permissions import Permission
from lika.engine.amounts import date_words
from lika.policy.choices import PostingPlace, StageKind


def hanging(_request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """What the fragment of a public notice shows: its notices with their clocks, and who is sent back."""
    return {"clocks": _clocks(on.batch), "send_form": offered(on)}


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
        done: list[object] = []
        if form.is_valid() and form.accepts(lambda: done.append(_ACTS[asked](who, batch, form))):
            messages.success(request, _told(done[0]))
            return redirect("casework:notices", pk)
    clocks = _clocks(batch, who)
    procedure = cases_read.procedure_of(batch)
    stage = procedure.stage(batch.stage)
    is_open = batch.state == BatchState.OPEN
    context = {
        "batch": batch,
        "stage": stage,
        "clocks": clocks,
        "ends": stage.kind is StageKind.PUBLIC_NOTICE and is_open,
        "may_act": cases_read.may_act(who, stage, batch.number),
        "sends_back": is_open and stage.kind in notices.KINDS and cases_read.leaves(procedure, stage),
        "may_post": notices.may_post(who, stage, batch.number),
        "may_receive": _may_receive(who, batch),
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


def _may_receive(who: UserActor, batch: Batch) -> bool:
    case = batch.cases.first()
    asked = objections_read.receiving(case) if case else ()
    return any(who.has(each) and batch.number in who.area_for(each) for each in asked)


def _unnamed(batch: Batch) -> bool:
    """Whether a case under way is on no notice of its stage."""
    cases = list(batch.cases.filter(state=CaseState.OPEN))
    return len(reads.serving(cases, batch.stage)) < len(cases)


def _clocks(batch: Batch, who: UserActor | None = None) -> list[dict[str, Any]]:
    listed = reads.notices_of(batch)
    clocks, faults = reads.clocks_of(listed), reads.faulty_postings(listed)
    found = []
    for notice in listed:
        clock = clocks[notice.pk]
        hangs, period = notice.state == NoticeState.HANGING, clock.period
        found.append(
            {
                "notice": notice,
                "clock": clock,
                "faulty": faults[notice.pk],
                "hangs": hangs,
                "closes": not hangs and any(row.place == PostingPlace.WEB and row.posted_on for row in clock.postings),
                "prints": hangs and (period is None or period.confirmed),
                "names_web": any(row.place == PostingPlace.WEB for row in clock.postings),
                "may_put_up": hangs and who is not None and notices.may_put_up(who, notice),
                "again": clock.if_posted(timezone.localdate()) if hangs else None,
                "is_over": hangs and period is not None and period.is_over(timezone.now()),
            }
        )
    return found


def _forms(request: HttpRequest, batch: Batch, asked: str) -> dict[str, ActionForm]:
    hang = [each for each in reads.notices_of(batch) if each.state == NoticeState.HANGING]
    counting = Posting.objects.filter(notice__in=hang, fault="").select_related("division")
    cases = lines_of(actor(request), batch.cases.filter(state__in=LIVE_STATES).order_by("place", "number"))

    def made(name: str, kind: type[ActionForm], **options: Any) -> ActionForm:
        data = (request.POST, request.FILES) if request.method == "POST" and asked == name else ()
        return kind(*data, **{"auto_id": f"{name}_%s", **options})

    found = {"open": made("open", OpenNoticeForm), "end": made("end", ActionForm)}
    if here := [each for each in hang if cases and each.stage == batch.stage]:
        found["down"] = made("down", TakeDownForm, notices=here)
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


def _down(who: Any, _batch: Batch, form: ActionForm) -> Notice:
    given = form.cleaned_data
    return notices.take_down(by=who, notice=uuid.UUID(given["notice"]), reason=given["reason"])


def _told(done: object) -> str:
    """What an act did to the clock, in the words of the answer to it."""
    if isinstance(done, Notice) and done.state == NoticeState.VOID:
        return _("Taken down as void. Make the notice of the right list: its whole period is counted anew.")
    if not isinstance(done, Posting):
        return _("Done.")
    clock = reads.clock_of(done.notice)
    if done.posted_on is None:  # what a fault leaves behind: the place where it has to hang again
        words = _("Recorded. Post the same list again: %(place)s.") % {"place": place_of(done)}
        return " ".join([words, *_again(clock)])
    if clock.waiting:
        named = listed([place_of(each) for each in clock.waiting])
        return _("Entered. The period begins when it hangs here too: %(places)s.") % {"places": named}
    if clock.period is None:
        return _("Entered. It hangs at every place.")
    day = chosen(*date_words(clock.period.last_day))
    return _("Entered. It hangs at every place; the period ends at 24:00 of %(day)s.") % {"day": day}


def _again(clock: Clock) -> list[str]:
    """When a period that begins anew would end: at the earliest, for the last place is posted today."""
    period = clock.if_posted(timezone.localdate())
    if period is None:
        return []
    day = chosen(*date_words(period.last_day))
    return [_("Posted there today, the period ends at 24:00 of %(day)s.") % {"day": day}]


def _end(who: Any, batch: Batch, _form: ActionForm) -> Batch:
    return notices.end_notice(by=who, batch=batch.pk)


def _object(who: Any, _batch: Batch, form: ActionForm) -> Objection:
    given = form.cleaned_data
    return objections.receive(by=who, case=uuid.UUID(given["case"]), said=said_of(given))


_ACTS: Mapping[str, Callable[[Any, Batch, ActionForm], object]] = {
    "open": _open,
    "post": _post,
    "fault": _fault,
    "down": _down,
    "end": _end,
    "object": _object,
}
