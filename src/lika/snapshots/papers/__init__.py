"""The explanation of a unit as a paper: drawn from the same tree as the page."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from lika.core.language import chosen
from lika.core.papers import PaperData, paper
from lika.engine.snapshots.layout import IDENTIFIED_UNITS
from lika.snapshots.choices import ScreeningState
from lika.snapshots.explanations import Explained, UnitExplained
from lika.snapshots.telling import RESULTS, Node, lines, needs_node, node_of, origin_lines, said

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class PaperLine:
    """A step, set in by its depth; `small` stands below it."""

    depth: int
    result: str
    text: str
    small: tuple[str, ...]


@dataclass(frozen=True)
class PaperCriterion:
    """A criterion with its clause, how it was worked out, and what would have to change."""

    title: str
    result: str
    clause: str
    origins: str
    working: tuple[PaperLine, ...]
    needs: tuple[PaperLine, ...]


@dataclass(frozen=True)
class PaperFact:
    """A line of the head."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ExplanationPaper(PaperData):
    """The paper. The heads stand above or before what they name, `footer` around the page's numbers."""

    head: tuple[PaperFact, ...]
    criteria: tuple[PaperCriterion, ...]
    working_head: str
    needs_head: str
    origins_head: str
    footer: tuple[str, str, str]
    note: str


def explanation_paper(data: ExplanationPaper) -> bytes:
    """The PDF/A. Raises as `lika.core.papers.paper`."""
    return paper(TEMPLATES / "explanation.typ", data)


def explanation_data(unit: UnitExplained, *, about: Iterable[tuple[str, str]], made_on: dt.date) -> ExplanationPaper:
    """The paper in the language of the moment. `about` says of whom it is."""
    pinned = unit.pinned
    trial = pinned.state == ScreeningState.TRIAL
    marks = {
        ScreeningState.TRIAL: _("Trial run: nothing may be decided on it"),
        ScreeningState.EARLIER: str(ScreeningState.EARLIER.label),
    }
    marked = marks.get(pinned.state) if pinned.state else None
    head = [
        *about,
        *([(_("Screening"), marked)] if marked else []),
        (_("Policy pack"), f"{said(pinned.title)} {pinned.pack}"),
        (_("Standard time point"), pinned.at.isoformat()),
        (_("Data snapshot"), pinned.snapshot),
        (_("Digest of the screening"), pinned.digest),
    ]
    return ExplanationPaper(
        title=_("Trial run: criteria and how they were answered")
        if trial
        else _("Criteria and how they were answered"),
        made_on=made_on,
        head=tuple(PaperFact(label, value) for label, value in head),
        criteria=tuple(_criterion(each) for each in unit.criteria),
        working_head=_("How it was worked out"),
        needs_head=_("What would have to change"),
        origins_head=_("Source of the data"),
        footer=(_("page "), _(" of "), _(" pages")),
        note="" if unit.in_full else _left_out(unit.unit),
    )


def _left_out(unit: str) -> str:
    """What its reader does not get: of a person or household the values, of a division who lies behind the counts."""
    if unit in IDENTIFIED_UNITS:
        return _("Values are left out, for its reader may not see them here.")
    return _(
        "Counts and shares are told; single households and persons, and what they have, are not shown to its reader."
    )


def _criterion(each: Explained) -> PaperCriterion:
    node = node_of(each.explanation, open_criteria=False)
    clause = each.clause
    answer = each.explanation.answer
    source = " ".join(part for part in (said(clause.document), clause.ref) if part)
    return PaperCriterion(
        title=each.criterion.title,
        result=str(RESULTS[answer if isinstance(answer, bool) else None].label),
        clause=chosen("{}：{}", "{}: {}").format(source, clause.text) if clause.text else source,
        origins=_joined(origin_lines(each.explanation)),
        working=_lines([node]),
        needs=_lines([needs_node(each.needs)]) if each.needs else (),
    )


def _joined(texts: Iterable[str]) -> str:
    return chosen("；", "; ").join(texts)


def _lines(nodes: Sequence[Node]) -> tuple[PaperLine, ...]:
    return tuple(
        PaperLine(
            line.depth,
            str(RESULTS_BY_NAME[line.node.result]) if line.node.result else "",
            line.node.title,
            tuple(text for text in (_joined(line.node.facts), _joined(line.node.standards), line.node.why) if text),
        )
        for node in nodes
        for line in lines(node)
    )


RESULTS_BY_NAME = {result.value: result.label for result in RESULTS.values()}
