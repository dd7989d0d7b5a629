"""A pack's words as texts that are shown in the reader's language."""

from lika.core.language import Said
from lika.policy.packs.form import Words


def said(words: Words | None) -> Said | None:
    """A pack's words for showing."""
    return None if words is None else Said(words.zh, words.en)
