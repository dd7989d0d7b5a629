"""Public notices and announcements: made from the list of a batch, posted place by place, ended when they are over."""

import datetime as dt
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework import notice_content, telling
from lika.casework.actions import moving
from lika.casework.actions.moving import Outcome, Standing
from lika.casework.actions.notice_making import content_of, places_of
from lika.casework.choices import ACTING_LEVELS, LIVE_STATES, NoticeKind, NoticeState, PostingFault
from lika.casework.models import Batch, Case, Notice, NoticeLine, Posting
from lika.casework.queries import cases as case_reads
from lika.casework.queries import notices as reads
from lika.casework.queries.clock import sure_moment
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.policy.choices import PostingPlace, ProcedureUnit, StageKind, StageLevel
from lika.policy.queries.procedures import ProcedureStage
from lika.register.actions.documents import Paper, add_for_matter

_PHONE = re.compile(r"[0-9][0-9 \-]{4,18}[0-9]")
_PHOTOGRAPH_OF_NOTICE = "12"  # CL-DOCKIND
# The stages that tell a list to everyone, and what it is called there.
KINDS = {StageKind.PUBLIC_NOTICE: NoticeKind.NOTICE, StageKind.ANNOUNCEMENT: NoticeKind.ANNOUNCEMENT}


@transaction.atomic
def open_notice(*, by: Actor, batch: UUID, phone: str) -> Notice:
    """Fix the list of a batch that stands at a notice or an announcement, with the places where it has to hang.

    `phone` is the office's own. Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-090 (one hangs already, or
    nobody is left to be named), CAS-091 (telephone), CAS-092 (clocks).
    """
    standing = moving.take(by, batch, *KINDS)
    named = standing.open
    if not named or set(reads.serving(named, standing.stage.id)) >= {each.pk for each in named}:
        raise UserError(
            "CAS-090",
            _("A notice of this list hangs already, or there is nobody to be named."),
            remedy=_("Post it where it is missing; if the list is wrong, take it down with the reason first."),
        )
    number = phone.strip()
    if not _PHONE.fullmatch(number):
        raise UserError(
            "CAS-091",
            _("A telephone of the office is needed, in digits."),
            remedy=_("Enter the number where people can object: an office's, never a person's."),
            field="phone",
        )
    content = content_of(standing, number)
    text = notice_content.text_of(content)
    stage = standing.stage
    notice = Notice.objects.create(
        batch=standing.batch, stage=stage.id, kind=content.kind, round=content.round, days=content.days,
        day_kind=content.day_kind or "", level=stage.level, phone=number, content=text,
        sha256=notice_content.sha256_of(text), opened_by=by.name,
        opened_at=sure_moment(),
    )  # fmt: skip
    entries = reads.entries_of(named, stage.id)
    NoticeLine.objects.bulk_create(
        NoticeLine(notice=notice, case=each, entry_id=entries.get(each.pk)) for each in named
    )
    Posting.objects.bulk_create(
        Posting(notice=notice, place=place, division_id=division) for place, division in places_of(standing)
    )
    moving.record(standing, "notice.opened", new={"notice": notice.pk, "sha256": notice.sha256, "cases": len(named)})
    return notice


@transaction.atomic
def post(*, by: Actor, posting: UUID, posted_on: dt.date, proof: bytes, late_reason: str = "") -> Posting:
    """Enter that a notice hangs at a place since a day, with the photograph or paper that shows it.

    The village may enter what it posted for another office. Raises ACC-001, ACC-002, CAS-092, CAS-093 (a day before
    the list was fixed or to come; an earlier day without the reason), CAS-094 (hangs there already, ended, or the web
    page, which is put up and not entered), and what `add_for_matter` raises on the proof.
    """
    row = _held(by, posting)
    if row.posted_on is not None or row.place == PostingPlace.WEB:
        raise not_now()
    reason = _day(row, posted_on, late_reason)
    batch = row.notice.batch
    said = Paper(kind=_PHOTOGRAPH_OF_NOTICE, title=str(row.division.name), dated_on=posted_on)
    kept = add_for_matter(by=by, matter=batch.pk, village=batch.number, paper=said, content=proof)
    return _hang(by, row, posted_on, kept.pk, reason)


@transaction.atomic
def put_up(*, by: Actor, notice: UUID, page: UUID) -> Notice:
    """The page of a notice is open to everyone: where the procedure names the web, that is its posting there.

    Where it does not, the page stands beside the board (003 §八(二) asks for the register in public by the network) and
    counts for no period. A list of households is put up by an office from the township up, never by a village alone.

    Called by who opens the page, or shows it longer. Raises ACC-001, ACC-002, CAS-092, CAS-094 (it hangs no more),
    CAS-095.
    """
    seen = reads.notice_in_sight(by, notice)
    require_any(by, putting_up(seen), seen.batch.number)
    held = _locked(seen)
    row = held.postings.filter(place=PostingPlace.WEB, fault=PostingFault.NONE, posted_on=None).first()
    if row is not None:
        row.notice = held
        _hang(by, row, reads.local_day(sure_moment(held.opened_at)), page, "")
    return held


