"""The one door through which every list leaves as a file. By POST: taking one is a write, of a row in the audit."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires, signed_in
from lika.collection.models import Export
from lika.console import actions
from lika.console.forms import TakeListForm
from lika.console.leaving import LISTS
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.leaving import CONTENT_TYPES, FileKind
from lika.core.permissions import Permission


@signed_in
@never_cache
@require_POST
@sensitive_post_parameters()
def take(request: HttpRequest, page: str) -> HttpResponseBase:
    """A list, as its page shows it to this reader. The action asks for the permission of the list."""
    form = TakeListForm(request.POST)
    if not form.is_valid():
        raise UserError("CON-011", _("Nothing was chosen."), remedy=_("Choose what kind of file you want."))
    asked = actions.Asked(page=page, **form.given())
    try:
        taken = actions.take_list(by=actor(request), asked=asked, lists=LISTS)
    except (PermissionRefused, NotFound):
        raise
    except UserError as error:
        if error.where.get("field") not in form.fields:
            raise
        form.refuse(error)
        return _again(request, page, form)
    if isinstance(taken, Export):
        messages.info(request, _("A second person who may export in this area must agree now."))
        return redirect("collection:exports")
    return _answer(taken, form.cleaned_data["kind"])


@requires(Permission.REGISTER_EXPORT)
@never_cache
@require_POST
def take_agreed(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """A list with names that a second person agreed to."""
    taken = actions.take_agreed_list(by=actor(request), export=export_id, lists=LISTS)
    return _answer(taken, FileKind(taken.name.rpartition(".")[2]))


def _again(request: HttpRequest, page: str, form: TakeListForm) -> HttpResponse:
    """The form of the dialog by itself, with what was given and what speaks against it."""
    wanted, back = LISTS[page], form.cleaned_data["back"]
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    context = {
        "form": form,
        "page": page,
        "title": wanted.title,
        "personal": wanted.personal and actor(request).has(Permission.REGISTER_PERSONAL),
        "alone": settings.LIKA.names_alone,
        "back": back if here else "",
    }
    return render(request, "console/list_take.html", context, status=422)


def _answer(taken: actions.Taken, kind: FileKind) -> FileResponse:
    return FileResponse(taken.content, as_attachment=True, filename=taken.name, content_type=CONTENT_TYPES[kind])
