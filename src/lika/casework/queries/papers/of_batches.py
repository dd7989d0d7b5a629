"""The papers of a whole batch: lists, minutes, opinions and approvals, proofs of posting, what is kept with it."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from lika.accounts.queries import names_of
from lika.casework.choices import LEVELS, CaseState, NoticeKind, NoticeState, StepResult
from lika.casework.content import hash_of_roster
from lika.casework.models import Meeting, NoticeLine, Objection, Opinion, Step
from lika.casework.models import Posting as PostingRow
from lika.casework.notice_content import PROPOSED
from lika.casework.papers import decisions, files, meetings, public, units
from lika.casework.papers.shared import Signature
from lika.casework.queries.kept import kept_papers
from lika.casework.queries.notices import clock_of
from lika.casework.queries.papers.desk import (
    LACKS_CASES,
    LACKS_FILES,
    LACKS_MEETING,
    LACKS_OPINION,
    LACKS_POSTING,
    Desk,
    NotOnRecordError,
)
from lika.casework.queries.signing import hashes_of
from lika.divisions import queries as divisions
from lika.divisions.names import place_name
from lika.policy.choices import Paper, ProcedureUnit

_RESULTS = {CaseState.STRUCK_OUT: "剔除", CaseState.STOPPED: "因异议中止"}


def name_list(desk: Desk) -> decisions.NameList:
    """名册: the cases under way or done, in the order of the meeting, with the hash of each and of all."""
    kept = [each for each in desk.lines if each.case.state != CaseState.STRUCK_OUT]
    if not kept:
        raise NotOnRecordError(LACKS_CASES)
    hashes = hashes_of([each.case for each in kept], desk.procedure, [desk.stage.id])
    own = {case: of[desk.stage.id] for case, of in hashes.items()}
    proposed = PROPOSED[desk.procedure.purpose].zh
    return decisions.NameList(
        title=f"{desk.heading}名册",
        made_on=desk.today,
        unit=desk.whole_place,
        note=str(desk.stage.title.zh),
        cases=tuple(
            decisions.CaseLine(
                each.household.head if each.household else desk.place,
                f"{desk.place}{desk.groups.get(each.household.id, '')}" if each.household else desk.whole_place,
                each.case.persons or 0, _RESULTS.get(CaseState(each.case.state), proposed), own[each.case.pk],
            )
            for each in kept
        ),
        digest=hash_of_roster(own.values()),
        levels=desk.levels([desk.stage]),
    )  # fmt: skip


def minutes(desk: Desk) -> meetings.Minutes:
    """会议记录 of the latest meeting at the stage, with its votes in the order that it fixed."""
    held = _meeting(desk)
    lines = {each.case.pk: each for each in desk.lines}
    votes = [each for each in held.votes.order_by("place") if each.case_id in lines]
    share = "" if held.quorum is None else f"应到人数的{held.quorum:.0%}以上"
    return meetings.Minutes(
        title=f"{desk.heading}民主评议会议记录",
        made_on=held.held_on,
        village=desk.whole_place,
        held_at=f"{held.held_on.year}年{held.held_on.month}月{held.held_on.day}日",
        place=held.place,
        chair=held.chair,
        recorder=held.recorder,
        expected=held.expected,
        present=held.attended,
        quorum=share,
        quorate=held.is_quorate,
        guests=f"无表决权列席{held.guests}人" if held.guests else "",
        agenda=held.agenda or desk.stage.title.zh,
        proceedings=(
            f"应到{held.expected}人，实到{held.attended}人，"
            + ("会议有效。" if held.is_quorate else "未达到规定比例，不作表决。"),
        ),
        votes=tuple(
            meetings.Vote(
                row.head if (row := lines[each.case_id].household) else each.case.number,
                desk.groups.get(row.id, "") if row else "", lines[each.case_id].case.persons or 0, each.in_favour,
                each.against, each.abstained, _VOTED[each.result],
            )
            for each in votes
        ),
        signatures=(Signature("主持人"), Signature("记录人"), Signature("村民代表")),
    )  # fmt: skip


def sign_in(desk: Desk) -> meetings.SignIn:
    """签到表: as many lines as are entitled to vote, for the pen."""
    held = _meeting(desk)
    return meetings.SignIn(
        title=f"{desk.heading}民主评议签到表",
        made_on=held.held_on,
        village=desk.whole_place,
        held_at=f"{held.held_on.year}年{held.held_on.month}月{held.held_on.day}日",
        place=held.place,
        expected=held.expected,
    )


def opinion(desk: Desk) -> decisions.Opinion:
    """审核意见: what came, what passed, what went back or was struck out, with the reasons, and the office's words."""
    said = _opinion(desk)
    done = Step.objects.filter(batch=desk.batch, stage=desk.stage.id, result__in=_REVIEWED)
    steps = list(done.select_related("case"))
    counted = Counter(each.result for each in steps)
    heads = {each.case.pk: each.household.head for each in desk.lines if each.household}
    return decisions.Opinion(
        title=f"关于{desk.heading}名单的审核意见",
        made_on=said.dated_on or timezone.localdate(said.at),
        number=said.document,
        addressee=_above(desk),
        basis=desk.basis,
        matter=f"{desk.heading}名单",
        reviewed=(
            decisions.Reviewed(
                desk.place, len(steps), counted[StepResult.PASSED], counted[StepResult.RETURNED],
                counted[StepResult.STRUCK_OUT],
            ),
        ),
        objected=tuple(
            decisions.Objected(
                heads.get(each.case_id, each.case.number), desk.place, _VOTED[each.result], each.reason
            )
            for each in steps
            if each.result != StepResult.PASSED
        ),
        opinion=(said.text or "同意上报。",),
        issuer=_office(desk),
        signatures=(Signature("审核人"), Signature("负责人")),
    )  # fmt: skip


