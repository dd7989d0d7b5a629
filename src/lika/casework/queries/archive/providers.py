"""Where the leaves of a file come from: one function for each kind of record."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.choices import ArchiveSection, CaseState
from lika.casework.models import NoticeLine, Posting
from lika.casework.queries.appeal import TOLD, Part
from lika.casework.queries.appeal.signed import signed_papers
from lika.casework.queries.archive.folder import Folder, Leaf, section_of
from lika.casework.queries.archive.printing import printed_papers
from lika.core.language import chosen
from lika.core.media import examine
from lika.core.papers import ListColumn, ListPaper, list_paper
from lika.divisions.names import place_name
from lika.policy.choices import Paper
from lika.register.choices.lists import DOCUMENT_KIND
from lika.register.queries import DocumentView, household_documents, matter_documents, open_document

Provider = Callable[[Folder], Iterable[Leaf]]
_HASH, _DIGITS = re.compile(r"\b[0-9a-f]{64}\b"), 16
_RUN, _RUN_LENGTH = re.compile(r"[A-Za-z0-9_]{9,}"), 8
# Where the tables that an appeal file has too lie.
_SECTIONS = {
    **dict.fromkeys(("notices", "postings", "objections", "objection_steps"), ArchiveSection.NOTICE),
    **dict.fromkeys(("signatures", "rosters", "indicators", "checks"), ArchiveSection.REVIEW),
}


def overview(of: Folder) -> Iterator[Leaf]:
    """概况: the cases with their households, and where each stands."""
    rows = tuple(
        (
            each.case.number, each.household.head if each.household else "", str(each.case.persons or ""),
            str(of.procedure.stage(each.case.stage).title), str(CaseState(each.case.state).label),
        )
        for each in of.lines
    )  # fmt: skip
    columns = (
        ListColumn(_("Case number"), 3), ListColumn(_("Head of household"), 2), ListColumn(_("Persons")),
        ListColumn(_("Stage"), 4), ListColumn(_("State"), 2),
    )  # fmt: skip
    yield _list_leaf(of, _("Overview of the cases"), columns, rows)


def acts(of: Folder) -> Iterator[Leaf]:
    """Who did what, when: the whole course of the cases."""
    numbers = {each.pk: each.number for each in of.cases}
    rows = tuple(
        (
            numbers[act.case_id], f"{act.on:%Y-%m-%d}", str(act.stage), str(act.result.label), act.name or act.user,
            act.posts, act.reason,
        )
        for act in of.acts
    )  # fmt: skip
    columns = (
        ListColumn(_("Case number"), 3), ListColumn(_("Day"), 2), ListColumn(_("Stage"), 3),
        ListColumn(_("What was done"), 2), ListColumn(_("Who acted"), 2), ListColumn(_("Post held then"), 2),
        ListColumn(_("Reason"), 3),
    )  # fmt: skip
    yield _list_leaf(of, _("Who did what, and when"), columns, rows, landscape=True)


def stage_papers(of: Folder) -> Iterator[Leaf]:
    """The papers kept with the stages. What may not be seen without a reason is named and read at the office."""
    for row, view in of.kept:
        stage = of.procedure.stage(row.stage)
        label = str(Paper(row.paper).label)
        yield Leaf(
            title=f"{label} {row.case.number}" if row.case else label, section=section_of(stage), stage=stage,
            paper=Paper(row.paper), author=view.uploader, dated=view.dated_on or timezone.localdate(view.recorded_at),
            pages=_pages(view), digest=view.sha256, kind=_kind(view), read=_reader(of, view),
        )  # fmt: skip


def household_papers(of: Folder) -> Iterator[Leaf]:
    """What the household's file holds, in the file of its case; in that of a batch there would be no end to it."""
    household = of.lines[0].household if of.case else None
    if household is None:
        return
    found = household_documents(by=of.by, household=household.id)
    for each in sorted((each for each in found if each.counts), key=lambda each: (each.recorded_at, each.id)):
        item = DOCUMENT_KIND.item(each.kind)
        kind = chosen(item.zh, item.en) if item else each.kind
        yield Leaf(
            title=each.title or kind, section=ArchiveSection.SURVEY, author=each.uploader, dated=each.dated_on,
            pages=_pages(each), digest=each.sha256, kind=_kind(each), read=_reader(of, each),
        )  # fmt: skip


