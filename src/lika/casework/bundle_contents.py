"""What stands beside the papers of all notices: the names of the files, and the list that says what is among them."""

import io
from collections.abc import Collection, Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.queries import names_of
from lika.casework.choices import NoticeKind, PartState
from lika.casework.models import BundledNotice, Notice, NoticeBundle
from lika.core.leaving import Field, FileKind, Kind, Row, Sheet, write
from lika.core.papers import file_name
from lika.divisions import queries as divisions
from lika.divisions.names import place_name

CONTENTS = "00-目录.xlsx"
_WORDS = {NoticeKind.NOTICE: "公示", NoticeKind.ANNOUNCEMENT: "公告"}
_FIELDS = (
    Field("position", gettext_lazy("No."), Kind.WHOLE, width=8),
    Field("township", gettext_lazy("Township"), width=14),
    Field("village", gettext_lazy("Village"), width=14),
    Field("code", gettext_lazy("Division code"), width=15),
    Field("campaign", gettext_lazy("Campaign"), width=22),
    Field("kind", gettext_lazy("Kind"), width=12),
    Field("lines", gettext_lazy("Listed"), Kind.WHOLE, width=10),
    Field("first_day", gettext_lazy("First day"), Kind.DAY, width=12),
    Field("last_day", gettext_lazy("Last day"), Kind.DAY, width=12),
    Field("places", gettext_lazy("Where it hangs"), width=30),
    Field("waiting", gettext_lazy("To be posted"), width=30),
    Field("file", gettext_lazy("file"), width=34),
    Field("sha256", "SHA-256", width=68),
    Field("fault", gettext_lazy("Not printed"), width=12),
    Field("told", gettext_lazy("Reason"), width=50),
)


def name_of(notice: Notice, township: str | None, used: Collection[str]) -> str:
    """`魁圩乡/旧圩村-2014-公示1.pdf`, in Chinese as the papers are: places, year and kind, never a person."""
    batch = notice.batch
    place = place_name(batch.division.name)
    parts = (place, str(batch.campaign.year), f"{_WORDS[NoticeKind(notice.kind)]}{notice.round}")
    folder = file_name(place_name(township or batch.division.name)).removesuffix(".pdf")
    name, again = f"{folder}/{file_name(*parts)}", 1
    while name in used:
        again += 1
        name = f"{folder}/{file_name(*parts, str(again))}"
    return name


def contents_of(bundle: NoticeBundle, lines: Sequence[BundledNotice]) -> bytes:
    """The list as a workbook, in the reader's language: every notice, also those that could not be printed."""
    when = timezone.localtime(bundle.asked_at).strftime("%Y-%m-%d %H:%M")
    marks = [
        (_("Division"), f"{place_name(bundle.division.name)} {bundle.division_id}"),
        (_("Asked for by"), f"{names_of([bundle.by_name])[bundle.by_name]} {when}"),
        (_("Purpose"), bundle.reason),
        (_("To be kept safe"), _("The papers name people: post them, delete the file after use.")),
    ]
    target = io.BytesIO()
    write(target, FileKind.XLSX, Sheet(_("Papers of all notices"), marks, _FIELDS), _rows(lines))
    return target.getvalue()


def _rows(lines: Sequence[BundledNotice]) -> Iterator[Row]:
    townships = divisions.by_codes({f"{each.part:012d}" for each in lines})
    for each in lines:
        batch, township = each.notice.batch, townships.get(f"{each.part:012d}")
        printed = each.state == PartState.DONE
        yield {
            "position": each.position,
            "township": "" if township is None else place_name(township.name),
            "village": place_name(batch.division.name),
            "code": batch.division_id,
            "campaign": f"{batch.campaign.year} {batch.campaign.get_kind_display()}",
            "kind": f"{each.notice.get_kind_display()} {each.notice.round}",
            "lines": each.lines if printed else None,
            "first_day": each.first_day,
            "last_day": each.last_day,
            "places": each.places,
            "waiting": each.waiting,
            "file": each.name if printed else "",
            "sha256": each.sha256,
            "fault": each.fault,
            "told": each.told,
        }
