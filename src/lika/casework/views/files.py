"""The file of a batch or a case: what is in it and what is missing, the file as a ZIP, the appeal file of a case."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.casework.actions import appeal, archive
from lika.casework.models import Case
from lika.casework.queries import cases as reads
from lika.casework.queries.archive import Folder, contents_of, folder_of_batch, folder_of_case
from lika.casework.views.common import tabs_for
from lika.collection.exporting.actions import LONGEST_REASON
from lika.core.forms import ActionForm
from lika.core.permissions import Permission

Take = Callable[[UserActor, uuid.UUID, str], tuple[str, bytes]]
Look = Callable[[UserActor, uuid.UUID], Folder]


class PurposeForm(ActionForm):
    """What a file is for."""

    reason = forms.CharField(label=_("Purpose"), max_length=LONGEST_REASON, help_text=_("The audit keeps it."))


@requires(Permission.CASEWORK_VIEW)
@never_cache
def batch_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The contents of a batch's file."""
    return _page(request, _of_batch(actor(request), pk))


@requires(Permission.CASEWORK_VIEW)
@never_cache
def case_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The contents of a case's file, and the way to its appeal file."""
    return _page(request, _of_case(actor(request), pk))


def _taking(
    take: Take, folder: Callable[[UserActor, uuid.UUID], Folder], name: str = "form"
) -> Callable[..., HttpResponse]:
    """The view that hands a file over for a purpose; what is refused stands in the form `name` on the file's page."""

    @requires(Permission.CASEWORK_VIEW)
    @never_cache
    @require_POST
    @sensitive_post_parameters()
    def view(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        who, form = actor(request), PurposeForm(request.POST)
        made: list[tuple[str, bytes]] = []
        if not form.is_valid() or not form.accepts(lambda: made.append(take(who, pk, form.cleaned_data["reason"]))):
            return _page(request, folder(who, pk), **{name: form})
        (title, content) = made[0]
        disposition = content_disposition_header(as_attachment=True, filename=title) or ""
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="application/zip", headers=headers)

    return view


def _of_batch(who: UserActor, pk: uuid.UUID) -> Folder:
    return folder_of_batch(who, reads.batch_in_sight(who, pk))


def _of_case(who: UserActor, pk: uuid.UUID) -> Folder:
    return folder_of_case(who, reads.case_in_sight(who, pk))


take_batch_file = _taking(
    lambda who, pk, reason: archive.take_batch_archive(by=who, batch=pk, reason=reason), _of_batch
)
take_case_file = _taking(lambda who, pk, reason: archive.take_case_archive(by=who, case=pk, reason=reason), _of_case)
take_appeal_file = _taking(
    lambda who, pk, reason: appeal.make_appeal_file(by=who, case=pk, reason=reason), _of_case, "appeal_form"
)


def _page(request: HttpRequest, of: Folder, **refused: PurposeForm) -> HttpResponse:
    contents = contents_of(of)
    takes = actor(request).area_for(Permission.REGISTER_PERSONAL).covers(of.batch.division_id)
    context: dict[str, Any] = {
        "batch": of.batch,
        "case": of.case,
        "back": _back(of.batch.pk, of.case),
        "sections": contents.sections,
        "there": len(contents.there),
        "missing": len(contents.missing),
        "takes": takes,
        "form": PurposeForm(auto_id="file_%s"),
        "appeal_form": PurposeForm(auto_id="appeal_%s"),
        "tabs": tabs_for(request, "batches"),
        **refused,
    }
    return render(request, "casework/file.html", context, status=422 if refused else 200)


def _back(batch: uuid.UUID, case: Case | None) -> str:
    return reverse("casework:case", args=[case.pk]) if case else reverse("casework:batch", args=[batch])
