"""The shape of `reports/*.yaml`: what is told of every division, each figure with its formula and clause."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from lika.policy.choices import Basis, StageLevel
from lika.policy.packs.form import Clause, Id, ItemFields, Shape, Text, Words, choice

Path = tuple[str | int, ...]


class Figure(Shape):
    """A number of every division: `numerator`, or its quotient by `denominator`, shown with `places` decimal places.

    Both are a count or a sum over persons, households or villages; without `denominator` the figure is the count or
    sum itself. `unit_shown` 比率 shows a quotient as a percentage. Without basis (待补充依据) there is no formula.
    """

    id: Id
    zh: Text
    en: Text
    numerator: Text | None
    denominator: Text | None = None
    places: Annotated[int, Field(ge=0, le=8)] = 0
    unit_shown: Words
    clause: Clause
    basis: Annotated[Basis, choice(Basis)] = Basis.GIVEN
    note: Words | None = None

    @property
    def parts(self) -> dict[str, str]:
        """The texts of the formula, by field."""
        texts = {"numerator": self.numerator, "denominator": self.denominator}
        return {name: text for name, text in texts.items() if text is not None}


class Overlap(Shape):
    """How criteria about households overlap: each, every two, at least one, exactly these and no other.

    `among` is a condition on the households that it is about; without it, all.
    """

    criteria: list[Id] = Field(min_length=2, max_length=7)
    among: Text | None = None


class Matrix(Shape):
    """How households moved between the codes of a fact, from so many data `years` earlier to now."""

    fact: Id
    years: Annotated[int, Field(ge=1, le=5)] = 1


class ReportFields(ItemFields):
    """Figures that belong together, told of divisions of some `levels` (of all, where none is named).

    Beside those written one by one it may have those of an `overlap` and of a `matrix`.
    """

    levels: list[Annotated[StageLevel, choice(StageLevel)]] = Field(default_factory=lambda: list(StageLevel))
    figures: list[Figure] = Field(default_factory=list)
    overlap: Overlap | None = None
    matrix: Matrix | None = None

    def clauses(self) -> dict[Path, Clause]:
        """Every clause that it cites, by the path to it in the file."""
        own: dict[Path, Clause] = {("clause",): self.clause}
        return own | {("figures", index, "clause"): figure.clause for index, figure in enumerate(self.figures)}

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every formula with the path to it in the file."""
        for index, figure in enumerate(self.figures):
            for name, text in figure.parts.items():
                yield ("figures", index, name), text
        if self.overlap is not None and self.overlap.among is not None:
            yield ("overlap", "among"), self.overlap.among


class ReportItem(ReportFields):
    """An entry of `reports/*.yaml`."""

    override: bool = False
