"""Golden cases of figures: a division with the units below it, and the number that each figure must have there.

Every figure with a formula is shown as a number and, where it can be, as unknown, by every engine.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from lika.engine import ranges
from lika.engine.amounts import number_text
from lika.engine.facts_json import FactsDocument
from lika.engine.figures.parts import ADDED_UNITS
from lika.engine.ranges import Range, round_half_away
from lika.engine.reference import Answer
from lika.engine.schema import UNIT_NAMES
from lika.policy import figures
from lika.policy.choices import Verdict
from lika.policy.engines import ENGINES
from lika.policy.expanding import figures_of
from lika.policy.packs import faults
from lika.policy.packs.case_form import Case
from lika.policy.packs.faults import Fault
from lika.policy.packs.folder import Item, PackFiles
from lika.policy.packs.report_form import Figure
from lika.policy.packs.resolved import ResolvedPack

_DIVISIONS = UNIT_NAMES[len(ADDED_UNITS) :]
_NUMBER = "2736.10"


def lacking(files: PackFiles) -> Iterator[Fault]:
    """Figures with a formula that no case shows as a number, or as unknown."""
    shown: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for item in files.cases:
        for name, of in item.value.figures.items():
            for one, told in of.items():
                shown[name, one].add(told is Verdict.UNKNOWN)
    for listed in files.reports:
        report = listed.value
        for index, figure in enumerate(report.figures):
            if figure.numerator is None:
                continue
            wanted = [False] if _always_known(figure) else [False, True]
            missing = [unknown for unknown in wanted if unknown not in shown[report.id, figure.id]]
            if missing:
                words = [Verdict.UNKNOWN.value if unknown else _NUMBER for unknown in missing]
                yield faults.case_lacking(listed.place("figures", index), f"{report.id}.{figure.id}", words)
        if (report.overlap or report.matrix) is not None:
            own = {figure.id for figure in report.figures}
            told_of = set().union(*(of for (name, one), of in shown.items() if name == report.id and one not in own))
            missing = [unknown for unknown in (False, True) if unknown not in told_of]
            if missing:
                words = [Verdict.UNKNOWN.value if unknown else _NUMBER for unknown in missing]
                yield faults.case_lacking(listed.place(), report.id, words)


def _always_known(figure: Figure) -> bool:
    """A plain count of all units, by nothing divided."""
    return figure.denominator is None and figure.numerator is not None and "," not in figure.numerator


def faults_of(
    pack: ResolvedPack, item: Item[Case], document: FactsDocument, language: figures.Language
) -> Iterator[Fault]:
    """Figures that are not what a case says, by any engine. Raises `FactsError` as the engines do."""
    reports = {report.id: report for report in pack.reports}
    asked: list[tuple[str, Figure, int | Decimal | Verdict]] = []
    for name, told in item.value.figures.items():
        report = reports.get(name)
        if report is None:
            yield faults.case_unknown_name(item.key_place("figures", name), "report", name, reports)
            continue
        if item.value.unit not in _DIVISIONS:
            yield faults.case_of_lower_unit(item.place("unit"), name, _DIVISIONS)
            return
        known = {each.item.id: each.item for each in figures_of(pack, report, language.schema)}
        for figure_id, expected in told.items():
            if figure_id in known:
                asked.append((name, known[figure_id], expected))
            else:
                yield faults.case_unknown_name(item.key_place("figures", name, figure_id), "figure", figure_id, known)
    if asked:
        yield from _answer_faults(item, asked, document, language)


def _answer_faults(
    item: Item[Case],
    asked: Sequence[tuple[str, Figure, int | Decimal | Verdict]],
    document: FactsDocument,
    language: figures.Language,
) -> Iterator[Fault]:
    """All figures of a case are asked of each engine at once: a query costs more than what it counts."""
    texts = dict.fromkeys(text for _report, figure, _expected in asked for text in figure.parts.values())
    expressions = [language.checked(text, item.value.unit) for text in texts]
    found = {
        engine: dict(zip(texts, answers(expressions, document), strict=True)) for engine, answers in ENGINES.items()
    }
    for report, figure, expected in asked:
        wanted = None if isinstance(expected, Verdict) else Fraction(expected)
        by_answer: dict[Fraction | None, list[str]] = defaultdict(list)
        for engine, answered in found.items():
            by_answer[_figure([answered[text] for text in figure.parts.values()], figure.places)].append(engine)
        for value, engines in by_answer.items():
            if value != wanted:
                place, name = item.place("figures", report, figure.id), f"{report}.{figure.id}"
                yield faults.case_wrong(place, name, engines, str(expected), _shown(value, figure.places))


def _figure(answers: Sequence[Answer], places: int) -> Fraction | None:
    """A figure from the answers for its numerator and denominator; None where it is not one number."""
    numbers = [ranges.exactly(answer) if isinstance(answer, Fraction) else answer for answer in answers]
    value: Range | None = None
    if numbers and all(isinstance(number, Range) for number in numbers):
        above, *below = numbers
        value = ranges.divide(above, below[0]) if below else above  # type: ignore[arg-type,assignment]
    return round_half_away(value.low, places) if value is not None and value.single else None


def _shown(value: Fraction | None, places: int) -> str:
    return Verdict.UNKNOWN.value if value is None else number_text(value, places).replace(",", "")
