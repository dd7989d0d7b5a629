"""The pages of notices as everyone reads them: those that hang now, by village. The public role reads these tables."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from lika.casework.queries.clock import database_now
from lika.disclosure import notice_pages
from lika.disclosure.models import NoticePage, NoticeTerm
from lika.disclosure.queries.published import MOST_LETTERS, nothing_there


@dataclass(frozen=True)
class Shown:
    """A page; `notice` is None once it is closed: then its hash alone is told. `until`: the end of its term, if any."""

    page: NoticePage
    notice: notice_pages.Page | None
    until: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self.notice is not None


def page(identifier: UUID) -> Shown:
    """One page. Raises DIS-020 where there is none."""
    found = NoticePage.objects.filter(pk=identifier).first()
    if found is None:
        raise nothing_there()
    term = NoticeTerm.objects.filter(page=found).last()
    until = None if term is None else term.until
    is_open = term is not None and (until is None or database_now() < until)
    return Shown(found, notice_pages.read(found.content) if is_open else None, until)


def running(text: str = "") -> QuerySet[NoticePage]:
    """The pages that are open now, newest first; with a text, those of a village by code or name."""
    last = NoticeTerm.objects.filter(page=OuterRef("pk")).order_by("-id")
    found = NoticePage.objects.annotate(until=Subquery(last.values("until")[:1]), term=Subquery(last.values("id")[:1]))
    found = found.filter(Q(until=None) | Q(until__gt=database_now()), term__isnull=False).defer("content", "key")
    wanted = text.strip()[:MOST_LETTERS]
    if not wanted:
        return found
    if wanted.isascii() and wanted.isdigit():
        low = int(wanted.ljust(12, "0")[:12])
        return found.filter(village__gte=low, village__lt=low + 10 ** max(0, 12 - len(wanted)))
    return found.filter(place__contains=wanted)
