"""What an address says of the page of a list."""

from django.http import HttpRequest

# More digits than any list has pages; Python refuses to read thousands of them.
_MOST_DIGITS = 8


def page_of(request: HttpRequest) -> int:
    """The page asked for by `?page=`; the first where that is no number of a page."""
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 1
