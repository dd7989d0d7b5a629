"""Parts of list pages: the saved views of a list, and the way out as a file. `{% load lists %}`"""

from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from lika.accounts.access import actor
from lika.console.forms import TakeListForm
from lika.console.lists import LISTS
from lika.core.permissions import Permission
from lika.reports.queries.views import views_of

if TYPE_CHECKING:
    from lika.reports.leaving import LeavingList

register = template.Library()


@register.inclusion_tag("console/parts/list_views.html", takes_context=True)
def list_views(context: template.Context, page: str) -> dict[str, Any]:
    """The saved views of a list that the reader may open, and what may be done with the one that is open.

    `page` is a key of `lika.console.lists.LISTS`. One query.
    """
    request, kept_of = context["request"], LISTS[page]
    who = actor(request)
    chosen = kept_of.definition(request.GET)
    views = list(views_of(who, kept_of.page))
    is_open = [view for view in views if chosen and view.definition == chosen]
    own = next((view for view in is_open if view.owner_id == who.user.pk), None)
    return {
        "csrf_token": context.get("csrf_token"),
        "page": page,
        "chosen": chosen,
        "all_url": kept_of.url,
        "views": [
            {
                "label": view.name,
                "url": kept_of.address(view.definition),
                "current": view in is_open,
                "owner": "" if view.owner_id == who.user.pk else view.owner.get_username(),
            }
            for view in views
        ],
        "is_open": bool(is_open),
        "own": own,
        "link": request.build_absolute_uri(reverse("console:view", args=[own.pk])) if own else "",
    }


@register.inclusion_tag("console/parts/list_export.html", takes_context=True)
def list_export(context: template.Context, page: str, rows: int, *, label: Any = "", **asked: Any) -> dict[str, Any]:
    """The button that takes a list away as a file, with its dialog; nothing where the list is empty.

    `page` is a key of `lika.console.leaving.LISTS`, `rows` how many it has now. What stands in the address is kept;
    `asked` is what the list needs besides (`of`: the record that it belongs to).
    """
    request, wanted, anchor = context["request"], _leaving(page), f"export-{page}"
    definition = request.GET.copy()
    definition.pop("page", None)
    for name, value in asked.items():
        definition[name] = str(value)
    return {
        "csrf_token": context.get("csrf_token"),
        "page": page,
        "anchor": anchor,
        "title": wanted.title,
        "label": label or _("Export"),
        "rows": rows,
        "form": TakeListForm(
            initial={"definition": definition.urlencode(), "back": request.get_full_path()}, auto_id=f"{anchor}-%s"
        ),
        "personal": wanted.personal and actor(request).has(Permission.REGISTER_PERSONAL),
        "alone": settings.LIKA.names_alone,
    }


@register.simple_tag
def list_title(page: str) -> str:
    """What a list that may leave is called."""
    return str(_leaving(page).title)


def _leaving(page: str) -> "LeavingList":
    # Only when asked: the public portal loads every library of tags, and none of the apps whose lists leave.
    from lika.console import leaving

    return leaving.LISTS[page]
