"""What leaves as a file: the cells of a list, and the list as a workbook, CSV or Parquet, never held whole."""

from lika.core.leaving.cells import Cell, Field, Kind, Personal, Row, harmless, masked
from lika.core.leaving.files import CONTENT_TYPES, FileKind, Sheet, in_blocks, room, whole_file, write

__all__ = [
    "CONTENT_TYPES",
    "Cell",
    "Field",
    "FileKind",
    "Kind",
    "Personal",
    "Row",
    "Sheet",
    "harmless",
    "in_blocks",
    "masked",
    "room",
    "whole_file",
    "write",
]
