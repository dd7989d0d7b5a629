"""What was drawn or photographed when somebody signed: looked at, kept encrypted, opened again."""

import base64
import hashlib
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from lika.casework.choices import SignatureKind
from lika.casework.models import SignedPaper
from lika.core import media
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.media import MediaType


def keep_sheet(by: Actor, number: int, kind: SignatureKind, content: bytes) -> SignedPaper:
    """Keep a file for the division of a number, within the transaction of the act that it belongs to.

    Raises DOC-001 … DOC-006 (see `media.examine`), CAS-089 (ink that is no drawing).
    """
    most = settings.LIKA.document_megabytes
    if len(content) > most * 1024 * 1024:
        raise UserError(
            "DOC-006",
            _("The file is larger than %(most)d MB.") % {"most": most},
            remedy=_("Photograph it with a lower resolution, or scan it in grey."),
            field="file",
        )
    found = media.examine(content)
    if kind is SignatureKind.INK:
        _refuse_blank(found.media_type, content)
    return SignedPaper.objects.create(
        number=number, content=base64.b64encode(content).decode(), media_type=found.media_type, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), uploader=by.name,
    )  # fmt: skip


def content_of(paper: SignedPaper) -> bytes:
    """The file as it came. Raises COR-002."""
    return base64.b64decode(paper.content)


def _refuse_blank(media_type: MediaType, content: bytes) -> None:
    """A drawing has ink and ground: a canvas that nobody touched has one colour."""
    blank = True
    if media_type is MediaType.PNG:
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            lowest, highest = zip(*picture.convert("RGBA").getextrema(), strict=True)
            blank = lowest == highest
    if blank:
        raise UserError(
            "CAS-089", _("Nothing is drawn."), remedy=_("Sign in the field with a finger or a pen."), field="file"
        )
