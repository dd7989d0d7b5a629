"""The committed table of distributions, and drawing from it."""

import random
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data"
# Groups of single chances, of which an extending table may name some; everywhere else its value stands instead.
_JOINED = ("people", "yes", "villages", "income_per_head")
FIRST = "distributions"
K = TypeVar("K")


@lru_cache(maxsize=4)
def read(name: str) -> Mapping[str, Any]:
    """A table of `demo/data`; one that `extends` another says only what is different there."""
    table: dict[str, Any] = YAML(typ="safe").load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    if (base := table.pop("extends", None)) is None:
        return table
    joined = dict(read(base))
    for key, value in table.items():
        joined[key] = {**joined[key], **value} if key in _JOINED else value
    return joined


class Draw:
    """A seeded source of choices, and the table whose chances they follow.

    One per village, so that one village can be drawn without the others.
    """

    def __init__(self, seed: str, table: Mapping[str, Any] | None = None) -> None:
        self.table = read(FIRST) if table is None else table
        self._random = random.Random(seed)  # noqa: S311 - reproducible demonstration data, not a secret

    def yes(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random.random() < probability

    def pick(self, weights: Mapping[K, float]) -> K:
        """A key, with the probability of its weight."""
        return self._random.choices(list(weights), weights=list(weights.values()))[0]

    def one_of(self, items: Sequence[K]) -> K:
        """Any of the items alike."""
        return self._random.choice(items)

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, max(low, high))

    def between(self, low: float, high: float) -> float:
        """A number between two others."""
        return self._random.uniform(low, high)

    def around(self, median: float, sigma: float) -> float:
        """Log-normal about a median."""
        return self._random.lognormvariate(0, sigma) * median

    def near_one(self, deviation: float) -> float:
        """A positive factor about one."""
        return max(0.3, self._random.gauss(1, deviation))
