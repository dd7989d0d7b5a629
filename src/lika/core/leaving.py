"""What leaves as a file for office programs: nothing in it is run by them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A text as it may stand in a CSV cell: one that a program would run as a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_of(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A list as UTF-8 with a mark, as spreadsheet programs want it, every text made `harmless`."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
