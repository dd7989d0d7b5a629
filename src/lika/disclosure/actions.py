"""Named writes: proposing, publishing, declining, withdrawing. Whoever proposes is never who publishes.

And the pages of notices: shown, closed; what the public sent from them taken in or refused.
"""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.choices import PERMISSIONS, Role
from lika.accounts.queries import UserActor
from lika.casework import notice_content
from lika.casework.actions import notices as casework
from lika.casework.actions import objections
from lika.casework.choices import NoticeKind, NoticeState, ObjectionChannel, ObjectionVerb
from lika.casework.models import Notice, NoticeLine, Objection
from lika.casework.queries import notices as notices_of_casework
from lika.casework.queries.clock import database_now
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import PermissionRefused, UserError
from lika.core.language import Said
from lika.core.permissions import Permission
from lika.disclosure import content, notice_pages, receiving, sealing
from lika.disclosure.choices import Kind, Progress, State
from lika.disclosure.models import Inbox, NoticePage, NoticeTerm, Proposal, Publication, ReceiptStep, Withdrawal
from lika.disclosure.queries import making, notices
from lika.disclosure.queries.inbox import inbox_waiting, nothing_waits, pages_too_close, too_close
from lika.disclosure.queries.proposals import proposal_of, standing
from lika.disclosure.queries.published import nothing_there
from lika.divisions.names import place_name
from lika.engine.snapshots.layout import county_of


@transaction.atomic
def propose(*, by: UserActor, kind: Kind, division: str, pack_id: str) -> Proposal:
    """Propose to tell everyone the figures or the criteria of a pack for a county or township.

    Raises ACC-001, ACC-002, what `making.draft` raises, and DIS-004 where the same was proposed or told already.
    """
    by.require(Permission.DISCLOSURE_PROPOSE, division=division)
    made = making.draft(by, kind, division, pack_id)
    _one_at_a_time(made.source)
    if standing(made.source, made.division):
        raise UserError(
            "DIS-004",
            _("This waits or is published already, for this area or one that overlaps it."),
            remedy=_("Look at the list of publications; a second cut of the same figures could tell what both hide."),
            division=division,
        )
    proposal = Proposal.objects.create(
        kind=made.kind,
        division=made.division,
        place=made.place,
        places=made.places,
        title_zh=made.title.zh,
        title_en=made.title.en,
        content=made.text,
        sha256=content.sha256_of(made.text),
        source=made.source,
        proposed_by=by.name,
    )
    _record(by, "disclosure.proposed", proposal, new={"source": proposal.source, "sha256": proposal.sha256})
    return proposal


@transaction.atomic
def publish(*, by: UserActor, proposal: UUID) -> Publication:
    """Tell everyone what another person proposed, as it was proposed.

    Raises ACC-001, ACC-002, DIS-006 (the actor's own proposal), DIS-007 (decided already), DIS-008 (no longer
    current), DIS-010.
    """
    found = _waiting(by, proposal)
    if found.proposed_by == by.name:
        raise PermissionRefused(
            "DIS-006",
            _("You proposed this yourself: a second person publishes it."),
            remedy=_("Ask a colleague of your office who may publish."),
        )
    if found.kind == Kind.FIGURES:
        _refuse_outdated(found)
    _decide(by, found, State.PUBLISHED)
    office = _office(by, found)
    publication = Publication.objects.create(
        id=found.id,
        kind=found.kind,
        division=found.division,
        place=found.place,
        places=found.places,
        title_zh=found.title_zh,
        title_en=found.title_en,
        content=found.content,
        sha256=found.sha256,
        publisher_zh=office.zh,
        publisher_en=office.en,
    )
    _record(by, "disclosure.published", found, new={"sha256": found.sha256, "proposed_by": found.proposed_by})
    return publication


@transaction.atomic
def decline(*, by: UserActor, proposal: UUID, reason: str) -> Proposal:
    """Send a proposal back with a reason; whoever proposed it may take it back likewise.

    Raises ACC-001, ACC-002, DIS-007, DIS-009 (no reason), DIS-010.
    """
    said = _reason(reason)
    found = _waiting(by, proposal, own=True)
    _decide(by, found, State.DECLINED, said)
    _record(by, "disclosure.declined", found, new={"state": State.DECLINED}, reason=said)
    return found


