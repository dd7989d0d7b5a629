"""What an archive is of, and a leaf of it: one paper, one photograph, one list."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from lika.casework.choices import ARCHIVE_SECTIONS, ArchiveSection
from lika.casework.models import Batch, Case, Evidence
from lika.casework.queries.acts import Act, acts_of
from lika.casework.queries.appeal import Cases
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.courses import CaseLine, lines_of
from lika.casework.queries.kept import kept_papers
from lika.core.actors import Actor
from lika.core.papers import PaperData
from lika.policy.choices import Paper
from lika.policy.queries.procedures import Procedure, ProcedureStage
from lika.register.queries import DocumentView


@dataclass(frozen=True)
class Folder:
    """The cases of a batch, or one of them (`case`), in the sight of its reader, with everything done on them."""

    by: Actor
    batch: Batch
    case: Case | None
    procedure: Procedure
    lines: Sequence[CaseLine]
    acts: Sequence[Act]

    @property
    def cases(self) -> list[Case]:
        """The cases alone, in their order."""
        return [each.case for each in self.lines]

    @property
    def told(self) -> Cases:
        """The cases as the tables that an appeal file has too take them."""
        return Cases(self.by, self.cases, self.procedure)

    @cached_property
    def kept(self) -> Sequence[tuple[Evidence, DocumentView]]:
        """What was put there with the stages that the cases went through. Three queries. Raises ACC-001."""
        return kept_papers(self.by, [each.pk for each in self.cases], self.batch.number)

    @property
    def last_day(self) -> dt.date:
        """The day of the last act. Papers made from the record bear it: they stay the same until more is done."""
        return max(each.on for each in self.acts) if self.acts else self.batch.opened_at.date()


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A paper of the file. `stage` is None for what belongs to the whole; `paper` is what its stage calls it.

    `read` gives the content as it leaves, `tells` what the program prints of it (neither: it is kept at the office, or
    on paper, or where `in_case_files` in the files of the single cases); `kind` is the ending of its name; `pages` None
    where they cannot be told; `digest` is of the file as it came, in hexadecimal.
    """

    title: str
    section: ArchiveSection
    stage: ProcedureStage | None = None
    paper: Paper | None = None
    author: str = ""
    dated: dt.date | None = None
    pages: int | None = None
    digest: str = ""
    kind: str = "pdf"
    read: Callable[[], bytes] | None = None
    tells: Callable[[], PaperData] | None = None
    in_case_files: bool = False

    @property
    def goes_along(self) -> bool:
        """Whether its content leaves with the file."""
        return self.read is not None or self.tells is not None

    @property
    def is_printed(self) -> bool:
        """Whether the program prints it from the record, here or in the files of the cases."""
        return self.tells is not None or self.in_case_files


def section_of(stage: ProcedureStage) -> ArchiveSection:
    """The part of the file in which the papers of a stage lie."""
    return ARCHIVE_SECTIONS[stage.kind]


def folder_of_batch(by: Actor, batch: Batch) -> Folder:
    """The folder of a batch that was found in the actor's sight. Some six queries, however many cases."""
    return _folder(by, batch, None, list(batch.cases.select_related("campaign")))


def folder_of_case(by: Actor, case: Case) -> Folder:
    """The folder of a case that was found in the actor's sight."""
    return _folder(by, case.batch, case, [case])


def _folder(by: Actor, batch: Batch, case: Case | None, cases: list[Case]) -> Folder:
    procedure = procedure_of(batch)
    acts = acts_of([each.pk for each in cases], procedure)
    return Folder(by, batch, case, procedure, lines_of(by, cases), acts)
