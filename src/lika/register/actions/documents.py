"""Adding, withdrawing and reading documents and photographs.

The files are written first and the row last, in one transaction with its audit: a document is there whole or not.
"""

import datetime as dt
import hashlib
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.core import audit, media
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.core.media import Media
from lika.core.permissions import Permission
from lika.engine.snapshots.layout import county_of
from lika.register import document_files as files
from lika.register.actions.common import locked_household, reason_of, refuse_future, text_refused
from lika.register.actions.reveal import reason_for
from lika.register.choices import OPEN_STATES, DocumentOwner
from lika.register.choices.lists import DOCUMENT_KIND
from lika.register.document_files import Part
from lika.register.models import Change, Document, Household, Membership
from lika.register.queries.documents import document_in_sight, home_of, no_such_document, part_to_show
from lika.register.queries.scope import changes_in_sight, no_such_change, no_such_household

LONGEST_TITLE = 200
# An upload takes seconds; after an hour what has no row will never have one.
ORPHAN_SECONDS = 3600


@dataclass(frozen=True)
class Owner:
    """What a document belongs to: a household, person or change by `id`, a village by `village`."""

    kind: DocumentOwner
    id: UUID | None = None
    village: int | None = None


@dataclass(frozen=True)
class Paper:
    """What somebody says of a file. `replaces` names the document that this one takes the place of, `reason` why."""

    kind: str
    title: str = ""
    dated_on: dt.date | None = None
    replaces: UUID | None = None
    reason: str = ""


@dataclass(frozen=True)
class _Place:
    """Where an owner stands, and under what the audit files it."""

    village: int
    subject_kind: str
    subject: UUID | str
    label: str = ""


def add_document(*, by: Actor, owner: Owner, paper: Paper, content: bytes) -> Document:
    """Keep a photograph or paper. Its type is what the content says.

    Raises ACC-001, ACC-002, REG-001, REG-063, REG-019, REG-029, DOC-001 … DOC-005 (see `lika.core.media.examine`),
    DOC-006 (too large), DOC-007 (of no kind), DOC-008 (kept already), DOC-009 (no such document to replace), DOC-011
    (the change is decided), REG-060 (evidence of a change is replaced without a reason).
    """
    by.require(Permission.REGISTER_CHANGE)
    if owner.kind == DocumentOwner.MATTER:
        raise ValueError("the papers of a matter are kept by `add_for_matter`")
    return _keep(by, owner, paper, content)


def add_for_matter(*, by: Actor, matter: UUID, village: int, paper: Paper, content: bytes) -> Document:
    """Keep a paper of a matter of an app above, which has asked for permission; `village` is where it is dealt with.

    Raises as `add_document` does but for what it says of the register's own records.
    """
    return _keep(by, Owner(DocumentOwner.MATTER, matter, village), paper, content)


def _keep(by: Actor, owner: Owner, paper: Paper, content: bytes) -> Document:
    refuse_large(content)
    _refuse_words(paper)
    found = media.examine(content)
    identifier = uuid7()
    files.keep(identifier, _parts(content, found))
    try:
        return _write(by, owner, paper, identifier, content, found)
    except BaseException:
        files.remove(identifier)
        raise


@transaction.atomic
def _write(by: Actor, owner: Owner, paper: Paper, identifier: UUID, content: bytes, found: Media) -> Document:
    place = _place_of(by, owner)
    document = Document(
        id=identifier,
        owner_kind=owner.kind,
        owner_id=owner.id,
        village=place.village,
        kind=paper.kind,
        title=paper.title.strip(),
        dated_on=paper.dated_on,
        media_type=found.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        width=found.width,
        height=found.height,
        pages=found.pages,
        uploader=by.name,
    )
    replaced = None if paper.replaces is None else _replaced(by, owner, paper.replaces)
    reason = "" if replaced is None else _reason_to_replace(owner, paper)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError as error:
        raise UserError(
            "DOC-008", _("This very file is kept here already."), remedy=_("Look at the documents below.")
        ) from error
    if replaced is not None:
        replaced.replaced_by, replaced.withdrawn_reason = document, reason
        replaced.save(update_fields=["replaced_by", "withdrawn_reason"])
    new = {"document": identifier, "kind": paper.kind, "sha256": document.sha256, "size": document.size}
    new |= {"replaces": paper.replaces} if replaced is not None else {}
    _note(by, "document.added", place, new, reason)
    return document


