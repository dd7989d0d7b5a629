"""What templates of every app may use: icons, the menu, numbers as people write them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lika.accounts.access import actor
from lika.accounts.queries import UserActor
from lika.console import menu
from lika.console.demonstration import (
    DemonstrationAccount,
    DemonstrationVisit,
    accounts_to_try,
    guide_for,
    visits_to_make,
)
from lika.console.names import path_name, place_name
from lika.core.language import chosen
from lika.divisions.models import Division
from lika.engine.amounts import date_words

register = template.Library()

DASH = "—"


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite; it is decoration, so a word must stand beside it or in the button's label."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#icon-{}"></use></svg>',
        css,
        static("vendor/icons/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[dict[str, Any]]:
    """The menu's lines for the user of this request: `item`, `current`."""
    return [{"item": item, "current": current} for item, current in menu.items_for(context["request"])]


@register.simple_tag(takes_context=True)
def current_actor(context: template.Context) -> UserActor:
    """The actor of this request."""
    request: HttpRequest = context["request"]
    return actor(request)


@register.filter
def may(who: UserActor, permission: str) -> bool:
    """`{% if actor|may:"register.import" %}`."""
    return who.has(permission)


@register.filter
def number(value: int | Decimal | None) -> str:
    """24876 -> 24,876; nothing -> —."""
    return DASH if value is None else f"{value:,}"


@register.filter
def measured(value: float | Decimal | None) -> str:
    """What was counted as it is, what was measured with two places: 24,876; 2,952.00; nothing -> —."""
    return f"{value:,.2f}" if isinstance(value, float) else number(value)


@register.filter
def money(value: Decimal | None) -> str:
    """Yuan with two places and separators; nothing -> —."""
    return DASH if value is None else f"{value:,.2f}"


@register.filter
def share(value: float | Decimal | None, places: int = 1) -> str:
    """0.1234 -> 12.3%; nothing -> —."""
    return DASH if value is None else f"{100 * value:.{places}f}%"


@register.filter
def day(value: dt.date | None) -> str:
    """2016年12月31日 or 31 December 2016, of a moment the day that the clock here shows; nothing -> —."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return DASH if value is None else chosen(*date_words(value))


@register.filter
def weekday(value: dt.date) -> str:
    """星期六 or Saturday."""
    return str(WEEKDAYS[value.weekday()])


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A day with hour and minute, as the clock here shows them; nothing -> —."""
    if value is None:
        return DASH
    here = timezone.localtime(value)
    return chosen("{day} {time:%H:%M}", "{day}, {time:%H:%M}").format(day=day(here), time=here)


@register.filter
def dash(value: Any) -> Any:
    """Nothing -> —, for cells that would stand empty; zero and no stay."""
    return DASH if value is None or value == "" else value


@register.simple_tag
def demonstration_accounts() -> list[DemonstrationAccount]:
    """The accounts to try, on a demonstration only; elsewhere none."""
    return accounts_to_try()


@register.simple_tag
def demonstration_visits() -> list[DemonstrationVisit]:
    """Those who enter a demonstration without an account; elsewhere none."""
    return visits_to_make()


@register.simple_tag(takes_context=True)
def demonstration_guide(context: template.Context) -> Any:
    """The step of the guide to show on this page, on a demonstration only; elsewhere None."""
    return guide_for(context["request"])


# Signs stand on every line of a list: put together here, not by a template, which would take a fifth of its page.
VERDICTS = {
    "met": ("circle-check", _("Met")),
    "not_met": ("circle-x", _("Not met")),
    "unknown": ("zoom-question", _("Unknown")),
}
MEASURES = {"met": ("check", _("In")), "not_met": ("minus", _("Not in"))}


@register.simple_tag
def verdict(result: str, kind: str = "") -> SafeString:
    """The sign and the word of a result: met, not_met, unknown.

    A measure is no test that can be failed: a household is in it or not, said without alarm.
    """
    plain = str(kind) == "measure" and str(result) in MEASURES
    sign, word = (MEASURES if plain else VERDICTS)[str(result)]
    css = "plain" if plain else str(result)
    return format_html('<span class="verdict verdict-{}">{}{}</span>', css, icon(sign), word)


@register.inclusion_tag("console/parts/result_bar.html")
def result_bar(counts: Any) -> dict[str, Any]:
    """A bar of what is met, not met and unknown; `counts` has these three numbers. Drawn as SVG: no inline style."""
    total = counts.met + counts.not_met + counts.unknown
    parts, x = [], 0.0
    for name, value in (("met", counts.met), ("not_met", counts.not_met), ("unknown", counts.unknown)):
        width = 100 * value / total if total else 0.0
        parts.append({"name": name, "x": f"{x:.2f}", "width": f"{width:.2f}"})
        x += width
    return {"counts": counts, "parts": parts}


@register.filter
def place_path(path: str) -> str:
    """The way down to a place as people say it: 甘肃省 … 城关镇 石磊村村民委员会 -> 甘肃省 … 城关镇 石磊村."""
    return path_name(path)


@register.filter
def place(division: Division) -> str:
    """The name as people say it: 石磊村村民委员会 -> 石磊村, 城关社区居民委员会 -> 城关社区."""
    return place_name(division.name)
