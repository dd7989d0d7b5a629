"""Texts become trees, or are refused with position, expectation and both languages."""

from decimal import Decimal

import pytest

from lika.engine import duck, nodes, reference
from lika.engine.errors import ExpressionError
from lika.engine.formatter import format_node
from lika.engine.nodes import Position
from lika.engine.parser import DEEPEST, parse
from tests.engine.world import checked


def refused(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return caught.value


def test_a_comparison_with_positions() -> None:
    tree = parse("net_income\n  > param.exit_line")
    assert tree == nodes.Compare(">", nodes.Name("net_income"), nodes.Parameter("exit_line"))
    assert isinstance(tree, nodes.Compare)
    assert tree.left.position == Position(1, 1)
    assert tree.right.position == Position(2, 5)


def test_chains_are_flat() -> None:
    assert parse("a and b and c") == nodes.And((nodes.Name("a"), nodes.Name("b"), nodes.Name("c")))
    assert parse("a or b or c") == nodes.Or((nodes.Name("a"), nodes.Name("b"), nodes.Name("c")))
    terms = (nodes.Name("a"), nodes.Number(Decimal(1)), nodes.Name("b"))
    assert parse("a - 1 + b") == nodes.Sum(("+", "-", "+"), terms)
    assert parse("a / 1 * b") == nodes.Product(("*", "/", "*"), terms)


def test_between_keeps_its_own_and() -> None:
    a, b, c, d = map(nodes.Name, "abcd")
    assert parse("a between b and c and d") == nodes.And((nodes.Between(a, b, c), d))


def test_keywords_are_not_prefixes_of_names() -> None:
    assert parse("android or order") == nodes.Or((nodes.Name("android"), nodes.Name("order")))
    assert parse("trueness") == nodes.Name("trueness")
    assert refused("a androids").code == "ENG-001"


def test_if_reaches_as_far_as_it_can() -> None:
    a, b, c, d = map(nodes.Name, "abcd")
    assert parse("if a then b else c or d") == nodes.If(a, b, nodes.Or((c, d)))


@pytest.mark.parametrize(
    "text",
    [
        "a - (b - c)",
        "-(-a)",
        "- -a",
        "not (a and b) or not not c",
        "(a or b) and (if a then b else c)",
        "a between b + 1 and (if x then 1 else 2)",
        "人均纯收入 > 参数.退出线",
        "count(person, age between 6 and 15 and out_of_school = 'yes') = 0",
        "(a = b) = (c < d)",
        "a * (b / c) / -d",
        "2736.10 = 2736.1",
    ],
)
def test_the_canonical_text_gives_the_same_tree(text: str) -> None:
    tree = parse(text)
    canonical = format_node(tree)
    assert parse(canonical) == tree
    assert format_node(parse(canonical)) == canonical


def test_canonical_text() -> None:
    assert format_node(parse("not(a and(b))or  c=  -(  - 1.50)")) == "not (a and b) or c = - -1.50"


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "expected"),
    [
        ("", "ENG-002", 1, 1, ("an operand",)),
        ("a and\n", "ENG-002", 1, 6, ("an operand",)),
        ("a\nand )", "ENG-001", 2, 5, ("an operand",)),
        ("if a then b", "ENG-002", 1, 12, ("else",)),
        ("household.income > 1", "ENG-001", 1, 10, ()),
        ("param. exit_line > 1", "ENG-001", 1, 6, ()),
        ("a <\n b = c", "ENG-011", 2, 4, ()),
    ],
)
def test_refusals_say_where_and_what_was_expected(
    text: str, code: str, line: int, column: int, expected: tuple[str, ...]
) -> None:
    error = refused(text)
    assert (error.code, error.line, error.column) == (code, line, column)
    assert set(expected) <= set(error.expected)


def test_a_wrong_keyword_names_the_right_one() -> None:
    assert refused("a AND b").nearest == ("and",)


def test_full_width_signs_name_their_half_width_ones() -> None:
    error = refused("收入 ＞ 1")
    assert error.message_zh == "不能使用全角或排版符号 ＞，请改用半角 >。"
    assert str(error).startswith(
        "1:4: ENG-004 The full-width or typographic character ＞ is not allowed; write > instead."
    )


def test_a_look_alike_is_named() -> None:
    error = refused("а > 1")
    assert "U+0430 CYRILLIC SMALL LETTER A" in error.message_en
    assert "U+0430 CYRILLIC SMALL LETTER A" in error.message_zh


def test_what_stands_in_quotes_is_left_alone() -> None:
    assert parse("a = '（--；“'") == nodes.Compare("=", nodes.Name("a"), nodes.Quoted("（--；“"))


@pytest.mark.parametrize("operator", ["or", "and", "+", "-"])
def test_five_thousand_terms(operator: str) -> None:
    tree = parse(f" {operator} ".join(["a"] * 5000))
    assert tree.depth == 2


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "a" + ")" * 5000,
        "not " * 5000 + "a",
        "- " * 5000 + "a",
        "if a then b else " * 5000 + "a",
        "f(" * 5000 + "a" + ")" * 5000,
    ],
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert refused(text).code == "ENG-007"


def test_nesting_up_to_the_limit_is_read() -> None:
    assert parse("not " * (DEEPEST - 1) + "a").depth == DEEPEST
    assert refused("not " * DEEPEST + "a").code == "ENG-007"


@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
def test_thousands_of_operands_are_not_nested(sign: str) -> None:
    text = "debt" + f" {sign} 1" * 4999 + " > 0"
    assert reference.evaluate(checked(text), {"household": {"debt": 5000}}) is True
    assert duck.evaluate_facts(checked(text), {"household": {"debt": 5000}}) is True


def test_endless_text_is_refused() -> None:
    assert refused("a" * 1_000_001).code == "ENG-008"


def test_what_was_expected_is_said_in_both_languages() -> None:
    error = refused("safe_water and")
    assert error.describe("zh-hans") == "1:15: ENG-002 表达式没有写完。 应为：名称、数或代码"
    assert error.describe("en") == "1:15: ENG-002 The expression ends too early. Expected: an operand"
    assert "请改用半角 空格。" in refused("a\u3000> 1").message("zh-hans")
