"""Taking the register out as a file: asked for with a reason, agreed by a second person where it names people, logged.

The file is made by a process of its own with the rights that the asker has then, lies encrypted, and is removed
after a week. Everybody who may export in the area sees who took what and why.
"""

import datetime as dt
import hashlib
import io
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.collection.choices import ExportFormat, ExportState
from lika.collection.exporting import foreign, writing
from lika.collection.exporting.rows import Rows, columns_of
from lika.collection.exporting.sending import Sending, note_sent, require_audited
from lika.collection.failures import told_of_full_disk
from lika.collection.layouts.queries import layout_of
from lika.collection.layouts.queries import profile as profile_called
from lika.collection.models import Export
from lika.collection.schema import Sheet, sheets_asked
from lika.core import audit, crypto, processes, sealed
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.snapshots.layout import county_of
from lika.register.queries.counts import data_years

LONGEST_REASON = 200
AGREED_FOR = dt.timedelta(seconds=sealed.KEPT_SECONDS)  # as long as a file is kept
_DECIDED = frozenset((ExportState.WAITING, ExportState.RUNNING))


def folder() -> Path:
    """Where exports lie."""
    return sealed.folder("exports")


def path_of(export: Export) -> Path:
    """Where the file of an export lies."""
    return folder() / f"{export.id}.sealed"


@transaction.atomic
def ask(
    *, by: Actor, division: str, data_year: int, kind: ExportFormat, personal: bool, reason: str, layout: str = ""
) -> Export:
    """Ask for the register of an area and a data year as a file.

    With personal data it waits for `decide`; without, it can be made at once. `layout` names the profile of another
    system: such a file names people, and holds audited rows alone. Raises ACC-001, ACC-002, DIV-001, COL-030 (no
    reason), COL-031 (no data of that year), COL-051 (no such profile), COL-055 (nothing audited).
    """
    label = layout_of(layout).label
    area = divisions.get(division)
    by.require(Permission.REGISTER_EXPORT, division=area.code)
    purpose = purpose_of(reason)
    if data_year not in data_years(Area.of([area.code])):
        raise UserError(
            "COL-031",
            _("There are no yearly data of %(year)d in this area.") % {"year": data_year},
            remedy=_("Choose another year."),
            field="data_year",
        )
    if label:
        require_audited(Area.of([area.code]), data_year)
    export = Export.objects.create(
        division=int(area.code), data_year=data_year, kind=kind, personal=personal or bool(label),
        reason=purpose, layout=label, by_name=by.name, official_id=by.official_id,
        state=ExportState.ASKED if personal or label else ExportState.WAITING,
    )  # fmt: skip
    _note(by, export, "asked", {"kind": kind.value, "personal": export.personal, "layout": label})
    return export


@transaction.atomic
def decide(*, by: Actor, export: UUID, agree: bool) -> Export:
    """The second person agrees, or refuses. Raises ACC-001, ACC-002, COL-032 (one's own), COL-033, COL-034."""
    found = _locked(by, export)
    if found.by_name == by.name or (found.official_id is not None and found.official_id == by.official_id):
        raise PermissionRefused(
            "COL-032",
            _("Whoever asks for personal data does not decide on it."),
            remedy=_("Ask a colleague who may export in this area."),
        )
    if found.state != ExportState.ASKED:
        raise _over()
    # A list is read when it is taken: no file of it is made before.
    agreed = ExportState.READY if found.page else ExportState.WAITING
    found.state = agreed if agree else ExportState.REFUSED
    found.decided_by, found.decided_at = by.name, timezone.now()
    found.save(update_fields=["state", "decided_by", "decided_at"])
    _note(by, found, "agreed" if agree else "refused", {})
    return found


