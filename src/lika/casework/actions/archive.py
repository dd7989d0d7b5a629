"""The archive of a batch or a case as a signed ZIP in the official order, taken away for a reason that is kept."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lika.casework.appeal import RECORDS, write
from lika.casework.papers.files import ArchivedPaper, ArchiveFile, ArchiveSection
from lika.casework.papers.registry import printed
from lika.casework.papers.shared import Signature
from lika.casework.queries import cases as reads
from lika.casework.queries.archive import Contents, Folder, Leaf, contents_of, folder_of_batch, folder_of_case
from lika.casework.queries.archive.providers import pages_in
from lika.casework.queries.record import records_of
from lika.collection.exporting.actions import purpose_of
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.language import listed
from lika.core.permissions import Permission
from lika.divisions.names import place_name

_CONTENTS = "00-contents.pdf"


@transaction.atomic
def take_batch_archive(*, by: Actor, batch: UUID, reason: str) -> tuple[str, bytes]:
    """The name and the ZIP of a batch's file.

    Raises ACC-001, ACC-002, CAS-030, CAS-127 (too many), COL-030, COR-010 (there is no signing key yet).
    """
    found = reads.batch_in_sight(by, batch)
    of = folder_of_batch(by, found)
    if len(of.cases) > settings.LIKA.names_alone:
        raise UserError(
            "CAS-127",
            _("The file of more than %(most)s cases names too many persons for one to take it.")
            % {"most": f"{settings.LIKA.names_alone:,}"},
            remedy=_("Take the files of single cases."),
        )
    name = f"{found.campaign.year}-{found.campaign.kind}-{found.division_id}-{found.sequence}"
    return _taken(of, found.division_id, name, audit.Change("batch", found.pk), reason)


@transaction.atomic
def take_case_archive(*, by: Actor, case: UUID, reason: str) -> tuple[str, bytes]:
    """The name and the ZIP of a case's file. Raises ACC-001, ACC-002, CAS-031, COL-030, COR-010."""
    found = reads.case_in_sight(by, case)
    change = audit.Change("case", found.pk)
    return _taken(folder_of_case(by, found), f"{found.division:012d}", found.number, change, reason)


def _taken(of: Folder, division: str, name: str, change: audit.Change, reason: str) -> tuple[str, bytes]:
    of.by.require(Permission.REGISTER_PERSONAL, division=division)
    words = purpose_of(reason)
    with translation.override("zh-hans"):  # a file for the shelf, as its cover and contents are
        content = _zip(of, name)
    new = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    told = audit.Change(change.subject_kind, change.subject_id, audit.chain_of(division), name, new=new)
    audit.record(by=of.by, action="casework.archive_taken", change=told, reason=words)
    return f"{name}.zip", content


def _zip(of: Folder, name: str) -> bytes:
    contents = contents_of(of)
    papers: dict[int, ArchivedPaper] = {}
    entries: dict[str, bytes] = {}
    for line in contents.there:
        held, dated = _content(line.leaf)
        if held is not None:
            entries[line.name] = held
        pages = line.leaf.pages or (pages_in(held) if held is not None and line.leaf.kind == "pdf" else 1)
        papers[line.number] = ArchivedPaper("", line.leaf.author, line.leaf.title, dated, pages)
    entries[_CONTENTS] = printed(_cover(of, contents, name, papers))
    records = records_of(of.cases, of.procedure)
    return write(name, entries | {f"{RECORDS}{number}.json": held for number, held in records.items()})


def _content(leaf: Leaf) -> tuple[bytes | None, dt.date | None]:
    """What leaves, with its day; a paper that the program prints says itself which day it bears."""
    if leaf.tells is not None:
        data = leaf.tells()
        return printed(data), data.made_on
    return (None if leaf.read is None else leaf.read()), leaf.dated


def _cover(of: Folder, contents: Contents, name: str, papers: Mapping[int, ArchivedPaper]) -> ArchiveFile:
    """卷宗: cover, contents with pages counted on, and what is missing as the closing note."""
    campaign = of.batch.campaign
    return ArchiveFile(
        title=f"{place_name(of.batch.division.name)}{campaign.year}年{campaign.get_kind_display()}",
        made_on=of.last_day,
        fonds=place_name(of.batch.division.name),
        number=name,
        from_on=min((act.on for act in of.acts), default=of.last_day),
        to_on=of.last_day,
        keeping="",
        sections=tuple(
            ArchiveSection(str(section.label), tuple(papers[line.number] for line in lines if line.number))
            for section, lines in contents.sections
        ),
        remark=_remark(contents),
        signatures=(Signature(_("Filed by")), Signature(_("Checked by"))),
    )


def _remark(contents: Contents) -> str:
    kept = [line.leaf.title for line in contents.there if not line.name]
    of_cases = [line.leaf.title for line in contents.lines if line.leaf.in_case_files]
    missing = [f"{line.leaf.stage.title}：{line.leaf.title}" for line in contents.missing if line.leaf.stage]
    elsewhere = [_("In the files of the single cases: %(titles)s") % {"titles": listed(of_cases)}] if of_cases else []
    return "\n".join(
        [
            *elsewhere,
            _("Read at the office: %(titles)s") % {"titles": listed(kept) or _("None")},
            _("Missing: %(titles)s") % {"titles": listed(missing) or _("None")},
        ]
    )
