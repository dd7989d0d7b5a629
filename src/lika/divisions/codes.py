"""What a division code says by itself, without the table."""

import re

from django.utils.translation import gettext_lazy as _

from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.core.errors import UserError
from lika.divisions.choices import CODE_PATTERNS, PARENT_DIGITS, Level

_PATTERNS = {level: re.compile(pattern, re.ASCII) for level, pattern in CODE_PATTERNS.items()}


def full_code(code: str) -> str:
    """The 12 digits of a short or full code; a natural village's code stays as it is.

    >>> full_code("621223")
    '621223000000'

    Raises UserError DIV-001 where the text is not a division code of any level.
    """
    text = code.strip()
    if text.isascii() and text.isdigit() and len(text) in DIGITS_OF_LEVEL.values():
        text = text.ljust(CODE_LENGTH, "0")
    if not any(pattern.fullmatch(text) for pattern in _PATTERNS.values()):
        raise UserError(
            "DIV-001",
            _("“%(code)s” is not a division code.") % {"code": code},
            remedy=_("A code has 2, 4, 6, 9 or 12 digits; a natural village's has 12, a hyphen and 3 more."),
            division=code,
        )
    return text


def level_of(code: str) -> Level:
    """The level that a short or full code stands for. Raises UserError DIV-001."""
    full = full_code(code)
    return next(level for level, pattern in _PATTERNS.items() if pattern.fullmatch(full))


def parent_code(code: str) -> str | None:
    """The code of the division directly above by the code alone; None above a province. Raises UserError DIV-001.

    It may lie more than one level up: 东莞 has no counties, the parent of its township 441900003 is 441900 itself.
    """
    full = full_code(code)
    level = level_of(full)
    if level == Level.PROVINCE:
        return None
    return full[: PARENT_DIGITS[level]].ljust(CODE_LENGTH, "0")


def ancestor_codes(code: str) -> list[str]:
    """The codes above, province first, the division itself not included. Raises UserError DIV-001."""
    codes: list[str] = []
    above = parent_code(code)
    while above is not None:
        codes.append(above)
        above = parent_code(above)
    return codes[::-1]


def number_of(code: str) -> int:
    """The 12 digits as a number; a natural village has its village's number. Raises UserError DIV-001."""
    return int(full_code(code)[:CODE_LENGTH])
