"""Named writes of the statistics: saving a view, taking a table away as a file."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.core.permissions import Permission
from lika.reports.definition import Definition
from lika.reports.fields import Catalogue
from lika.reports.models import SavedView
from lika.reports.queries.tables import Table, table_of
from lika.reports.queries.views import view_of

MOST_VIEWS = 200


@transaction.atomic
def save_view(*, by: UserActor, name: str, definition: Definition, shared: bool) -> SavedView:
    """Keep a view under a name; one of the same name of the same owner is replaced.

    Raises ACC-001, REP-017 (no name, or more than `MOST_VIEWS` views).
    """
    by.require(Permission.REGISTER_VIEW)
    name = " ".join(name.split())
    longest = SavedView._meta.get_field("name").max_length or 0
    own = SavedView.objects.filter(owner=by.user)
    if not name or len(name) > longest:
        raise UserError(
            "REP-017",
            _("A view needs a name of at most %(most)s characters.") % {"most": longest},
            remedy=_("Write a name that others understand too."),
        )
    if own.exclude(name=name).count() >= MOST_VIEWS:
        raise UserError(
            "REP-017",
            _("You have saved %(most)s views already.") % {"most": MOST_VIEWS},
            remedy=_("Delete one that you no longer use."),
        )
    before = own.filter(name=name).first()
    kept = {"definition": str(definition), "shared": shared}
    view, _created = SavedView.objects.update_or_create(owner=by.user, name=name, defaults=kept)
    old = None if before is None else {"definition": before.definition, "shared": before.shared}
    audit.record(by=by, action="view.saved", change=audit.Change("view", view.pk, old=old, new={"name": name, **kept}))
    return view


@transaction.atomic
def delete_view(*, by: UserActor, view: UUID) -> None:
    """Delete one of the actor's own views. Raises ACC-001, REP-015, REP-018 (another's)."""
    by.require(Permission.REGISTER_VIEW)
    found = view_of(by, view)
    if found.owner_id != by.user.pk:
        raise UserError(
            "REP-018",
            _("Only whoever saved a view may delete it."),
            remedy=_("Save it under a name of your own to change it."),
        )
    old = {"name": found.name, "definition": found.definition, "shared": found.shared}
    audit.record(by=by, action="view.deleted", change=audit.Change("view", found.pk, old=old))
    found.delete()


@transaction.atomic
def export_table(*, by: Actor, definition: Definition, catalogue: Catalogue, kind: str) -> Table:
    """A counted table that leaves as a file; the audit says who took which. Errors as of `table_of`."""
    by.require(Permission.REGISTER_VIEW)
    table = table_of(by, definition, catalogue)
    taken = {
        "definition": str(definition),
        "snapshots": list(catalogue.found.snapshots),
        "kind": kind,
        "units": table.whole.counted.units,
    }
    county = int(definition.division[:6] or 0)
    where = county if county % 100 else 0
    audit.record(by=by, action="statistics.exported", change=audit.Change("export", uuid7(), county=where, new=taken))
    return table
