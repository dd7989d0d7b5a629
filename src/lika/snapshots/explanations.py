"""An explanation as it is kept and handed on: one unit, every criterion with its working, clause and needs.

The one model behind the page, the paper and the JSON file. It is in both languages; `telling` draws it in one.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from lika.engine.explain import Explanation
from lika.engine.messages import Words
from lika.engine.needs import Needs
from lika.engine.shown import FactShown, Origin
from lika.snapshots.choices import ScreeningState
from lika.snapshots.models import ScreenedCriterion

#: The shape of the JSON file. It grows under the same number; a change of what is there raises it.
FORMAT, VERSION = "lika-explanation", 1

#: Where a fact was recorded, as far as the register knows: of the explained unit (""), or of the member of an id.
Origins = Callable[[FactShown, str], Origin | None]


@dataclass(frozen=True)
class Clause:
    """Where the document lays a criterion down; empty where the pack names no clause."""

    document: Words
    ref: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"document": self.document._asdict(), "ref": self.ref, "text": self.text}


@dataclass(frozen=True)
class Explained:
    """A criterion, why its answer is what it is for one unit, and what would have to change (None: nothing, or its
    reader may not see facts of persons)."""

    criterion: ScreenedCriterion
    explanation: Explanation
    clause: Clause
    needs: Needs | None = None

    def to_dict(self) -> dict[str, Any]:
        """For JSON; `result` is true, false or null for unknown."""
        item = self.criterion
        return {
            "id": item.criterion,
            "title": {"zh": item.zh, "en": item.en},
            "result": self.explanation.answer if isinstance(self.explanation.answer, bool) else None,
            "clause": self.clause.to_dict(),
            "explanation": self.explanation.to_dict(),
            "needs": self.needs.to_dict() if self.needs else None,
        }


@dataclass(frozen=True)
class Pinned:
    """What an explanation rests on: pack and screening, snapshot and standard time point.

    `state` is that of the screening when the explanation is taken; None where it does not matter, for a case stays with
    the screening that it was begun with.
    """

    pack: str
    pack_sha256: str
    title: Words
    screening: UUID
    digest: str
    snapshot: str
    at: dt.date
    data_year: int
    state: ScreeningState | None = None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "pack": {"reference": self.pack, "sha256": self.pack_sha256, "title": self.title._asdict()},
            "screening": {
                "id": str(self.screening),
                "digest": self.digest,
                "state": self.state.value if self.state else None,
            },
            "snapshot": {"id": self.snapshot, "at": self.at.isoformat(), "data_year": self.data_year},
        }


@dataclass(frozen=True)
class UnitExplained:
    """All criteria about one unit. `in_full` is False where values were left out for its reader.

    `names` are those of the lower units that are told of, by id; lists of rows hold the ids.
    """

    unit: str
    id: str
    in_full: bool
    pinned: Pinned
    criteria: tuple[Explained, ...]
    names: Mapping[str, Words] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The whole as JSON; the shape stands in docs/explanations.md."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "unit": self.unit,
            "id": self.id,
            "in_full": self.in_full,
            **self.pinned.to_dict(),
            "names": {identifier: name._asdict() for identifier, name in sorted(self.names.items())},
            "criteria": [each.to_dict() for each in self.criteria],
        }


def with_origins(part: Explanation, origins: Origins) -> Explanation:
    """The explanation, each fact with where it was recorded."""
    return _with_origins(part, origins, "")


def _with_origins(part: Explanation, origins: Origins, row: str) -> Explanation:
    facts = tuple(replace(fact, origin=origins(fact, row)) for fact in part.facts)
    parts = tuple(_with_origins(below, origins, row) for below in part.parts)
    members = tuple(_with_origins(member, origins, member.row) for member in part.members)
    return replace(part, facts=facts, parts=parts, members=members)