def approval(desk: Desk) -> decisions.Approval:
    """批复 of what passed, with the number of the document."""
    said = _opinion(desk)
    passed = set(Step.objects.filter(
        batch=desk.batch, stage=desk.stage.id, result=StepResult.PASSED
    ).values_list("case", flat=True))  # fmt: skip
    cases = [each for each in desk.cases if each.pk in passed]
    of_household = desk.procedure.unit is ProcedureUnit.HOUSEHOLD
    persons = sum(each.persons or 0 for each in cases)
    approved = (decisions.Approved(desk.place, len(cases), persons),) if of_household and cases else ()
    return decisions.Approval(
        title=f"关于{desk.heading}的批复",
        made_on=said.dated_on or timezone.localdate(said.at),
        number=said.document,
        addressee=desk.place,
        request=f"你处上报的{desk.heading}名单",
        decision=(said.text or f"同意{desk.place}{len(cases)}户{persons}人。",),
        approved=approved,
        attached=(f"{desk.heading}名册",) if of_household else (),
        issuer=_office(desk),
    )


def evaluation_report(desk: Desk) -> units.EvaluationReport:
    """第三方评估报告: the body, its report and its conclusion, as the office entered them."""
    said = _opinion(desk)
    return units.EvaluationReport(
        title=f"{desk.heading}第三方评估报告",
        made_on=said.dated_on or timezone.localdate(said.at),
        unit=desk.whole_place,
        commissioned_by=_around(desk),
        evaluator=said.body,
        period=f"{desk.batch.campaign.year}年度",
        method=(f"报告文号：{said.document}",) if said.document else (),
        sampled=(),
        findings=(),
        conclusion=said.text,
    )


def posting_proof(desk: Desk) -> public.PostingProof:
    """张贴证明 of the latest notice of the stage: places, days, faults, and what became of objections."""
    named = NoticeLine.objects.filter(case__in=[each.pk for each in desk.cases], notice__stage=desk.stage.id)
    counting = named.exclude(notice__state=NoticeState.VOID).select_related("notice__batch")
    line = counting.order_by("notice__opened_at").last()
    hung = [] if line is None else list(
        PostingRow.objects.filter(notice=line.notice, posted_on__isnull=False).select_related("division")
    )  # fmt: skip
    if line is None or not hung:
        raise NotOnRecordError(LACKS_POSTING)
    clock = clock_of(line.notice)
    until = clock.period.last_day if clock.period else None
    names = names_of(each.posted_by for each in hung)
    return public.PostingProof(
        title=f"{line.notice.get_kind_display()}张贴证明",
        made_on=timezone.localdate(line.notice.ended_at) if line.notice.ended_at else desk.today,
        notice=f"{desk.heading}名单{line.notice.get_kind_display()}",
        period=f"{_day(clock.posted_on)}张贴，至{_day(until)}" if clock.posted_on and until else "",
        postings=tuple(
            public.Posting(
                f"{place_name(each.division.name)}{each.get_place_display()}", each.posted_on or desk.today,
                each.fault_on if each.fault else until, names[each.posted_by], "见影像资料",
                f"{each.get_fault_display()}，重新张贴，期限重新起算" if each.fault else "",
            )
            for each in sorted(hung, key=lambda each: (each.posted_on, each.pk))
        ),
        conclusion=_conclusion(line),
        signatures=(Signature("张贴人"), Signature("见证人")),
    )  # fmt: skip


