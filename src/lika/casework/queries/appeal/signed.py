"""Who signed what in which capacity, and the rosters on which cases stand, as parts of a file that leaves."""

import base64
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lika.casework import proof
from lika.casework.choices import VoidReason
from lika.casework.models import RosterEntry, Signature, SignedPaper
from lika.casework.queries.appeal.dossier import Attached, Cases, Part, told
from lika.casework.queries.record import signatures_of
from lika.casework.queries.signing import hashes_of
from lika.core.media import MediaType
from lika.core.permissions import Permission
from lika.divisions.names import place_name

_ENDINGS = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.WEBP: "webp",
    MediaType.PDF: "pdf",
}


def signatures(of: Cases) -> Part:
    """Every signature, void ones too: who, in which capacity, how, before whom, over which hash, whether it counts."""
    slotted = [each.id for each in of.procedure.stages if each.slots]
    given = signatures_of(of.all, hashes_of(of.all, of.procedure, slotted))
    going = set(_going_along(of).values_list("pk", flat=True))
    rows = [
        (
            case,
            (
                of.title(row.stage), str(row.slot + 1), row.get_capacity_display(), _who(row), row.get_kind_display(),
                row.witness.name if row.witness else "", told(row.at), row.content_hash,
                _("Roster %(n)s") % {"n": entry.roster.sequence} if entry else _("This case"),
                _state(state, entry.void_reason if entry else row.void_reason),
                _sheet(row.paper, going), _sheet(row.authorisation, going),
            ),
        )
        for case, found in given.items()
        for row, state, entry in found
    ]  # fmt: skip
    heads = (
        _("Stage"), _("Slot"), _("Capacity"), _("Who signed"), _("How it was signed"), _("Witness"), _("Signed at"),
        _("SHA-256 that was signed"), _("Over what"), _("Whether it counts"), _("What was drawn or photographed"),
        _("Authorisation of the deputy"),
    )  # fmt: skip
    return of.part("signatures", _("Signatures"), heads, rows)


def rosters(of: Cases) -> Part:
    """The rosters on which the cases stand, each with the case's own line; the other lines are hashes in the record."""
    entries = RosterEntry.objects.filter(case__in=of.ids).select_related("roster__division")
    rows = [
        (
            each.case_id,
            (
                of.title(each.stage), place_name(each.roster.division.name), str(each.roster.sequence),
                told(each.roster.drawn_at), each.roster.drawn_by, each.roster.content_hash, each.content_hash,
                _void(each.void_reason) if each.void_reason else "",
            ),
        )
        for each in entries.order_by("roster__drawn_at", "roster_id", "case__number")
    ]  # fmt: skip
    heads = (
        _("Stage"), _("Place of the roster"), _("Roster"), _("Drawn up at"), _("Drawn up by"),
        _("SHA-256 of the roster"), _("SHA-256 of the case on it"), _("Why its line is void"),
    )  # fmt: skip
    return of.part("rosters", _("Rosters"), heads, rows)


def signed_papers(of: Cases) -> Iterator[Attached]:
    """What was drawn or photographed for these cases alone, for readers to whom such papers are opened."""
    for paper in _going_along(of):
        yield Attached(sheet_name(paper), base64.b64decode(paper.content))


def sheet_name(paper: SignedPaper) -> str:
    """The name of a signed paper below `documents/`: of its digest."""
    return f"{paper.sha256[:16]}.{_ENDINGS[MediaType(paper.media_type)]}"


def _going_along(of: Cases) -> QuerySet[SignedPaper]:
    """A sheet that other cases or a whole roster are signed on stays at the office, as does all without permission."""
    authorising = Signature.objects.filter(case__in=of.ids, authorisation__isnull=False).values("authorisation")
    found = SignedPaper.objects.filter(Q(signatures__case__in=of.ids) | Q(pk__in=authorising))
    if of.place not in of.by.area_for(Permission.REGISTER_REVEAL):
        return found.none()
    others = Signature.objects.exclude(case__in=of.ids).filter(paper__isnull=False).values("paper")
    return found.exclude(pk__in=others).order_by("pk").distinct()


def _who(row: Signature) -> str:
    if row.official is None:
        return _("The household itself")
    stands_in = row.signatory.deputy_of if row.signatory else None
    if stands_in is None:
        return row.official.name
    return _("%(deputy)s for %(holder)s") % {"deputy": row.official.name, "holder": stands_in.official.name}


def _state(state: str, void_reason: str) -> str:
    if state == proof.HOLDS:
        return _("It counts")
    if state == proof.CHANGED:
        return _("It counts no more: the case has changed since")
    return _void(void_reason)


def _void(reason: str) -> str:
    return _("Void: %(reason)s") % {"reason": VoidReason(reason).label}


def _sheet(paper: SignedPaper | None, going: Collection[UUID]) -> str:
    if paper is None:
        return ""
    return sheet_name(paper) if paper.pk in going else _("At the office, SHA-256 %(digest)s") % {"digest": paper.sha256}
