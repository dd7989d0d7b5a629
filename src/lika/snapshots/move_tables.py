"""Who enters and leaves from one screening to another, as pages show it: by criterion and division, with addresses."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from lika.core.actors import Actor
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.queries.compared import Compared, DivisionMoves, KindCompared, Presence
from lika.snapshots.queries.compared_units import told_in_sum


@dataclass(frozen=True)
class Move:
    """Who enters (to met), who leaves (from met), and who else is judged otherwise, by one criterion."""

    enter: int
    leave: int
    other: int


@dataclass(frozen=True)
class DivisionMove:
    """A division below with its units and a move for each criterion; the same page tells more of it.

    A move is None where it would tell the reader what is personal.
    """

    name: str
    code: str
    presence: Presence
    moves: tuple[Move | None, ...]


@dataclass(frozen=True)
class KindMoves:
    """A kind of unit: the criteria by which some result differs, with the addresses of the lists behind the numbers.

    `differing` units came, went or turned; `changes` is the address where each of them is told with its facts. Of the
    criteria `in_sum` it is not told who turned, for that would tell the reader what is personal: they have no lists.
    """

    kind: UnitKind
    presence: Presence
    lines: tuple[tuple[ScreenedCriterion, Move, Mapping[str, str]], ...]
    divisions: tuple[DivisionMove, ...]
    dropped: tuple[ScreenedCriterion, ...]
    added: tuple[ScreenedCriterion, ...]
    differing: int
    changes: str
    in_sum: tuple[ScreenedCriterion, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether some unit came or went."""
        return bool(self.presence.come or self.presence.gone)


def kinds_moved(by: Actor, found: Compared) -> list[KindMoves]:
    """Every kind of unit that is compared, also where nothing of it differs."""
    return [_kind(found, kind, told_in_sum(by, found, kind.kind)) for kind in found.kinds]


def _kind(found: Compared, kind: KindCompared, in_sum: Collection[ScreenedCriterion]) -> KindMoves:
    lines = ((item, _move(kind.own, item), {} if item in in_sum else _lists(found, item)) for item in kind.changed)
    return KindMoves(
        kind.kind,
        kind.own.presence,
        tuple(lines),
        tuple(_below(kind)),
        kind.dropped,
        kind.added,
        kind.units_differing,
        against_url("against-changes", found.old, found.new, division=_code(found), kind=kind.kind.value),
        tuple(item for item in kind.changed if item in in_sum),
    )


def against_url(page: str, old: Screening, new: Screening, **asked: str) -> str:
    """The address of a page that holds one screening against another."""
    return f"{reverse(f'snapshots:{page}', args=[new.pk])}?{urlencode({'old': str(old.pk), **asked})}"


def _lists(found: Compared, item: ScreenedCriterion) -> dict[str, str]:
    """The addresses of who meets a criterion by the new screening, who enters and who leaves."""
    asked = {"criterion": item.criterion, "division": _code(found)}
    met = urlencode(asked | {"result": Result.MET.value})
    return {"met": f"{reverse('snapshots:units', args=[found.new.pk])}?{met}"} | {
        which: against_url("against-units", found.old, found.new, **asked, which=which) for which in ("enter", "leave")
    }


def _below(kind: KindCompared) -> Iterator[DivisionMove]:
    """The divisions below; where the page is of the lowest, it is the only one and stands above already."""
    for each in kind.divisions:
        if each.division != kind.own.division:
            moves = tuple(None if item in kind.only_above else _move(each, item) for item in kind.changed)
            yield DivisionMove(each.name, each.code, each.presence, moves)


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


def _code(found: Compared) -> str:
    return f"{found.division:012d}"