@transaction.atomic
def report_fault(*, by: Actor, posting: UUID, fault: PostingFault, fault_on: dt.date, reason: str) -> Posting:
    """A posting was late, torn or interrupted: it counts no more, and the period begins anew with the next one there.

    Returns the row that waits for it. Raises ACC-001, ACC-002, CAS-034 (reason), CAS-092, CAS-093 (a day before it
    hung, or to come), CAS-094.
    """
    row = _held(by, posting)
    if row.posted_on is None or not PostingFault(fault):
        raise not_now()
    moment = sure_moment(row.notice.opened_at)
    if not row.posted_on <= fault_on <= reads.local_day(moment):
        raise _wrong_day("fault_on")
    row.fault, row.fault_on, row.fault_by, row.fault_at = PostingFault(fault), fault_on, by.name, moment
    row.fault_reason = moving.reason_of(reason)
    row.save(update_fields=["fault", "fault_on", "fault_by", "fault_at", "fault_reason"])
    anew = Posting.objects.create(notice=row.notice, place=row.place, division=row.division)
    _record(by, row, "notice.fault", {"fault": row.fault, "on": fault_on}, row.fault_reason)
    return anew


@transaction.atomic
def take_down(*, by: Actor, notice: UUID, reason: str) -> Notice:
    """The list was wrong: the notice is void, and another one may be made. Its page on the web closes.

    Every batch with a case that waits under it is taken: the first may have gone on without those set apart.

    Raises ACC-001, ACC-002, CAS-032, CAS-033, CAS-034, CAS-092, CAS-094 (it hangs no more), CAS-095.
    """
    found = reads.notice_in_sight(by, notice)
    waiting = Batch.objects.filter(
        cases__notice_lines__notice=found, cases__stage=found.stage, cases__state__in=LIVE_STATES
    )
    # The last supplement first: whoever sets cases apart holds a batch and then asks for the first of its village.
    taken = [
        moving.take(by, each, *KINDS, stage_id=found.stage)
        for each in waiting.order_by("-sequence").distinct().values_list("pk", flat=True)
    ]
    held = Notice.objects.select_for_update().get(pk=found.pk)
    if held.state != NoticeState.HANGING or not taken:
        raise not_now()
    held.state, held.ended_at = NoticeState.VOID, sure_moment(held.opened_at)
    held.void_reason = moving.reason_of(reason)
    held.save(update_fields=["state", "ended_at", "void_reason"])
    for standing in taken:
        moving.record(standing, "notice.void", new={"notice": held.pk}, reason=held.void_reason)
    telling.notice_over(by, held)
    return held


@transaction.atomic
def end_notice(*, by: Actor, batch: UUID, outcomes: Mapping[UUID, Outcome] | None = None) -> Batch:
    """Go on from a public notice whose period is over. Cases without an outcome pass.

    Whoever's own clock still runs, because an objection had stopped it, stays behind in a supplementary batch under
    the same notice, unless it has an outcome here. Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-035 (an
    outcome for a case that is not open here), CAS-036, CAS-092, CAS-097 … CAS-100.
    """
    given = outcomes or {}
    standing = _without_later(moving.take(by, batch, StageKind.PUBLIC_NOTICE), given)
    named = list(standing.cases)
    everyone = {each.pk: Outcome() for each in standing.open} | dict(given)
    moving.settle(standing, everyone, action="notice.ended")
    close_finished(standing, named)
    return standing.batch


def close_finished(standing: Standing, cases: list[Case]) -> None:
    """End the notices of which no case is left at their stage, within the transaction of the act that moved them."""
    named = NoticeLine.objects.filter(case__in=[each.pk for each in cases], notice__state=NoticeState.HANGING)
    for notice in Notice.objects.filter(pk__in=named.values("notice"), stage=standing.stage.id):
        left = Case.objects.filter(notice_lines__notice=notice, stage=notice.stage, state__in=LIVE_STATES)
        if not left.exists():
            notice.state, notice.ended_at = NoticeState.ENDED, sure_moment(notice.opened_at)
            notice.save(update_fields=["state", "ended_at"])
            telling.notice_over(standing.by, notice)


def _without_later(standing: Standing, decided: Container[UUID]) -> Standing:
    """The batch without those whose own clock runs on when that of the others is over; whoever is decided stays."""
    served = reads.serving(standing.open, standing.stage.id)
    moment = sure_moment()
    clocks = {each.pk: reads.clock_of(each) for each in {notice.pk: notice for notice in served.values()}.values()}
    stops = reads.stops_of(served)
    over: list[Case] = []
    later: list[Case] = []
    for case in standing.open:
        notice = served.get(case.pk)
        period = None if notice is None else clocks[notice.pk].of_case(stops.get(case.pk, []))
        (over if period is not None and period.is_over(moment) else later).append(case)
    later = [each for each in later if each.pk in stops and each.pk not in decided]
    if not over or not later:
        return standing
    apart = moving.put_apart(standing, later, standing.stage.id)
    moving.record(standing, "notice.later", new={"batch": apart.pk, "cases": [each.number for each in later]})
    return replace(standing, cases=[each for each in standing.cases if each not in later])


