"""Photographs and papers made up for tests, sound and hostile. 演示数据"""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

MAKE, GPS_IFD, ORIENTATION = 271, 0x8825, 274


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), colour: str = "navy", **saved: Any) -> bytes:
    """An even picture, the left upper corner red."""
    image = Image.new("RGB", size, colour)
    image.paste("red", (0, 0, size[0] // 4, size[1] // 4))
    target = BytesIO()
    image.save(target, kind, **saved)
    return target.getvalue()


def photograph(orientation: int = 1) -> bytes:
    """What a telephone takes: with its make and the position."""
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "演示相机", orientation
    exif.get_ifd(GPS_IFD)[1] = "N"
    exif.get_ifd(GPS_IFD)[2] = (34.0, 2.0, 3.0)
    return picture(exif=exif)


def bomb(width: int = 40_000, height: int = 40_000) -> bytes:
    """A PNG of a few bytes that says it has 1.6 thousand million pixels."""
    return png_of(struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), zlib.compress(b"\0" * 1000))


def png_of(head: bytes, data: bytes) -> bytes:
    """A PNG of a head and packed pixels."""
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pdf(pages: int = 2, more: bytes = b"", noise: bytes = b"") -> bytes:
    """A PDF of empty pages; `more` stands in its catalogue, `noise` in a stream."""
    kids = b" ".join(b"%d 0 R" % (number + 10) for number in range(pages))
    parts = [
        b"%PDF-1.4\n",
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + more + b" >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Count %d /Kids [%s] >>\nendobj\n" % (pages, kids),
        *(b"%d 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n" % (number + 10) for number in range(pages)),
        b"3 0 obj\n<< /Length %d >>\nstream\n" % len(noise) + noise + b"\nendstream\nendobj\n",
        b"trailer\n<< /Root 1 0 R >>\n%%EOF\n",
    ]
    return b"".join(parts)


def packed_pdf(hidden: bytes) -> bytes:
    """A PDF whose catalogue lies in a packed stream of objects."""
    packed = zlib.compress(hidden)
    return (
        b"%%PDF-1.5\n4 0 obj\n<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n%%EOF\n"
    )


HOSTILE = {
    "nothing at all": (b"", "DOC-001"),
    "a web page named .jpg": (b"<!doctype html><script>alert(1)</script>", "DOC-002"),
    "a drawing that holds a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "DOC-002"),
    "a picture of another kind": (picture("GIF"), "DOC-002"),
    "an archive": (b"PK\x03\x04" + b"\0" * 100, "DOC-002"),
    "the first bytes of a photograph before a web page": (b"\xff\xd8\xff\xe0<script>alert(1)</script>", "DOC-003"),
    "a photograph cut off": (picture()[:2000], "DOC-003"),
    "a PNG cut off": (picture("PNG")[:-300], "DOC-003"),
    "a WebP cut off": (picture("WEBP")[:60], "DOC-003"),
    "few bytes that become gigabytes": (bomb(), "DOC-004"),
    "more pixels than are decoded": (bomb(10_000, 6_000), "DOC-004"),
    "a PDF cut off": (pdf()[:-40], "DOC-003"),
    "a PDF with a script": (pdf(more=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "DOC-005"),
    "a PDF with a script spelt by numbers": (pdf(more=b"/AA << /S /J#61vaScript /J#53 (1) >>"), "DOC-005"),
    "a PDF with a script in a packed object": (packed_pdf(b"1 0 << /S /JavaScript >>"), "DOC-005"),
    "a PDF that starts a program": (pdf(more=b"/OpenAction << /S /Launch /F (x.exe) >>"), "DOC-005"),
    "a PDF that carries another file": (pdf(more=b"/Names << /EmbeddedFiles 5 0 R >>"), "DOC-005"),
    "a PDF with a password": (pdf(more=b"/Encrypt 9 0 R"), "DOC-005"),
}  # fmt: skip
