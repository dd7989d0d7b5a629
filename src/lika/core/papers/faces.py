"""The faces that papers are set in: those that come with Lika, and what an installation adds for rarer characters.

An installation puts further TTF or OTF files into `fonts` in its data folder; they stand in for what ours lack.
The system's own are left out: the same paper is the same file everywhere.
"""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import typst
from django.conf import settings

FOLDER = Path(__file__).parent / "fonts"
FACES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "NotoSerifSC-Regular.ttf")
_COLLECTION, _TABLE = b"ttcf", b"cmap"
_BY_SEGMENTS, _BY_GROUPS = 4, 12  # the two formats of the table in which Unicode fonts say what they have


def own_folder() -> Path:
    """Where an installation puts faces of its own."""
    return Path(settings.LIKA.data_dir) / "fonts"


def missing_faces() -> list[str]:
    """The faces of ours that are not there."""
    return [name for name in FACES if not (FOLDER / name).is_file()]


@cache
def faces(own: Path) -> typst.Fonts:
    """All faces, ours first. Read once a process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER), str(own)])


@cache
def characters(own: Path) -> frozenset[int]:
    """The code points that can be printed: those that every face of ours has, and those of an own face."""
    ours = frozenset.intersection(*(frozenset(_has((FOLDER / name).read_bytes())) for name in FACES))
    added = (path for path in own.rglob("*") if path.suffix.lower() in {".ttf", ".otf", ".ttc"})
    return ours.union(*(_has(path.read_bytes()) for path in sorted(added)))


def _has(font: bytes) -> Iterator[int]:
    """The code points of a font file, or of every font of a collection."""
    starts: tuple[int, ...] = (0,)
    if font[:4] == _COLLECTION:
        (count,) = struct.unpack_from(">I", font, 8)
        starts = struct.unpack_from(f">{count}I", font, 12)
    for start in starts:
        (tables,) = struct.unpack_from(">H", font, start + 4)
        for index in range(tables):
            name, _, offset, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * index)
            if name == _TABLE:
                yield from _mapped(font, offset)


def _mapped(font: bytes, table: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", font, table + 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", font, table + 4 + 8 * index + 4)
        (kind,) = struct.unpack_from(">H", font, table + offset)
        if kind == _BY_GROUPS:
            yield from _groups(font, table + offset)
        elif kind == _BY_SEGMENTS:
            yield from _segments(font, table + offset)


def _groups(font: bytes, at: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", font, at + 12)
    for first, last, glyph in struct.iter_unpack(">III", font[at + 16 : at + 16 + 12 * count]):
        yield from range(first if glyph else first + 1, last + 1)


def _segments(font: bytes, at: int) -> Iterator[int]:
    """Format 4. A segment by offsets may hold characters without a glyph; those are looked up one by one."""
    (count,) = struct.unpack_from(">H", font, at + 6)
    count //= 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    firsts, deltas, offsets = (
        struct.unpack_from(f">{count}H", font, at + 16 + 2 * count * (1 + part)) for part in range(3)
    )
    offsets_at = at + 16 + 6 * count
    for index, (first, last, delta, offset) in enumerate(zip(firsts, ends, deltas, offsets, strict=True)):
        for code in range(first, last + 1):
            if offset:
                (glyph,) = struct.unpack_from(">H", font, offsets_at + 2 * index + offset + 2 * (code - first))
            else:
                glyph = (code + delta) % 0x10000
            if glyph:
                yield code
