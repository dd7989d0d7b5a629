"""The main menu: one table, filtered by what the actor may do."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lika.accounts.access import actor
from lika.core.permissions import Permission


@dataclass(frozen=True)
class Item:
    """A line of the menu. `section` is the namespace or name of the pages on which the line is lit."""

    label: str | Promise
    icon: str
    url_name: str
    permission: Permission | None = None

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    @property
    def app(self) -> str:
        """The app whose pages belong to this line."""
        return self.url_name.partition(":")[0]


ITEMS: tuple[Item, ...] = (
    Item(_("Home"), "home", "console:home"),
    Item(_("Households"), "users-group", "console:households", Permission.REGISTER_VIEW),
    Item(_("Yearly collection"), "calendar-due", "rounds:rounds", Permission.ROUND_VIEW),
    Item(_("Record changes"), "arrows-diff", "console:changes", Permission.REGISTER_CHANGE),
    Item(_("Yearly management"), "refresh", "casework:work", Permission.CASEWORK_VIEW),
    Item(_("Pairing of helpers"), "user-check", "assistance:coverage", Permission.PAIRING_VIEW),
    Item(_("Township and village work"), "briefcase", "governance:work", Permission.DUTIES_VIEW),
    Item(_("Screening"), "checklist", "snapshots:screenings", Permission.SCREENING_VIEW),
    Item(_("Data quality"), "list-check", "monitoring:quality", Permission.QUALITY_VIEW),
    Item(_("Statistical analysis"), "chart-bar", "reports:analysis", Permission.REGISTER_VIEW),
    Item(_("Publications"), "speakerphone", "disclosure:publications", Permission.DISCLOSURE_PROPOSE),
    Item(_("Import"), "file-import", "collection:import", Permission.REGISTER_IMPORT),
    Item(_("Policy packs"), "gavel", "policy:packs", Permission.POLICY_VIEW),
    Item(_("Officials and accounts"), "users", "console:officials", Permission.ACCOUNTS_MANAGE),
    Item(_("Audit chain"), "shield-check", "console:audit", Permission.AUDIT_VIEW),
    Item(_("Help"), "help-circle", "console:help"),
)


# Lists of the console, and how the names of the pages that belong to them begin.
_LISTS = {
    "console:households": "console:household",
    "console:officials": "console:official",
    "console:changes": "console:change",
}


def items_for(request: HttpRequest) -> Iterator[tuple[Item, bool]]:
    """The lines that the signed-in user may open, each with whether it is the current one."""
    who = actor(request)
    match = request.resolver_match
    for item in ITEMS:
        if item.permission is None or who.has(item.permission):
            yield item, match is not None and _is_current(item, match.view_name)


def _is_current(item: Item, view_name: str) -> bool:
    if item.app != "console":
        return view_name.startswith(f"{item.app}:")
    # The page of a household belongs to the list of households, that of an official to the list of officials.
    return view_name == item.url_name or view_name.startswith(_LISTS.get(item.url_name, "/"))
