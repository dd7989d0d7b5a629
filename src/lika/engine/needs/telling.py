"""Says in words what has to change, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lika.engine import typed
from lika.engine.amounts import MOST_PLACES, many, measure_of, value_words
from lika.engine.messages import Words
from lika.engine.needs.aims import ANY, Aim, Interval, Ordered
from lika.engine.ranges import round_half_away
from lika.engine.schema import Schema, unit_words
from lika.engine.typed import Constant, Term
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


@dataclass(frozen=True)
class Telling:
    """Words for steps: what is, what must be, and the least change."""

    schema: Schema
    phrases: Phrases

    def value(self, value: Any, term: Term) -> Words:
        """A value of a term, with as many places as it needs to be told exactly."""
        if isinstance(value, Fraction):
            return value_words(value, term.type, self.schema, measure_of(term), _places(value, term.type))
        return value_words(value, term.type, self.schema, measure_of(term))

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


def _places(value: Fraction, type_: Type) -> int:
    places = places_of(type_)
    while places < MOST_PLACES and round_half_away(value, places) != value:
        places += 1
    return places
