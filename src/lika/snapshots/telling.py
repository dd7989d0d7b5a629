"""Explanations drawn in the language of the moment: one tree for the page and for the paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lika.core.language import chosen, listed
from lika.engine.amounts import date_words
from lika.engine.explain import Explanation
from lika.engine.messages import Words
from lika.engine.needs import Need, Needs
from lika.engine.shown import FactShown, Origin, ParameterShown
from lika.snapshots.choices import Result

RESULTS = {True: Result.MET, False: Result.NOT_MET, None: Result.UNKNOWN}


@dataclass(frozen=True)
class Node:
    """A step of the working, or of what would have to change, with its value in its words.

    `result` is empty where it is a number or a code and no condition. `facts` are the values it was worked from, where
    there are several; `standards` the parameters; `criterion` names another criterion.
    """

    result: str
    title: str
    why: str = ""
    facts: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    children: tuple["Node", ...] = ()
    criterion: str = ""


@dataclass(frozen=True)
class Line:
    """A node without those below it, and how deep it stands: for papers and files, which have no folds."""

    depth: int
    node: Node


def node_of(part: Explanation, *, open_criteria: bool = True, standards: bool = True) -> Node:
    """The explanation as a tree. Other criteria are explained inside, or only named.

    ``standards`` are left out where they stand already: what is asked of one member is asked of the next.
    """
    condition = part.answer is None or isinstance(part.answer, bool)
    title, body = said(part.words), part
    if len(part.parts) == 1 and part.source.isidentifier():
        # A derived fact and its formula are one step: 人均纯收入=纯收入÷家庭人口：9,711.00元
        body = part.parts[0]
        title = chosen("{}={}", "{} = {}").format(said(part.facts[0].label), said(body.words))
    if part.who is not None:
        title = chosen("{}：{}", "{}: {}").format(said(part.who), title)
    facts = tuple(map(fact_line, body.facts))
    below = body.parts if open_criteria or not part.criterion else ()
    return Node(
        result=RESULTS[part.answer] if condition else "",  # type: ignore[index]
        title=title,
        why=listed(said(reason) for reason in part.reasons),
        facts=facts if len(facts) > 1 else (),
        standards=tuple(map(standard_line, body.parameters)) if standards else (),
        children=(
            *(node_of(each, open_criteria=open_criteria, standards=standards) for each in below),
            *member_nodes(body, open_criteria=open_criteria, standards=standards),
        ),
        criterion=part.criterion or "",
    )


def member_nodes(part: Explanation, *, open_criteria: bool = True, standards: bool = True) -> Iterator[Node]:
    """What was asked of each member, with the standards once."""
    for index, member in enumerate(part.members):
        yield node_of(member, open_criteria=open_criteria, standards=standards and not index)


def needs_node(needs: Needs) -> Node:
    """What would have to change, as a tree; by itself a step stands alone."""
    return _need(needs.need)


def _need(need: Need) -> Node:
    return Node(
        result="",
        title=said(need.words),
        why=listed(said(reason) for reason in need.step.reasons) if need.step else "",
        children=tuple(map(_need, need.parts)),
        criterion=need.criterion or "",
    )


def lines(node: Node, depth: int = 0) -> Iterator[Line]:
    """The node and all below it, each with its depth."""
    yield Line(depth, node)
    for child in node.children:
        yield from lines(child, depth + 1)


def fact_line(fact: FactShown) -> str:
    """A fact with its value."""
    return f"{said(fact.label)} {said(fact.value)}"


def origin_lines(part: Explanation) -> list[str]:
    """Where the facts of an explanation were recorded, each place once; other criteria tell of their own."""
    own = [fact.origin for fact in _facts(part) if fact.origin is not None]
    return list(dict.fromkeys(origin_line(each) for each in own))


def _facts(part: Explanation) -> Iterator[FactShown]:
    yield from part.facts
    for below in (*part.parts, *part.members):
        if below.criterion is None:
            yield from _facts(below)


def origin_line(origin: Origin) -> str:
    """Form, data year, first entry, last writer: 户年度表，2016年数据，2017年1月5日首次录入，最后修改人赵演示."""
    parts = [said(origin.form)]
    if origin.year is not None:
        parts.append(_("data of %(year)d") % {"year": origin.year})
    if origin.on is not None:
        parts.append(_("first entered on %(day)s") % {"day": said(date_words(origin.on))})
    if origin.who:
        parts.append(_("last changed by %(who)s") % {"who": origin.who})
    if origin.changed:
        parts.append(_("changed since the snapshot"))
    return chosen("，", ", ").join(parts)


def standard_line(parameter: ParameterShown) -> str:
    """A parameter with its value, the day from which it holds, and its clause."""
    told = f"{said(parameter.label)} {said(parameter.value)}"
    since = _("since %(day)s") % {"day": said(date_words(parameter.since))} if parameter.since else ""
    more = [each for each in (since, parameter.clause) if each]
    return told + (chosen("（{}）", " ({})").format(chosen("，", ", ").join(more)) if more else "")


def said(words: Words) -> str:
    """The words in the language of the moment."""
    return chosen(words.zh, words.en)
