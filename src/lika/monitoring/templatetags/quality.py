"""How rates of quality are written."""

from fractions import Fraction

from django import template

register = template.Library()
_UNITS_OF_SHARE = 1000  # one decimal place of a percentage


@register.filter
def sound_share(value: Fraction | None) -> str:
    """The share of the sound, cut and not rounded: 999,999 of a million are 99.9%; nothing judged -> —."""
    if value is None:
        return "—"
    whole, rest = divmod(int(value * _UNITS_OF_SHARE), 10)
    return f"{whole}.{rest}%"
