"""Making the content of a publication from current screenings and packs: masked before anybody sees it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound, UserError
from lika.core.language import Said, chosen, language
from lika.disclosure import content
from lika.disclosure.choices import Kind
from lika.disclosure.content import Content, Line
from lika.disclosure.suppression import Place, Shown, shown
from lika.disclosure.told import smallest_shown
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.divisions.names import place_name
from lika.engine.amounts import date_words
from lika.engine.snapshots.layout import county_of
from lika.policy import queries as policy
from lika.snapshots import queries as snapshots
from lika.snapshots.choices import UnitKind
from lika.snapshots.models import Screening
from lika.snapshots.queries import Counts


@dataclass(frozen=True)
class Draft:
    """A publication before anybody proposed it: the fields of `Document`, and what it was made from."""

    kind: Kind
    division: int
    place: str
    places: str
    title: Said
    text: str
    source: str


def draft(by: Actor, kind: Kind, division: str, pack_id: str) -> Draft:
    """The publication of a kind for a county or township, from the pack's current screening there.

    Raises DIV-001, DIV-010, DIS-001 (nothing current), DIS-002 (another level), DIS-003 (nothing could be shown),
    DIS-005 (the pack no longer fits the facts).
    """
    place = divisions.get(division)
    if place.level not in (Level.COUNTY, Level.TOWNSHIP):
        raise UserError(
            "DIS-002",
            _("Publications are made for a county or a township."),
            remedy=_("Choose the county, or a township of it."),
            division=place.code,
        )
    found = current(place.number, pack_id)
    path = _said_path(divisions.path_label(place.code))
    made, title = _MAKERS[kind](by, found, place)
    return Draft(
        kind=kind,
        division=place.number,
        place=path,
        places=_places(place),
        title=title,
        text=content.text_of(kind, made),
        source=source_of(kind, found),
    )


def current(division: int, pack_id: str) -> Screening:
    """The current screening of households by a pack where a division lies. Raises DIS-001 where there is none."""
    found = snapshots.current_screening(county_of(division), UnitKind.HOUSEHOLD, pack_id=pack_id)
    if found is None:
        raise NotFound(
            "DIS-001",
            _("No screening by this pack is current there."),
            remedy=_("Take a snapshot and run the screening first."),
            pack=pack_id[:80],
        )
    return found


def source_of(kind: Kind, found: Screening) -> str:
    """What a publication is made from: a snapshot and a pack, or a pack alone."""
    pack = f"{found.pack} {found.pack_sha256[:16]}"
    return f"{kind} {found.snapshot_id} {pack}" if kind == Kind.FIGURES else f"{kind} {pack}"


def both(make: Callable[[], str]) -> Said:
    """A text that the catalogue or the data has in both languages."""
    with translation.override("zh-hans"):
        zh = make()
    with translation.override("en"):
        return Said(zh, make())


def _figures(by: Actor, found: Screening, place: Division) -> tuple[Content, Said]:
    item = snapshots.summary_of(found)
    if item is None:
        raise NotFound(
            "DIS-001",
            _("No screening by this pack is current there."),
            remedy=_("Take a snapshot and run the screening first."),
            pack=found.pack,
        )
    counted = {level: snapshots.counts_by_division(by, found, item.criterion, level) for level in _LEVELS}
    tree = _tree(place.number, Level(place.level), counted)
    lines = shown(tree, smallest=smallest_shown())
    if None in lines[tree.code]:
        raise UserError(
            "DIS-003",
            _("There are too few households: nothing could be shown without telling of single ones."),
            remedy=_("Publish the figures of the county instead."),
            division=place.code,
        )
    names = divisions.by_codes(f"{code:012d}" for code in lines)
    townships = tree.below if place.level == Level.COUNTY else (tree,)
    pack = policy.get(found.pack).pack()
    criterion = pack.criterion(item.criterion)
    made = content.Figures(
        as_of=found.snapshot.at.isoformat(),
        pack=found.pack,
        pack_title=Said(found.pack_zh, found.pack_en),
        criterion=Said(item.zh, item.en),
        clause=criterion.clause.ref if criterion else "",
        demo=pack.demo,
        snapshot=found.snapshot_id,
        digest=found.digest,
        smallest=smallest_shown(),
        top=_line(tree, lines, names),
        townships=tuple(
            content.Block(_line(one, lines, names), tuple(_line(village, lines, names) for village in one.below))
            for one in townships
        ),
    )
    title = both(
        lambda: (
            _("%(place)s: households against “%(criterion)s”, as of %(day)s")
            % {
                "place": place_name(place.name),
                "criterion": chosen(item.zh, item.en),
                "day": chosen(*date_words(found.snapshot.at)),
            }
        )
    )
    return made, title


_LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


def _tree(code: int, level: Level, counted: Mapping[Level, Mapping[int, Counts]]) -> Place:
    """A division with what was counted there, and those below; one without any household is left out."""
    own = counted[level].get(code)
    if own is None:
        raise UserError(
            "DIS-003",
            _("There are too few households: nothing could be shown without telling of single ones."),
            remedy=_("Publish the figures of the county instead."),
            division=f"{code:012d}",
        )
    area = Area.of([f"{code:012d}"])
    below = [] if level == Level.VILLAGE else [one for one in sorted(counted[Level(level + 1)]) if one in area]
    return Place(
        code,
        (own.total, own.met, own.not_met, own.unknown),
        tuple(_tree(one, Level(level + 1), counted) for one in below),
    )


def _line(place: Place, lines: Mapping[int, Shown], names: Mapping[str, Division]) -> Line:
    code = f"{place.code:012d}"
    return Line(code, place_name(names[code].name) if code in names else code, lines[place.code])


def _criteria(_by: Actor, found: Screening, place: Division) -> tuple[Content, Said]:
    row = policy.get(found.pack)
    pack = row.pack()
    today = timezone.localdate()
    day = max(min(today, row.valid_to or today), row.valid_from)
    view = policy.view(pack, at=day)
    read = policy.clause_lines(pack, view, at=day)
    if read.problem is not None:
        raise UserError(
            "DIS-005",
            _("This version of the pack can no longer be read: %(problem)s")
            % {"problem": read.problem.describe(language())},
            remedy=_("Load the pack anew and screen by it."),
            pack=found.pack,
        )
    words = {line.item.id: line.words for clause in read.lines for line in clause.criteria}
    made = content.Criteria(
        as_of=day.isoformat(),
        pack=found.pack,
        pack_title=Said(found.pack_zh, found.pack_en),
        document=Said(pack.document.zh, pack.document.en),
        demo=pack.demo,
        valid_from=pack.valid.first.isoformat(),
        valid_to=pack.valid.last.isoformat() if pack.valid.last else None,
        groups=tuple(
            content.Group(_told(group.label), tuple(_criterion(item, words.get(item.id)) for item in group.criteria))
            for group in view.groups
        ),
        parameters=tuple(_parameter(item) for item in view.parameters),
    )
    title = both(
        lambda: (
            _("%(place)s: the criteria in force (%(pack)s)")
            % {"place": place_name(place.name), "pack": chosen(found.pack_zh, found.pack_en)}
        )
    )
    return made, title


def _criterion(item: policy.CriterionView, words: Said | None) -> content.Criterion:
    return content.Criterion(
        label=Said(item.label.zh, item.label.en),
        words=_told(words),
        clause=item.clause_ref,
        clause_text=item.clause_text,
        note=_told(item.note),
        missing=item.missing,
        demo=item.demo,
    )


def _parameter(item: policy.ParameterView) -> content.Parameter:
    return content.Parameter(
        label=Said(item.label.zh, item.label.en),
        value=None if item.missing else Said(item.shown.zh, item.shown.en),
        clause=item.clause_ref,
        clause_text=item.clause_text,
        demo=item.demo,
    )


def _told(said: Said | None) -> Said | None:
    return None if said is None else Said(said.zh, said.en)


def _said_path(path: str) -> str:
    return " ".join(place_name(step) for step in path.split(" "))


def _places(place: Division) -> str:
    """A line `code name` for the division, those above it and those below it down to the village."""
    found: Iterable[Division] = [
        *divisions.ancestors(place.code),
        *(one for level in Level if level <= Level.VILLAGE for one in divisions.within(place.code, level)),
    ]
    return "".join(f"\n{one.code} {place_name(one.name)}" for one in found)


_Maker = Callable[[Actor, Screening, Division], tuple[Content, Said]]
_MAKERS: Mapping[Kind, _Maker] = {Kind.FIGURES: _figures, Kind.CRITERIA: _criteria}
