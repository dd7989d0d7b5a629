"""Named writes of the console: what leaves the screens as a file is recorded.

A list leaves whole or not at all, however long it is: it is read by a cursor and written block by block into a file
without a name, which goes with the answer that sends it. Names leave masked unless they are asked for with a reason by
somebody who may read them; more of them than `LIKA_NAMES_ALONE` rows only after a second person agreed, who sees what
for (`lika.collection.exporting`).
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.collection.exporting import actions as exporting
from lika.collection.models import Export
from lika.console.lists import no_such_list
from lika.console.names import path_name
from lika.console.queries.focus import own_divisions
from lika.core import audit, leaving
from lika.core.errors import PermissionRefused, UserError
from lika.core.ids import uuid7
from lika.core.language import listed
from lika.core.leaving import FileKind, Personal, Row, Sheet
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.reports.leaving import LeavingList, Reading

Lists = Mapping[str, LeavingList]


@dataclass(frozen=True)
class Asked:
    """Which list, what of it (the query of its address), as what, with persons in full or masked, and what for."""

    page: str
    definition: str
    kind: FileKind
    personal: bool = False
    reason: str = ""
    second: str = ""


@dataclass(frozen=True)
class Taken:
    """A file, open at its beginning, and what it is called."""

    content: IO[bytes]
    name: str


@transaction.atomic
def take_list(*, by: UserActor, asked: Asked, lists: Lists) -> Taken | Export:
    """One of the `lists` as a file; where it names too many for one person, the request that waits for a second one.

    Raises CON-003 (more rows than a workbook holds), CON-004 (no such list), CON-010 (too many names, and no right to
    ask for them), COL-030 (no reason), ACC-001, and what the list's own page raises.
    """
    wanted, reading = _read(by, asked, lists)
    if asked.personal:
        by.require(Permission.REGISTER_PERSONAL)
        exporting.purpose_of(asked.reason)
        _refuse_overflow(by, asked, wanted, reading)
        if reading.total > settings.LIKA.names_alone:
            return _ask_second(by, asked, reading)
    return _written(by, asked, wanted, reading)


@transaction.atomic
def take_agreed_list(*, by: UserActor, export: UUID, lists: Lists) -> Taken:
    """A list with names that a second person agreed to, as it is now. Raises as `take_list`, and COL-033 … COL-036."""
    agreed = exporting.use_agreement(by=by, export=export)
    asked = Asked(
        agreed.page, agreed.definition, FileKind(agreed.kind), personal=True, reason=agreed.reason,
        second=agreed.decided_by,
    )  # fmt: skip
    by.require(Permission.REGISTER_PERSONAL)
    wanted, reading = _read(by, asked, lists)
    return _written(by, asked, wanted, reading)


def _read(by: UserActor, asked: Asked, lists: Lists) -> tuple[LeavingList, Reading]:
    wanted = lists.get(asked.page)
    if wanted is None or (asked.personal and not wanted.personal):
        raise no_such_list()
    by.require(wanted.permission)
    return wanted, wanted.read(by, QueryDict(asked.definition))


def _ask_second(by: UserActor, asked: Asked, reading: Reading) -> Export:
    division = reading.division or next(iter(own_divisions(by)), "")
    # A text that was searched for names somebody: nobody else is asked about it.
    if reading.asked.get("searched") or not division or not by.area_for(Permission.REGISTER_EXPORT).covers(division):
        raise PermissionRefused(
            "CON-010",
            _("More than %(most)s rows with names leave only by two persons who may export in this area.")
            % {"most": f"{settings.LIKA.names_alone:,}"},
            remedy=_("Narrow the list, take it with names masked, or ask the township office."),
        )
    return exporting.ask_for_list(
        by=by, page=asked.page, definition=asked.definition, division=division, kind=asked.kind.value,
        reason=asked.reason, rows=reading.total,
    )  # fmt: skip


def _written(by: UserActor, asked: Asked, wanted: LeavingList, reading: Reading) -> Taken:
    sheet = _refuse_overflow(by, asked, wanted, reading)
    rows = reading.rows(asked.personal)
    content = tempfile.TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    try:
        count = leaving.write(content, asked.kind, sheet, rows if asked.personal else _masked(reading, rows))
    except BaseException:
        content.close()
        raise
    content.seek(0)
    told = {
        "list": asked.page, "division": reading.division, "kind": asked.kind.value, "personal": asked.personal,
        "rows": count, "columns": [each.key for each in sheet.fields], "second": asked.second, **reading.asked,
    }  # fmt: skip
    change = audit.Change("export", uuid7(), county=audit.chain_of(reading.division), new=told)
    audit.record(by=by, action="list.exported", change=change, reason=asked.reason.strip() if asked.personal else "")
    return Taken(content, f"{sheet.title}-{timezone.localdate():%Y%m%d}.{asked.kind.value}")


def _refuse_overflow(by: UserActor, asked: Asked, wanted: LeavingList, reading: Reading) -> Sheet:
    """What stands around the rows, in a file that holds them all. Raises CON-003 before a row is read."""
    fields = [each for each in reading.fields if asked.personal or each.personal in (None, Personal.NAME)]
    sheet = Sheet(reading.title or str(wanted.title), _marks(by, asked, reading), fields)
    room = leaving.room(asked.kind, sheet)
    if room is not None and reading.total > room:
        raise UserError(
            "CON-003",
            _("A workbook (XLSX) holds at most %(most)s rows of this list; it has %(total)s.")
            % {"most": f"{room:,}", "total": f"{reading.total:,}"},
            remedy=_("Take it as CSV or Parquet: they hold any number of rows. Or narrow the list."),
            field="kind",
        )
    return sheet


def _masked(reading: Reading, rows: Iterator[Row]) -> Iterator[Row]:
    personal = [each for each in reading.fields if each.personal]
    for row in rows:
        yield {**row, **{each.key: leaving.masked(each, row[each.key]) for each in personal if each.key in row}}


def _marks(by: UserActor, asked: Asked, reading: Reading) -> list[tuple[str, str]]:
    """Who took what, when and what for: it stays with the file, so that one that is found can be traced."""
    names = dict.fromkeys(post.official.name for post in by.posts)
    when = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    marks = [
        (_("Exported by"), " ".join([by.name, *names])),
        (_("Exported at"), when),
        (_("Area"), _area(by, reading)),
        (_("Filter"), listed(reading.filters) or _("None")),
    ]
    if asked.personal:
        marks.append((_("Purpose"), asked.reason.strip()))
        if asked.second:
            marks.append((_("Agreed by"), asked.second))
        marks.append((_("Personal data"), _("Holds personal data: keep it safe and delete it after use.")))
    if settings.LIKA.demo:
        marks.append((_("Notice"), _("Demonstration data")))
    return marks


def _area(by: UserActor, reading: Reading) -> str:
    codes = [reading.division] if reading.division else own_divisions(by)
    labels = divisions.path_labels(codes)
    return listed(path_name(labels.get(code, code)) for code in codes) or _("Everything in your sight")
