"""A public notice as it hangs on the board: the paper that its frozen wording gives."""

import datetime as dt
from typing import Any

from lika.casework.choices import NoticeKind
from lika.casework.notice_content import Content
from lika.casework.papers.public import Announcement as AnnouncementPaper
from lika.casework.papers.public import Notice as NoticePaper
from lika.casework.papers.shared import HouseholdLine, Office, UnitLine
from lika.casework.periods import DayKind, Period

_ONE = dt.timedelta(days=1)
_KEPT = "退出后继续享受原有扶贫政策（脱贫不脱政策）。"
_COUNTED = {DayKind.CALENDAR: "日", DayKind.WORKING: "个工作日"}


def board_of(content: Content, *, made_on: dt.date, places: tuple[str, ...], period: Period) -> NoticePaper:
    """The paper for the board, in Chinese, heads by their full names. `places` are where it hangs.

    Raises ValueError for an announcement, which has no period and another paper.
    """
    if content.kind != NoticeKind.NOTICE or content.day_kind is None:
        raise ValueError("an announcement has no period")
    return NoticePaper(
        **_common(content, made_on, places, "公示"),
        starts_on=period.posted_on + _ONE,
        ends_on=period.last_day,
        period=f"{content.days}{_COUNTED[DayKind(content.day_kind)]}",
    )


def announcement_of(
    content: Content, *, made_on: dt.date, places: tuple[str, ...], effective_on: dt.date | None, kept: bool
) -> AnnouncementPaper:
    """The paper of an announcement, in Chinese. `effective_on` None: the day is not decided yet and stays out.

    `kept`: those on it keep their support.
    """
    return AnnouncementPaper(
        **_common(content, made_on, places, "公告"),
        number="",
        effect=f"予以{content.result.zh}",
        effective_on=effective_on,
        kept=_KEPT if kept else "",
    )


def _common(content: Content, made_on: dt.date, places: tuple[str, ...], kind: str) -> dict[str, Any]:
    """What both say: the list as it was frozen, where it hangs, whom to call."""
    result, place = content.result.zh, content.place.rpartition(" ")[2]
    within = content.place.rpartition(" ")[0].rpartition(" ")[2]
    return {
        "title": content.title.zh,
        "made_on": made_on,
        "place": place,
        "basis": content.basis,
        "course": content.course,
        "subject": content.title.zh.removesuffix(kind).removeprefix(place),
        "places": places,
        "office": Office(content.issuer, content.phone),
        "issuers": (content.issuer,),
        "households": tuple(
            HouseholdLine(each.name, each.group, each.members, result)
            for each in content.lines
            if each.members is not None
        ),
        "units": tuple(UnitLine(each.name, within, result) for each in content.lines if each.members is None),
    }
