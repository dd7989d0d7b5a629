"""Pages of surveys: progress by village, sharing out, the day list of two surveyors, the same on paper."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core.areas import CODE_LENGTH
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.governance.actions import surveys as actions
from lika.governance.choices import VisitResult
from lika.governance.forms.surveys import SurveyForm, TaskForm, VisitForm
from lika.governance.models import SurveyTask
from lika.governance.queries import surveys as reads
from lika.governance.queries.sheets import entering, sheet_of
from lika.governance.sheets import sheet_form
from lika.governance.views.common import tabs_for

SHEETS_A_PAGE = 10
SIGNS = {
    "": "waiting",
    VisitResult.SURVEYED: "done",
    VisitResult.ABSENT: "waiting",
    VisitResult.AWAY: "plain",
    VisitResult.REFUSED: "not_met",
}


@requires(Permission.SURVEYS_VIEW)
@never_cache
def surveys(request: HttpRequest) -> HttpResponse:
    """All surveys in sight with their progress."""
    who = actor(request)
    found = list(reads.list_surveys(who))
    labels = divisions.path_labels({_code(each.village) for each in found})
    context = {
        "lines": [{"survey": each, "place": labels.get(_code(each.village), _code(each.village))} for each in found],
        "may_open": who.has(Permission.SURVEYS_KEEP),
        "tabs": tabs_for(request, "surveys"),
    }
    return render(request, "governance/surveys.html", context)


@requires(Permission.SURVEYS_KEEP)
@require_http_methods(["GET", "POST"])
def open_survey(request: HttpRequest) -> HttpResponse:
    """A new survey of a village."""
    who = actor(request)
    form = SurveyForm(request.POST or None, villages=reads.villages_of(who))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_survey(by=who, **form.cleaned_data)
        except (PermissionRefused, NotFound):
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The survey is open: name the surveyors."))
            return redirect("governance:survey", pk=made.pk)
    return render(request, "governance/survey_new.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.SURVEYS_VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One survey: its lists; a POST shares households out to two surveyors."""
    who = actor(request)
    found = reads.survey_in_sight(who, pk)
    keeps = found.village in who.area_for(Permission.SURVEYS_KEEP) and found.closed_on is None
    left = reads.left_of(who, found).count()
    officials = reads.surveyors(found) if keeps else []
    form = TaskForm(request.POST or None, officials=officials)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.add_task(
                by=who, survey=pk, first=uuid.UUID(given["first"]), second=uuid.UUID(given["second"]),
                numbers=form.wanted(),
            )  # fmt: skip
        except (PermissionRefused, NotFound):
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The list is made."))
            return redirect("governance:survey", pk=pk)
    tasks = list(reads.tasks_of(found))
    context = {
        "survey": found,
        "place": divisions.get(_code(found.village)),
        "tasks": tasks,
        "visits": sum(vars(task)["households"] for task in tasks),
        "left": left,
        "form": form if keeps and left else None,
        "may_close": keeps and bool(tasks) and all(task.is_signed for task in tasks),
    }
    return render(request, "governance/survey.html", context, status=422 if form.errors else 200)


@requires(Permission.SURVEYS_KEEP)
@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The survey is over."""
    actions.close_survey(by=actor(request), survey=pk)
    messages.success(request, _("The survey is closed."))
    return redirect("governance:survey", pk=pk)


@requires(Permission.SURVEYS_VIEW)
@never_cache
def task(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The day list: who is still to be visited first; made for a telephone."""
    return _list(request, pk)


