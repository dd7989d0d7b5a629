"""Counts and days of publications as people read them."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lika.core.language import chosen
from lika.engine.amounts import date_words

register = template.Library()


@register.filter
def count_shown(count: int | None) -> str:
    """A count with separators, or the word for a hidden one."""
    return _("hidden") if count is None else f"{count:,}"


@register.simple_tag
def count_cell(count: int | None) -> SafeString | str:
    """A count in a table; a hidden one set apart by its look too."""
    return format_html('<span class="open-hidden">{}</span>', _("hidden")) if count is None else f"{count:,}"


@register.filter
def published_day(text: str) -> str:
    """A day of the content, 2016-12-31, as people write it."""
    return chosen(*date_words(dt.date.fromisoformat(text)))
