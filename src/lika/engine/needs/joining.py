"""Puts needs together: all of them, any of them, so many of them; and says where nothing can be given."""

from __future__ import annotations

from collections.abc import Sequence

from lika.engine import typed
from lika.engine.messages import Words
from lika.engine.needs import telling
from lika.engine.needs.model import DONE, Need, plans
from lika.engine.typed import Term


def fixed(term: Term) -> Need:
    """Nothing can be given: the part reads no fact."""
    if isinstance(term, typed.ParameterRead) and term.value is None:
        return never(telling.awaits_source(term))
    return never(telling.FIXED)


def never(words: Words) -> Need:
    """Nothing can be given, and why."""
    return Need("never", words)


def every(parts: Sequence[Need]) -> Need:
    """All parts; those that need nothing are left out, lists inside lists are one."""
    open_ = [part for part in parts if not part.done]
    if len(open_) == 1:
        return open_[0]
    flat = [
        inner for part in open_ for inner in (part.parts if part.kind == "all" and part.criterion is None else (part,))
    ]
    return Need("all", telling.ALL, parts=tuple(flat)) if flat else DONE


def either(parts: Sequence[Need]) -> Need:
    """Any part that can be given; where none can, why the first cannot."""
    if any(part.done for part in parts):
        return DONE
    can = [part for part in parts if plans(part)]
    if not can:
        return parts[0] if parts else never(telling.FIXED)
    if len(can) == 1:
        return can[0]
    flat = [inner for part in can for inner in (part.parts if part.kind == "any" else (part,))]
    return Need("any", telling.ANYONE, parts=tuple(flat))


def some(parts: Sequence[Need], least: int, unit: str) -> Need:
    """So many of the rows, of those that can change."""
    can = [part for part in parts if plans(part)]
    if least <= 0:
        return DONE
    if len(can) < least:
        return never(telling.nobody(unit))
    if len(can) == least:
        return every(can)
    return Need("some", telling.some_of(least, len(can), unit), least=least, parts=tuple(can))
