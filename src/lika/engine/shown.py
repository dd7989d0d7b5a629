"""Facts and parameters as an explanation shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lika.engine.messages import Words


@dataclass(frozen=True)
class Origin:
    """Where a value was recorded: on which form, of which data year.

    `on` is the day on which it was first entered, `who` the official who wrote it last (empty: not known). Where it is
    another one by now, `changed` is set and nobody is named: whoever wrote last did not write the value that is told.
    """

    form: Words
    year: int | None
    on: date | None
    who: str
    changed: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For JSON; the day by ISO 8601."""
        day = self.on.isoformat() if self.on else None
        return {
            "form": self.form._asdict(),
            "year": self.year,
            "date": day,
            "who": self.who or None,
            "changed": self.changed,
        }


@dataclass(frozen=True)
class FactShown:
    """A fact that was read: its label and value as shown; ``known`` is False where it is missing.

    ``exact`` is the value for machines (see ``amounts.told_exactly``), ``measure`` what it counts, ``origin`` where it
    was recorded as far as the register knows: the engine does not.
    """

    unit: str
    column: str
    label: Words
    value: Words
    known: bool
    exact: bool | str | None = None
    measure: Words | None = None
    origin: Origin | None = None

    def to_dict(self) -> dict[str, Any]:
        """For JSON and templates."""
        return {
            "unit": self.unit,
            "column": self.column,
            "label": self.label._asdict(),
            "value": self.value._asdict(),
            "known": self.known,
            "exact": self.exact,
            "measure": self.measure._asdict() if self.measure else None,
            "origin": self.origin.to_dict() if self.origin else None,
        }


@dataclass(frozen=True)
class ParameterShown:
    """A parameter that was used, with its clause; ``given`` is False where its value awaits a source (待补充依据).

    ``since`` is the day from which the value holds, where the pack tells; ``exact`` and ``measure`` as with facts.
    """

    name: str
    label: Words
    value: Words
    clause: str
    given: bool
    since: date | None = None
    exact: bool | str | None = None
    measure: Words | None = None

    def to_dict(self) -> dict[str, Any]:
        """For JSON and templates; the day by ISO 8601."""
        return {
            "name": self.name,
            "label": self.label._asdict(),
            "value": self.value._asdict(),
            "clause": self.clause,
            "given": self.given,
            "date": self.since.isoformat() if self.since else None,
            "exact": self.exact,
            "measure": self.measure._asdict() if self.measure else None,
        }
