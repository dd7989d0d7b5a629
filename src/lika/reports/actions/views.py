"""Named writes of the statistics: saving a view."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.core import audit
from lika.core.errors import UserError
from lika.reports.choices import READ_WITH, Page
from lika.reports.models import SavedView
from lika.reports.queries.views import view_of

MOST_VIEWS = 200  # of one official on one page


@transaction.atomic
def save_view(*, by: UserActor, page: Page, name: str, definition: str, shared: bool) -> SavedView:
    """Keep what is chosen on a page under a name; a view of the same name of the same owner is replaced.

    `definition` is the canonical query of the page's address.
    Raises ACC-001, REP-017 (no name, or more than `MOST_VIEWS` views).
    """
    by.require(READ_WITH[page])
    name = _name(name)
    own = SavedView.objects.filter(owner=by.user, page=page)
    if own.exclude(name=name).count() >= MOST_VIEWS:
        raise UserError(
            "REP-017",
            _("You have saved %(most)s views already.") % {"most": MOST_VIEWS},
            remedy=_("Delete one that you no longer use."),
        )
    before = own.filter(name=name).first()
    kept = {"definition": definition, "shared": shared}
    view, _created = SavedView.objects.update_or_create(owner=by.user, page=page, name=name, defaults=kept)
    old = None if before is None else _told(before)
    audit.record(by=by, action="view.saved", change=audit.Change("view", view.pk, old=old, new=_told(view)))
    return view


@transaction.atomic
def change_view(*, by: UserActor, view: UUID, name: str, shared: bool) -> SavedView:
    """Give one of the actor's own views another name, share it or keep it to oneself again.

    Raises REP-015, REP-017 (no name), REP-018 (another's), REP-019 (the name is taken by another own view).
    """
    found = _own(by, view)
    name = _name(name)
    if SavedView.objects.filter(owner=by.user, page=found.page, name=name).exclude(pk=found.pk).exists():
        raise UserError(
            "REP-019",
            _("You have another view of the name “%(name)s” on this page.") % {"name": name},
            remedy=_("Choose another name, or delete the other view."),
        )
    old = _told(found)
    found.name, found.shared = name, shared
    found.save(update_fields=["name", "shared", "saved_at"])
    audit.record(by=by, action="view.changed", change=audit.Change("view", found.pk, old=old, new=_told(found)))
    return found


@transaction.atomic
def delete_view(*, by: UserActor, view: UUID) -> SavedView:
    """Delete one of the actor's own views, and say which it was. Raises REP-015, REP-018 (another's)."""
    found = _own(by, view)
    audit.record(by=by, action="view.deleted", change=audit.Change("view", found.pk, old=_told(found)))
    SavedView.objects.filter(pk=found.pk).delete()
    return found


def _name(text: str) -> str:
    """The name as it is kept. Raises REP-017."""
    name = " ".join(text.split())
    longest = SavedView._meta.get_field("name").max_length or 0
    if not name or len(name) > longest:
        raise UserError(
            "REP-017",
            _("A view needs a name of at most %(most)s characters.") % {"most": longest},
            remedy=_("Write a name that others understand too."),
        )
    return name


def _own(by: UserActor, view: UUID) -> SavedView:
    """One of the actor's own views. Raises REP-015, REP-018."""
    found = view_of(by, view)
    if found.owner_id != by.user.pk:
        raise UserError(
            "REP-018",
            _("Only whoever saved a view may change or delete it."),
            remedy=_("Save it under a name of your own to change it."),
        )
    return found


def _told(view: SavedView) -> dict[str, object]:
    """What the audit keeps of a view."""
    return {"page": view.page, "name": view.name, "definition": view.definition, "shared": view.shared}
