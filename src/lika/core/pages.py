"""What an address says of a list: the page, and the order by which column."""

from dataclasses import dataclass, replace
from typing import Self

from django.http import HttpRequest
from django.utils.functional import Promise

# More digits than any list has pages; Python refuses to read thousands of them.
_MOST_DIGITS = 8


def page_of(request: HttpRequest) -> int:
    """The page asked for by `?page=`; the first where that is no number of a page."""
    return number_of_page(request.GET.get("page", ""))


def number_of_page(text: str) -> int:
    """The page that a text names; the first where it names none."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 1


@dataclass(frozen=True)
class Column:
    """A heading of a list; `key` is what the list may be sorted by, empty where it may not.

    `term` is the key of the glossary where the heading is a word of it.
    """

    key: str
    label: str | Promise
    numeric: bool = False
    term: str = ""
    direction: str = ""
    sort_to: str = ""

    def sorted_by(self, sort: str) -> Self:
        """The heading as a list shows it that is sorted by a key (a minus in front: falling)."""
        if not self.key:
            return self
        rising, falling = sort == self.key, sort == f"-{self.key}"
        direction = "ascending" if rising else "descending" if falling else ""
        return replace(self, direction=direction, sort_to=f"-{self.key}" if rising else self.key)
