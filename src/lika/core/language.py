"""The language of the reader, for texts that are data in both languages and for lists of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from lika.engine.messages import enumerated


def language() -> str:
    """The language of the page or of the command; Chinese where none was chosen."""
    return get_language() or "zh-hans"


def in_chinese() -> bool:
    """Whether the reader reads Chinese."""
    return language().startswith("zh")


def chosen(zh: str, en: str) -> str:
    """Of a text that exists in both languages, the reader's."""
    return zh if in_chinese() else en


@dataclass(frozen=True)
class Said:
    """The same in Chinese and English; as a string, in the language of the moment."""

    zh: str
    en: str

    def __str__(self) -> str:
        return chosen(self.zh, self.en)


def listed(texts: Iterable[str]) -> str:
    """An enumeration: 甲、乙 or A, B; empty where there is nothing."""
    texts = list(texts)
    return chosen(*enumerated(texts)) if texts else ""
