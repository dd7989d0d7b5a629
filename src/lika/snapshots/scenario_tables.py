"""What the page of a scenario shows of its report: who enters and leaves by criterion and division, cost, errors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.models import ScreenedCriterion
from lika.snapshots.queries.compared import DivisionMoves, KindCompared
from lika.snapshots.queries.effects import Confusion, ErrorLine
from lika.snapshots.scenario_report import Report, percent


@dataclass(frozen=True)
class Move:
    """Who enters (to met), who leaves (from met), and who else is judged otherwise, by one criterion."""

    enter: int
    leave: int
    other: int


@dataclass(frozen=True)
class DivisionMove:
    """A division with a move for each criterion; its address is the same page, one level down."""

    name: str
    code: str
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class KindMoves:
    """A kind of unit: the criteria by which some result differs, with the addresses of the lists behind the numbers."""

    kind: UnitKind
    lines: tuple[tuple[ScreenedCriterion, Move, Mapping[str, str]], ...]
    divisions: tuple[DivisionMove, ...]


def kinds_moved(report: Report) -> Iterator[KindMoves]:
    """Every kind of unit of which some result differs."""
    found = report.diff.found
    for kind in found.kinds:
        if kind.changed:
            lines = tuple((item, _move(kind.own, item), _lists(report, item)) for item in kind.changed)
            yield KindMoves(kind.kind, lines, tuple(_below(kind)))


def error_rows(line: ErrorLine) -> list[tuple[Confusion, str, str]]:
    """The base's errors and the scenario's, each with its share of those missed and of those wrongly in."""
    return [(each, percent(each.exclusion), percent(each.inclusion)) for each in (line.base, line.trial)]


def _lists(report: Report, item: ScreenedCriterion) -> dict[str, str]:
    """The addresses of who meets a criterion by the trial, who enters and who leaves."""
    asked = {"criterion": item.criterion, "division": f"{report.diff.found.division:012d}"}
    met, moved = (
        reverse("snapshots:units", args=[report.trial.pk]),
        reverse("snapshots:scenario-units", args=[report.scenario.pk]),
    )
    return {"met": f"{met}?{urlencode(asked | {'result': Result.MET.value})}"} | {
        which: f"{moved}?{urlencode(asked | {'which': which})}" for which in ("enter", "leave")
    }


def _below(kind: KindCompared) -> Iterator[DivisionMove]:
    for each in kind.divisions:
        yield DivisionMove(each.name, each.code, tuple(_move(each, item) for item in kind.changed))


def _move(moves: DivisionMoves, item: ScreenedCriterion) -> Move:
    enter = leave = other = 0
    for turn, number in moves.turns.get(item.criterion, {}).items():
        if turn.after == Result.MET:
            enter += number
        elif turn.before == Result.MET:
            leave += number
        else:
            other += number
    return Move(enter, leave, other)
