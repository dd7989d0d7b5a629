"""The list of screenings: narrowed to a pack or a state, in the order of a column."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OrderBy, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.language import chosen
from lika.snapshots.choices import ScreeningState
from lika.snapshots.models import CurrentScreening, Screening
from lika.snapshots.queries.screenings import list_screenings

# What the list may be sorted by; a minus in front turns the order round.
SORT_KEYS = {
    "pack": "pack_id",
    "area": "snapshot__division",
    "at": "snapshot__at",
    "households": "snapshot__households",
    "run": "finished_at",
}
NEWEST_FIRST = "-run"


@dataclass(frozen=True)
class ScreeningFilter:
    """What to list; empty fields do not filter. `state` is a value of `ScreeningState`."""

    pack: str = ""
    state: str = ""
    sort: str = NEWEST_FIRST


def find_screenings(by: Actor, wanted: ScreeningFilter) -> QuerySet[Screening]:
    """The screenings in sight that fit. Raises SCR-043 for an order that there is not."""
    key = SORT_KEYS.get(wanted.sort.removeprefix("-"))
    if key is None:
        raise UserError(
            "SCR-043",
            _("The list cannot be sorted by this."),
            remedy=_("Choose a column of the list."),
            sort=wanted.sort,
        )
    found = list_screenings(by).filter(_in_state(wanted.state))
    if wanted.pack:
        found = found.filter(pack_id=wanted.pack)
    return found.order_by(OrderBy(F(key), descending=wanted.sort.startswith("-")), "-finished_at", "-id")


def packs_screened(by: Actor) -> Sequence[tuple[str, str]]:
    """The packs of the screenings in sight, by id, each with the title that it had last."""
    newest = list_screenings(by).order_by("pack_id", "-finished_at", "-id").distinct("pack_id")
    return [(pack, chosen(zh, en)) for pack, zh, en in newest.values_list("pack_id", "pack_zh", "pack_en")]


def _in_state(state: str) -> Q | Combinable:
    current = Exists(CurrentScreening.objects.filter(screening=OuterRef("pk")))
    conditions: dict[str, Q | Combinable] = {
        ScreeningState.CURRENT: current,
        ScreeningState.EARLIER: Q(what_if=False) & ~current,
        ScreeningState.TRIAL: Q(what_if=True),
    }
    return conditions.get(state, Q())
