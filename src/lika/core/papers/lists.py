"""A list as a paper: any table with a title, its heading on every page, and places for hands and seal below."""

from dataclasses import dataclass

from lika.core.papers.data import PaperData
from lika.core.papers.printing import TEMPLATES, paper


@dataclass(frozen=True)
class ListColumn:
    """A column. One with a `share` takes that part of the width and begins at the left: words; others fit numbers."""

    head: str
    share: int = 0


@dataclass(frozen=True, kw_only=True)
class ListPaper(PaperData):
    """The list; `note` stands below the title, `hands` are who signs below the last row, beside the seal."""

    note: str
    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    hands: tuple[str, ...] = ()
    landscape: bool = False


def list_paper(data: ListPaper) -> bytes:
    """The paper. Raises as `paper`."""
    return paper(TEMPLATES / "list.typ", data)
