"""The figures of a pack's reports made ready to be added up: formulas checked, parameters valued at a day."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lika.engine.checker import check
from lika.engine.criteria import Checked, Criterion
from lika.engine.figures.parts import TOP, Part, part_of
from lika.engine.messages import Words
from lika.engine.parser import parse
from lika.engine.schema import ParameterSpec, ParameterValue, Schema
from lika.engine.wording import Phrases
from lika.policy import resolve
from lika.policy.expanding import Expanded, figures_of
from lika.policy.packs.report_form import Figure, ReportFields
from lika.policy.packs.resolved import ResolvedPack


@dataclass(frozen=True)
class Language:
    """What formulas may name: facts, and the parameters and criteria of a pack on a day."""

    schema: Schema
    parameters: Mapping[str, ParameterSpec]
    criteria: Mapping[str, Criterion]

    def checked(self, text: str, unit: str = TOP) -> Checked:
        """The checked form of a formula's text. Raises `lika.engine.errors.ExpressionError`."""
        node = parse(text)
        return check(node, unit=unit, schema=self.schema, parameters=self.parameters, criteria=self.criteria)


@dataclass(frozen=True, eq=False)
class CompiledFigure:
    """A figure as it stands on a day; without parts it waits for its basis (待补充依据).

    A `cell` is left out where it is 0 everywhere.
    """

    item: Figure
    numerator: Part | None
    denominator: Part | None
    cell: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is added up for it."""
        return tuple(part for part in (self.numerator, self.denominator) if part is not None)


def language_of(pack: ResolvedPack, *, at: dt.date, assume: Mapping[str, ParameterValue] | None = None) -> Language:
    """What the formulas of a pack may name on a day; `assume` replaces values for one run."""
    criteria = {item.id: item for item in resolve.engine_criteria(pack)}
    return Language(resolve.schema_of(pack), resolve.parameters_of(pack, at, assume), criteria)


def compiled_figures(
    pack: ResolvedPack, report: ReportFields, *, at: dt.date, assume: Mapping[str, ParameterValue] | None = None
) -> tuple[CompiledFigure, ...]:
    """The figures of a report, in its order.

    Raises `lika.engine.errors.ExpressionError` where a formula no longer holds against today's facts.
    """
    language = language_of(pack, at=at, assume=assume)
    return tuple(_compiled(figure, language) for figure in figures_of(pack, report, language.schema))


def in_words(figures: tuple[CompiledFigure, ...]) -> dict[str, Words]:
    """The formula of each figure in the words of officials, by id; those without basis are left out."""
    return {figure.item.id: Words(*_formula(figure)) for figure in figures if figure.numerator is not None}


def _formula(figure: CompiledFigure) -> Iterator[str]:
    said = [Phrases(part.checked.schema).of(part.checked.root) for part in figure.parts]
    yield " ÷ ".join(words.zh for words in said)
    yield " ÷ ".join(words.en for words in said)


def _compiled(figure: Expanded, language: Language) -> CompiledFigure:
    parts = {name: _part(language.checked(text), text) for name, text in figure.item.parts.items()}
    return CompiledFigure(figure.item, parts.get("numerator"), parts.get("denominator"), figure.cell)


def _part(checked: Checked, text: str) -> Part:
    part = part_of(checked)
    if part is None:
        raise ValueError(f"no count or sum: {text}")  # refused when the pack is loaded
    return part