@transaction.atomic
def withdraw_document(*, by: Actor, document: UUID, reason: str) -> Document:
    """It counts no more and is read only for a reason; it is not deleted.

    Raises ACC-001, ACC-002, DOC-009, DOC-010 (withdrawn or replaced already), DOC-011, DOC-015 (of a matter), REG-060
    (no reason).
    """
    by.require(Permission.REGISTER_CHANGE)
    found = document_in_sight(by, document, lock=True)
    by.require(Permission.REGISTER_CHANGE, village=_place_of_document(found).village)
    if found.owner_kind == DocumentOwner.MATTER:
        raise UserError(
            "DOC-015",
            _("This paper belongs to a matter that is dealt with elsewhere."),
            remedy=_("Withdraw it on the page of its batch or case."),
        )
    return _withdraw(by, found, reason)


@transaction.atomic
def withdraw_for_matter(*, by: Actor, document: UUID, reason: str) -> Document:
    """A paper of a matter counts no more; the app above has asked for permission. Raises DOC-010, REG-060."""
    found = Document.objects.select_for_update().get(pk=document, owner_kind=DocumentOwner.MATTER)
    return _withdraw(by, found, reason)


def _withdraw(by: Actor, found: Document, reason: str) -> Document:
    place, text = _place_of_document(found), reason_of(reason)
    if found.withdrawn_at is not None or found.replaced_by_id is not None:
        raise UserError(
            "DOC-010", _("The document counts no more already."), remedy=_("Look at the earlier documents below.")
        )
    if found.owner_kind == DocumentOwner.CHANGE and found.owner_id is not None:
        _refuse_decided(Change.objects.select_for_update(of=("self",)).get(pk=found.owner_id))
    found.withdrawn_by, found.withdrawn_at, found.withdrawn_reason = by.name, timezone.now(), text
    found.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    _note(by, "document.withdrawn", place, {"document": found.id, "kind": found.kind}, text)
    return found


@transaction.atomic
def reveal_document(*, by: Actor, document: UUID, reason: str) -> tuple[Document, bytes]:
    """A document to read, once, for a reason that the audit keeps. A picture comes without what it said of its camera.

    Raises ACC-001, ACC-002, DOC-009, DOC-012 (the file is missing), REG-050 (no reason), COR-002.
    """
    by.require(Permission.REGISTER_REVEAL)
    text = reason_for(reason)
    found = document_in_sight(by, document)
    place = _place_of_document(found)
    by.require(Permission.REGISTER_REVEAL, village=place.village)
    content = part_to_show(found)
    _note(by, "document.revealed", place, {"field": "document", "document": found.id, "kind": found.kind}, text)
    return found, content


