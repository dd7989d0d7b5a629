"""The table of duties: what is asked of each township and village, and by which clause (`data/duties.yaml`)."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from lika.core.language import chosen
from lika.divisions.choices import Level

TABLE = Path(__file__).parent / "data" / "duties.yaml"


@dataclass(frozen=True)
class Duty:
    """A duty that a division of a level gives to so many persons (`holders`) each year."""

    id: str
    level: Level
    zh: str
    en: str
    holders: int
    clause_ref: str
    clause_text: str
    work_zh: str
    work_en: str

    @property
    def title(self) -> str:
        """What it is called in the reader's language."""
        return chosen(self.zh, self.en)

    @property
    def work(self) -> str:
        """What its holder does."""
        return chosen(self.work_zh, self.work_en)


@lru_cache(maxsize=1)
def duties() -> tuple[Duty, ...]:
    """All duties, those of townships first."""
    listed = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    found = [
        Duty(
            id=entry["id"],
            level=Level(entry["level"]),
            zh=entry["zh"],
            en=entry["en"],
            holders=entry["holders"],
            clause_ref=entry["clause"]["ref"],
            clause_text=entry["clause"]["text"],
            work_zh=entry["work"]["zh"],
            work_en=entry["work"]["en"],
        )
        for entry in listed
    ]
    return tuple(sorted(found, key=lambda duty: duty.level))


def duties_at(level: int) -> tuple[Duty, ...]:
    """The duties of a level."""
    return tuple(duty for duty in duties() if duty.level == level)


def duty(duty_id: str) -> Duty | None:
    """The duty of an id."""
    return next((each for each in duties() if each.id == duty_id), None)
