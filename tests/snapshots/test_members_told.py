"""What was asked of each member of a household, as pages and papers tell it. 演示数据"""

from dataclasses import replace

from lika.engine.messages import Words
from lika.snapshots.telling import Node, node_of
from tests.engine.test_explain import explained

NAMES = {"1": Words("王一演示", "Wang Yi"), "P2": Words("王二演示", "Wang Er")}


def told(text: str) -> Node:
    """The working of an aggregate with the members named."""
    (part,) = explained(text).parts
    return node_of(replace(part, members=tuple(replace(each, who=NAMES[each.row]) for each in part.members)))


def test_each_member_is_named_also_where_a_fact_is_worked_out() -> None:
    node = told("max(person, age) > 3")
    assert [child.title for child in node.children] == [
        "王一演示：年龄=出生日期至标准时点的周年数：8岁",
        "王二演示：年龄=出生日期至标准时点的周年数：12岁",
    ]


def test_what_is_asked_of_all_stands_with_the_first() -> None:
    node = told("count(person, age * 1000 > param.exit_line) > 3")
    assert [(child.title, len(child.standards)) for child in node.children] == [
        ("王一演示：年龄×1,000为8,000.00元，应大于退出线（2,736.10元）：符合", 1),
        ("王二演示：年龄×1,000为12,000.00元，应大于退出线（2,736.10元）：符合", 0),
    ]