@transaction.atomic
def withdraw(*, by: UserActor, publication: UUID, reason: str) -> Withdrawal:
    """Say on the public page that a publication no longer holds, and why. It is kept.

    The reason is public. Raises ACC-001, ACC-002, DIS-007 (not published, or withdrawn already), DIS-009, DIS-010.
    """
    said = _reason(reason)
    found = proposal_of(by, publication)
    by.require(Permission.DISCLOSURE_PUBLISH, division=f"{found.division:012d}")
    _one_at_a_time(str(found.pk))
    told = Publication.objects.filter(pk=found.pk, withdrawal__isnull=True).first()
    if told is None:
        raise _decided()
    withdrawal = Withdrawal.objects.create(publication=told, reason=said)
    _record(by, "disclosure.withdrawn", found, new={"sha256": told.sha256}, reason=said)
    return withdrawal


@transaction.atomic
def open_notice_page(*, by: Actor, notice: UUID) -> NoticePage:
    """Show a notice on the web as long as it hangs: its posting there counts until the last of its cases has left.

    Where its procedure names no place on the web, the page is none of its postings.
    Raises ACC-001, ACC-002, CAS-092, CAS-094, CAS-095.
    """
    held = casework.put_up(by=by, notice=notice, page=notice)
    page = NoticePage.objects.filter(pk=held.pk).first()
    if page is None:
        made = notice_pages.page_of(notice_content.read(held.content), held.sha256)
        text = notice_pages.text_of(made)
        page = NoticePage.objects.create(
            id=held.pk, village=held.batch.number, place=made.place, title_zh=made.title.zh, title_en=made.title.en,
            content=text, sha256=content.sha256_of(text), key=sealing.closing_key(),
        )  # fmt: skip
    NoticeTerm.objects.create(page=page, until=None)
    _record_page(by, page, "notice_page.open", {"sha256": page.sha256})
    return page


@transaction.atomic
def close_notice_page(*, by: Actor, notice: UUID) -> NoticePage:
    """Close the page of a notice that hangs no more: of an announcement, whose page nothing else closes.

    Raises ACC-001, ACC-002, CAS-095, DIS-020, DIS-034 (it hangs yet).
    """
    found = notices_of_casework.notice_in_sight(by, notice)
    casework.require_posting(by, found)
    page = NoticePage.objects.filter(pk=found.pk).first()
    if page is None:
        raise nothing_there()
    if found.state == NoticeState.HANGING:
        raise UserError(
            "DIS-034",
            _("The notice hangs yet: its page stays open as long as it does."),
            remedy=_("End the notice, or take it down with the reason, on the page of its batch."),
        )
    _close(by, page, found)
    return page


def notice_over(by: Actor, notice: Notice) -> None:
    """Casework says that a notice hangs no more: the page of a void one closes, and of a public notice that ended.

    What was announced stays to be read until somebody closes its page.
    """
    if notice.state != NoticeState.VOID and notice.kind == NoticeKind.ANNOUNCEMENT:
        return
    page = NoticePage.objects.filter(pk=notice.pk).first()
    if page is not None and notices.page(page.pk).is_open:
        _close(by, page, notice)


def _close(by: Actor, page: NoticePage, notice: Notice) -> None:
    NoticeTerm.objects.create(page=page, until=database_now())
    _record_page(by, page, "notice_page.closed", {"state": notice.state})


@transaction.atomic
def take_from_inbox(*, by: Actor, entry: UUID, case: UUID) -> Inbox:
    """Enter what was sent as an objection against a case that the notice names.

    Raises ACC-001, ACC-002, DIS-030, DIS-035 (none such, or dealt with), DIS-036 (not named there), and what
    `objections.receive` raises.
    """
    row = _sent(by, entry)
    if not NoticeLine.objects.filter(notice=row.page_id, case=case).exists():
        raise UserError(
            "DIS-036",
            _("The notice does not name this case."),
            remedy=_("Choose one of the cases of the notice."),
            field="case",
        )
    told = receiving.said_in(bytes(row.box))
    said = objections.Said(
        ObjectionChannel.PAGE, told["text"], row.received_at, name=told["name"], phone=told["phone"], origin_id=row.pk
    )
    row.objection_id = objections.receive(by=by, case=case, said=said).pk
    return _taken(by, row, {"objection": row.objection_id})


@transaction.atomic
def refuse_from_inbox(*, by: Actor, entry: UUID, reason: str) -> Inbox:
    """It is no objection against anybody on the list; the reason is kept.

    Raises ACC-001, ACC-002, DIS-009, DIS-035, DIS-040 (the actor prepared or verified a case of the notice).
    """
    row = _sent(by, entry)
    if pages_too_close(by, [row.page_id]):
        raise too_close()
    row.refused = _reason(reason)
    _tell(row, Progress.REFUSED, database_now())
    return _taken(by, row, {"refused": True}, row.refused)


