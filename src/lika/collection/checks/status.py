"""Moves of status on the three axes: only in the order of the procedure, after the last one, by who may enter them."""

from collections.abc import Iterator

from lika.collection.checks.areas import inside
from lika.collection.checks.runner import Check
from lika.register.choices import MOVES, Axis

# ruff: noqa: S608 - statements are made of our own names; every value is a parameter or a staged column


def allowed_moves() -> list[str]:
    """The moves of the register, as `axis:from>to`."""
    return [f"{axis}:{old}>{new}" for axis, moves in MOVES.items() for old, targets in moves.items() for new in targets]


def _not_a_move(axis: Axis, new: str) -> str:
    return f"'{axis.value}:' || m.found_{axis.value} || '>' || s.{new} <> ALL (%(moves)s)"


def _may_not(code: str, *, county: bool = False) -> str:
    """Outside the area of the import the row is COL-212 already, whatever it says."""
    return f"{inside('import', code, county=county)} AND NOT {inside('status', code, county=county)}"


def _household(axis: Axis) -> Iterator[Check]:
    """A new household may come with any status; of a known one each change is a move."""
    status, on, found = f"{axis.value}_status", f"{axis.value}_on", f"m.found_{axis.value}"

    def rows(condition: str) -> str:
        return f"""SELECT s.sheet_row, s.number FROM stage_household s JOIN match_household m USING (sheet_row)
                   WHERE m.known AND {condition} ORDER BY s.sheet_row"""

    moved = f"s.{status} <> {found}"
    yield Check("COL-303", "households", status, rows(f"{moved} AND {_not_a_move(axis, status)}"))
    yield Check("COL-306", "households", on, rows(f"{moved} AND s.{on} <= {found}_on"))
    yield Check("COL-310", "households", status, rows(f"{moved} AND {_may_not('m.found_village')}"))
    yield Check("COL-425", "households", on, rows(f"s.{status} = {found} AND s.{on} <> {found}_on"))


def _area(key: str) -> Iterator[Check]:
    """The first status of an area may be any, as its history lies before the record; who enters it is asked always."""

    def rows(condition: str) -> str:
        return f"""SELECT s.sheet_row, NULL FROM stage_{key}_year s JOIN match_{key}_year m USING (sheet_row)
                   WHERE m.status_moved AND {condition} ORDER BY s.sheet_row"""

    known = "m.found_poor_area_on IS NOT NULL"
    sheet = f"{key}_years"
    yield Check("COL-303", sheet, "poor_area", rows(f"{known} AND {_not_a_move(Axis.POOR_AREA, 'poor_area')}"))
    yield Check("COL-306", sheet, "poor_area_on", rows("s.poor_area_on <= m.found_poor_area_on"))
    yield Check("COL-310", sheet, "poor_area", rows(_may_not(f"s.{key}", county=key == "county")))


CHECKS = (*_household(Axis.POVERTY), *_household(Axis.MONITORING), *_area("village"), *_area("county"))
