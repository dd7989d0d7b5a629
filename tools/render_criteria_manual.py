"""Writes the manual of the criteria language, docs/criteria/, from the golden tables of tests/spec.

Run it after changing a table: `.venv/bin/python tools/render_criteria_manual.py`. A test fails where the committed
manual differs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lika.engine.functions import USAGE  # noqa: E402 (the tables stand in tests/, which is not installed)
from lika.engine.messages import MESSAGES  # noqa: E402
from lika.engine.schema import UNITS, find_unit  # noqa: E402
from lika.engine.types import CodeType, Type, places_of  # noqa: E402
from tests.engine.world import PARAMETERS, SCHEMA  # noqa: E402
from tests.spec.contents import CHAPTERS  # noqa: E402
from tests.spec.tables import Chapter, Refusals, Section, read_table  # noqa: E402

MANUAL = ROOT / "docs" / "criteria"
_NOTE = "<!-- Made by tools/render_criteria_manual.py from tests/spec. 由工具生成，请勿手改。 -->"


def render() -> dict[str, str]:
    """The manual: file name to text."""
    pages = {f"{chapter.name}.md": _chapter(chapter) for chapter in CHAPTERS}
    return {"README.md": _contents(), "codes.md": _codes(), **pages}


def _page(lines: Sequence[str]) -> str:
    return "\n".join([_NOTE, "", *lines]).rstrip() + "\n"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [heading, ["---"] * len(heading), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines] + [""]


def _code(text: str) -> str:
    return f"`{text}`"


def _chapter(chapter: Chapter) -> str:
    lines = [f"# {chapter.zh} {chapter.en}", ""]
    for section in chapter.sections:
        lines += _section(section)
    for group in chapter.refusals:
        lines += _refusals(group)
    return _page(lines)


def _section(section: Section) -> list[str]:
    lines = [f"## {section.zh}", "", section.en, ""]
    for unit, facts in section.facts.items():
        found = find_unit(unit)
        title = f"{found.zh} {found.en}" if found else unit
        heading, rows = read_table(facts)
        lines += [f"**{title}**", "", *_table(heading, rows)]
    if section.reference_date:
        lines += [f"标准时点 reference date: {section.reference_date}", ""]
    heading, rows = read_table(section.answers)
    return lines + _table(heading, [[_code(row[0]), *row[1:]] for row in rows])


def _refusals(group: Refusals) -> list[str]:
    heading, rows = read_table(group.refusals)
    shown = [[_code(text), f"[{code}](codes.md)", column] for text, code, column in rows]
    return [f"## {group.zh}", "", group.en, "", *_table(heading, shown)]


def _contents() -> str:
    lines = [
        "# 条件语言手册 The criteria language",
        "",
        "每一章的表都是测试：参考引擎、DuckDB 和 Spark 都必须给出表中的答案。空格是未知。",
        "",
        "Every table is a test: the reference engine, DuckDB and Spark must all give its answers. Empty is unknown.",
        "",
        "met 符合 · not met 不符合 · unknown 未知 · `1..2` 范围 range · `1/3` 精确的商 exact quotient",
        "",
        *(f"- [{chapter.zh} {chapter.en}]({chapter.name}.md)" for chapter in CHAPTERS),
        "- [拒绝代码 Codes of refusals](codes.md)",
        "",
        "## 函数 Functions",
        "",
        *_table(["写法 usage"], [[_code(usage)] for usage in USAGE.values()]),
        "运算符 operators: `+ - * /` `= != < <= > >=` `between … and …` `in (…)` `and or not` `if … then … else …`",
        "",
        "## 例中的指标 Facts of the examples",
        "",
    ]
    for unit in UNITS:
        facts = SCHEMA.units.get(unit.name, {}).values()
        rows = [
            [_code(f.name), f.zh, _type(f.type), str(f.lags or ""), _code(f.formula) if f.formula else ""]
            for f in facts
        ]
        if rows:
            heading = ["name", "名称", "type", "earlier years", "formula"]
            lines += [f"**{unit.zh} {unit.en}**", "", *_table(heading, rows)]
    lines += ["**参数 Parameters**", ""]
    specs = [
        [_code(f"param.{spec.name}"), spec.zh, "待补充依据" if spec.value is None else str(spec.value)]
        for spec in PARAMETERS.values()
    ]
    return _page(lines + _table(["name", "名称", "value"], specs))


def _type(type_: Type) -> str:
    if isinstance(type_, CodeType):
        return ", ".join(type_.values)
    places = places_of(type_)
    return f"{type_.kind}, {places} places" if places else type_.kind


def _codes() -> str:
    rows = [[code, chinese, english] for code, (chinese, english) in MESSAGES.items()]
    return _page(["# 拒绝代码 Codes of refusals", "", *_table(["code", "中文", "English"], rows)])


def main() -> None:
    """Write the manual."""
    MANUAL.mkdir(parents=True, exist_ok=True)
    for name, text in render().items():
        (MANUAL / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
