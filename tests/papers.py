"""Papers in tests: what stands in a PDF's text layer, its pages as pictures."""

import re
import zlib
from io import BytesIO
from pathlib import Path

import typst
from PIL import Image

from lika.core.papers import PaperData
from lika.core.papers.printing import prepared

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_MAPPED = re.compile(r"^<[0-9A-Fa-f]+> <([0-9A-Fa-f]+)>$", re.MULTILINE)


def characters_in(pdf: bytes) -> set[str]:
    """The characters that have a glyph in the PDF, by the tables that its faces carry for copying and searching."""
    return {
        bytes.fromhex(code).decode("utf-16-be")
        for stream in _streams(pdf)
        if b"beginbfchar" in stream
        for code in _MAPPED.findall(stream.decode("latin-1"))
    }


def _streams(pdf: bytes) -> list[bytes]:
    found = []
    for packed in _STREAM.findall(pdf):
        try:
            # Packed bytes may end in what looks like the end of a line, so the check sum at their end may be cut.
            found.append(zlib.decompressobj().decompress(packed))
        except zlib.error:
            found.append(packed)
    return found


def pages_of(template: Path, data: PaperData, ppi: float = 50) -> list[Image.Image]:
    """The pages in grey, as they would be printed."""
    pages = typst.compile(**prepared(template, data).call(), format="png", ppi=ppi)
    return [Image.open(BytesIO(page)).convert("L") for page in (pages if isinstance(pages, list) else [pages])]


def ink(page: Image.Image) -> int:
    """How many points of a page are dark."""
    return sum(page.histogram()[:128])
