"""Says in words what has to change, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lika.engine import typed
from lika.engine.amounts import MOST_PLACES, many, measure_of, value_words
from lika.engine.criteria import Checked
from lika.engine.messages import Words
from lika.engine.needs.aims import ANY, Aim, Interval, Ordered, as_range
from lika.engine.ranges import round_half_away
from lika.engine.schema import Schema, unit_words
from lika.engine.typed import Constant, Term, walk
from lika.engine.types import DateType, Type, places_of
from lika.engine.wording import OPTIONS, Phrases, filled, joined, quoted, relation

_OR = Words("，或", ", or ")
_ANYTHING = Words("可为任意值", "may be anything")

ALL = Words("以下各项均须改变", "all of the following must change")
ANYONE = Words("以下任改一项即可", "changing any one of the following will do")
CONTRADICTS = Words(
    "无法给出：各项要求相互牵制，没有找到一组能同时满足的改变",
    "cannot be given: what is asked hangs together, and no set of changes was found that fulfils all of it",
)
FIXED = Words("无法给出：这里不取决于记录的数据", "cannot be given: this does not depend on recorded facts")
IMPOSSIBLE = Words("无法给出：该项数据取不到所需的值", "cannot be given: the fact cannot take the value that is needed")
STAYS_KNOWN = Words("无法给出：已有的数据不能改为未知", "cannot be given: what is known cannot be made unknown")
NOBODY = Words("无法给出：没有可以改变的{unit}", "cannot be given: there is no {unit} that could change")


def too_many(rows: int, unit: str) -> Words:
    """More rows than are told one by one."""
    words = unit_words(unit)
    return Words(
        f"涉及{rows}{words.zh}，此处不逐一列出", f"it rests on {rows} {many(words.en)}, which are not listed one by one"
    )


def so_many(least: int, rows: int, unit: str, *, goal: bool) -> Words:
    """How many have to meet what is asked, or no longer, of more rows than are told one by one."""
    words, listed = unit_words(unit), too_many(rows, unit)
    more = ("还须有", "符合") if goal else ("须有", "不再符合")
    of = f"{least} {words.en if least == 1 else many(words.en)}"
    meet = "would have to meet this" if goal else "would have to meet this no longer"
    return Words(f"至少{more[0]}{least}{words.zh}{more[1]}该条件（{listed.zh}）", f"at least {of} {meet} ({listed.en})")


def nobody(unit: str) -> Words:
    """Why rows cannot change: there are not enough of them."""
    return filled(NOBODY, unit=unit_words(unit))


def awaits_source(term: typed.ParameterRead) -> Words:
    """Why a parameter stands in the way."""
    return filled(
        Words("无法给出：参数“{name}”待补充依据", "cannot be given: the parameter “{name}” awaits a source"),
        name=Words(term.spec.zh, term.spec.en),
    )


def some_of(least: int, parts: int, unit: str) -> Words:
    """So many of so many rows."""
    words = unit_words(unit)
    zh = f"以下{parts}{words.zh}中至少{least}{words.zh}须改变"
    of = f"{parts} {words.en if parts == 1 else many(words.en)}"
    return Words(zh, f"at least {least} of the following {of} must change")


def some_conditions(least: int, parts: int) -> Words:
    """So many of so many conditions."""
    return Words(
        f"以下{parts}项中至少{least}项须改变", f"at least {least} of the following {parts} conditions must change"
    )


def measures_beside(whole: Checked) -> dict[int, Words]:
    """The measures of numbers that have none of their own, from what they are compared with; also in what is named."""
    found: dict[int, Words] = {}
    for term in walk(whole.root):
        beside: tuple[Term, ...] = ()
        match term:
            case typed.Compare(left=left, right=right):
                beside = (left, right)
            case typed.Between(value=value, low=low, high=high):
                beside = (value, low, high)
            case typed.In(value=value, options=options):
                beside = (value, *options)
        measure = next((each for part in beside if (each := measure_of(part)) is not None), None)
        if measure is not None:
            found.update((id(part), measure) for part in beside if measure_of(part) is None)
    for below in whole.definitions:
        found |= measures_beside(below)
    return found


@dataclass(frozen=True)
class Telling:
    """Words for steps: what is, what must be, and the least change.

    ``measures`` are those of numbers that have none of their own, by the id of the term: those of what they are
    compared with.
    """

    schema: Schema
    phrases: Phrases
    measures: Mapping[int, Words]

    def measure(self, term: Term) -> Words | None:
        """What a number counts, as `Explanation` has it: a quotient beside a ratio is told in per cent."""
        return measure_of(term) or self.measures.get(id(term))

    def now(self, value: Any, term: Term, aim: Aim) -> Words:
        """What a term is, with as many places that it does not look like what it must be."""
        places = None
        found = as_range(value)
        if found is not None and not isinstance(aim, frozenset) and not isinstance(term.type, DateType):
            ends = [end for interval in aim for end in (interval.low, interval.high) if end is not None]
            places = places_of(term.type)
            while places < MOST_PLACES and not all(_stays(each, places, ends) for each in (found.low, found.high)):
                places += 1
        return value_words(value, term.type, self.schema, self.measure(term), places)

    def value(self, value: Any, term: Term) -> Words:
        """A value of a term, with as many places as it needs to be told exactly."""
        places = _places(value, term.type) if isinstance(value, Fraction) else None
        return value_words(value, term.type, self.schema, self.measure(term), places)

    def wanted(self, aim: Aim, term: Term) -> Words:
        """What a term must be: 应大于2,736.10元, must be above 2,736.10 yuan."""
        if isinstance(aim, frozenset):
            options = [self.value(value, term) for value in sorted(aim, key=str)]
            return filled(Words("应为{options}", "must be {options}"), options=joined(OPTIONS, options))
        if aim == ANY:
            return _ANYTHING
        if apart := _apart_from(aim):
            values = joined(OPTIONS, [self.number(value, term) for value in apart])
            return _beside(relation("!=", term.type).wanted, values)
        return joined(_OR, [self._interval(interval, term) for interval in aim])

    def number(self, number: Fraction, term: Term) -> Words:
        """An end of an interval; days are told as days."""
        if isinstance(term.type, DateType):
            return self.value(date.fromordinal(int(number)), term)
        return self.value(number, term)

    def _interval(self, interval: Interval, term: Term) -> Words:
        low, high = interval.low, interval.high
        if interval.point is not None:
            return _beside(relation("=", term.type).wanted, self.number(interval.point, term))
        if low is not None and high is not None and not interval.low_open and not interval.high_open:
            template = Words("应在{low}至{high}之间", "must be from {low} to {high}")
            return filled(template, low=self.number(low, term), high=self.number(high, term))
        ends = []
        if low is not None:
            above = relation(">" if interval.low_open else ">=", term.type).wanted
            ends.append(_beside(above, self.number(low, term)))
        if high is not None:
            below = relation("<" if interval.high_open else "<=", term.type).wanted
            ends.append(_beside(below, self.number(high, term)))
        return joined(Words("且", " and "), ends) if ends else _ANYTHING

    def fact(self, row: Words, label: Words, now: Words, wanted: Words, to: Words | None, *, known: bool) -> Words:
        """A fact that changes, or is to be collected; ``to`` is the least change where several values would do."""
        if not known:
            template = Words(
                "{label}未填写，须先采集；采集结果{wanted}",
                "{label} is not recorded and is to be collected; it {wanted}",
            )
        elif to is None:
            template = Words("{label}现为{now}，{wanted}", "{label} is {now}, {wanted}")
        else:
            template = Words(
                "{label}现为{now}，{wanted}（最小改动：改为{to}）", "{label} is {now}, {wanted} (least change: {to})"
            )
        return _of_row(row, filled(template, label=label, now=now, wanted=wanted, to=to or Words("", "")))

    def worked_out(self, row: Words, label: Words, now: Words, wanted: Words) -> Words:
        """A value that no single fact decides."""
        template = Words(
            "{label}现为{now}，{wanted}（不由一项数据单独决定）",
            "{label} is {now}, {wanted} (no single fact decides it)",
        )
        return _of_row(row, filled(template, label=label, now=now, wanted=wanted))

    def criterion(self, term: typed.Met) -> Words:
        """Another criterion by its title."""
        words = self.phrases.of(term)
        return words if words.zh else quoted(words)


def as_shown(target: Constant, type_: Type) -> Constant:
    """A number back as the day that it stands for, where the value is a day."""
    if isinstance(type_, DateType) and isinstance(target, Fraction):
        return date.fromordinal(int(target))
    return target


def _of_row(row: Words, words: Words) -> Words:
    return filled(Words("{row}：{words}", "{row}: {words}"), row=row, words=words) if row.zh else words


def _beside(relation_: Words, value: Words) -> Words:
    return Words(f"{relation_.zh}{value.zh}", f"{relation_.en} {value.en}")


def _apart_from(aim: Ordered) -> list[Fraction]:
    """The numbers that it must not be, where nothing else is asked."""
    if aim[0].low is not None or aim[-1].high is not None:
        return []
    ends = [
        one.high
        for one, other in pairwise(aim)
        if one.high is not None and one.high == other.low and one.high_open and other.low_open
    ]
    return ends if len(ends) == len(aim) - 1 else []


def _stays(number: Fraction, places: int, ends: Sequence[Fraction]) -> bool:
    """Whether a number so rounded still lies on its side of all ends."""
    shown = round_half_away(number, places)
    return all((number > end, number < end) == (shown > end, shown < end) for end in ends)


def _places(value: Fraction, type_: Type) -> int:
    places = places_of(type_)
    while places < MOST_PLACES and round_half_away(value, places) != value:
        places += 1
    return places
