"""The words of the glossary, for the pop-ups and the page.

The one source is GLOSSARY.md; `tools/glossary.py` carries it into `data/glossary.json`, for the package is installed
without the document.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from lika.core.language import chosen

DATA = Path(__file__).parent / "data" / "glossary.json"
_COLUMNS = 4


@dataclass(frozen=True)
class Term:
    """A word: its key in templates, official Chinese, English, and what it means in each."""

    key: str
    zh: str
    en: str
    meaning_zh: str
    meaning_en: str

    @property
    def word(self) -> str:
        """The word in the reader's language."""
        return chosen(self.zh, self.en)

    @property
    def other(self) -> str:
        """The word in the other language."""
        return chosen(self.en, self.zh)

    @property
    def meaning(self) -> str:
        """What it means, in the reader's language."""
        return chosen(self.meaning_zh, self.meaning_en)

    def answers(self, text: str) -> bool:
        """Whether a search for the text finds it: in either language, in the word or in its meaning."""
        wanted = text.casefold().strip()
        return any(wanted in part.casefold() for part in (self.zh, self.en, self.meaning_zh, self.meaning_en))


def key_of(english: str) -> str:
    """`net income per head` -> `net_income_per_head`; what stands in brackets is left out."""
    return "_".join(re.findall(r"[a-z]+", re.sub(r"\(.*?\)", "", english).lower()))


def read_table(text: str) -> list[Term]:
    """The terms of GLOSSARY.md in its order. Raises ValueError, naming the line, where a row is not whole."""
    found: list[Term] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|") or line.startswith(("|---", "| 中文 ")):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != _COLUMNS or not all(cells):
            raise ValueError(f"GLOSSARY.md, line {number}: four cells are needed: 中文, English, Meaning, 含义")
        zh, english, meaning_en, meaning_zh = cells
        en = re.sub(r"\s*\(.*?\)", "", english).strip()
        found.append(Term(key_of(english), zh, en, meaning_zh.replace("`", ""), meaning_en.replace("`", "")))
    return found


def as_json(terms: Iterable[Term]) -> str:
    """The text of the data file."""
    return json.dumps([asdict(term) for term in terms], ensure_ascii=False, indent=1) + "\n"


@lru_cache(maxsize=1)
def terms() -> Mapping[str, Term]:
    """All terms by key, in the order of GLOSSARY.md."""
    return {entry["key"]: Term(**entry) for entry in json.loads(DATA.read_text(encoding="utf-8"))}


def found(text: str) -> list[Term]:
    """The terms that a search finds, all for an empty one."""
    return [term for term in terms().values() if term.answers(text)]