def photographs(desk: Desk) -> files.Photographs:
    """影像资料目录."""
    return files.Photographs(title=f"{desk.heading}影像资料目录", **_listed(desk, Paper.PHOTOGRAPHS))


def evidence(desk: Desk) -> files.Evidence:
    """佐证材料目录."""
    return files.Evidence(title=f"{desk.heading}佐证材料目录", **_listed(desk, Paper.EVIDENCE))


def handbooks(desk: Desk) -> files.Handbooks:
    """扶贫手册填写发放登记表: one book for each household, to be signed for."""
    rows = [each.household for each in desk.lines if each.household and each.case.state != CaseState.STRUCK_OUT]
    if not rows:
        raise NotOnRecordError(LACKS_CASES)
    return files.Handbooks(
        title=f"{desk.place}扶贫手册填写发放登记表",
        made_on=desk.today,
        village=desk.whole_place,
        note=desk.heading,
        handed_out=tuple(files.HandedOut(row.head, desk.groups.get(row.id, ""), 1) for row in rows),
    )


_LEVEL_BEFORE = re.compile("^(乡镇|村|乡|县|市|省)")  # the place says it already
_REVIEWED = (StepResult.PASSED, StepResult.RETURNED, StepResult.STRUCK_OUT)
_VOTED: Mapping[str, str] = {StepResult.PASSED: "同意", StepResult.RETURNED: "退回", StepResult.STRUCK_OUT: "剔除"}


def _meeting(desk: Desk) -> Meeting:
    found = Meeting.objects.filter(batch=desk.batch, stage=desk.stage.id).order_by("at", "id").last()
    if found is None:
        raise NotOnRecordError(LACKS_MEETING)
    return found


def _opinion(desk: Desk) -> Opinion:
    found = Opinion.objects.filter(batch=desk.batch, stage=desk.stage.id).order_by("at", "id").last()
    if found is None:
        raise NotOnRecordError(LACKS_OPINION)
    return found


def _office(desk: Desk) -> str:
    """Who acts at the stage: 宕昌县扶贫办, from the place and the bodies that the procedure names."""
    return f"{_around(desk)}{'、'.join(_LEVEL_BEFORE.sub('', str(each.label)) for each in desk.stage.by)}"


def _around(desk: Desk) -> str:
    own = desk.batch.division
    chain = {each.level: each.name for each in [*divisions.ancestors(own.code), own]}
    return place_name(chain.get(LEVELS[desk.stage.level], own.name))


def _above(desk: Desk) -> str:
    """To whom it goes: who acts at the next stage of another level; at the last level, to the place that asked."""
    stages = desk.procedure.stages
    later = stages[[each.id for each in stages].index(desk.stage.id) + 1 :]
    above = next((each for each in later if each.level is not desk.stage.level), None)
    return desk.place if above is None else "、".join(str(each.label) for each in above.by)


def _conclusion(line: NoticeLine) -> str:
    if line.notice.state != NoticeState.ENDED or line.notice.kind == NoticeKind.ANNOUNCEMENT:
        return ""
    said = Objection.objects.filter(notice=line.notice).count()
    return f"公示期内收到异议{said}条，均已依程序处理。" if said else "公示期内无异议。"


def _listed(desk: Desk, paper: Paper) -> dict[str, Any]:
    kept = kept_papers(desk.by, [each.pk for each in desk.cases], desk.batch.number)
    names = names_of(view.uploader for _row, view in kept)
    items = [
        files.Item(
            f"{desk.procedure.stage(row.stage).title.zh} {row.case.number if row.case else ''}".strip(),
            view.dated_on or timezone.localdate(view.recorded_at), names[view.uploader], desk.place, view.sha256,
        )
        for row, view in kept
        if row.paper == paper
    ]  # fmt: skip
    if not items:
        raise NotOnRecordError(LACKS_FILES)
    last = max(each.on for each in items if each.on)
    return {"made_on": last, "unit": desk.whole_place, "matter": desk.heading, "items": tuple(items)}


def _day(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


PAPERS = {
    Paper.NAME_LIST: name_list,
    Paper.MINUTES: minutes,
    Paper.SIGN_IN: sign_in,
    Paper.OPINION: opinion,
    Paper.APPROVAL: approval,
    Paper.EVALUATION_REPORT: evaluation_report,
    Paper.POSTING_PROOF: posting_proof,
    Paper.PHOTOGRAPHS: photographs,
    Paper.EVIDENCE: evidence,
    Paper.HANDBOOK: handbooks,
}