def tables(of: Folder) -> Iterator[Leaf]:
    """What hung in public and was said against it, who signed, the rosters, the indicator sheets: a list for each."""
    for provider in TOLD if of.cases else ():
        part = provider(of.told)
        if part.rows:
            columns, rows = _on_paper(part)
            yield _list_leaf(of, part.title, columns, rows, section=_SECTIONS[part.key], landscape=True)


def sheets(of: Folder) -> Iterator[Leaf]:
    """What was drawn or photographed when somebody signed for these cases alone."""
    for each in signed_papers(of.told) if of.cases else ():
        yield Leaf(
            title=_("Signed sheet %(digest)s") % {"digest": each.name.partition(".")[0]},
            section=ArchiveSection.REVIEW, pages=None if each.name.endswith(".pdf") else 1,
            kind=each.name.rpartition(".")[2], digest=hashlib.sha256(each.content).hexdigest(),
            read=partial(bytes, each.content),
        )  # fmt: skip


def proofs(of: Folder) -> Iterator[Leaf]:
    """The photographs that prove that a notice hung, place by place."""
    named = NoticeLine.objects.filter(case__in=[each.pk for each in of.cases]).values("notice")
    rows = Posting.objects.filter(notice__in=named, proof_id__isnull=False).select_related("notice", "division")
    hung = list(rows.order_by("notice__opened_at", "place", "division_id", "id"))
    matters = {each.notice.batch_id for each in hung}
    views = {view.id: view for view in matter_documents(by=of.by, matters=matters, village=of.batch.number)}
    for row in hung:
        if row.proof_id in views:
            view, stage = views[row.proof_id], of.procedure.stage(row.notice.stage)
            yield Leaf(
                title=f"{Paper.POSTING_PROOF.label} {place_name(row.division.name)}", section=section_of(stage),
                stage=stage, paper=Paper.POSTING_PROOF, author=view.uploader, dated=row.posted_on, pages=_pages(view),
                digest=view.sha256, kind=_kind(view), read=_reader(of, view),
            )  # fmt: skip


def _on_paper(part: Part) -> tuple[tuple[ListColumn, ...], tuple[tuple[str, ...], ...]]:
    """The columns that hold anything, wider where more stands in them, with numbers and digests that may be broken."""
    cells = [[_HASH.sub(_shortened, cell) for cell in row] for row in part.rows]
    longest = [max(map(len, column)) for column in zip(*cells, strict=True)]
    kept = [place for place, length in enumerate(longest) if length]
    columns = tuple(ListColumn(part.heads[place], min(4, 1 + longest[place] // 8)) for place in kept)
    return columns, tuple(tuple(_RUN.sub(_breakable, row[place]) for place in kept) for row in cells)


def _shortened(found: re.Match[str]) -> str:
    """On paper a digest is told by its beginning; whole it stands in the record of the case."""
    return f"{found[0][:_DIGITS]}…"


def _breakable(found: re.Match[str]) -> str:
    """A run of letters or figures may go on in the next line of a narrow column."""
    return "\u200b".join(found[0][start : start + _RUN_LENGTH] for start in range(0, len(found[0]), _RUN_LENGTH))


def _kind(view: DocumentView) -> str:
    return "jpg" if view.is_picture else "pdf"


def _pages(view: DocumentView) -> int | None:
    return 1 if view.is_picture else view.pages


def _reader(of: Folder, view: DocumentView) -> Callable[[], bytes] | None:
    return (lambda: open_document(by=of.by, document=view.id)[1]) if view.is_open else None


def _list_leaf(
    of: Folder,
    title: str,
    columns: tuple[ListColumn, ...],
    rows: tuple[tuple[str, ...], ...],
    *,
    section: ArchiveSection = ArchiveSection.GENERAL,
    landscape: bool = False,
) -> Leaf:
    note = f"{place_name(of.batch.division.name)} {of.batch.campaign.year} {of.batch.campaign.get_kind_display()}"
    made = ListPaper(title=title, made_on=of.last_day, note=note, columns=columns, rows=rows, landscape=landscape)
    return Leaf(title=title, section=section, dated=of.last_day, read=lambda: list_paper(made))


def pages_in(content: bytes) -> int:
    """How many pages a PDF or picture has, at least one."""
    return examine(content).pages or 1


# In the order in which leaves of one part and stage stand. Whoever adds a kind of record adds its function here.
PROVIDERS: tuple[Provider, ...] = (
    overview, acts, stage_papers, printed_papers, tables, proofs, sheets, household_papers,
)  # fmt: skip
