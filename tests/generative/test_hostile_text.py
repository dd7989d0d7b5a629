"""Hostile text stays text or is refused: nothing of it reaches a database as SQL, and nothing crashes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.engine import duck, reference
from lika.engine.checker import check
from lika.engine.criteria import Checked
from lika.engine.errors import ExpressionError
from lika.engine.formatter import format_node
from lika.engine.parser import parse
from lika.engine.schema import CodeItem, CodeList, Fact, Schema
from tests.engine.world import checked

WORDS = (
    "net_income 人均纯收入 safe_water person and or not if then else in between true count( met( previous( date( ( ) , "
    "' 'A' '' = != < > + - * / . 1 2736.10 1e9 "
    "-- /* */ ; \\ \" ` $1 {0} %s （ ， а __import__('os') param.exit_line 参数. 🙂 é"
)
FRAGMENTS = [*WORDS.split(), "\n", "\t", "\0", "\u200b", "DROP TABLE household", "UNION SELECT"]


@settings(max_examples=max(300, settings.default.max_examples))
@given(st.one_of(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map(" ".join), st.text(max_size=40)))
def test_any_text_is_an_expression_or_refused_with_its_place(text: str) -> None:
    one, error = _checked_or_refused(text)
    if one is not None:
        assert parse(format_node(one.root.source)) == one.root.source
    if error is not None:
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert error.message_zh
        assert error.message_en


def _checked_or_refused(text: str) -> tuple[Checked | None, ExpressionError | None]:
    try:
        return checked(text), None
    except ExpressionError as error:
        return None, error


HOSTILE_CODES = ['"; DROP TABLE household; --', "1 OR 1=1", "\\", "$$", "{x}", "%(name)s", "É🙂", "-- "]


@pytest.mark.parametrize("code", HOSTILE_CODES)
def test_a_hostile_code_is_only_a_code(code: str) -> None:
    codes = CodeList("hostile", "代码", "codes", (CodeItem(code, "甲", "one"), CodeItem("B", "乙", "two")))
    schema = Schema({"household": {"kind": Fact("kind", "类别", "kind", codes.type)}}, {"hostile": codes})
    one = check(parse(f"kind = '{code}'"), unit="household", schema=schema)
    for value, answer in ((code, True), ("B", False), (None, None)):
        facts = {"household": {"kind": value}}
        assert reference.evaluate(one, facts) is answer
        assert duck.evaluate_facts(one, facts) is answer
