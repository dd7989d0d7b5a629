"""What waits in the Inbox, told on the home page of the offices that deal with it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.accounts.queries import UserActor
from lika.disclosure.queries.inbox import READERS, inbox_waiting
from lika.reports.waiting import Task


def sent_by_the_public(by: UserActor) -> Iterator[Task]:
    """Entries that nobody took up or refused. One query."""
    if not any(by.has(each) for each in READERS):
        return
    if many := inbox_waiting(by).count():
        title = ngettext("%(n)s entry from the public to take up", "%(n)s entries from the public to take up", many)
        told = _("Until it is taken up the period of the notice goes on.")
        yield Task("inbox", title % {"n": f"{many:,}"}, told, _("Open"), reverse("disclosure:inbox"))
