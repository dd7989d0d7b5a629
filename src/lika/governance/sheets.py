"""What the survey sheet of a household asks, and in how many copies (`data/survey_sheet.yaml`)."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from lika.core.language import chosen

TABLE = Path(__file__).parent / "data" / "survey_sheet.yaml"


@dataclass(frozen=True)
class Titled:
    """Words in both languages, with the facts that stand under them."""

    zh: str
    en: str
    facts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The words in the reader's language."""
        return chosen(self.zh, self.en)


@dataclass(frozen=True)
class SheetForm:
    """The sheet: its copies by who keeps them, what is asked of each member, what of the household, and the clause."""

    copies: tuple[Titled, ...]
    members: Titled
    groups: tuple[Titled, ...]
    clause_ref: str
    clause_text: str


@lru_cache(maxsize=1)
def sheet_form() -> SheetForm:
    """The form of the sheet."""
    table = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return SheetForm(
        copies=tuple(_titled(each) for each in table["copies"]),
        members=_titled(table["members"]),
        groups=tuple(_titled(each) for each in table["groups"]),
        clause_ref=table["clause"]["ref"],
        clause_text=table["clause"]["text"],
    )


def _titled(entry: dict[str, object]) -> Titled:
    facts = entry.get("facts", ())
    assert isinstance(facts, list | tuple)  # noqa: S101 - narrows what the file holds
    return Titled(str(entry["zh"]), str(entry["en"]), tuple(str(name) for name in facts))