@requires(Permission.SURVEYS_VIEW)
@never_cache
def paper(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The list on paper, in Chinese whatever the reader's language, with room to write and to sign."""
    who = actor(request)
    found = reads.task_in_sight(who, pk)
    with translation.override("zh-hans"):
        lines = sorted(reads.day_list(who, found), key=lambda line: line.row.number if line.row else "")
        context = {"task": found, "place": divisions.path_label(_code(found.survey.village)), "lines": lines}
        return render(request, "governance/survey_paper.html", context)


@requires(Permission.SURVEYS_VIEW)
@never_cache
def sheets(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The survey sheets of a list, prefilled, in as many copies as the clause asks: `?page=`, or `?visit=` for one.

    In Chinese whatever the reader's language.
    """
    who = actor(request)
    found = reads.task_in_sight(who, pk)
    asked = request.GET.get("visit", "")
    lines = [line for line in reads.day_list(who, found) if asked in ("", str(line.visit.pk))]
    rows = sorted((line.row for line in lines if line.row), key=lambda row: row.number)
    page = Paginator(rows, SHEETS_A_PAGE).get_page(page_of(request))
    with translation.override("zh-hans"):
        day = timezone.localdate()
        context = {
            "task": found,
            "place": divisions.path_label(_code(found.survey.village)),
            "sheets": [sheet_of(who, row, day) for row in page.object_list],
            "form": sheet_form(),
            "list": {"page": page.number, "pages": page.paginator.num_pages},
        }
        return render(request, "governance/survey_sheets.html", context)


@requires(Permission.SURVEYS_MARK)
@never_cache
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Mark one household."""
    who = actor(request)
    found = reads.visit_in_sight(who, pk)
    line = next(each for each in reads.day_list(who, found.task) if each.visit.pk == pk)
    start = {"result": found.result or VisitResult.SURVEYED, "notes_given": found.notes_given, "note": found.note}
    if found.visited_on is not None:
        start["visited_on"] = found.visited_on
    form = VisitForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"result": VisitResult(form.cleaned_data["result"])}
        try:
            actions.mark_visit(by=who, visit=pk, **given)
        except (PermissionRefused, NotFound):
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The visit is marked."))
            return redirect("governance:survey-task", pk=found.task_id)
    where = entering(who, found)
    context = {
        "form": form,
        "line": line,
        "task": found.task,
        "enter_url": reverse(where.url_name, args=where.arguments),
    }
    return render(request, "governance/survey_visit.html", context, status=422 if form.errors else 200)


@requires(Permission.SURVEYS_MARK)
@never_cache
@require_POST
def sign(request: HttpRequest, pk: uuid.UUID, surveyor: uuid.UUID) -> HttpResponse:
    """A surveyor signs, or the township writes the signature on paper down."""
    try:
        actions.sign_task(by=actor(request), task=pk, surveyor=surveyor)
    except (PermissionRefused, NotFound):
        raise
    except UserError as error:
        return _list(request, pk, error=error)
    messages.success(request, _("Signed."))
    return redirect("governance:survey-task", pk=pk)


def _list(request: HttpRequest, pk: uuid.UUID, error: UserError | None = None) -> HttpResponse:
    who = actor(request)
    found = reads.task_in_sight(who, pk)
    lines = reads.day_list(who, found)
    done = sum(not reads.is_to_visit(line.visit) for line in lines)
    context = {
        "task": found,
        "place": divisions.get(_code(found.survey.village)),
        "lines": [{"visit": each.visit, "row": each.row, "sign": SIGNS[each.visit.result]} for each in lines],
        "done": done,
        "total": len(lines),
        "may_mark": _may_mark(who, found),
        "surveyors": _surveyors(who, found, ready=bool(lines) and done == len(lines)),
        "today": timezone.localdate(),
        "error": error,
    }
    return render(request, "governance/survey_task.html", context, status=422 if error else 200)


def _may_mark(who: UserActor, task: SurveyTask) -> bool:
    own = who.official_id in (task.first_id, task.second_id) and who.has(Permission.SURVEYS_MARK)
    signed = task.first_signed_at is not None or task.second_signed_at is not None
    keeps = task.survey.village in who.area_for(Permission.SURVEYS_KEEP)
    return (own or keeps) and not signed and task.survey.closed_on is None


def _surveyors(who: UserActor, task: SurveyTask, *, ready: bool) -> list[dict[str, Any]]:
    """Both with their signatures; `may_sign` where the reader's button signs for them."""
    sides = ((task.first, task.first_signed_at), (task.second, task.second_signed_at))
    keeps = task.survey.village in who.area_for(Permission.SURVEYS_KEEP)
    pair = {task.first_id, task.second_id}
    return [
        {
            "official": official,
            "signed_at": signed,
            "may_sign": ready
            and signed is None
            and (
                who.official_id == official.pk or (keeps and official.user_id is None and who.official_id not in pair)
            ),
            "on_paper": official.user_id is None,
        }
        for official, signed in sides
    ]


def _code(village: int) -> str:
    return f"{village:0{CODE_LENGTH}d}"
