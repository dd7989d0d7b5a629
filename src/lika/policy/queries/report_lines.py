"""Reports in words, as officials read them: each figure with its formula, its unit and the clause."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lika.core.language import Said, listed
from lika.engine.messages import Words
from lika.policy import expanding, figures, resolve
from lika.policy.choices import Basis
from lika.policy.packs.report_form import Figure
from lika.policy.packs.resolved import ResolvedPack, ResolvedReport
from lika.policy.queries.basis import Based
from lika.policy.words import said


@dataclass(frozen=True)
class FigureLine(Based):
    """A figure in the reader's words; `formula` None: 待补充依据. `expression` is the formula as it is written."""

    id: str
    title: Said
    formula: Said | None
    expression: str
    measure: Said
    clause: str
    clause_text: str
    basis: Basis
    note: Said | None


@dataclass(frozen=True)
class ReportLine(Based):
    """A report in words. `overlap` names the criteria that are held against each other, `matrix` the status whose
    changes from year to year are counted; empty where there is none."""

    id: str
    title: Said
    levels: str
    figures: tuple[FigureLine, ...]
    overlap: str
    matrix: str
    clause_ref: str
    clause_text: str
    basis: Basis
    note: Said | None

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"report-{self.id}"


def report_lines(pack: ResolvedPack, *, at: dt.date) -> tuple[ReportLine, ...]:
    """The reports of a pack as they stand on a day.

    Raises `lika.engine.errors.ExpressionError` where a formula no longer holds against today's facts.
    """
    return tuple(_line(pack, item, at) for item in pack.reports)


def report_of(pack: ResolvedPack, report_id: str) -> ResolvedReport | None:
    """The report of a pack with an id."""
    return next((item for item in pack.reports if item.id == report_id), None)


def _line(pack: ResolvedPack, item: ResolvedReport, at: dt.date) -> ReportLine:
    # What is made of an overlap or a matrix is told in one line: it is more than a table of formulas can tell.
    words = figures.in_words(figures.compiled_figures(pack, item.model_copy(update=_WRITTEN), at=at))
    overlapping = expanding.titles_of(pack, item.overlap) if item.overlap else {}
    fact = resolve.schema_of(pack).fact("household", item.matrix.fact) if item.matrix else None
    return ReportLine(
        id=item.id,
        title=Said(item.zh, item.en),
        levels=listed(str(level.label) for level in item.levels),
        figures=tuple(_figures(item.figures, words)),
        overlap=listed(str(Said(*words)) for words in overlapping.values()),
        matrix=str(Said(fact.zh, fact.en)) if fact else "",
        clause_ref=item.clause.ref,
        clause_text=item.clause.text,
        basis=item.basis,
        note=said(item.note),
    )


_WRITTEN = {"overlap": None, "matrix": None}


def _figures(items: list[Figure], words: Mapping[str, Words]) -> Iterator[FigureLine]:
    for item in items:
        yield FigureLine(
            id=item.id,
            title=Said(item.zh, item.en),
            formula=Said(*words[item.id]) if item.id in words else None,
            expression=" / ".join(item.parts.values()),
            measure=Said(item.unit_shown.zh, item.unit_shown.en),
            clause=item.clause.ref,
            clause_text=item.clause.text,
            basis=item.basis,
            note=said(item.note),
        )
