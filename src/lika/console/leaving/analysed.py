"""Counted tables of the statistics: as on the screen, cell by cell, and the villages behind a cell."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.queries import UserActor
from lika.console.leaving.reading import text, told
from lika.core.leaving import Field, Kind, Row, in_blocks
from lika.core.permissions import Permission
from lika.reports.choosing import query_of
from lika.reports.definition import Definition
from lika.reports.leaving import LeavingList, Reading
from lika.reports.queries.lists import catalogue_of, villages_behind
from lika.reports.queries.tables import Table, notes, table_of
from lika.reports.queries.villages import village_lines
from lika.reports.titles import axis_title, filter_titles, title_of
from lika.snapshots.queries.analysis import What

_UNITS = (
    Field("units", gettext_lazy("Units"), Kind.WHOLE),
    Field("known", gettext_lazy("Known"), Kind.WHOLE),
    Field("unknown", gettext_lazy("Unknown value"), Kind.WHOLE),
    Field("persons", gettext_lazy("Persons"), Kind.WHOLE),
)


def _table(who: UserActor, given: QueryDict) -> Reading:
    about, table = _counted(who, given)
    keys = [f"column_{number}" for number, _heading in enumerate(table.columns, start=1)]
    values = [Field(key, head.label, _kind(table)) for key, head in zip(keys, table.columns, strict=True)]

    def rows() -> Iterator[Row]:
        for line in table.lines:
            cells = {key: cell.value for key, cell in zip(keys, line.cells, strict=True)}
            yield {"row": line.heading.label, **cells}

    fields = (_row_field(table), *values)
    return replace(about, fields=fields, total=len(table.lines), rows=lambda _personal: rows())


def _cells(who: UserActor, given: QueryDict) -> Reading:
    """Every cell with what it is made of."""
    about, table = _counted(who, given)
    column = Field("column", gettext_lazy("Column"), width=28)
    fields = (_row_field(table), column, Field("value", gettext_lazy("Value"), _kind(table)), *_UNITS)
    total = len(table.lines) * len(table.columns)
    return replace(about, fields=fields, total=total, rows=lambda _personal: _cell_rows(table))


def _cell_rows(table: Table) -> Iterator[Row]:
    counts = table.what in {What.COUNT, What.PERSONS}
    for line in table.lines:
        for heading, cell in zip(table.columns, line.cells, strict=True):
            yield {
                "row": line.heading.label,
                "column": heading.label,
                "value": cell.value,
                "units": cell.counted.units,
                "known": None if counts else cell.counted.known,
                "unknown": None if counts else cell.unknown,
                "persons": cell.counted.persons,
            }


def _counted(who: UserActor, given: QueryDict) -> tuple[Reading, Table]:
    """The table that an address asks for, and what a file says of it."""
    definition = Definition.of_query(query_of(dict(given.lists())))
    catalogue = catalogue_of(who, definition)
    table, found = table_of(who, definition, catalogue), catalogue.found
    filters = [
        _("As of %(at)s") % {"at": f"{found.at:%Y-%m-%d}"},
        _("Snapshot: %(ids)s") % {"ids": "、".join(found.snapshots)},
        *([told(_("Policy pack"), found.screening.pack)] if found.screening else []),
        *(words for _picked, words in filter_titles(definition, catalogue)),
        *([definition.where] if definition.where else []),
        *notes(table),
    ]
    asked: Mapping[str, object] = {
        "definition": str(definition), "snapshots": list(found.snapshots), "units": table.whole.counted.units,
    }  # fmt: skip
    reading = Reading(
        (), 0, lambda _personal: iter(()), definition.division, filters, asked, title_of(definition, catalogue)
    )
    return reading, table


def _row_field(table: Table) -> Field:
    return Field("row", axis_title(table.definition, table.catalogue), width=28)


def _kind(table: Table) -> Kind:
    if table.is_share:
        return Kind.SHARE
    return Kind.NUMBER if table.places else Kind.WHOLE


def _villages(who: UserActor, given: QueryDict) -> Reading:
    """The villages behind a number."""
    row, column = (str(given[name]) if name in given else None for name in ("row", "column"))
    behind = villages_behind(who, text(given, "analysis"), row, column, text(given, "part"))

    def rows() -> Iterator[Row]:
        for block in in_blocks(behind.villages):
            for line in village_lines(block):
                yield {"village": line.name, "township": line.township, "value": line.value}

    measured = [Field("value", behind.measure, Kind.NUMBER)] if behind.measure else []
    return Reading(
        fields=(Field("village", gettext_lazy("Village")), Field("township", gettext_lazy("Township")), *measured),
        total=len(behind.villages),
        rows=lambda _personal: rows(),
        division=behind.definition.division,
        filters=[each for each in (behind.group, *behind.filters, told(_("Snapshot"), behind.snapshot)) if each],
        asked={"analysis": str(behind.definition), "row": row, "column": column, "part": text(given, "part")},
        title=behind.title,
    )


TABLE = LeavingList(gettext_lazy("Statistical analysis"), Permission.REGISTER_VIEW, _table)
CELLS = LeavingList(gettext_lazy("Cells"), Permission.REGISTER_VIEW, _cells)
VILLAGES = LeavingList(gettext_lazy("Villages"), Permission.REGISTER_VIEW, _villages)
