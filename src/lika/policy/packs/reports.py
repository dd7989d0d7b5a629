"""What reports/*.yaml says: figures that have a basis or say what is missing, and formulas that can be added up."""

from collections.abc import Callable, Iterator

from lika.engine.errors import ExpressionError
from lika.engine.figures.parts import part_of
from lika.policy import figures
from lika.policy.choices import Basis
from lika.policy.packs import faults
from lika.policy.packs.faults import Fault
from lika.policy.packs.faults.engine import spoken
from lika.policy.packs.folder import Item, PackFiles
from lika.policy.packs.report_form import Figure, ReportItem
from lika.policy.packs.resolved import ResolvedPack

# Whether the engine's refusal of a text only follows from a fault told elsewhere.
Follows = Callable[[ExpressionError, str], bool]


def faults_of(files: PackFiles, pack: ResolvedPack, follows: Follows) -> Iterator[Fault]:
    """Everything that is wrong with the reports of a pack, and with inherited ones that lost what they name."""
    language = figures.language_of(pack, at=pack.valid.first)
    for item in files.reports:
        seen: set[str] = set()
        for index, figure in enumerate(item.value.figures):
            if figure.id in seen:
                yield faults.figure_twice(item.place("figures", index, "id"), figure.id)
            seen.add(figure.id)
            yield from _basis_faults(item, index, figure, demo=pack.demo)
            for name, text in figure.parts.items():
                yield from _text_faults(item, ("figures", index, name), text, language, follows)
    yield from _inherited_faults(files, pack, language)


def _text_faults(
    item: Item[ReportItem], path: tuple[str | int, ...], text: str, language: figures.Language, follows: Follows
) -> Iterator[Fault]:
    try:
        checked = language.checked(text)
    except ExpressionError as error:
        if error.criterion is None and not follows(error, text):
            place = item.document.place_inside((*item.path, *path), error.line, error.column)
            yield faults.expression(place, error)
        return
    if part_of(checked) is None:
        yield faults.figure_not_added(item.place(*path), item.value.id)


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


def _inherited_faults(files: PackFiles, pack: ResolvedPack, language: figures.Language) -> Iterator[Fault]:
    """An overlay may change what an inherited formula names; the formula must still hold."""
    if files.head is None:
        return
    for report in pack.reports:
        if report.origin == pack.reference:
            continue
        for _path, text in report.texts():
            try:
                language.checked(text)
            except ExpressionError as error:
                if error.criterion is None:
                    place = files.head.place("extends")
                    yield faults.inherited_report_fails(place, report.id, error.code, spoken(error))
