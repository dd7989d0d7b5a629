"""The papers that the program prints, as leaves of a file: what is on record and nobody kept there signed."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, partial
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.choices import PAPERS, CaseState, NoticeKind, NoticeState, Source, StepResult
from lika.casework.models import Case, Consent, Indicator, Meeting, Notice, NoticeLine, Opinion, Step, SurveyForm
from lika.casework.queries.archive.folder import Folder, Leaf, section_of
from lika.casework.queries.notices import Clock, clock_of, effective_days
from lika.casework.queries.papers import Desk, Offer, offers_of_batch, offers_of_case, paper_data
from lika.casework.queries.papers.boards import board_paper
from lika.core.papers import PaperData
from lika.policy.choices import Paper

Stages = AbstractSet[str]


def printed_papers(of: Folder) -> Iterator[Leaf]:
    """The papers of the stages that were passed, in the order of the stages: of the whole batch in its file, of a case
    in both, as long as a batch has no more than `LIKA_PAPERS_AT_ONCE` of these; then its file names them and no more.

    A paper that somebody kept with the stage, open or not, is not printed beside it. Nothing is set before it is read.
    Some nine queries, and four for each notice.
    """
    if not of.cases:
        return
    record = _Record(of)
    own = list(_own(record))
    if of.case is None:
        yield from _of_batch(record)
        yield from _boards(record)
    if of.case is None and len(own) > settings.LIKA.papers_at_once:
        yield from _left_to_the_cases(own)
    else:
        yield from (_leaf(of, offer, case) for offer, case in own)


@dataclass(frozen=True)
class _Record:
    """What is on record of the cases of a folder, stage by stage, read at once."""

    of: Folder

    @cached_property
    def passed(self) -> AbstractSet[tuple[UUID, str]]:
        """The stages that each case passed."""
        return {(act.case_id, act.stage_id) for act in self.of.acts if act.result is StepResult.PASSED}

    @cached_property
    def passed_here(self) -> Stages:
        """The stages that were passed in this batch. What was done in another one lies in the file of that."""
        done = Step.objects.filter(batch=self.of.batch, result=StepResult.PASSED)
        return set(done.order_by().values_list("stage", flat=True).distinct())

    @cached_property
    def kept(self) -> AbstractSet[tuple[str, Paper, UUID | None]]:
        """What somebody put there, by stage; by case where it is of one."""
        return {(row.stage, Paper(row.paper), row.case_id) for row, _view in self.of.kept}

    @cached_property
    def seen(self) -> AbstractSet[UUID]:
        """The cases whose unit the reader sees."""
        return {each.case.pk for each in self.of.lines if each.household or not each.case.household_id}

    @cached_property
    def of_batch(self) -> Mapping[Paper, Stages]:
        """At which stages a paper of the whole batch has something to tell."""
        batch = self.of.batch
        said = set(Opinion.objects.filter(batch=batch).values_list("stage", flat=True))
        counting = any(case.state != CaseState.STRUCK_OUT for case in self.of.cases)
        return {
            Paper.MINUTES: set(Meeting.objects.filter(batch=batch).values_list("stage", flat=True)),
            Paper.NAME_LIST: self.passed_here if counting else set(),
            **dict.fromkeys((Paper.OPINION, Paper.APPROVAL, Paper.EVALUATION_REPORT), said),
            Paper.POSTING_PROOF: {notice.stage for notice, clock in self.hung},
        }

    @cached_property
    def of_cases(self) -> Mapping[Paper, AbstractSet[tuple[UUID, str]]]:
        """At which stages of which cases a paper of one case has something to tell."""
        ids = [case.pk for case in self.of.cases]
        visits = set(SurveyForm.objects.filter(case__in=ids).values_list("case", "stage"))
        items = Indicator.objects.filter(sheet__case__in=ids)
        drawn = set(items.values_list("sheet__case", flat=True))
        evaluated = set(items.filter(self_at__isnull=False).values_list("sheet__case", flat=True))
        return {
            Paper.SURVEY_FORM: visits,
            Paper.VERIFICATION_FORM: visits,
            Paper.CONSENT_FORM: set(Consent.objects.filter(case__in=ids).values_list("case", "stage")),
            Paper.SIGNATURE_SHEET: self.passed,
            Paper.INDICATOR_SHEET: {each for each in self.passed if each[0] in drawn},
            Paper.SELF_EVALUATION: {each for each in self.passed if each[0] in evaluated},
        }

    @cached_property
    def hung(self) -> list[tuple[Notice, Clock]]:
        """The notices of the cases that hung at every place and were not void, the first first, with their clocks."""
        named = NoticeLine.objects.filter(case__in=[case.pk for case in self.of.cases]).values("notice")
        found = Notice.objects.filter(pk__in=named).exclude(state=NoticeState.VOID)
        rows = found.select_related("batch__campaign", "batch__division").order_by("opened_at", "id")
        clocks = [(notice, clock_of(notice)) for notice in rows]
        return [(notice, clock) for notice, clock in clocks if clock.posted_on is not None]


def _of_batch(record: _Record) -> Iterator[Leaf]:
    of = record.of
    for offer in offers_of_batch(of.procedure, of.procedure.stages[-1].id):
        stage = offer.stage.id
        there = stage in record.passed_here and stage in record.of_batch.get(offer.paper, ())
        if there and (stage, offer.paper, None) not in record.kept:
            yield _leaf(of, offer, None)


def _own(record: _Record) -> Iterator[tuple[Offer, Case]]:
    """The papers of single cases, case by case."""
    of = record.of
    offers = offers_of_case(of.procedure, of.procedure.stages[-1].id)
    for case in of.cases:
        for offer in offers if case.pk in record.seen else ():
            at = (case.pk, offer.stage.id)
            kept = {(offer.stage.id, offer.paper, None), (offer.stage.id, offer.paper, case.pk)} & record.kept
            if at in record.passed and at in record.of_cases.get(offer.paper, ()) and not kept:
                yield offer, case


def _boards(record: _Record) -> Iterator[Leaf]:
    """公示, 公告 as they hung, by the list as it was frozen. One whose last day is uncertain is not told on paper."""
    of = record.of
    for notice, clock in record.hung:
        sure = clock.period is None or clock.period.confirmed
        if sure and notice.stage in record.passed_here and (notice.stage, Paper.NOTICE, None) not in record.kept:
            stage = of.procedure.stage(notice.stage)
            kind = NoticeKind(notice.kind)
            yield Leaf(
                title=str(kind.label), section=section_of(stage), stage=stage, paper=Paper.NOTICE,
                dated=clock.posted_on, tells=partial(_board, notice, clock),
            )  # fmt: skip


def _board(notice: Notice, clock: Clock) -> PaperData:
    if clock.posted_on is None:
        raise ValueError("it hung nowhere")
    effective = effective_days([notice]).get(notice.pk)
    return board_paper(notice, clock, if_posted=clock.posted_on, effective_on=effective).paper


def _left_to_the_cases(own: Sequence[tuple[Offer, Case]]) -> Iterator[Leaf]:
    """One line for each kind of paper and stage, with how many there are."""
    counted = Counter((offer.stage.id, offer.paper) for offer, _case in own)
    for offer in {(offer.stage.id, offer.paper): offer for offer, _case in own}.values():
        count = counted[offer.stage.id, offer.paper]
        yield Leaf(
            title=_("%(paper)s, %(n)s papers") % {"paper": offer.label, "n": f"{count:,}"}, stage=offer.stage,
            section=section_of(offer.stage), paper=offer.paper, in_case_files=True,
        )  # fmt: skip


def _leaf(of: Folder, offer: Offer, case: Case | None) -> Leaf:
    title = offer.label
    if PAPERS[offer.paper].source is Source.UPLOADED and title == str(offer.paper.label):
        title = _("%(paper)s (printed, not the signed one)") % {
            "paper": title
        }  # the signed one is another, and missing
    return Leaf(
        title=f"{title} {case.number}" if case else title, section=section_of(offer.stage), stage=offer.stage,
        paper=offer.paper, tells=partial(_told, of, offer, case),
    )  # fmt: skip


def _told(of: Folder, offer: Offer, case: Case | None) -> PaperData:
    """The paper as of the last act, not of today: it stays the same until more is done."""
    at = timezone.make_aware(dt.datetime.combine(of.last_day, dt.time(12)))
    desk = Desk(of.by, of.batch, of.procedure, offer.stage, [case] if case else of.cases, at)
    return paper_data(desk, offer.paper, of_case=case is not None)
