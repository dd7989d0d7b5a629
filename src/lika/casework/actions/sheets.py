"""What was drawn or photographed when somebody signed: looked at, kept encrypted, opened again."""

import base64
import hashlib
from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from PIL import Image

from lika.casework.choices import SignatureKind
from lika.casework.models import Signature, SignedPaper
from lika.casework.queries.cases import cases_visible
from lika.casework.queries.rosters import rosters_visible
from lika.core import audit, media
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.media import MediaType
from lika.core.permissions import Permission
from lika.register.actions.documents import refuse_large
from lika.register.actions.reveal import reason_for


def keep_sheet(by: Actor, number: int, kind: SignatureKind, content: bytes) -> SignedPaper:
    """Keep a file for the division of a number, within the transaction of the act that it belongs to.

    Raises DOC-001 … DOC-006 (see `media.examine`), CAS-089 (ink that is no drawing).
    """
    refuse_large(content)
    if kind is SignatureKind.INK and not content:
        raise nothing_drawn()
    found = media.examine(content)
    if kind is SignatureKind.INK and _is_blank(found.media_type, content):
        raise nothing_drawn()
    return SignedPaper.objects.create(
        number=number, content=base64.b64encode(content).decode(), media_type=found.media_type, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), uploader=by.name,
    )  # fmt: skip


@transaction.atomic
def reveal_sheet(*, by: Actor, signature: UUID, reason: str, authorisation: bool = False) -> tuple[MediaType, bytes]:
    """What was drawn or photographed for a signature, or its deputy's authorisation; the audit keeps the reason.

    A picture is drawn anew, without what it said of its camera.

    Raises ACC-001, ACC-002, CAS-151 (no such sheet in the actor's sight), REG-050 (no reason), COR-002.
    """
    by.require(Permission.REGISTER_REVEAL)
    given = _in_sight(by, signature)
    paper = given.authorisation if authorisation else given.paper
    if paper is None:
        raise no_such_sheet()
    by.require(Permission.REGISTER_REVEAL, village=paper.number)
    text = reason_for(reason)
    told = {"stage": given.stage, "slot": given.slot, "sheet": str(paper.pk), "authorisation": authorisation}
    chain = audit.chain_of(paper.number)
    change = audit.Change("signature", given.pk, chain, given.get_capacity_display(), new=told)
    audit.record(by=by, action="signature.sheet_shown", change=change, reason=text)
    content = base64.b64decode(paper.content)
    shown = media.examine(content).shown
    return (MediaType(paper.media_type), content) if shown is None else (MediaType.JPEG, shown)


def _in_sight(by: Actor, signature: UUID) -> Signature:
    """A signature on a case or a roster that the actor sees. Raises ACC-001, CAS-151."""
    seen = Q(case__in=cases_visible(by)) | Q(roster__in=rosters_visible(by))
    found = Signature.objects.select_related("paper", "authorisation").filter(seen, pk=signature).first()
    if found is None:
        raise no_such_sheet()
    return found


def no_such_sheet() -> NotFound:
    """CAS-151: nothing was drawn or photographed for this signature, or it is out of sight."""
    return NotFound(
        "CAS-151",
        _("There is no such signature on paper or screen in your area."),
        remedy=_("Open it from the page of the batch or of the roster."),
    )


def nothing_drawn() -> UserError:
    """CAS-089: the field to sign in was left empty."""
    return UserError("CAS-089", _("Nothing is drawn."), remedy=_("Sign in the field with a finger or a pen."))


def _is_blank(media_type: MediaType, content: bytes) -> bool:
    """A drawing has ink and ground: a canvas that nobody touched has one colour."""
    if media_type is not MediaType.PNG:
        return True
    with Image.open(BytesIO(content), formats=["PNG"]) as picture:
        lowest, highest = zip(*picture.convert("RGBA").getextrema(), strict=True)
        return bool(lowest == highest)