def sweep_documents(*, by: Actor) -> int:
    """Remove the files that belong to no document; returns how many. Those of the last hour may yet get their row."""
    by.require(Permission.DOCUMENTS_KEEP)
    limit = time.time() - ORPHAN_SECONDS
    old = [(path, named) for path, named in files.stored() if path.stat().st_mtime < limit]
    known = set(Document.objects.filter(pk__in={named for _path, named in old if named}).values_list("pk", flat=True))
    orphans = [path for path, named in old if named not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _parts(content: bytes, found: Media) -> dict[Part, bytes]:
    copies = {Part.SHOWN: found.shown, Part.THUMBNAIL: found.thumbnail}
    return {Part.ORIGINAL: content} | {part: copy for part, copy in copies.items() if copy is not None}


def refuse_large(content: bytes) -> None:
    """Raises DOC-006 where a file is larger than the installation keeps."""
    most = settings.LIKA.document_megabytes
    if len(content) > most * 1024 * 1024:
        raise UserError(
            "DOC-006",
            _("The file is larger than %(most)d MB.") % {"most": most},
            remedy=_("Photograph it with a lower resolution, or scan it in grey."),
            field="file",
        )


def _refuse_words(paper: Paper) -> None:
    if DOCUMENT_KIND.item(paper.kind) is None:
        raise UserError(
            "DOC-007", _("There is no such kind of document."), remedy=_("Choose one from the list."), field="kind"
        )
    if len(paper.title) > LONGEST_TITLE:
        raise text_refused("title", LONGEST_TITLE)
    refuse_future(paper.dated_on, "dated_on")


def _place_of(by: Actor, owner: Owner) -> _Place:
    """Where the owner stands, once the actor may change it there."""
    if owner.kind == DocumentOwner.HOUSEHOLD and owner.id is not None:
        home = locked_household(by, Permission.REGISTER_CHANGE, owner.id)
        return _Place(home.village, "household", home.id, home.number)
    if owner.kind == DocumentOwner.PERSON and owner.id is not None:
        lives = Membership.objects.filter(person=owner.id, left_on=None).values_list("household", flat=True).first()
        if lives is None:
            raise no_such_household()
        home = locked_household(by, Permission.REGISTER_CHANGE, lives)
        return _Place(home.village, "person", owner.id, home.number)
    if owner.kind == DocumentOwner.CHANGE and owner.id is not None:
        return _of_change(by, owner.id)
    if owner.kind == DocumentOwner.VILLAGE and owner.village is not None:
        by.require(Permission.REGISTER_CHANGE, village=owner.village)
        return _Place(owner.village, "village", f"{owner.village:012d}")
    if owner.kind == DocumentOwner.MATTER and owner.id is not None and owner.village is not None:
        return _Place(owner.village, "matter", owner.id)
    raise ValueError("a document belongs to a household, a person, a change or a matter by id, or to a village")


def _of_change(by: Actor, change: UUID) -> _Place:
    found = Change.objects.select_for_update(of=("self",)).filter(changes_in_sight(by), pk=change).first()
    if found is None:
        raise no_such_change()
    by.require(Permission.REGISTER_CHANGE, village=found.village)
    _refuse_decided(found)
    return _filed(found.household_id, found.village, "change", found.id)


def _refuse_decided(change: Change) -> None:
    if change.state not in OPEN_STATES:
        raise UserError(
            "DOC-011",
            _("The change is decided; its evidence is what it was decided on."),
            remedy=_("Add the document to the household."),
        )


def _replaced(by: Actor, owner: Owner, document: UUID) -> Document:
    """The document that another takes the place of: of the same owner, and counting still."""
    found = document_in_sight(by, document, lock=True)
    counts = found.withdrawn_at is None and found.replaced_by_id is None
    elsewhere = owner.kind == DocumentOwner.VILLAGE and found.village != owner.village
    if not counts or elsewhere or (found.owner_kind, found.owner_id) != (owner.kind, owner.id):
        raise no_such_document()
    return found


def _reason_to_replace(owner: Owner, paper: Paper) -> str:
    """Why a document takes the place of another: whoever checks a change is told why its evidence is another one."""
    return reason_of(paper.reason, needed=owner.kind == DocumentOwner.CHANGE)


def _place_of_document(document: Document) -> _Place:
    """Where a document belongs now, and under what the audit files it."""
    household, village = home_of(document)
    if document.owner_kind == DocumentOwner.VILLAGE:
        return _Place(village, "village", f"{village:012d}")
    if document.owner_kind == DocumentOwner.PERSON and household is not None and document.owner_id is not None:
        return _Place(village, "person", document.owner_id, _number_of(household))
    if document.owner_kind == DocumentOwner.MATTER and document.owner_id is not None:
        return _Place(village, "matter", document.owner_id)
    return _filed(household, village, "document", document.id)


def _filed(household: UUID | None, village: int, kind: str, subject: UUID) -> _Place:
    """Under the household where there is one: its page tells what was done."""
    if household is None:
        return _Place(village, kind, subject)
    return _Place(village, "household", household, _number_of(household))


def _number_of(household: UUID) -> str:
    return Household.objects.values_list("number", flat=True).filter(pk=household).first() or ""


def _note(by: Actor, action: str, place: _Place, new: dict[str, Any], reason: str = "") -> None:
    change = audit.Change(place.subject_kind, place.subject, county_of(place.village), place.label, new=new)
    audit.record(by=by, action=action, change=change, reason=reason)
