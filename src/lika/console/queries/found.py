"""What a search found, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lika.register.choices import PovertyStatus
from lika.register.queries import Hit, Hits, Kind

_TITLES: Mapping[Kind, Promise] = {
    Kind.NUMBER: _("By household number"),
    Kind.IDENTITY: _("By identity number"),
    Kind.PHONE: _("By telephone"),
    Kind.NAME: _("By name"),
}


@dataclass(frozen=True)
class Line:
    """A hit with its status in words; `name` is the person found, else the head."""

    hit: Hit
    name: str
    status: str


@dataclass(frozen=True)
class Group:
    """What was found in one respect."""

    title: Promise
    lines: tuple[Line, ...]
    more: bool


def search_groups(found: Iterable[Hits]) -> list[Group]:
    """The groups of the page, in the order in which they were found."""
    return [Group(_TITLES[each.kind], tuple(map(_line, each.hits)), each.more) for each in found]


def _line(hit: Hit) -> Line:
    return Line(hit, hit.person or hit.head, str(PovertyStatus(hit.poverty_status).label))
