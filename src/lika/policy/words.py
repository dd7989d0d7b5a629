"""Texts that exist in both languages as data, shown in the reader's."""

from dataclasses import dataclass

from lika.core.language import chosen
from lika.policy.packs.form import Words


@dataclass(frozen=True)
class Said:
    """The same in Chinese and English; as a string, in the language of the moment."""

    zh: str
    en: str

    def __str__(self) -> str:
        return chosen(self.zh, self.en)


def said(words: Words | None) -> Said | None:
    """A pack's words for showing."""
    return None if words is None else Said(words.zh, words.en)