# What of the steps on an objection is told under its receipt: never what was found or answered, nor who acted.
_TOLD = {
    ObjectionVerb.RECEIVE: Progress.TAKEN,
    ObjectionVerb.ACKNOWLEDGE: Progress.ACKNOWLEDGED,
    ObjectionVerb.INVESTIGATE: Progress.INVESTIGATED,
    ObjectionVerb.ANSWER: Progress.ANSWERED,
    ObjectionVerb.UPHOLD: Progress.UPHELD,
    ObjectionVerb.DISMISS: Progress.DISMISSED,
}


def objection_step(_by: Actor, objection: Objection, verb: ObjectionVerb, at: dt.datetime) -> None:
    """Casework says that a step was taken: told under the receipt of what was sent from the page of a notice."""
    if objection.origin_id is not None and verb in _TOLD:
        _tell(Inbox.objects.get(pk=objection.origin_id), _TOLD[verb], at)


def _tell(row: Inbox, progress: Progress, at: dt.datetime) -> None:
    ReceiptStep.objects.create(code=row.code, page_id=row.page_id, progress=progress, at=at)


def _sent(by: Actor, entry: UUID) -> Inbox:
    """What was sent and waits, locked, for the office of its village or above."""
    row = inbox_waiting(by).select_for_update(of=("self",)).filter(pk=entry).first()
    if row is None:
        raise nothing_waits()
    return row


def _taken(by: Actor, row: Inbox, new: Mapping[str, object], reason: str = "") -> Inbox:
    row.taken_by, row.taken_at = by.name, database_now()
    row.save(update_fields=["taken_by", "taken_at", "objection_id", "refused"])
    change = audit.Change("inbox", row.pk, county_of(row.village), f"{row.village:012d}", new=new)
    audit.record(by=by, action="inbox.taken", change=change, reason=reason)
    return row


def _record_page(by: Actor, page: NoticePage, action: str, new: Mapping[str, object]) -> None:
    change = audit.Change("notice", page.pk, county_of(page.village), f"{page.village:012d}", new=new)
    audit.record(by=by, action=action, change=change)


def _waiting(by: UserActor, identifier: UUID, *, own: bool = False) -> Proposal:
    """A proposal that waits, locked; `own` lets whoever proposed it decide too."""
    found = proposal_of(by, identifier)
    if not (own and found.proposed_by == by.name):
        by.require(Permission.DISCLOSURE_PUBLISH, division=f"{found.division:012d}")
    locked = Proposal.objects.select_for_update().get(pk=found.pk)
    if locked.state != State.WAITING:
        raise _decided()
    return locked


def _decide(by: UserActor, found: Proposal, state: State, reason: str = "") -> None:
    found.state, found.decided_by, found.decided_at, found.reason = state, by.name, timezone.now(), reason
    found.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _refuse_outdated(found: Proposal) -> None:
    """Figures are told while their screening is current: an older one would contradict the pages of the office."""
    pack_id = content.read(found.content).pack.partition("@")[0]
    if making.source_of(Kind.FIGURES, making.current(found.division, pack_id)) != found.source:
        raise UserError(
            "DIS-008",
            _("Another screening is current by now."),
            remedy=_("Decline this proposal and have the new figures proposed."),
        )


def _office(by: UserActor, found: Proposal) -> Said:
    """Who publishes, as the public page says it: the place and the kind of office, never a person."""
    post = next(
        post
        for post in by.posts
        if Permission.DISCLOSURE_PUBLISH in PERMISSIONS[Role(post.role)]
        and Area.of([post.division_id]).covers(f"{found.division:012d}")
    )
    place = place_name(post.division.name)
    return making.both(lambda: f"{place} {Role(post.role).label}")


def _reason(text: str) -> str:
    said = " ".join(text.split())
    longest = Withdrawal._meta.get_field("reason").max_length or 0
    if not said or len(said) > longest:
        raise UserError(
            "DIS-009",
            _("A reason of at most %(most)s characters is needed.") % {"most": longest},
            remedy=_("Say in a sentence what is wrong; name nobody."),
            field="reason",
        )
    return said


def _decided() -> UserError:
    return UserError(
        "DIS-007",
        _("This has been decided already."),
        remedy=_("Load the page again to see how."),
    )


def _one_at_a_time(key: str) -> None:
    """Others that ask for the same wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"disclosure {key}"])


def _record(by: UserActor, action: str, found: Proposal, *, new: audit.Values, reason: str = "") -> None:
    change = audit.Change("publication", found.pk, county=county_of(found.division), label=found.title_zh, new=new)
    audit.record(by=by, action=action, change=change, reason=reason)
