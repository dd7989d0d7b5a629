"""The paper of a public notice for the board, printed for who posts it."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework import notice_content
from lika.casework.actions.notices import lock_hanging, not_now
from lika.casework.choices import NoticeKind
from lika.casework.notice_board import board_of
from lika.casework.papers.registry import printed
from lika.casework.periods import DayKind, Period, period
from lika.casework.queries import notices as reads
from lika.casework.queries.clock import sure_moment
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.papers import file_name
from lika.divisions.names import place_name
from lika.policy.choices import PostingPlace


@transaction.atomic
def print_board(*, by: Actor, notice: UUID) -> tuple[str, bytes]:
    """The file's name and the PDF/A of a hanging public notice, heads by their full names; the audit keeps who took it.

    Until it hangs at every place the period on the paper is that of a posting made today. Raises ACC-001, ACC-002,
    CAS-092, CAS-094 (it hangs no more, or is an announcement), CAS-095, CAS-141 (待确认).
    """
    held = lock_hanging(by, reads.notice_in_sight(by, notice))
    if held.kind != NoticeKind.NOTICE:
        raise not_now()
    clock = reads.clock_of(held)
    today = reads.local_day(sure_moment(held.opened_at))
    counted = clock.period or period(today, held.days or 0, DayKind(held.day_kind), clock.calendar)
    _refuse_unsure(counted)
    boards = [each for each in clock.postings if each.place != PostingPlace.WEB]
    places = tuple(f"{place_name(each.division.name)}{each.get_place_display()}" for each in boards)
    content = notice_content.read(held.content)
    paper = printed(board_of(content, made_on=counted.posted_on, places=places, period=counted))
    batch = held.batch
    label = f"{batch.campaign.year} {batch.campaign.kind} {batch.division_id} {batch.sequence}"
    told = {"notice": held.pk, "bytes": len(paper), "last_day": counted.last_day}
    change = audit.Change("batch", batch.pk, audit.chain_of(batch.division_id), label, new=told)
    audit.record(by=by, action="notice.printed", change=change)
    return file_name(batch.division_id, content.title.zh, f"{counted.posted_on}"), paper


def _refuse_unsure(counted: Period) -> None:
    if not counted.confirmed:
        raise UserError(
            "CAS-141",
            _("The last day cannot be printed: the holidays of a year that the period reaches into are not confirmed."),
            remedy=_("Have the administrator enter the year's holidays and confirm it."),
        )
