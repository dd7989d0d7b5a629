"""Photographs and papers that arrive as files: what they are, told by their content; and copies that are safe to show.

A picture is decoded whole and drawn anew: the copies hold pixels and nothing else, neither where nor with what it was
taken, nor what somebody hid behind them. A PDF cannot be drawn anew here; one that would act by itself is refused.
"""

import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from lika.core.errors import UserError

# Bounds of what one web process decodes at a time, not rules of anybody's.
MOST_PIXELS = 50_000_000
SHOWN_EDGE, THUMBNAIL_EDGE = 3000, 320
_QUALITY = 88


class MediaType(StrEnum):
    """What is accepted; everything else is refused."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


# What Pillow calls each; it is let at no other decoder than the one that the content asks for.
_DECODERS: Mapping[MediaType, str] = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP"}
# What Pillow's decoders raise on content that is cut off or was never a picture.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError, OverflowError)
# Names in a PDF that run, open or carry something else, and of the dictionary of an encrypted one.
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|Encrypt)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_PAGE = re.compile(rb"/Type\s*/Page\b")
_STREAM = re.compile(rb"\bstream\r?\n(.*?)endstream", re.DOTALL)
_TAIL = 2048
_MOST_OBJECTS = 20_000_000  # bytes of packed objects that are looked through


@dataclass(frozen=True)
class Media:
    """What a file is. `shown` and `thumbnail` are JPEG copies of a picture; `pages` of a PDF where they can be told."""

    media_type: MediaType
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    shown: bytes | None = None
    thumbnail: bytes | None = None


def examine(content: bytes) -> Media:
    """What a file is, whatever its name says, with the copies to show.

    Raises DOC-001 (empty), DOC-002 (of another type), DOC-003 (damaged), DOC-004 (too many pixels), DOC-005 (a PDF
    that is locked or acts by itself).
    """
    if not content:
        raise UserError("DOC-001", _("The file is empty."), remedy=_("Take or scan it again."))
    media_type = sniff(content)
    if media_type is None:
        raise UserError(
            "DOC-002",
            _("This is no photograph and no PDF: what counts is what the file holds, not its name."),
            remedy=_("Save it as JPEG, PNG, WebP or PDF and upload it again."),
        )
    return _paper(content) if media_type is MediaType.PDF else _picture(content, media_type)


def sniff(content: bytes) -> MediaType | None:
    """The type that the first bytes tell; None for every other."""
    if content.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return MediaType.WEBP
    return MediaType.PDF if content.startswith((b"%PDF-1.", b"%PDF-2.")) else None


def _picture(content: bytes, media_type: MediaType) -> Media:
    try:
        with Image.open(BytesIO(content), formats=(_DECODERS[media_type],)) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:  # told by the first bytes, before anything is decoded
                raise _too_many_pixels()
            drawn = _drawn_anew(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise _damaged() from error
    shown = _encoded(drawn)
    drawn.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    return Media(media_type, width, height, shown=shown, thumbnail=_encoded(drawn))


def _drawn_anew(picture: Image.Image) -> Image.Image:
    """The pixels on white, upright, no larger than is shown; nothing that the file said besides."""
    picture.draft("RGB", (SHOWN_EDGE, SHOWN_EDGE))  # a JPEG is decoded no finer than needed
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((SHOWN_EDGE, SHOWN_EDGE))
    opaque = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        opaque.paste(upright, mask=upright.getchannel("A"))
    else:
        opaque.paste(upright.convert("RGB"))
    return opaque


def _encoded(picture: Image.Image) -> bytes:
    target = BytesIO()
    picture.save(target, "JPEG", quality=_QUALITY, optimize=True)
    return target.getvalue()


def _paper(content: bytes) -> Media:
    if b"%%EOF" not in content[-_TAIL:]:
        raise _damaged()
    # Any character of a name may be written by its number: /J#53 is /JS.
    words = _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), _words_of(content))
    if _ACTS.search(words):
        raise UserError(
            "DOC-005",
            _("The PDF is locked, or holds a script, a form or another file."),
            remedy=_("Print it to a new PDF, or photograph the pages, and upload that."),
        )
    return Media(MediaType.PDF, pages=len(_PAGE.findall(words)) or None)


def _words_of(content: bytes) -> bytes:
    """The objects of a PDF without the data of pictures and fonts, in which chance writes any word; packed ones too."""
    parts, end, room = [], 0, _MOST_OBJECTS
    for found in _STREAM.finditer(content):
        before = content[end : found.start()]
        parts.append(before)
        end = found.end()
        if b"/ObjStm" not in before[before.rfind(b" obj") :]:
            continue
        try:
            objects = zlib.decompressobj().decompress(found[1], room)
        except zlib.error as error:
            raise _damaged() from error
        room -= len(objects)
        if room <= 0:
            raise _damaged()
        parts.append(objects)
    return b"".join([*parts, content[end:]])


def _damaged() -> UserError:
    return UserError("DOC-003", _("The file is damaged or cut off."), remedy=_("Take or scan it again."))


def _too_many_pixels() -> UserError:
    return UserError(
        "DOC-004",
        _("The picture has more than %(most)d million pixels.") % {"most": MOST_PIXELS // 1_000_000},
        remedy=_("Take it again with a lower resolution."),
    )
