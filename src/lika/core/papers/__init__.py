"""Papers: official documents that leave, set by Typst from a template and plain data (docs/adr/papers-by-typst.md)."""

from lika.core.papers.answers import file_name, pdf_answer
from lika.core.papers.data import Money, PaperData
from lika.core.papers.faces import missing_faces
from lika.core.papers.lists import ListColumn, ListPaper, list_paper
from lika.core.papers.printing import paper

__all__ = [
    "ListColumn",
    "ListPaper",
    "Money",
    "PaperData",
    "file_name",
    "list_paper",
    "missing_faces",
    "paper",
    "pdf_answer",
]
