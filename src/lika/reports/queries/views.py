"""The views that were saved."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.reports.models import SavedView


def views_of(by: UserActor) -> QuerySet[SavedView]:
    """The actor's own views and those that were shared, own first."""
    by.require(Permission.REGISTER_VIEW)
    return SavedView.objects.filter(Q(owner=by.user) | Q(shared=True)).select_related("owner").order_by("name", "id")


def view_of(by: UserActor, identifier: UUID) -> SavedView:
    """One of them. Raises REP-015 where there is none, or it is another's and not shared."""
    found = views_of(by).filter(pk=identifier).first()
    if found is None:
        raise NotFound(
            "REP-015",
            _("There is no such saved view, or it is not shared with you."),
            remedy=_("Ask whoever saved it to share it."),
        )
    return found
