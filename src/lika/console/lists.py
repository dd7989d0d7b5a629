"""The lists whose filters may be kept under a name: where each stands, and what of its address is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from lika.core.errors import NotFound
from lika.reports.choices import Page


@dataclass(frozen=True)
class ListPage:
    """A list: its address by name, the choices in its query that are kept, and the order it has by itself.

    A text somebody searches for is no choice: it names people, and is not kept.
    """

    page: Page
    url_name: str
    keys: tuple[str, ...]
    sort: str

    @property
    def url(self) -> str:
        """The address of the whole list."""
        return reverse(self.url_name)

    def definition(self, query: QueryDict) -> str:
        """What a query chooses, in one order and without what says nothing; empty for the whole list."""
        chosen = []
        for key in (*self.keys, "sort"):
            # Of the way down to a division (several values) only its end says where.
            value = next((value for value in reversed(query.getlist(key)) if value), "")
            if value and (key, value) != ("sort", self.sort):
                chosen.append((key, value))
        return urlencode(chosen)

    def address(self, definition: str) -> str:
        """The list with what a definition chooses."""
        return f"{self.url}?{definition}" if definition else self.url


LISTS: Mapping[str, ListPage] = {
    str(each.page): each
    for each in (
        ListPage(
            Page.HOUSEHOLDS,
            "console:households",
            (
                *("division", "poverty", "cause", "pack", "criterion", "result"),
                "untold_since",
                *("analysis", "row", "column", "part"),  # a cell of an analysis: views.households.CELL
                *("figure", "year", "changed", "to", "was", "since"),  # behind a number of home: queries.named
            ),
            "number",
        ),
        ListPage(Page.SCREENINGS, "snapshots:screenings", ("pack", "state"), "-run"),
        ListPage(Page.IMPORTS, "collection:import", ("state",), "-when"),
        ListPage(Page.OFFICIALS, "console:officials", ("division", "role", "state"), "name"),
    )
}


def no_such_list() -> NotFound:
    """CON-004."""
    return NotFound("CON-004", _("There is no such list."), remedy=_("Open the list from the menu."))
