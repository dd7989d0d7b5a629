"""What hung in public of cases and what was said against them, as parts of a file that leaves."""

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from lika.casework.choices import NoticeKind
from lika.casework.models import NoticeLine, Objection, ObjectionStep, Posting
from lika.casework.periods import Period
from lika.casework.queries.appeal.dossier import Cases, Part, told
from lika.casework.queries.notices import Clock, clock_of, stops_of
from lika.core.language import listed
from lika.core.privacy import mask_name
from lika.divisions.names import place_name
from lika.policy.choices import DayKind
from lika.register.queries import DocumentView, matter_documents


def notices(of: Cases) -> Part:
    """The notices that name the cases: which list, how long it was to hang, until when it did for each."""
    lines = _lines(of)
    clocks = {each.notice_id: clock_of(each.notice) for each in lines}
    stops = stops_of(of.ids)
    rows = []
    for line in lines:
        notice, clock = line.notice, clocks[line.notice_id]
        stopped = stops.get(line.case_id, []) if notice.days else []
        period = clock.of_case(stopped)
        rows.append((
            line.case_id,
            (
                of.title(notice.stage), notice.get_kind_display(), told(notice.opened_at), _days(clock),
                told(clock.posted_on),
                listed(f"{told(each.from_on)}–{told(each.until_on)}" for each in stopped),
                _last_day(notice.kind, period), notice.get_state_display(), told(notice.ended_at), notice.void_reason,
                notice.sha256,
            ),
        ))  # fmt: skip
    heads = (
        _("Stage"), _("Kind of notice"), _("List fixed at"), _("To hang for"), _("Counted from the day after"),
        _("Stopped by objections"), _("Last day for this case"), _("State"), _("Ended at"), _("Why it is void"),
        _("SHA-256 of its wording"),
    )  # fmt: skip
    note = _("The list names other households too and is kept at the office; its digest says which list it was.")
    return of.part("notices", _("Public notices"), heads, rows, note)


def postings(of: Cases) -> Part:
    """Where the notices hung, place by place, with what was wrong with a posting and what proves it."""
    lines = _lines(of)
    rows = {each.notice_id: list[Posting]() for each in lines}
    hung = Posting.objects.filter(notice__in=rows).select_related("division")
    for row in hung.order_by("place", "division_id", "id"):
        rows[row.notice_id].append(row)
    proofs = _proofs(of, lines)
    cells = [
        (
            line.case_id,
            (
                of.title(line.notice.stage), line.notice.get_kind_display(), row.get_place_display(),
                place_name(row.division.name), told(row.posted_on), row.posted_by, told(row.entered_at),
                row.late_reason, _fault(row), row.fault_reason, _proof(row, proofs),
            ),
        )
        for line in lines
        for row in rows[line.notice_id]
    ]  # fmt: skip
    heads = (
        _("Stage"), _("Kind of notice"), _("Kind of place"), _("Posted in"), _("Posted on"), _("Entered by"),
        _("Entered at"), _("Why it was entered later"), _("Fault of the posting"), _("What was found of the fault"),
        _("SHA-256 of the proof"),
    )  # fmt: skip
    return of.part("postings", _("Places where the notices hung"), heads, cells)


def objections(of: Cases) -> Part:
    """What was said against the cases and what became of it. Who said it is masked; the anonymous stay anonymous."""
    rows = [
        (
            row.case_id,
            (
                row.number, row.get_channel_display(), told(row.received_at),
                mask_name(row.name) if row.name else _("Anonymous"), row.text, row.against.name if row.against else "",
                row.assigned_to.name if row.assigned_to else "", row.get_state_display(), row.reply,
                told(row.decided_at),
            ),
        )
        for row in _objections(of)
    ]  # fmt: skip
    heads = (
        _("Number of the objection"), _("How it arrived"), _("Received at"), _("Who objected"),
        _("What was objected"), _("Official whom it blames"), _("Who investigated"), _("State"), _("Answer given"),
        _("Decided at"),
    )  # fmt: skip
    return of.part("objections", _("Objections"), heads, rows)


def objection_steps(of: Cases) -> Part:
    """Every step on the objections: who did what, when, found by which evidence."""
    found = {row.pk: row for row in _objections(of)}
    steps = list(ObjectionStep.objects.filter(objection__in=found).select_related("to").order_by("at", "id"))
    views = {view.id: view for view in _documents(of, set(of.ids))}
    rows = [
        (
            found[each.objection_id].case_id,
            (
                found[each.objection_id].number, told(each.at), each.get_verb_display(), each.by_name,
                each.to.name if each.to else "", each.note,
                views[each.evidence_id].sha256 if each.evidence_id in views else "",
            ),
        )
        for each in steps
    ]  # fmt: skip
    heads = (
        _("Number of the objection"), _("When"), _("What was done"), _("Entered by"), _("Who was asked"),
        _("What was noted"), _("SHA-256 of the evidence"),
    )  # fmt: skip
    return of.part("objection_steps", _("Steps on the objections"), heads, rows)


def _lines(of: Cases) -> list[NoticeLine]:
    """In the order of making; a case that came twice to a stage stands on two notices."""
    found = NoticeLine.objects.filter(case__in=of.ids).select_related("notice__batch__division")
    return list(found.order_by("notice__opened_at", "notice_id", "case__number"))


def _objections(of: Cases) -> Iterator[Objection]:
    found = Objection.objects.filter(case__in=of.ids).select_related("against", "assigned_to")
    yield from found.order_by("received_at", "id")


def _days(clock: Clock) -> str:
    notice = clock.notice
    return f"{notice.days} {DayKind(notice.day_kind).label}" if notice.days else ""


def _last_day(kind: str, period: Period | None) -> str:
    if kind != NoticeKind.NOTICE or period is None:
        return ""
    return told(period.last_day) if period.confirmed else _("%(day)s, not confirmed") % {"day": told(period.last_day)}


def _fault(row: Posting) -> str:
    return f"{row.get_fault_display()} {told(row.fault_on)}" if row.fault else ""


def _proofs(of: Cases, lines: list[NoticeLine]) -> dict[UUID, DocumentView]:
    return {view.id: view for view in _documents(of, {each.notice.batch_id for each in lines})}


def _documents(of: Cases, matters: set[UUID]) -> tuple[DocumentView, ...]:
    return matter_documents(by=of.by, matters=matters, village=of.place)


def _proof(row: Posting, proofs: dict[UUID, DocumentView]) -> str:
    if row.proof_id is None:
        return ""
    return proofs[row.proof_id].sha256 if row.proof_id in proofs else _("The page on the web")
