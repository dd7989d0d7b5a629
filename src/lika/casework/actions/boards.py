"""The paper of a public notice or an announcement for the board, printed for who posts it."""

from uuid import UUID

from django.db import transaction

from lika.casework.actions.notices import lock_hanging
from lika.casework.papers.registry import printed
from lika.casework.queries import notices as reads
from lika.casework.queries.clock import sure_moment
from lika.casework.queries.papers.boards import board_paper
from lika.core import audit
from lika.core.actors import Actor
from lika.core.papers import file_name


@transaction.atomic
def print_board(*, by: Actor, notice: UUID) -> tuple[str, bytes]:
    """The file's name and the PDF/A of a hanging notice or announcement, heads by their full names, audited.

    Until a public notice hangs at every place its period on the paper is that of a posting made today. Raises ACC-001,
    ACC-002, CAS-092, CAS-094 (it hangs no more), CAS-095, CAS-141 (待确认).
    """
    held = lock_hanging(by, reads.notice_in_sight(by, notice))
    today = reads.local_day(sure_moment(held.opened_at))
    board = board_paper(held, reads.clock_of(held), if_posted=today)
    content = printed(board.paper)
    batch = held.batch
    label = f"{batch.campaign.year} {batch.campaign.kind} {batch.division_id} {batch.sequence}"
    told = {"notice": held.pk, "bytes": len(content), "last_day": board.last_day}
    change = audit.Change("batch", batch.pk, audit.chain_of(batch.division_id), label, new=told)
    audit.record(by=by, action="notice.printed", change=change)
    return file_name(batch.division_id, board.paper.title, f"{board.day}"), content