def purpose_of(reason: str) -> str:
    """What a file is for, as it is kept. Raises COL-030."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise UserError(
            "COL-030",
            _("A purpose of at most %(longest)d characters is needed.") % {"longest": LONGEST_REASON},
            remedy=_("Say what the file is for; it is kept."),
            field="reason",
        )
    return reason.strip()


def begin(export: Export, *, wait_seconds: float = 10) -> None:
    """Have the file made by a process of its own."""
    processes.begin("export", "make", str(export.id), wait_seconds=wait_seconds)


def make(export: UUID) -> Export:
    """Make the file, with the rights that its asker has now; what goes wrong stands in its state.

    Raises COL-025 where the disk is full, COL-033 where nothing waits or another process makes it, COL-034 where there
    is no such export, COL-055 where nothing was audited that could go to another system, ACC-001, ACC-002.
    """
    found = Export.objects.filter(pk=export).first()
    user = None if found is None else User.objects.filter(username=found.by_name, is_active=True).first()
    if found is None or user is None:
        raise missing()
    with processes.lock(found.lock_key) as mine:
        if not mine or not Export.objects.filter(pk=export, state__in=_DECIDED).update(state=ExportState.RUNNING):
            raise _over()
        try:
            return _made(actor_of(user), found)
        except BaseException:
            Export.objects.filter(pk=export).update(state=ExportState.FAILED, finished_at=timezone.now())
            raise


def _made(by: Actor, export: Export) -> Export:
    with told_of_full_disk(), transaction.atomic():
        content, rows = (_foreign_content if export.layout else _content)(by, export)
        sealed.remove_old(folder())
        sealed.write(path_of(export), content, _place(export))
        export.state, export.finished_at, export.rows = ExportState.READY, timezone.now(), rows
        export.file_sha256, export.file_bytes = hashlib.sha256(content).hexdigest(), len(content)
        export.save(update_fields=["state", "finished_at", "rows", "file_sha256", "file_bytes", "told"])
        if export.layout:
            told: dict[str, object] = {"receipt": export.receipt, "sha256": export.file_sha256, "rows": rows}
            _note(by, export, "receipt", told)
    return export


@transaction.atomic
def take(*, by: Actor, export: UUID) -> tuple[Export, bytes]:
    """The file, for its asker alone; every time leaves a row in the audit. Raises ACC-001, COL-033 … COL-036."""
    found = _ready(by, export)
    try:
        content = sealed.read(path_of(found), _place(found))
    except FileNotFoundError as error:
        raise _gone() from error
    Export.objects.filter(pk=found.pk).update(taken=F("taken") + 1)
    _note(by, found, "taken", {"sha256": found.file_sha256})
    return found, content


@transaction.atomic
def ask_for_list(*, by: Actor, page: str, definition: str, division: str, kind: str, reason: str, rows: int) -> Export:
    """Ask for a list with the names of more persons than one official takes alone; it waits for `decide`.

    `page` and `definition` name the list as the console does; `rows` is how many it has now.
    Raises ACC-001, ACC-002, COL-030 (no reason).
    """
    by.require(Permission.REGISTER_EXPORT, division=division)
    export = Export.objects.create(
        division=int(division), data_year=0, kind=kind, personal=True, reason=purpose_of(reason), page=page,
        definition=definition, by_name=by.name, official_id=by.official_id, state=ExportState.ASKED, rows={page: rows},
    )  # fmt: skip
    _note(by, export, "asked", {"kind": kind, "personal": True, "page": page, "rows": rows})
    return export


@transaction.atomic
def use_agreement(*, by: Actor, export: UUID) -> Export:
    """A list that a second person agreed to, for its asker alone, who takes it now and writes that into the audit.

    Raises ACC-001, COL-033 … COL-036, the last but one a week after it was agreed to.
    """
    found = _ready(by, export)
    if not found.page or found.decided_at is None:
        raise missing()
    if timezone.now() - found.decided_at > AGREED_FOR:
        raise _gone()
    Export.objects.filter(pk=found.pk).update(taken=F("taken") + 1)
    return found


def _ready(by: Actor, export: UUID) -> Export:
    found = _locked(by, export)
    if (found.by_name, found.official_id) != (by.name, by.official_id):
        raise PermissionRefused(
            "COL-036", _("Only whoever asked for the file may take it."), remedy=_("Ask for a file of your own.")
        )
    if found.state != ExportState.READY:
        raise _over()
    return found


def _content(by: Actor, export: Export) -> tuple[bytes, dict[str, int]]:
    by.require(Permission.REGISTER_EXPORT, division=export.division_code)
    area = Area.of([export.division_code])
    rows = Rows(by=by, area=area, year=export.data_year)
    sheets = [_narrowed(sheet, personal=export.personal) for sheet in sheets_asked(area)]
    target = io.BytesIO()
    written = writing.write(
        target, ExportFormat(export.kind), [(sheet, rows.of(sheet)) for sheet in sheets if _stands(sheet)],
        _about(export),
    )  # fmt: skip
    return target.getvalue(), written


def _foreign_content(by: Actor, export: Export) -> tuple[bytes, dict[str, int]]:
    by.require(Permission.REGISTER_EXPORT, division=export.division_code)
    require_audited(Area.of([export.division_code]), export.data_year)
    profile = profile_called(export.layout)
    sending = Sending.of(by=by, profile=profile, division=export.division_code, data_year=export.data_year)
    content = foreign.write(ExportFormat(export.kind), sending.foreign, _about(export))
    note_sent(export, profile, sending)
    export.told = sending.told()
    return content, dict(sending.foreign.counts)


def _narrowed(sheet: Sheet, *, personal: bool) -> Sheet:
    return Sheet(sheet.key, sheet.zh, sheet.en, columns_of(sheet, personal=personal), sheet.aliases)


def _stands(sheet: Sheet) -> bool:
    """Whether a sheet still tells something: members without names and numbers would be rows of nobody."""
    return sheet.key != "persons" or any(column.name == "name" for column in sheet.columns)


def _about(export: Export) -> list[tuple[str, str]]:
    """Who took it, when and why, in both languages: it stays with the file."""
    when = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    code, year, who, second = export.division_code, export.data_year, export.by_name, export.decided_by or "—"
    kept = ("含个人信息，请妥善保管，用毕删除。", "Holds personal data: keep it safe and delete it after use.")
    layout = [(f"版式 {export.layout}，仅含乡镇审核后的数据", f"Layout {export.layout}, audited rows alone")]
    return [
        *(layout if export.layout else ()),
        (f"导出编号 {export.id}", f"Export {export.id}"),
        (f"区划 {code}，数据年度 {year}", f"Division {code}, data year {year}"),
        (f"导出人 {who}，同意人 {second}，{when}", f"Taken by {who}, agreed by {second}, {when}"),
        (f"用途：{export.reason}", f"Purpose: {export.reason}"),
        kept if export.personal else ("不含个人信息。", "Holds no personal data."),
    ]


def _locked(by: Actor, export: UUID) -> Export:
    by.require(Permission.REGISTER_EXPORT)
    found = Export.objects.select_for_update().filter(pk=export).first()
    if found is None or not by.area_for(Permission.REGISTER_EXPORT).covers(found.division_code):
        raise missing()
    return found


def _note(by: Actor, export: Export, what: str, new: dict[str, object]) -> None:
    county = county_of(export.division)
    change = audit.Change("export", export.id, county if county % 100 else 0, export.label, new=new)
    audit.record(by=by, action=f"export.{what}", change=change, reason=export.reason)


def _place(export: Export) -> crypto.Place:
    return crypto.place(Export._meta.db_table, "file", export.id)


def missing() -> NotFound:
    """COL-034."""
    return NotFound("COL-034", _("There is no such export in your area."), remedy=_("Choose one from the list."))


def _gone() -> UserError:
    return UserError("COL-035", _("The file is no longer kept."), remedy=_("Ask for it again."))


def _over() -> UserError:
    return UserError(
        "COL-033",
        _("The export is not in this state any more."),
        remedy=_("Load the page again and look how it stands."),
    )