def _held(by: Actor, posting: UUID) -> Posting:
    """A posting of a hanging notice, locked with it. Its stage's office and the village itself may act on it."""
    row = Posting.objects.filter(pk=posting).first()
    if row is None:
        raise NotFound(
            "CAS-095", _("There is no such notice in your area."), remedy=_("Open it from the page of its batch.")
        )
    notice = lock_hanging(by, reads.notice_in_sight(by, row.notice_id))
    locked = Posting.objects.select_for_update(of=("self",)).select_related("division").get(pk=posting)
    if locked.fault:
        raise not_now()
    locked.notice = notice
    return locked


def may_post(by: Actor, stage: ProcedureStage, place: int) -> bool:
    """Whether an actor enters postings of a stage's notices in a village: its office, and the village itself."""
    return any(by.has(each) and place in by.area_for(each) for each in _posting(stage))


def putting_up(notice: Notice) -> tuple[Permission, ...]:
    """Which of these one needs to put a notice on the web: of households, that of an office above the village."""
    procedure = case_reads.procedure_of(notice.batch)
    if procedure.unit is not ProcedureUnit.HOUSEHOLD:
        return _posting(procedure.stage(notice.stage))
    return tuple(asked for level, asked in ACTING_LEVELS.items() if level is not StageLevel.VILLAGE)


def may_put_up(by: Actor, notice: Notice) -> bool:
    """Whether an actor may put a notice on the web."""
    return any(by.has(each) and notice.batch.number in by.area_for(each) for each in putting_up(notice))


def _posting(stage: ProcedureStage) -> tuple[Permission, ...]:
    return (*case_reads.acting_permissions(stage), Permission.CASE_VILLAGE)


def require_any(by: Actor, asked: Sequence[Permission], place: int) -> None:
    """Refuse an actor who holds none of some permissions at a place. Raises ACC-001, ACC-002."""
    if not any(by.has(each) and place in by.area_for(each) for each in asked):
        by.require(next((each for each in asked if by.has(each)), asked[0]), village=place)


def require_posting(by: Actor, notice: Notice) -> None:
    """Refuse who does not post a notice: its stage's office and the village itself do. Raises ACC-001, ACC-002."""
    stage = case_reads.procedure_of(notice.batch).stage(notice.stage)
    require_any(by, _posting(stage), notice.batch.number)


def lock_hanging(by: Actor, seen: Notice) -> Notice:
    """A notice that hangs, locked for who may post it: its stage's office and the village itself.

    Raises ACC-001, ACC-002, CAS-094.
    """
    require_posting(by, seen)
    return _locked(seen)


def _locked(seen: Notice) -> Notice:
    """A notice that hangs, locked. Raises CAS-094."""
    notice = Notice.objects.select_for_update().get(pk=seen.pk)
    notice.batch = seen.batch
    if notice.state != NoticeState.HANGING:
        raise not_now()
    return notice


def _hang(by: Actor, row: Posting, posted_on: dt.date, proof: UUID, late_reason: str) -> Posting:
    row.posted_on, row.posted_by, row.proof_id, row.late_reason = posted_on, by.name, proof, late_reason
    row.entered_at = sure_moment(row.notice.opened_at)
    row.save(update_fields=["posted_on", "posted_by", "proof_id", "late_reason", "entered_at"])
    _record(by, row, "notice.posted", {"on": posted_on, "proof": proof}, late_reason)
    return row


def _day(row: Posting, posted_on: dt.date, late_reason: str) -> str:
    """The reason for entering it later, or nothing. A list hangs at no place before it is fixed."""
    today = reads.local_day(sure_moment(row.notice.opened_at))
    if not reads.local_day(row.notice.opened_at) <= posted_on <= today:
        raise _wrong_day("posted_on")
    return moving.reason_of(late_reason, "late_reason") if posted_on < today else ""


def _wrong_day(field: str) -> UserError:
    return UserError(
        "CAS-093",
        _("The day does not fit: not before the list was fixed or hung, and not to come."),
        remedy=_("Enter the day that the photograph shows."),
        field=field,
    )


def not_now() -> UserError:
    """CAS-094: the notice hangs no more, or is no longer as the page showed it."""
    return UserError(
        "CAS-094",
        _("That cannot be done with this posting now."),
        remedy=_("Open the page again: it shows where the notice hangs and what can be done."),
    )


def _record(by: Actor, row: Posting, action: str, new: Mapping[str, object], reason: str = "") -> None:
    batch = row.notice.batch
    told = {"notice": row.notice_id, "place": row.place, "division": row.division_id, **new}
    change = audit.Change("batch", batch.pk, audit.chain_of(batch.division_id), batch.label, new=told)
    audit.record(by=by, action=action, change=change, reason=reason)
