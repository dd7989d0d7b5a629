"""What a public notice or an announcement looks like on the board, from its frozen wording and its clock."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lika.casework import notice_content
from lika.casework.choices import NoticeKind
from lika.casework.models import Notice, Posting
from lika.casework.notice_board import announcement_of, board_of
from lika.casework.papers.public import Public
from lika.casework.periods import DayKind, period
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.notices import Clock
from lika.core.errors import UserError
from lika.divisions.names import place_name
from lika.policy.choices import PostingPlace


@dataclass(frozen=True)
class Board:
    """The paper for the board, the day that it bears, the first and the last that count (None: it has no period)."""

    paper: Public
    day: dt.date
    first_day: dt.date
    last_day: dt.date | None


def board_paper(held: Notice, clock: Clock, *, if_posted: dt.date, effective_on: dt.date | None) -> Board:
    """The paper of a notice by its clock; until it hangs at every place, as if the last were posted on a day.

    `effective_on` is that of an announcement (`effective_days`). Asks the database nothing. Raises CAS-141 (待确认).
    """
    boards = [each for each in clock.postings if each.place != PostingPlace.WEB]
    places = tuple(map(place_of, boards))
    content = notice_content.read(held.content)
    if held.kind != NoticeKind.NOTICE:
        day = clock.posted_on or if_posted
        effect = procedure_of(held.batch).effect
        kept = bool(effect and effect.support_kept)
        paper = announcement_of(content, made_on=day, places=places, effective_on=effective_on, kept=kept)
        return Board(paper, day, day, None)
    counted = clock.period or period(if_posted, held.days or 0, DayKind(held.day_kind), clock.calendar)
    if not counted.confirmed:
        raise UserError(
            "CAS-141",
            _("The last day cannot be printed: the holidays of a year that the period reaches into are not confirmed."),
            remedy=_("Have the administrator enter the year's holidays and confirm it."),
        )
    notice = board_of(content, made_on=counted.posted_on, places=places, period=counted)
    return Board(notice, counted.posted_on, notice.starts_on, notice.ends_on)


def place_of(row: Posting) -> str:
    """A place where a notice hangs, as its paper names it."""
    return f"{place_name(row.division.name)}{row.get_place_display()}"
