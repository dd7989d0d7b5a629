"""The committed table of distributions, and drawing from it."""

import random
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data"
K = TypeVar("K")


@lru_cache(maxsize=4)
def read(name: str) -> Mapping[str, Any]:
    """A table of `demo/data`."""
    table: Mapping[str, Any] = YAML(typ="safe").load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return table


class Draw:
    """A seeded source of choices. One per village, so that one village can be drawn without the others."""

    def __init__(self, seed: str) -> None:
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
