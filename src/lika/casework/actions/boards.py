"""The paper of a public notice or an announcement for the board, printed for who posts it."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework import notice_content
from lika.casework.actions.notices import lock_hanging
from lika.casework.choices import NoticeKind
from lika.casework.models import Notice, NoticeLine
from lika.casework.notice_board import announcement_of, board_of
from lika.casework.papers.public import Public
from lika.casework.papers.registry import printed
from lika.casework.periods import DayKind, Period, period
from lika.casework.queries import notices as reads
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.clock import sure_moment
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.papers import file_name
from lika.divisions.names import place_name
from lika.policy.choices import PostingPlace

_KEPT = "退出后继续享受原有扶贫政策（脱贫不脱政策）。"


@transaction.atomic
def print_board(*, by: Actor, notice: UUID) -> tuple[str, bytes]:
    """The file's name and the PDF/A of a hanging notice or announcement, heads by their full names, audited.

    Until a public notice hangs at every place its period on the paper is that of a posting made today. Raises ACC-001,
    ACC-002, CAS-092, CAS-094 (it hangs no more), CAS-095, CAS-141 (待确认).
    """
    held = lock_hanging(by, reads.notice_in_sight(by, notice))
    paper, day, last_day = paper_of(held)
    content = printed(paper)
    batch = held.batch
    label = f"{batch.campaign.year} {batch.campaign.kind} {batch.division_id} {batch.sequence}"
    told = {"notice": held.pk, "bytes": len(content), "last_day": last_day}
    change = audit.Change("batch", batch.pk, audit.chain_of(batch.division_id), label, new=told)
    audit.record(by=by, action="notice.printed", change=change)
    return file_name(batch.division_id, paper.title, f"{day}"), content


def paper_of(held: Notice) -> tuple[Public, dt.date, dt.date | None]:
    """The paper of a notice as it hangs, the day that it bears, and its last day. Raises CAS-092, CAS-141."""
    clock = reads.clock_of(held)
    today = reads.local_day(sure_moment(held.opened_at))
    boards = [each for each in clock.postings if each.place != PostingPlace.WEB]
    places = tuple(f"{place_name(each.division.name)}{each.get_place_display()}" for each in boards)
    content = notice_content.read(held.content)
    if held.kind != NoticeKind.NOTICE:
        day = clock.posted_on or today
        effect = procedure_of(held.batch).effect
        kept = _KEPT if effect and effect.support_kept else ""
        cases = NoticeLine.objects.filter(notice=held, case__effective_on__isnull=False)
        on = cases.values_list("case__effective_on", flat=True).first()
        return announcement_of(content, made_on=day, places=places, effective_on=on, kept=kept), day, None
    counted = clock.period or period(today, held.days or 0, DayKind(held.day_kind), clock.calendar)
    _refuse_unsure(counted)
    board = board_of(content, made_on=counted.posted_on, places=places, period=counted)
    return board, counted.posted_on, counted.last_day


def _refuse_unsure(counted: Period) -> None:
    if not counted.confirmed:
        raise UserError(
            "CAS-141",
            _("The last day cannot be printed: the holidays of a year that the period reaches into are not confirmed."),
            remedy=_("Have the administrator enter the year's holidays and confirm it."),
        )
