"""The papers of all notices that hang in an area, printed by a process of its own on all cores, as one ZIP.

A township is printed in one transaction, with its audit and with the word of what came of each notice; its papers lie
sealed until all are there. Whatever ends the process leaves no township half done, and whoever goes on begins with the
one that it was at. No second person is asked: docs/casework.md says why.
"""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lika.casework import bundle_files
from lika.casework.actions import boards, jobs
from lika.casework.actions.notices import not_now
from lika.casework.appeal import put
from lika.casework.bundle_contents import CONTENTS, contents_of, name_of
from lika.casework.choices import NoticeKind, NoticeState, PartState, RunState
from lika.casework.models import BundledNotice, Notice, NoticeBundle
from lika.casework.papers.registry import to_print
from lika.casework.queries import bundles as reads
from lika.casework.queries import notices as notice_reads
from lika.casework.queries import quotas as campaigns
from lika.casework.queries.clock import database_now, sure
from lika.casework.queries.jobs import is_going
from lika.casework.queries.notices import Clock, local_day
from lika.casework.queries.papers.boards import Board, board_paper, place_of
from lika.collection.exporting.actions import purpose_of
from lika.collection.failures import told_of_full_disk
from lika.core import audit, processes, sealed
from lika.core.actors import Actor
from lika.core.errors import PermissionRefused, UserError
from lika.core.papers.at_once import Setters, setters
from lika.core.papers.printing import Prepared
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.policy.choices import PostingPlace

Tell = Callable[[int, Sequence[BundledNotice]], None]
_LONGEST = 500
# Held for a moment while somebody asks.
_ASKING = 0x4C694B62
_TOWNSHIP_SPAN = 1_000  # village codes below one of a township
_UNDER_WAY = (RunState.WAITING, RunState.RUNNING, RunState.STOPPING)


@transaction.atomic
def ask_for_bundle(
    *, by: Actor, division: str, reason: str, campaign: UUID | None = None, kind: str = ""
) -> NoticeBundle:
    """Note that the papers of all notices that hang in a county, township or village now are wanted, and what for.

    `begin_bundle` or `do_bundle` prints them. Raises ACC-001, ACC-002, CAS-010, CAS-142 (nothing hangs there), CAS-143
    (wider than a county), CAS-148 (the actor's last ones are being printed), COL-030 (no purpose), DIV-001, DIV-010.
    """
    place = divisions.get(division)
    _require(by, place.code)
    purpose = purpose_of(reason)
    if place.level < Level.COUNTY:
        raise UserError(
            "CAS-143",
            _("The papers of more than one county are not made as one file."),
            remedy=_("Ask for them county by county."),
            field="division",
        )
    found = None if campaign is None else campaigns.campaign_in_sight(by, campaign)
    processes.one_after_the_other(_ASKING)  # of a double click the second sees the first
    if any(map(is_going, NoticeBundle.objects.filter(by_name=by.name, state__in=_UNDER_WAY))):
        raise UserError(
            "CAS-148",
            _("The papers that you asked for last are being printed at this moment."),
            remedy=_("Wait until that is done, or stop it."),
        )
    hanging = list(reads.hanging_in(by, place.code, campaign, kind).defer("content"))
    if not hanging:
        raise UserError(
            "CAS-142",
            _("No such notice or announcement hangs there now."),
            remedy=_("Choose another area, or all campaigns and kinds."),
        )
    bundle = NoticeBundle.objects.create(
        division=place, number=int(place.code), campaign=found, kind=NoticeKind(kind) if kind else "", reason=purpose,
        by_name=by.name, official_id=by.official_id, language=translation.get_language() or "",
        asked_at=timezone.now(),
    )  # fmt: skip
    BundledNotice.objects.bulk_create(_lines(bundle, hanging))
    _record(by, bundle, "asked", {"notices": len(hanging), "campaign": campaign, "kind": kind})
    return bundle


def begin_bundle(bundle: NoticeBundle) -> None:
    """Have it printed by a process of its own: past the end of the page."""
    processes.begin("case", "print", str(bundle.pk))


@transaction.atomic
def stop_bundle(*, by: Actor, bundle: UUID) -> None:
    """Have it stop after the township that it is at. Raises ACC-001, CAS-144 … CAS-146."""
    found = _own(by, bundle)
    if not jobs.stop(found):
        raise _over()
    _record(by, found, "stopped", {})


