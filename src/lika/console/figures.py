"""The figures of the home page as data: `data/figures.yaml`, with their words in both languages and their sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lika.accounts.choices import Role
from lika.core.language import chosen

DATA = Path(__file__).parent / "data" / "figures.yaml"


@dataclass(frozen=True)
class Text:
    """A text in both languages, in which `{year}` stands for a data year."""

    zh: str
    en: str

    def of(self, year: int) -> str:
        """As the reader reads it."""
        return chosen(self.zh, self.en).format(year=year)

    def other(self, year: int) -> str:
        """In the other language."""
        return chosen(self.en, self.zh).format(year=year)


@dataclass(frozen=True)
class Definition:
    """What a figure is called and counts; `ref` and `quote` say which place in a document it answers."""

    key: str
    name: Text
    unit: str
    meaning: Text
    ref: str
    quote: str


def definition(key: str) -> Definition:
    """A figure by its key; KeyError where there is none."""
    return _table()[0][key]


def figures_of(role: str) -> Sequence[Definition]:
    """The figures that a role's work turns on, in their order; none for roles without households."""
    definitions, roles = _table()
    return [definitions[key] for key in roles.get(role, ())]


def known(key: str) -> bool:
    """Whether there is such a figure."""
    return key in _table()[0]


@lru_cache(maxsize=1)
def _table() -> tuple[Mapping[str, Definition], Mapping[str, Sequence[str]]]:
    table: Mapping[str, Any] = YAML(typ="safe").load(DATA.read_text(encoding="utf-8"))
    definitions = {key: _definition(key, entry) for key, entry in table["figures"].items()}
    roles = {str(Role(role)): keys for role, keys in table["roles"].items()}
    return definitions, roles


def _definition(key: str, entry: Mapping[str, Any]) -> Definition:
    meaning, source = entry["meaning"], entry["source"]
    return Definition(
        key,
        Text(entry["zh"], entry["en"]),
        entry["unit"],
        Text(meaning["zh"], meaning["en"]),
        source["ref"],
        source["quote"],
    )
