"""Files of photographs and papers: what they are taken for, what is refused, what the copies hold. 演示数据"""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lika.core import media
from lika.core.errors import UserError
from lika.core.media import Media, MediaType
from tests import files

CODES = {"DOC-001", "DOC-002", "DOC-003", "DOC-004", "DOC-005"}


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(BytesIO(content), formats=("JPEG",))


def near(colour: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 16 for one, other in zip(colour, wanted, strict=True))


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", MediaType.JPEG), ("PNG", MediaType.PNG), ("WEBP", MediaType.WEBP)]
)
def test_a_picture_is_what_its_content_says(kind: str, media_type: MediaType):
    found = media.examine(files.picture(kind))
    assert (found.media_type, found.width, found.height, found.pages) == (media_type, 640, 480, None)
    assert (opened(found.shown).size, opened(found.thumbnail).size) == ((640, 480), (320, 240))


def test_copies_hold_pixels_and_nothing_else():
    content = files.photograph()
    assert b"Exif" in content
    found = media.examine(content)
    for copy in (found.shown, found.thumbnail):
        assert (dict(opened(copy).getexif()), b"Exif" in (copy or b"")) == ({}, False)


def test_a_photograph_stands_upright():
    upright = opened(media.examine(files.photograph(orientation=6)).shown)  # turned by a quarter: the corner is right
    assert upright.size == (480, 640)
    assert near(upright.getpixel((470, 5)), (254, 0, 0))


def test_what_hides_behind_or_in_a_picture_is_not_in_its_copies():
    hidden = b"<script>alert('hidden')</script>PK\x03\x04"
    content = files.picture(comment=hidden) + hidden
    found = media.examine(content)
    assert hidden in content
    assert (hidden in (found.shown or b""), hidden in (found.thumbnail or b"")) == (False, False)


def test_what_is_transparent_becomes_white():
    target = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(target, "PNG")
    assert near(opened(media.examine(target.getvalue()).shown).getpixel((5, 5)), (255, 255, 255))


def test_a_large_picture_is_shown_smaller():
    found = media.examine(files.picture(size=(4000, 1000)))
    assert (found.width, opened(found.shown).size) == (4000, (3000, 750))


def test_a_pdf_tells_its_pages():
    assert media.examine(files.pdf(pages=3)) == Media(MediaType.PDF, pages=3)


def test_words_that_chance_writes_into_a_picture_of_a_pdf_refuse_nothing():
    assert media.examine(files.pdf(noise=b"\x00/JS \xff/Launch /Encrypt\x01")) == Media(MediaType.PDF, pages=2)


@pytest.mark.parametrize("name", files.HOSTILE)
def test_what_is_hostile_or_broken_is_refused(name: str):
    content, code = files.HOSTILE[name]
    with pytest.raises(UserError) as refused:
        media.examine(content)
    assert refused.value.code == code


def answer(content: bytes) -> str:
    try:
        return media.examine(content).media_type
    except UserError as error:
        return error.code


@given(st.sampled_from([files.picture(size=(32, 32)), files.picture("PNG", (32, 32)), files.picture("WEBP", (32, 32)),
                        files.pdf()]), st.data())  # fmt: skip
def test_whatever_is_done_to_a_file_it_is_read_or_refused(content: bytes, data: st.DataObject):
    """No content ends in another error than those that tell a person what to do."""
    place = data.draw(st.integers(0, len(content) - 1))
    broken = content[:place] + data.draw(st.binary(max_size=8)) + content[place + data.draw(st.integers(0, 8)) :]
    assert answer(broken) in {*CODES, *MediaType}
