"""Parts of list pages that ask: the saved views of a list. `{% load lists %}`"""

from typing import Any

from django import template
from django.urls import reverse

from lika.accounts.access import actor
from lika.console.lists import LISTS
from lika.reports.queries.views import views_of

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
