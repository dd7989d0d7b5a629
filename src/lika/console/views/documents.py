"""Documents and photographs of a household: the list, adding one, looking at one, withdrawing one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.console.document_forms import EVIDENCE, DocumentForm, EvidenceForm, HouseholdDocumentForm, WithdrawForm
from lika.console.forms import PurposeForm
from lika.console.queries.documents import Card, cards
from lika.console.queries.focus import focus_in, way_to
from lika.core.areas import CODE_LENGTH
from lika.core.errors import NotFound
from lika.core.media import MediaType
from lika.core.permissions import Permission
from lika.core.serving import served_alone
from lika.register import queries as register
from lika.register.actions import documents
from lika.register.actions.documents import Owner
from lika.register.choices import OPEN_STATES, DocumentOwner
from lika.register.models import Document
from lika.register.queries import ChangeView, DocumentView, HouseholdView


@requires(Permission.REGISTER_VIEW)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def household_documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The documents of a household, and adding one. Raises REG-001, and ACC-001 to whoever may not add."""
    who = actor(request)
    found = register.household_detail(by=who, household=pk)
    posted, added = request.method == "POST", False
    given = (request.POST, request.FILES) if posted else ()
    form = HouseholdDocumentForm(*given, members=found.members) if posted else None
    if form is not None:
        who.require(Permission.REGISTER_CHANGE, village=found.village)
        added = form.is_valid() and form.accepts(
            lambda: documents.add_document(by=who, owner=form.owner(pk), paper=form.paper(), content=form.content())
        )
    if request.headers.get("HX-Request"):  # the part of the page alone, with what went wrong or a fresh form
        part = parts(who, found, None if added else form) | {"document_added": added}
        return render(request, "console/household/documents.html", part)
    if added:
        messages.success(request, _("The document is kept."))
        return redirect("console:household-documents", pk)
    shown = parts(who, found, form, replaces=request.GET.get("replace", ""))
    context = {"path": way_to(who, str(found.village)), "alone": True} | shown
    refused = form is not None and bool(form.errors)
    return render(request, "console/household_documents.html", context, status=422 if refused else 200)


def parts(
    who: UserActor, found: HouseholdView, form: HouseholdDocumentForm | None = None, *, replaces: str = ""
) -> dict[str, Any]:
    """What the section of documents shows; without a form for whoever may add none, and for an earlier day.

    `replaces` is the id of the document that a new one is to take the place of.
    """
    adds = found.as_of is None and found.closed_on is None and found.village in who.area_for(Permission.REGISTER_CHANGE)
    url = reverse("console:household-documents", args=[found.id])
    own = (DocumentOwner.HOUSEHOLD, DocumentOwner.PERSON)  # the evidence of a change is kept from the change's page
    held = lines_of(
        register.household_documents(by=who, household=found.id, as_of=found.as_of), url if adds else "", own
    )
    replaced = held.named(form["replaces"].value() if form is not None else replaces)
    given = form if form is not None else HouseholdDocumentForm(members=found.members, initial=_initial(replaced))
    return {
        "household": found,
        "documents": held,
        "document_form": given if adds else None,
        "documents_url": url,
        "replaced": replaced,
    }


def _initial(replaced: Card | None) -> dict[str, Any]:
    """What the form of a document begins with that takes the place of another."""
    if replaced is None:
        return {}
    view = replaced.view
    whose = str(view.owner_id) if view.owner_kind == DocumentOwner.PERSON else ""
    return {"kind": view.kind, "title": view.title, "whose": whose, "replaces": view.id}


@requires(Permission.REGISTER_VIEW)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def village_documents(request: HttpRequest, code: str) -> HttpResponse:
    """The documents of a village itself, and adding one. Raises CON-001, CON-006, DIV-001, DIV-010, ACC-002."""
    who = actor(request)
    focus = focus_in(who.area, code)
    if not focus.is_village:
        raise NotFound("CON-006", _("This is no village."), remedy=_("Choose a village from your home page."))
    village, posted, added = focus.division.number, request.method == "POST", False
    form = DocumentForm(request.POST, request.FILES) if posted else None
    if form is not None:
        who.require(Permission.REGISTER_CHANGE, village=village)
        owner = Owner(DocumentOwner.VILLAGE, village=village)
        added = form.is_valid() and form.accepts(
            lambda: documents.add_document(by=who, owner=owner, paper=form.paper(), content=form.content())
        )
    if added and not request.headers.get("HX-Request"):
        messages.success(request, _("The document is kept."))
        return redirect("console:village-documents", code)
    adds, url = village in who.area_for(Permission.REGISTER_CHANGE), reverse("console:village-documents", args=[code])
    held = lines_of(register.village_documents(by=who, village=village), url if adds else "", (DocumentOwner.VILLAGE,))
    kept = None if added else form
    replaced = held.named(kept["replaces"].value() if kept is not None else request.GET.get("replace", ""))
    given = kept if kept is not None else DocumentForm(initial=_initial(replaced))
    context = {
        "village": focus.division,
        "path": focus.path,
        "documents": held,
        "document_form": given if adds else None,
        "documents_url": url,
        "replaced": replaced,
    }
    if request.headers.get("HX-Request"):
        return render(request, "console/household/documents.html", context | {"document_added": added})
    status = 422 if kept is not None and kept.errors else 200
    return render(request, "console/village_documents.html", context | {"alone": True}, status=status)


