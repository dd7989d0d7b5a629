"""Documents and photographs: what is kept of a household or a change, and the contents of those that are open."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.core.actors import Actor, outside_area
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.core.privacy import mask_name
from lika.register import document_files as files
from lika.register.choices import OPEN_KINDS, DocumentOwner
from lika.register.document_files import Part
from lika.register.models import Change, Document, Household, Membership
from lika.register.queries.scope import (
    changes_in_sight,
    household_visible_to,
    households_visible_to,
    no_such_change,
    scope_of,
    seen_in_full,
)


@dataclass(frozen=True)
class DocumentView:
    """What is known of a document. Title and reason are empty for a reader who sees no names there.

    `whose` is the member it belongs to, empty for the household's own. `is_open`: its picture may stand on the page;
    else it is read by `actions.documents.reveal_document`, by whom `may_reveal`.
    """

    id: UUID
    owner_kind: str
    owner_id: UUID | None
    whose: str
    kind: str
    title: str
    dated_on: dt.date | None
    media_type: str
    size: int
    width: int | None
    height: int | None
    pages: int | None
    sha256: str
    uploader: str
    recorded_at: dt.datetime
    is_replaced: bool
    withdrawn_by: str
    withdrawn_at: dt.datetime | None
    withdrawn_reason: str
    is_open: bool
    may_reveal: bool
    may_withdraw: bool

    @property
    def counts(self) -> bool:
        """Whether it is neither withdrawn nor replaced."""
        return self.withdrawn_at is None and not self.is_replaced

    @property
    def is_picture(self) -> bool:
        """Whether there is something to look at as a thumbnail."""
        return self.width is not None


def household_documents(*, by: Actor, household: UUID, as_of: dt.date | None = None) -> tuple[DocumentView, ...]:
    """All documents of a household, of its members of now and of its changes, the latest first; those recorded until a
    day where one is given. Three queries. Raises ACC-001, REG-001.
    """
    record = household_visible_to(by, household)
    members = dict(Membership.objects.filter(household=record, left_on=None).values_list("person_id", "person__name"))
    changes = Change.objects.filter(Q(household=record) | Q(other_household=record.pk)).values("pk")
    whose = (
        Q(owner_kind=DocumentOwner.HOUSEHOLD, owner_id=record.pk)
        | Q(owner_kind=DocumentOwner.PERSON, owner_id__in=list(members))
        | Q(owner_kind=DocumentOwner.CHANGE, owner_id__in=changes)
    )
    rows = Document.objects.filter(whose).order_by("-recorded_at", "-pk")
    if as_of is not None:
        rows = rows.filter(recorded_at__lt=_end_of(as_of))
    return _views(by, rows, record.village, record.pk, members)


def village_documents(*, by: Actor, village: int) -> tuple[DocumentView, ...]:
    """All documents of a village itself, the latest first. One query. Raises ACC-001, ACC-002 (out of sight)."""
    by.require(Permission.REGISTER_VIEW)
    if village not in scope_of(by).area:
        raise outside_area(permission=str(Permission.REGISTER_VIEW))
    rows = Document.objects.filter(owner_kind=DocumentOwner.VILLAGE, village=village).order_by("-recorded_at", "-pk")
    return _views(by, rows, village, None, {})


def change_documents(*, by: Actor, change: UUID) -> tuple[DocumentView, ...]:
    """The evidence of a change, the oldest first. Raises ACC-001, REG-063."""
    by.require(Permission.REGISTER_VIEW)
    found = Change.objects.filter(changes_in_sight(by), pk=change).first()
    if found is None:
        raise no_such_change()
    rows = Document.objects.filter(owner_kind=DocumentOwner.CHANGE, owner_id=change).order_by("recorded_at", "pk")
    return _views(by, rows, found.village, found.household_id, {})


def matter_documents(*, by: Actor, matters: Iterable[UUID], village: int) -> tuple[DocumentView, ...]:
    """The papers of matters of an app above, dealt with in one village, the oldest first; the app withdraws them.

    One query. Raises ACC-001.
    """
    by.require(Permission.REGISTER_VIEW)
    rows = Document.objects.filter(owner_kind=DocumentOwner.MATTER, owner_id__in=list(matters), village=village)
    return _views(by, rows.order_by("recorded_at", "pk"), village, None, {})


def counting_documents(changes: Iterable[UUID]) -> dict[UUID, int]:
    """How many documents that count each change has; those without any are left out. One query."""
    rows = Document.objects.filter(
        owner_kind=DocumentOwner.CHANGE, owner_id__in=list(changes), withdrawn_at=None, replaced_by=None
    )
    return dict(rows.values_list("owner_id").annotate(count=Count("pk")).order_by())


def open_document(*, by: Actor, document: UUID, thumbnail: bool = False) -> tuple[Document, bytes]:
    """A document of an open kind, for readers who see names where it belongs; a picture as its copy to show.

    Raises ACC-001, DOC-009 (none, or out of sight), DOC-012 (the file is missing), DOC-013 (only for a reason).
    """
    found = document_in_sight(by, document)
    if not _is_open(found) or not _reads_names(by, *home_of(found)):
        raise PermissionRefused(
            "DOC-013",
            _("This document is shown only for a reason that is kept."),
            remedy=_("Open it from the household's page."),
        )
    return found, part_to_show(found, thumbnail=thumbnail)


def part_to_show(document: Document, *, thumbnail: bool = False) -> bytes:
    """What of a document may leave: the copies of a picture, a PDF as it came. Raises DOC-012, COR-002."""
    pictured = document.width is not None
    part = Part.THUMBNAIL if thumbnail else Part.SHOWN if pictured else Part.ORIGINAL
    try:
        return files.read(document.id, part)
    except FileNotFoundError as error:
        raise UserError(
            "DOC-012",
            _("The file of this document is missing."),
            remedy=_("Ask the operator to run lika documents check and to restore it from the backup."),
        ) from error


def document_in_sight(by: Actor, document: UUID, *, lock: bool = False) -> Document:
    """A document that belongs to something in sight. Raises ACC-001, DOC-009."""
    by.require(Permission.REGISTER_VIEW)
    rows = Document.objects.select_for_update(of=("self",)) if lock else Document.objects.all()
    found = rows.filter(pk=document).first()
    if found is None or not _is_in_sight(by, found):
        raise no_such_document()
    return found


def no_such_document() -> NotFound:
    """DOC-009: there is none, or it is out of sight."""
    return NotFound(
        "DOC-009", _("There is no such document in your area."), remedy=_("Look at the household's documents.")
    )


def home_of(document: Document) -> tuple[UUID | None, int]:
    """The household that a document belongs to now, and the village where that stands."""
    household: UUID | None = None
    if document.owner_id is None:
        return None, document.village
    if document.owner_kind == DocumentOwner.HOUSEHOLD:
        household = document.owner_id
    elif document.owner_kind == DocumentOwner.PERSON:
        lives = Membership.objects.filter(person=document.owner_id, left_on=None)
        household = lives.values_list("household_id", flat=True).first()
    elif document.owner_kind == DocumentOwner.CHANGE:
        household = Change.objects.values_list("household_id", flat=True).get(pk=document.owner_id)
    if household is None:
        return None, document.village
    village = Household.objects.filter(pk=household).values_list("village", flat=True).first()
    return household, document.village if village is None else village


def _is_in_sight(by: Actor, document: Document) -> bool:
    if document.village in scope_of(by).area:
        return True
    if document.owner_id is None:
        return False
    if document.owner_kind == DocumentOwner.HOUSEHOLD:
        return households_visible_to(by).filter(pk=document.owner_id).exists()
    if document.owner_kind == DocumentOwner.PERSON:
        return households_visible_to(by).filter(memberships__person=document.owner_id).exists()
    if document.owner_kind == DocumentOwner.MATTER:
        return False
    return Change.objects.filter(changes_in_sight(by), pk=document.owner_id).exists()


def _reads_names(by: Actor, household: UUID | None, village: int) -> bool:
    named = seen_in_full(by)
    return village in named.area if household is None else named.holds(village=village, household=household)


def _is_open(document: Document) -> bool:
    return document.kind in OPEN_KINDS and document.withdrawn_at is None


def _views(
    by: Actor, rows: Iterable[Document], village: int, household: UUID | None, names: Mapping[UUID, str]
) -> tuple[DocumentView, ...]:
    in_full = _reads_names(by, household, village)
    reveals, changes = (
        village in by.area_for(permission) for permission in (Permission.REGISTER_REVEAL, Permission.REGISTER_CHANGE)
    )
    views = []
    for row in rows:
        name = names.get(row.owner_id, "") if row.owner_id else ""
        counts = row.withdrawn_at is None and row.replaced_by_id is None
        views.append(
            DocumentView(
                id=row.pk,
                owner_kind=row.owner_kind,
                owner_id=row.owner_id,
                whose=name if in_full or not name else mask_name(name),
                kind=row.kind,
                title=row.title if in_full else "",
                dated_on=row.dated_on,
                media_type=row.media_type,
                size=row.size,
                width=row.width,
                height=row.height,
                pages=row.pages,
                sha256=row.sha256,
                uploader=row.uploader,
                recorded_at=row.recorded_at,
                is_replaced=row.replaced_by_id is not None,
                withdrawn_by=row.withdrawn_by,
                withdrawn_at=row.withdrawn_at,
                withdrawn_reason=row.withdrawn_reason if in_full else "",
                is_open=in_full and _is_open(row),
                may_reveal=reveals,
                may_withdraw=changes and counts and row.owner_kind != DocumentOwner.MATTER,
            )
        )
    return tuple(views)


def _end_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
