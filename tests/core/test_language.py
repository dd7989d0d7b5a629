"""Texts and lists in the reader's language; Chinese where none was chosen."""

import pytest
from django.utils import translation

from lika.core.language import chosen, in_chinese, language, listed


@pytest.mark.parametrize(
    ("spoken", "told"),
    [
        ("zh-hans", ("zh-hans", True, "户", "甲、乙", "")),
        ("en", ("en", False, "household", "甲, 乙", "")),
        (None, ("zh-hans", True, "户", "甲、乙", "")),
    ],
)
def test_what_the_reader_reads(spoken: str | None, told: tuple[str, bool, str, str, str]) -> None:
    with translation.override(spoken):
        assert (language(), in_chinese(), chosen("户", "household"), listed(["甲", "乙"]), listed([])) == told