@requires(Permission.REGISTER_CHANGE)
@never_cache
@sensitive_post_parameters()
@require_POST
def change_documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Evidence of a change. Raises REG-063, DOC-011."""
    who = actor(request)
    found = register.change_detail(by=who, change=pk)
    form = EvidenceForm(request.POST, request.FILES)
    owner = Owner(DocumentOwner.CHANGE, pk)
    added = form.is_valid() and form.accepts(
        lambda: documents.add_document(by=who, owner=owner, paper=form.paper(), content=form.content())
    )
    if request.headers.get("HX-Request"):
        context = evidence(who, found, None if added else form) | {"document_added": added}
        return render(request, "console/household/documents.html", context)
    if added:
        messages.success(request, _("The document is kept."))
        return redirect("console:change", pk)
    context = {"alone": True} | evidence(who, found, form)
    return render(request, "console/change_documents.html", context, status=422)


def evidence(
    who: UserActor, change: ChangeView, form: DocumentForm | None = None, *, replaces: str = ""
) -> dict[str, Any]:
    """What the section of a change's evidence shows, with a form while the change is open.

    `replaces` is the id of the document that a new one is to take the place of.
    """
    adds = change.state in OPEN_STATES and change.village in who.area_for(Permission.REGISTER_CHANGE)
    page = reverse("console:change", args=[change.id])
    views = register.change_documents(by=who, change=change.id)
    held = lines_of(views, page if adds else "", (DocumentOwner.CHANGE,))
    replaced = held.named(form["replaces"].value() if form is not None else replaces)
    given = form if form is not None else EvidenceForm(initial={"kind": EVIDENCE} | _initial(replaced))
    return {
        "change": change,
        "documents": held,
        "document_form": given if adds else None,
        "documents_url": reverse("console:change-documents", args=[change.id]),
        "documents_page": page,
        "replaced": replaced,
    }


@dataclass(frozen=True)
class Line:
    """A card with the forms that act on it; their fields have names of their own on the page."""

    card: Card
    reveal_form: PurposeForm
    withdraw_form: WithdrawForm
    replace_url: str = ""


@dataclass(frozen=True)
class Lines:
    """The documents that count, and those that were withdrawn or replaced."""

    now: Sequence[Line]
    earlier: Sequence[Line]

    def named(self, document: Any) -> Card | None:
        """The card of a document that counts and may be replaced here, by its id."""
        found = (line.card for line in self.now if line.replace_url and str(line.card.view.id) == str(document))
        return next(found, None)


def lines_of(views: Iterable[DocumentView], url: str = "", replaceable: Collection[DocumentOwner] = ()) -> Lines:
    """The cards of a list with their forms; those of some owners may be replaced at an address."""
    made = []
    for card in cards(views):
        names = f"d{card.view.id.hex[-8:]}-%s"
        replaces = url and card.view.may_withdraw and card.view.owner_kind in replaceable
        way = f"{url}?{urlencode({'replace': card.view.id})}" if replaces else ""
        made.append(Line(card, PurposeForm(auto_id=names), WithdrawForm(auto_id=names), way))
    return Lines([line for line in made if line.card.view.counts], [line for line in made if not line.card.view.counts])


@requires(Permission.REGISTER_VIEW)
@never_cache
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A document of an open kind. Raises DOC-009, DOC-012, DOC-013."""
    return _served(*register.open_document(by=actor(request), document=pk))


@requires(Permission.REGISTER_VIEW)
@never_cache
def thumbnail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The small picture of a document of an open kind. Raises DOC-009, DOC-012, DOC-013."""
    return _served(*register.open_document(by=actor(request), document=pk, thumbnail=True))


@requires(Permission.REGISTER_REVEAL)
@never_cache
@require_POST
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Any document, once, for a reason that the audit keeps. Raises DOC-009, DOC-012, REG-050."""
    form = PurposeForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _served(*documents.reveal_document(by=actor(request), document=pk, reason=reason))


@requires(Permission.REGISTER_CHANGE)
@never_cache
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A document counts no more. Raises DOC-009; other refusals are told on the list."""
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    gone = documents.withdraw_document(by=actor(request), document=pk, reason=reason)
    messages.success(request, _("The document is withdrawn; it is kept below with the reason."))
    if gone.owner_kind == DocumentOwner.CHANGE:
        return redirect("console:change", gone.owner_id)
    household, village = register.home_of(gone)
    if household is None:
        return redirect("console:village-documents", f"{village:0{CODE_LENGTH}d}")
    return redirect("console:household-documents", household)


def _served(document: Document, content: bytes) -> HttpResponse:
    media_type = MediaType.JPEG if document.width is not None else MediaType(document.media_type)
    return served_alone(content, media_type, document.id.hex[-8:])