@transaction.atomic
def go_on(*, by: Actor, bundle: UUID) -> NoticeBundle:
    """Note that what was stopped, failed or was killed is to be gone on with; what could not be printed is tried again.

    Raises ACC-001, ACC-002, CAS-144 … CAS-146.
    """
    found = _own(by, bundle)
    if found.state == RunState.DONE or is_going(found):
        raise _over()
    _require(by, found.division_id)
    refused = found.lines.filter(state=PartState.REFUSED).values_list("part", flat=True)
    _wait_again(found, set(refused))
    found.state, found.fault, found.finished_at, found.asked_at = RunState.WAITING, "", None, timezone.now()
    found.save(update_fields=["state", "fault", "finished_at", "asked_at"])
    _record(by, found, "asked", {"again": True})
    return found


def do_bundle(*, by: Actor, bundle: UUID, tell: Tell | None = None) -> NoticeBundle:
    """Print what waits, township by township, and make the ZIP; `tell` hears of each township.

    A notice that cannot be printed is noted with what kept it from it, and the others are printed. Raises ACC-001,
    ACC-002, CAS-144, CAS-145 (another process prints it, or it is over), COL-025 (the disk is full).
    """
    found = jobs.found(NoticeBundle, bundle, missing=reads.no_such_bundle)
    return jobs.done(found, lambda: _do(by, found, tell), over=_over)


def bundle_asker(bundle: UUID) -> Actor:
    """The official who asked for a bundle on the page, with the rights that they have now. Raises CAS-144."""
    found = jobs.found(NoticeBundle, bundle, missing=reads.no_such_bundle)
    return jobs.asker_of(found, missing=reads.no_such_bundle)


@transaction.atomic
def take_bundle(*, by: Actor, bundle: UUID) -> tuple[str, bytes]:
    """The name and the ZIP, for who asked for it alone; every time leaves a row in the audit.

    Raises ACC-001, ACC-002, CAS-144 … CAS-147, the last when it is no longer kept.
    """
    found = _own(by, bundle)
    _require(by, found.division_id)
    if found.state != RunState.DONE:
        raise _over()
    if not reads.is_ready(found):
        raise UserError("CAS-147", _("The papers are no longer kept."), remedy=_("Ask for them again."))
    content = bundle_files.read(found)
    NoticeBundle.objects.filter(pk=found.pk).update(taken=F("taken") + 1)
    _record(by, found, "taken", {"sha256": found.file_sha256})
    return found.file_name, content


def _lines(bundle: NoticeBundle, hanging: Sequence[Notice]) -> Iterator[BundledNotice]:
    """A line for each notice, with the name of its file: of places alone, and none twice."""
    townships = divisions.by_codes({f"{_part(each):012d}" for each in hanging})
    used: set[str] = set()
    for position, notice in enumerate(hanging, start=1):
        part = _part(notice)
        township = townships.get(f"{part:012d}")
        name = name_of(notice, None if township is None else township.name, used)
        used.add(name)
        yield BundledNotice(
            bundle=bundle, notice=notice, number=notice.batch.number, part=part, position=position, name=name
        )


def _part(notice: Notice) -> int:
    """The township of a notice's place, or the county itself."""
    return notice.batch.number // _TOWNSHIP_SPAN * _TOWNSHIP_SPAN


def _do(by: Actor, bundle: NoticeBundle, tell: Tell | None) -> RunState:
    done = bundle.lines.exclude(state=PartState.WAITING).values_list("part", flat=True).distinct().order_by()
    _wait_again(bundle, {each for each in done if not bundle_files.path_of(bundle, each).exists()})
    with told_of_full_disk():
        with setters() as setting:
            waiting = bundle.lines.filter(state=PartState.WAITING).values_list("part", flat=True)
            for part in sorted(set(waiting)):
                if jobs.is_stopping(bundle):
                    return RunState.STOPPED
                lines = _print_part(by, bundle, part, setting)
                if tell is not None:
                    tell(part, lines)
        _make_whole(by, bundle)
    return RunState.DONE


def _wait_again(bundle: NoticeBundle, parts: set[int]) -> None:
    """A part is printed as a whole: where one of its papers is wanting, all are made anew."""
    bundle.lines.filter(part__in=parts).update(
        state=PartState.WAITING, first_day=None, last_day=None, places="", waiting="", lines=0, sha256="", fault="",
        told="",
    )  # fmt: skip


@transaction.atomic
def _print_part(by: Actor, bundle: NoticeBundle, part: int, setting: Setters) -> list[BundledNotice]:
    """Print a township with the rights that the actor has now. Ten queries, however many notices it has."""
    _require(by, bundle.division_id)
    lines = list(bundle.lines.filter(part=part))
    told: list[tuple[BundledNotice, Board, Notice]] = []
    changes: list[audit.Change] = []
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number, pdf in enumerate(setting.pdfs(_prepared(by, lines, told))):
            line, board, notice = told[number]
            line.state, line.sha256 = PartState.DONE, hashlib.sha256(pdf).hexdigest()
            put(archive, line.name, pdf)
            changes.append(boards.change_of(notice, board, len(pdf)))
    bundle_files.write(bundle, content.getvalue(), part)
    written = ["state", "first_day", "last_day", "places", "waiting", "lines", "sha256", "fault", "told"]
    BundledNotice.objects.bulk_update(lines, written)
    if changes:
        audit.record_many(by=by, action=boards.PRINTED, changes=changes, reason=bundle.reason)
    return lines


