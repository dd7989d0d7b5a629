"""What reports/*.yaml says: figures that have a basis or say what is missing, and formulas that can be added up."""

from collections.abc import Callable, Iterable, Iterator

from lika.engine.errors import ExpressionError
from lika.engine.figures.parts import part_of
from lika.engine.types import BooleanType, CodeType
from lika.policy import expanding, figures
from lika.policy.choices import Basis
from lika.policy.packs import faults
from lika.policy.packs.faults import Fault
from lika.policy.packs.faults.engine import spoken
from lika.policy.packs.folder import Item, PackFiles
from lika.policy.packs.report_form import Figure, ReportFields, ReportItem
from lika.policy.packs.resolved import ResolvedPack

# Whether the engine's refusal of a text only follows from a fault told elsewhere.
Follows = Callable[[ExpressionError, str], bool]


def faults_of(files: PackFiles, pack: ResolvedPack, follows: Follows) -> Iterator[Fault]:
    """Everything that is wrong with the reports of a pack, and with inherited ones that lost what they name."""
    language = figures.language_of(pack, at=pack.valid.first)
    for item in files.reports:
        seen: set[str] = set()
        yield from _spread_faults(item, files, pack, language)
        yield from _among_faults(item, language, follows)
        for index, figure in enumerate(item.value.figures):
            if figure.id in seen:
                yield faults.figure_twice(item.place("figures", index, "id"), figure.id)
            seen.add(figure.id)
            yield from _basis_faults(item, index, figure, demo=pack.demo)
            for name, text in figure.parts.items():
                yield from _text_faults(item, ("figures", index, name), text, language, follows)
        yield from _made_faults(item, pack, language)
    yield from _inherited_faults(files, pack, language)


def _spread_faults(
    item: Item[ReportItem], files: PackFiles, pack: ResolvedPack, language: figures.Language
) -> Iterator[Fault]:
    """An overlap is of criteria about households, a matrix of a code that is known of earlier years."""
    report = item.value
    if not (report.figures or report.overlap or report.matrix):
        yield faults.field_missing(item.place(), "figures")
    if report.overlap is not None:
        known = [each.id for each in pack.criteria if each.unit == "household"]
        for index, name in enumerate(report.overlap.criteria):
            again = name in report.overlap.criteria[:index]
            if again or (name not in known and name not in files.broken):
                yield faults.overlap_of_nothing(item.place("overlap", "criteria", index), name, known)
    if report.matrix is not None:
        facts = language.schema.units.get("household", {})
        fits = [
            name for name, fact in facts.items()
            if isinstance(fact.type, CodeType) and fact.formula is None and fact.lags >= report.matrix.years
        ]  # fmt: skip
        if report.matrix.fact not in fits:
            yield faults.matrix_of_nothing(item.place("matrix", "fact"), report.matrix.fact, fits)


def _made_faults(item: Item[ReportItem], pack: ResolvedPack, language: figures.Language) -> Iterator[Fault]:
    """What an overlap or matrix makes has ids of its own, which no figure may have that is written or made beside it:
    of two figures of one id a reader would be told one number under the other's name."""
    overlap = item.value.overlap
    if overlap is not None and len(set(overlap.criteria)) < len(overlap.criteria):
        return  # told already: one criterion twice
    written = {figure.id: index for index, figure in enumerate(item.value.figures)}
    made: set[str] = set()
    for each in expanding.figures_of(pack, item.value, language.schema)[len(item.value.figures) :]:
        name = each.item.id
        if name in written:
            yield faults.figure_made_too(item.place("figures", written[name], "id"), name)
        elif name in made:
            yield faults.figure_made_too(item.place(), name)
        made.add(name)


def _among_faults(item: Item[ReportItem], language: figures.Language, follows: Follows) -> Iterator[Fault]:
    """The households that an overlap is about are given by a condition on them."""
    text = None if item.value.overlap is None else item.value.overlap.among
    if text is None:
        return
    try:
        checked = language.checked(text, "household")
    except ExpressionError as error:
        yield from _refused(item, ("overlap", "among"), text, error, follows)
        return
    if not isinstance(checked.type, BooleanType):
        yield faults.among_no_condition(item.place("overlap", "among"), text)


def _text_faults(
    item: Item[ReportItem], path: tuple[str | int, ...], text: str, language: figures.Language, follows: Follows
) -> Iterator[Fault]:
    try:
        checked = language.checked(text)
    except ExpressionError as error:
        yield from _refused(item, path, text, error, follows)
        return
    if part_of(checked) is None:
        yield faults.figure_not_added(item.place(*path), item.value.id)


def _refused(
    item: Item[ReportItem], path: tuple[str | int, ...], text: str, error: ExpressionError, follows: Follows
) -> Iterator[Fault]:
    """The engine's refusal of a text, at its place, unless it only follows from a fault told elsewhere."""
    if error.criterion is None and not follows(error, text):
        yield faults.expression(item.document.place_inside((*item.path, *path), error.line, error.column), error)


def _basis_faults(item: Item[ReportItem], index: int, figure: Figure, *, demo: bool) -> Iterator[Fault]:
    """Missing means empty and says why; given, read or for demonstration means there is a formula."""
    missing = figure.basis is Basis.MISSING
    if figure.numerator is None and figure.denominator is not None:
        yield faults.denominator_alone(item.place("figures", index, "denominator"), figure.id)
    elif missing and figure.numerator is not None:
        yield faults.basis_with_content(item.place("figures", index, "numerator"), figure.id)
    elif not missing and figure.numerator is None:
        yield faults.basis_without_content(item.place("figures", index, "numerator"), figure.id)
    if figure.basis is not Basis.GIVEN and figure.note is None:
        yield faults.note_missing(item.place("figures", index), figure.id)
    if figure.basis is Basis.DEMO and not demo:
        yield faults.demo_outside(item.place("figures", index, "basis"), figure.id)


def _expanded(pack: ResolvedPack, report: ReportFields, language: figures.Language) -> Iterator[Iterable[str]]:
    """The formulas of a report; of those made of an overlap or matrix the first tell enough."""
    made = expanding.figures_of(pack, report, language.schema)
    yield from (each.item.parts.values() for each in made if not each.cell)


def _inherited_faults(files: PackFiles, pack: ResolvedPack, language: figures.Language) -> Iterator[Fault]:
    """An overlay may change what an inherited formula names; the formula must still hold."""
    if files.head is None:
        return
    for report in pack.reports:
        if report.origin == pack.reference:
            continue
        for text in dict.fromkeys(text for each in _expanded(pack, report, language) for text in each):
            try:
                language.checked(text)
            except ExpressionError as error:
                if error.criterion is None:
                    place = files.head.place("extends")
                    yield faults.inherited_report_fails(place, report.id, error.code, spoken(error))
                    break
