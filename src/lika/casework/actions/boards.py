"""The paper of a public notice or an announcement for the board, printed for who posts it."""

from uuid import UUID

from django.db import transaction

from lika.casework.actions.notices import lock_hanging
from lika.casework.models import Notice
from lika.casework.papers.registry import printed
from lika.casework.queries import notices as reads
from lika.casework.queries.clock import sure_moment
from lika.casework.queries.papers.boards import Board, board_paper
from lika.core import audit
from lika.core.actors import Actor
from lika.core.papers import file_name

PRINTED = "notice.printed"  # in the audit


@transaction.atomic
def print_board(*, by: Actor, notice: UUID) -> tuple[str, bytes]:
    """The file's name and the PDF/A of a hanging notice or announcement, heads by their full names, audited.

    Until a public notice hangs at every place its period on the paper is that of a posting made today. Raises ACC-001,
    ACC-002, CAS-092, CAS-094 (it hangs no more), CAS-095, CAS-141 (待确认).
    """
    held = lock_hanging(by, reads.notice_in_sight(by, notice))
    today = reads.local_day(sure_moment(held.opened_at))
    effective = reads.effective_days([held]).get(held.pk)
    board = board_paper(held, reads.clock_of(held), if_posted=today, effective_on=effective)
    content = printed(board.paper)
    audit.record(by=by, action=PRINTED, change=change_of(held, board, len(content)))
    return file_name(held.batch.division_id, board.paper.title, f"{board.day}"), content


def change_of(held: Notice, board: Board, size: int) -> audit.Change:
    """What the audit tells of a notice that was printed."""
    batch = held.batch
    told = {"notice": held.pk, "bytes": size, "last_day": board.last_day}
    return audit.Change("batch", batch.pk, audit.chain_of(batch.division_id), batch.label, new=told)