def _prepared(
    by: Actor, lines: Sequence[BundledNotice], told: list[tuple[BundledNotice, Board, Notice]]
) -> Iterator[Prepared]:
    """The papers of those that can be printed, told of as they come; of the others, what keeps them from it."""
    named = notice_reads.notices_visible(by).filter(pk__in=[each.notice_id for each in lines])
    seen = {each.pk: each for each in named.filter(state=NoticeState.HANGING)}
    clocks = notice_reads.clocks_of(seen.values())
    effective = notice_reads.effective_days(seen.values())
    moment = database_now()
    for line in lines:
        try:
            notice = seen.get(line.notice_id)
            if notice is None:
                raise not_now()
            ready, board = _ready(notice, clocks, moment, effective.get(notice.pk))
        except UserError as refusal:
            line.state, line.fault = PartState.REFUSED, refusal.code
            line.told = f"{refusal.message} {refusal.remedy}".strip()[:_LONGEST]
            continue
        line.first_day, line.last_day = board.first_day, board.last_day
        line.places = "、".join(board.paper.places)
        waiting = (each for each in clocks[notice.pk].waiting if each.place != PostingPlace.WEB)
        line.waiting = "、".join(map(place_of, waiting))
        line.lines = len(board.paper.households) + len(board.paper.units)
        told.append((line, board, notice))
        yield ready


def _ready(
    notice: Notice, clocks: Mapping[UUID, Clock], moment: dt.datetime, effective_on: dt.date | None
) -> tuple[Prepared, Board]:
    today = local_day(sure(moment, notice.opened_at))
    board = board_paper(notice, clocks[notice.pk], if_posted=today, effective_on=effective_on)
    return to_print(board.paper), board


def _make_whole(by: Actor, bundle: NoticeBundle) -> None:
    """The ZIP of all parts with the list of its contents; the parts are needed no more."""
    lines = list(
        bundle.lines.select_related("notice__batch__division", "notice__batch__campaign").defer("notice__content")
    )
    parts = sorted({each.part for each in lines})
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        put(archive, CONTENTS, contents_of(bundle, lines))
        for part in parts:
            with zipfile.ZipFile(io.BytesIO(bundle_files.read(bundle, part))) as held:
                for name in held.namelist():
                    put(archive, name, held.read(name))
    whole = content.getvalue()
    sealed.remove_old(bundle_files.folder())
    bundle_files.write(bundle, whole)
    with transaction.atomic():
        printed = [each for each in lines if each.state == PartState.DONE]
        bundle.file_sha256, bundle.file_bytes = hashlib.sha256(whole).hexdigest(), len(whole)
        bundle.save(update_fields=["file_sha256", "file_bytes"])
        told = {
            "sha256": bundle.file_sha256, "printed": len(printed), "left_out": len(lines) - len(printed),
            "lines": sum(each.lines for each in printed),
        }  # fmt: skip
        _record(by, bundle, "bundled", told)
    for part in parts:
        bundle_files.path_of(bundle, part).unlink(missing_ok=True)


def _require(by: Actor, division: str) -> None:
    """Names leave as a file: who may export in the whole area, and reads names there, asks for them."""
    by.require(Permission.REGISTER_EXPORT, division=division)
    by.require(Permission.REGISTER_PERSONAL, division=division)


def _own(by: Actor, bundle: UUID) -> NoticeBundle:
    seen = reads.bundle_in_sight(by, bundle)
    if not reads.is_own(by, seen):
        raise PermissionRefused(
            "CAS-146", _("Only whoever asked for these papers may do that."), remedy=_("Ask for papers of your own.")
        )
    return NoticeBundle.objects.select_for_update().get(pk=seen.pk)


def _record(by: Actor, bundle: NoticeBundle, what: str, new: Mapping[str, object]) -> None:
    label = f"{bundle.division_id} {bundle.id.hex[-8:]}"
    change = audit.Change("notices", bundle.pk, audit.chain_of(bundle.division_id), label, new=dict(new))
    audit.record(by=by, action=f"notices.{what}", change=change, reason=bundle.reason)


def _over() -> UserError:
    """CAS-145."""
    return UserError(
        "CAS-145",
        _("These papers are not in this state any more."),
        remedy=_("Load the page again and look how they stand."),
    )
