"""Villages as a list shows them: in which township, with what amount, and the way to their households."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from lika.divisions import queries as divisions
from lika.divisions.codes import ancestor_codes
from lika.divisions.names import place_name
from lika.snapshots.queries.analysis import VillageBehind


@dataclass(frozen=True)
class VillageLine:
    """A village, the township above it, its amount (None where none was asked for, or it is unknown)."""

    name: str
    township: str
    value: Decimal | None
    url: str


def village_lines(found: Sequence[VillageBehind]) -> list[VillageLine]:
    """The lines of a page, in its order; `url` opens the households that stand in the village now."""
    codes = [f"{village.code:012d}" for village in found]
    above = {code: ancestor_codes(code)[-1] for code in codes}
    named = {code: place_name(each.name) for code, each in divisions.by_codes({*codes, *above.values()}).items()}
    page = reverse("console:households")
    return [
        VillageLine(
            named.get(code, code),
            named.get(above[code], above[code]),
            village.value,
            f"{page}?{urlencode({'division': code})}",
        )
        for code, village in zip(codes, found, strict=True)
    ]
