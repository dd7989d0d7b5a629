"""The contents of a file: its leaves in order with their names, and what its stages call for and nobody put there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from lika.casework.choices import PAPERS, ArchiveSection, Source, StepResult
from lika.casework.queries.archive.folder import Folder, Leaf, section_of
from lika.casework.queries.archive.providers import PROVIDERS
from lika.policy.queries.procedures import ProcedureStage

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
_LONGEST_NAME = 60  # characters of a title in the name of a file


@dataclass(frozen=True)
class Line:
    """A line of the contents. `number` counts what is there, from 1, and is 0 for what is missing; so is `name` empty.

    `name` is empty too for what is only named here: read at the office, or in the files of the cases (number 0).
    """

    number: int
    leaf: Leaf
    name: str

    @property
    def is_missing(self) -> bool:
        """Whether the stage calls for it and it is not there."""
        return not self.number and not self.leaf.in_case_files


@dataclass(frozen=True)
class Contents:
    """The parts of a file that hold something or lack something, in order."""

    sections: Sequence[tuple[ArchiveSection, Sequence[Line]]]

    @property
    def lines(self) -> list[Line]:
        """All lines in order."""
        return [line for _section, lines in self.sections for line in lines]

    @property
    def there(self) -> list[Line]:
        """What lies in the file or is read at the office, in order."""
        return [line for line in self.lines if line.number]

    @property
    def missing(self) -> list[Line]:
        """What the stages call for and is not there."""
        return [line for line in self.lines if line.is_missing]


def contents_of(of: Folder) -> Contents:
    """What the providers give, and what the stages that were passed call for, part by part.

    What the program itself prints is never missing: it is made when it is asked for. What is to be signed by hand is
    missing as long as nobody kept it, also where its form is printed from the record.
    """
    there = [leaf for provider in PROVIDERS for leaf in provider(of)]
    order = {stage.id: place for place, stage in enumerate(of.procedure.stages)}
    sections = list(ArchiveSection)
    ranked = sorted(
        [(leaf, True) for leaf in there] + [(leaf, False) for leaf in _missing(of, there)],
        key=lambda each: (sections.index(each[0].section), order[each[0].stage.id] if each[0].stage else -1),
    )
    lines, number = [], 0
    for leaf, is_there in ranked:
        counts = is_there and not leaf.in_case_files
        number += counts
        lines.append(Line(number, leaf, _name(number, leaf)) if counts else Line(0, leaf, ""))
    return Contents([(part, list(each)) for part, each in groupby(lines, key=lambda line: line.leaf.section)])


def passed_stages(of: Folder) -> list[ProcedureStage]:
    """The stages that a case of the folder went through, in order; what was left out calls for no papers."""
    passed = {act.stage_id for act in of.acts if act.result is StepResult.PASSED}
    return [stage for stage in of.procedure.stages if stage.id in passed]


def _missing(of: Folder, there: Sequence[Leaf]) -> list[Leaf]:
    kept = {(leaf.stage.id, leaf.paper) for leaf in there if leaf.stage and not leaf.is_printed}
    return [
        Leaf(title=str(paper.label), section=section_of(stage), stage=stage, paper=paper)
        for stage in passed_stages(of)
        for paper in stage.documents
        if PAPERS[paper].source is Source.UPLOADED and (stage.id, paper) not in kept
    ]


def _name(number: int, leaf: Leaf) -> str:
    if not leaf.goes_along:
        return ""
    part = list(ArchiveSection).index(leaf.section) + 1
    title = _NOT_IN_NAMES.sub("_", leaf.title)[:_LONGEST_NAME]
    return f"{part:02}-{_NOT_IN_NAMES.sub('_', str(leaf.section.label))}/{number:03}-{title}.{leaf.kind}"
