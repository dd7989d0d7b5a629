"""Named reads of divisions. Division data is public: no function here takes a user.

Every function accepts short codes (62, 6212, 621223, 621223100) and full ones.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from lika.core.areas import CODE_LENGTH, EVERYWHERE, Area, is_country
from lika.core.errors import NotFound, UserError
from lika.divisions.choices import COUNTRY_LEVEL, Level
from lika.divisions.codes import ancestor_codes, full_code, number_of
from lika.divisions.models import Division, DivisionChange

_COUNTRY_CODE = "0" * CODE_LENGTH


def get(code: str) -> Division:
    """The division of a code, valid today or not. Raises DIV-001 (not a code), DIV-010 (no such division)."""
    full = full_code(code)
    division = Division.objects.filter(pk=full).first()
    if division is None:
        raise NotFound(
            "DIV-010",
            _("There is no division with the code %(code)s.") % {"code": full},
            remedy=_("Check the code, or load the divisions with `lika divisions load`."),
            division=full,
        )
    return division


@dataclass(frozen=True)
class Place:
    """A division, or the country: what a snapshot can be of. The country is no division (`docs/adr/the-country.md`)."""

    code: str
    number: int
    level: int
    name: str


def place(code: str) -> Place:
    """What a code stands for, six or twelve zeros for the country. Raises DIV-001, DIV-010."""
    return _country() if is_country(code) else _place_of(get(code))


def places(codes: Iterable[str]) -> dict[str, Place]:
    """What `place` gives for some codes, by full code; unknown codes are left out. Raises DIV-001."""
    wanted = set(codes)
    below = {code for code in wanted if not is_country(code)}
    found = {code: _place_of(division) for code, division in by_codes(below).items()} if below else {}
    return found | ({_COUNTRY_CODE: _country()} if below != wanted else {})


def _place_of(division: Division) -> Place:
    return Place(division.code, division.number, division.level, division.name)


def _country() -> Place:
    return Place(_COUNTRY_CODE, 0, COUNTRY_LEVEL, str(_("The whole country")))


def by_codes(codes: Iterable[str]) -> dict[str, Division]:
    """The divisions that exist among some codes, by full code."""
    return Division.objects.in_bulk({full_code(code) for code in codes})


def children(code: str | None = None, *, at: dt.date | None = None) -> QuerySet[Division]:
    """The divisions directly below one (below the nation without a code), in the order of their codes.

    Those that have ended are left out; with `at`, those that were not valid on that day.
    """
    below = Division.objects.filter(parent=None if code is None else full_code(code))
    return _valid(below, at).order_by("code")


def children_of_each(codes: Sequence[str]) -> dict[str, list[Division]]:
    """What `children` gives for each of some divisions, by their full code, in one query."""
    below: dict[str, list[Division]] = {full_code(code): [] for code in codes}
    for division in _valid(Division.objects.filter(parent__in=below), None).order_by("code"):
        below[str(division.parent_id)].append(division)
    return below


def with_children(codes: Sequence[str]) -> tuple[dict[str, Division], dict[str, list[Division]]]:
    """What `by_codes` and `children_of_each` give for some divisions, in one query."""
    wanted = [full_code(code) for code in codes]
    found: dict[str, Division] = {}
    below: dict[str, list[Division]] = {code: [] for code in wanted}
    for division in Division.objects.filter(Q(pk__in=wanted) | Q(parent__in=wanted)).order_by("code"):
        if division.code in below:
            found[division.code] = division
        if division.parent_id in below and division.valid_to is None:
            below[str(division.parent_id)].append(division)
    return found, below


def within(code: str, level: Level, *, at: dt.date | None = None) -> QuerySet[Division]:
    """All divisions of a level in the country or inside a division (itself included where it has that level), by code.

    Raises DIV-001.
    """
    area = EVERYWHERE if is_country(code) else Area.of([str(number_of(code))])
    return _valid(Division.objects.filter(area.where("number"), level=level), at).order_by("code")


@dataclass(frozen=True)
class Placed:
    """How many townships a county has, how many of them hold a village with a position, and whether any is invented."""

    townships: int
    placed: int
    invented: bool


def townships_placed(county: str) -> Placed:
    """Where the townships of a county lie is told by their villages. One query."""
    placed = Q(level=Level.VILLAGE, longitude__isnull=False, latitude__isnull=False)
    known = (within(county, Level.TOWNSHIP) | within(county, Level.VILLAGE)).aggregate(
        townships=Count("pk", filter=Q(level=Level.TOWNSHIP)),
        placed=Count(F("number") / 1000, distinct=True, filter=placed),
        invented=Count("pk", filter=placed & Q(position_invented=True)),
    )
    return Placed(known["townships"], known["placed"], bool(known["invented"]))


def ancestors(code: str) -> list[Division]:
    """The divisions above, province first, in one query. Raises DIV-001."""
    return list(Division.objects.filter(pk__in=ancestor_codes(code)).order_by("level"))


def path_label(code: str) -> str:
    """The names from the province down: 甘肃省 陇南市 宕昌县 城关镇 …; headings such as 市辖区 are left out.

    Raises DIV-001, DIV-010.
    """
    full = get(code).code
    return path_labels([full])[full]


def path_labels(codes: Iterable[str]) -> dict[str, str]:
    """`path_label` of many codes in one query, by full code; unknown codes are left out. The country has its name."""
    asked = set(codes)
    wanted = {full_code(code) for code in asked if not is_country(code)}
    paths = {code: [*ancestor_codes(code), code] for code in wanted}
    found = Division.objects.in_bulk({step for path in paths.values() for step in path})
    labels = {
        code: " ".join(
            found[step].name for step in path if step in found and (step == code or not found[step].is_heading)
        )
        for code, path in paths.items()
        if code in found
    }
    return labels | ({_COUNTRY_CODE: _country().name} if any(map(is_country, asked)) else {})


def search(text: str, *, level: Level | None = None, area: Area = EVERYWHERE, limit: int = 20) -> list[Division]:
    """Valid divisions by the beginning of their code or a part of their name, the best match first.

    A name that equals the text comes before one that begins with it, that before the rest, upper levels first.
    """
    wanted = text.strip()
    if not wanted:
        return []
    match = Q(code__startswith=wanted) if wanted.isascii() and wanted.isdigit() else Q(name__contains=wanted)
    found = _valid(Division.objects.filter(match, area.where("number")), None)
    if level is not None:
        found = found.filter(level=level)
    closeness = Case(
        When(name=wanted, then=Value(0)),
        When(name__startswith=wanted, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return list(found.order_by(closeness, "level", "code")[:limit])


def resolve(code: str, *, at: dt.date) -> Division:
    """The division that a code meant on a day: itself while valid, else its successor or, earlier, its predecessor.

    451025 靖西县 resolves to itself in 2014 and to 451081 靖西市 in 2016; 451081 resolves to 451025 in 2014.
    Raises DIV-001, DIV-010, DIV-011 (nothing known for that day), DIV-014 (split or merged: several answers).
    """
    division = get(code)
    while not division.valid_on(at):
        ended = division.valid_to is not None and division.valid_to <= at
        others = successors(division) if ended else predecessors(division)
        if not others:
            raise UserError(
                "DIV-011",
                _("%(division)s was not valid on %(day)s, and no change of it is recorded.")
                % {"division": division, "day": at.isoformat()},
                remedy=_("Load the change with `lika divisions load --file`."),
                division=division.code,
            )
        if len(others) > 1:
            raise UserError(
                "DIV-014",
                _("%(division)s was split or merged: on %(day)s it is %(others)s.")
                % {"division": division, "day": at.isoformat(), "others": ", ".join(map(str, others))},
                remedy=_("Name one of them."),
                division=division.code,
            )
        division = others[0]
    return division


def successors(division: Division) -> Sequence[Division]:
    """What a division became, by code; empty while none is recorded."""
    followed = DivisionChange.objects.filter(predecessor=division).values("successor")
    return list(Division.objects.filter(pk__in=followed).order_by("code"))


def predecessors(division: Division) -> Sequence[Division]:
    """What a division was before it had its code."""
    led = DivisionChange.objects.filter(successor=division).values("predecessor")
    return list(Division.objects.filter(pk__in=led).order_by("code"))


def counts_by_level(code: str | None = None) -> dict[Level, int]:
    """How many valid divisions there are of each level, in the nation or inside one division."""
    area = EVERYWHERE if code is None else Area.of([str(number_of(code))])
    rows = _valid(Division.objects.filter(area.where("number")), None).order_by().values("level")
    return {Level(row["level"]): row["count"] for row in rows.annotate(count=Count("pk")).order_by("level")}


def lying_in(area: Area, level: Level) -> QuerySet[Division]:
    """The valid divisions of a level in an area, by code."""
    return _valid(Division.objects.filter(area.where("number"), level=level), None).order_by("code")


def count_within(area: Area, level: Level) -> int:
    """How many valid divisions of a level lie in an area."""
    return lying_in(area, level).count()


def counted_by_part(area: Area, level: Level, step: int) -> dict[int, int]:
    """How many valid divisions of a level an area has in each part of `step` codes (1,000,000: a county's), by part."""
    rows = _valid(Division.objects.filter(area.where("number"), level=level), None).order_by()
    counted = rows.annotate(part=F("number") / step).values("part").annotate(count=Count("pk"))
    return {row["part"]: row["count"] for row in counted}


def _valid(divisions: QuerySet[Division], at: dt.date | None) -> QuerySet[Division]:
    """Those valid on a day; without a day, those that have not ended."""
    if at is None:
        return divisions.filter(valid_to__isnull=True)
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=at)
    return divisions.filter(begun).exclude(valid_to__lte=at)
