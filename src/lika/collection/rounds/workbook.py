"""The workbook of one village in a round: its households with last year's values, to be filled offline.

The sheets and columns are those of the import, narrowed to what a year asks: names tell whose row it is, and no
identity number, telephone or account leaves with it.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lika.collection import workbook
from lika.collection.exporting.rows import health
from lika.collection.rounds.models import Submission
from lika.collection.schema import Sheet, sheets_asked
from lika.core.areas import Area
from lika.engine.schema import Fact
from lika.register.queries import WholeYear, YearPart

HEALTH = ("chronic_illness", "serious_illness", "disabled")  # one cell, 健康状况
# Of the import's columns those that a round does not ask.
_NOT_ASKED: Mapping[str, frozenset[str]] = {
    "household_years": frozenset({"net_income"}),
    "persons": frozenset({"person_number", "id_type", "id_number", "no_id_reason", "ethnicity", "change", "change_on"}),
    "village_years": frozenset({"poor_area", "poor_area_on"}),
}
_NOTES = (
    ("年度采集工作簿（离线填报）", "Workbook of the yearly collection, to be filled offline"),
    (
        "已填入上年数据（本年已填的为本年数据）。请逐户核对修改；空格表示未知，不表示“否”。",
        "Last year's values stand in it, this year's where they were entered. An empty cell means unknown, not no.",
    ),
    (
        "不要增删户和成员，不要改动户编号、姓名；人员增减请在系统中登记变更。",
        "Add and remove no households or members and leave numbers and names: changes of members go into the system.",
    ),
    (
        "代码列请从下拉列表选择；健康状况可多选，用顿号分开。不要使用公式和合并单元格。",
        "Choose code cells from their list; Health may hold several, separated by 、. No formulas, no merged cells.",
    ),
    (
        "填好后在系统“年度采集”本村页面上传；有错的户整户不收，并逐格指出。",
        "Upload it on the village's page of the yearly collection; a household with a fault is left out whole.",
    ),
    ("含个人信息，请妥善保管，用毕删除。", "Holds personal data: keep it safe and delete it after use."),
)


def sheets_of(village: str) -> tuple[Sheet, ...]:
    """The sheets that a village fills in a round, with what is collected there besides the common form."""
    asked = {sheet.key: sheet for sheet in sheets_asked(Area.of([village]))}
    return tuple(_narrowed(asked[key], left_out) for key, left_out in _NOT_ASKED.items())


def _narrowed(sheet: Sheet, left_out: frozenset[str]) -> Sheet:
    columns = tuple(column for column in sheet.columns if column.name not in left_out)
    return Sheet(sheet.key, sheet.zh, sheet.en, columns, sheet.aliases)


def write(
    found: Submission,
    wholes: Sequence[WholeYear],
    village: tuple[YearPart, Sequence[Fact]],
    about: Sequence[tuple[str, str]],
) -> bytes:
    """The workbook as the bytes of an XLSX file; `about` says who took it, when."""
    head = {
        "data_year": found.round.data_year,
        "period_from": found.round.period_from,
        "period_to": found.round.period_to,
    }
    target = io.BytesIO()
    rows = {
        "household_years": _households(wholes, head),
        "persons": _persons(wholes, head),
        "village_years": iter([head | {"village": found.code} | _values(*village)]),
    }
    workbook.write(target, rows, sheets_of(found.code), about, _NOTES)
    return target.getvalue()


def _households(wholes: Sequence[WholeYear], head: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for whole in wholes:
        yield {**head, "number": whole.number, **_values(whole.own, whole.facts["household"])}


def _persons(wholes: Sequence[WholeYear], head: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for whole in wholes:
        for part in whole.members:
            values = _values(part, whole.facts["person"])
            yield {
                **head,
                "number": whole.number,
                "name": part.name,
                "sex": part.sex,
                "birth_date": part.birth_date,
                "relation": part.relation,
                "health": health(*(values[name] for name in HEALTH)),
                **values,
            }


def _values(part: YearPart, facts: Sequence[Fact]) -> dict[str, Any]:
    """What the form of a unit begins with; an empty text or code is no value."""
    return {fact.name: value if (value := part.shown(fact.name)) != "" else None for fact in facts}
