"""What templates of lower apps may say of screenings: the list of packs, when each was screened last."""

from collections.abc import Mapping
from typing import Any

from django import template

from lika.accounts.access import actor
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.snapshots.models import Screening
from lika.snapshots.queries import list_screenings

register = template.Library()


@register.simple_tag(takes_context=True)
def last_screened(context: template.Context) -> Mapping[str, Screening]:
    """The screening that finished last, by pack id, of those that the reader may see."""
    who = actor(context["request"])
    if not who.has(Permission.SCREENING_VIEW):
        return {}
    newest = list_screenings(who).order_by("pack_id", "-finished_at", "-id").distinct("pack_id")
    return {found.pack_id: found for found in newest}


@register.filter
def of(found: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key; nothing where it holds nothing."""
    return found.get(key)


@register.filter
def said(item: Any) -> str:
    """The label of anything with `zh` and `en`, in the reader's language."""
    return chosen(item.zh, item.en)
