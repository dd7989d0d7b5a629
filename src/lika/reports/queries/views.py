"""The views that were saved."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.core.errors import NotFound
from lika.reports.choices import READ_WITH, Page
from lika.reports.models import SavedView


def views_of(by: UserActor, page: Page) -> QuerySet[SavedView]:
    """The actor's own views of a page and those that were shared, by name. Raises ACC-001."""
    by.require(READ_WITH[page])
    return _in_sight(by).filter(page=page)


def view_of(by: UserActor, identifier: UUID, *, page: Page | None = None) -> SavedView:
    """One view, of a page or of whichever. Raises REP-015: none in sight, or its page is closed to the actor."""
    readable = [each for each, permission in READ_WITH.items() if page in (None, each) and by.has(permission)]
    found = _in_sight(by).filter(page__in=readable, pk=identifier).first()
    if found is None:
        raise NotFound(
            "REP-015",
            _("There is no such saved view, or it is not shared with you."),
            remedy=_("Ask whoever saved it to share it."),
        )
    return found


def _in_sight(by: UserActor) -> QuerySet[SavedView]:
    return SavedView.objects.filter(Q(owner=by.user) | Q(shared=True)).select_related("owner").order_by("name", "id")
