"""Write a filled workbook quickly: the template's own file, with the rows spliced into its sheets.

A general writer spends most of a minute on a county's nine million cells. Here the template is built
once by xlsxwriter and its `sheetData` continued with our own cells; words of code lists become shared
strings, everything else stands in its cell. A county takes some ten seconds.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name

from lika.collection import template
from lika.collection.schema import SHEETS, Column, Kind, Sheet

Row = Mapping[str, Any]
HEALTH_SEPARATOR = "、"

_EPOCH = date(1899, 12, 30).toordinal()
_CHUNK = 2_000
_COLUMN_STYLE = re.compile(r'<col min="(\d+)" max="(\d+)"[^>]*? style="(\d+)"')
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class AsTyped:
    """A cell written as somebody typed it, whatever its column expects: for workbooks with faults."""

    value: str | int | float


def write(
    path: Path | io.BytesIO,
    rows_by_sheet: Mapping[str, Iterable[Row]],
    sheets: Sequence[Sheet] = SHEETS,
    about: template.Notes = (),
    notes: template.Notes = template.FILLING,
) -> None:
    """Write a workbook.

    `rows_by_sheet` holds rows by sheet key (`households`, `persons`, `household_years`, `village_years`,
    `county_years`); a row maps column names to values: our codes, bool, int, Decimal, date, text; `health` a tuple of
    codes. What is missing or None stays empty. `sheets` may carry collected items (`schema.sheets_with`); `about`
    stands above the `notes` on how to fill it in. Raises KeyError for a code that is not in its list.
    """
    source = zipfile.ZipFile(io.BytesIO(template.build(sheets, about, notes)))
    strings = _SharedStrings(source.read("xl/sharedStrings.xml").decode())
    # The notes sheet stands first.
    files = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=2)}
    with source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            if name in files:
                sheet = files[name]
                with target.open(name, "w", force_zip64=True) as part:
                    for text in _spliced(source.read(name).decode(), sheet, rows_by_sheet.get(sheet.key, ()), strings):
                        part.write(text.encode())
            elif name != "xl/sharedStrings.xml":
                target.writestr(name, source.read(name))
        target.writestr("xl/sharedStrings.xml", strings.xml())


class _SharedStrings:
    """The template's shared strings, continued."""

    def __init__(self, xml: str) -> None:
        self._head, self._tail = xml.rsplit("</sst>", 1)
        self._count = xml.count("<si>")
        self._added: dict[str, int] = {}

    def index(self, text: str) -> int:
        """The number of a string; a new one is added."""
        return self._added.setdefault(text, self._count + len(self._added))

    def xml(self) -> str:
        """The whole part. The counts in its head are optional and would be wrong: they are left out."""
        head = re.sub(r' (?:unique)?[cC]ount="\d+"', "", self._head)
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in self._added)
        return f"{head}{items}</sst>{self._tail}"


def _spliced(xml: str, sheet: Sheet, rows: Iterable[Row], strings: _SharedStrings) -> Iterator[str]:
    head, tail = xml.split("</sheetData>")
    styles = {
        number - 1: int(style)
        for low, high, style in _COLUMN_STYLE.findall(head)
        for number in range(int(low), int(high) + 1)
    }
    cells = [
        (column.name, xl_col_to_name(number), _rendering(column, styles.get(number, 0), strings))
        for number, column in enumerate(sheet.columns)
    ]
    yield re.sub(r'<dimension ref="[^"]*"/>', "", head)  # it names the header row only; readers may trust it
    iterator = iter(rows)
    first = 2
    while chunk := list(islice(iterator, _CHUNK)):
        yield "".join(_row(number, row, cells) for number, row in enumerate(chunk, start=first))
        first += len(chunk)
    yield "</sheetData>" + tail


def _row(number: int, row: Row, cells: list[tuple[str, str, Callable[[Any], str]]]) -> str:
    get = row.get
    parts = [f'<row r="{number}">']
    for name, letter, render in cells:
        value = get(name)
        if value is not None:
            parts.append(f'<c r="{letter}{number}"{render(value)}</c>')
    parts.append("</row>")
    return "".join(parts)


def _rendering(column: Column, style: int, strings: _SharedStrings) -> Callable[[Any], str]:
    """What stands between the address of a cell and its end, for values of a column."""
    look = f' s="{style}"' if style else ""

    def typed(value: Any) -> str:
        if isinstance(value, str):
            return f'{look} t="inlineStr"><is><t xml:space="preserve">{escape(_FORBIDDEN.sub("", value))}</t></is>'
        return f"><v>{value}</v>"

    def plain(value: Any) -> str:
        if isinstance(value, AsTyped):
            return typed(value.value)
        if isinstance(value, date):
            return f"{look}><v>{value.toordinal() - _EPOCH}</v>"
        return typed(value)

    words = words_of(column)
    if words is None:
        return plain
    known: dict[Any, str] = {}

    def word(value: Any) -> str:
        if isinstance(value, AsTyped):
            return typed(value.value)
        if value not in known:
            known[value] = f'{look} t="s"><v>{strings.index(words(value))}</v>'
        return known[value]

    return word


def words_of(column: Column) -> Callable[[Any], str] | None:
    """How the values of a column with a fixed vocabulary are written in official words."""
    if column.kind is Kind.BOOLEAN:
        return lambda value: template.YES_NO[0] if value else template.YES_NO[1]
    if column.code_list is None:
        return None
    labels = {item.code: item.zh for item in column.code_list.items}
    if column.kind is Kind.HEALTH:
        return lambda codes: HEALTH_SEPARATOR.join(labels[code] for code in codes)
    return labels.__getitem__
