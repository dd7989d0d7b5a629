"""What `lika screen --diff OLD NEW` tells: as text for people and as JSON for machines, from the same reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.language import chosen, listed
from lika.divisions import queries as divisions
from lika.engine.amounts import UNKNOWN
from lika.snapshots.choices import UnitKind
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.queries.compared import Compared, DivisionMoves, KindCompared, compare_screenings
from lika.snapshots.queries.compared_units import (
    TOLD_BY_FACTS,
    FactsTurned,
    RuleChange,
    UnitTurned,
    facts_turned,
    numbers_shown,
    rules_turned,
    told_in_sum,
    turned_in_all,
    turned_units,
)
from lika.snapshots.queries.differences import Turn
from lika.snapshots.queries.screenings import get_screening


@dataclass(frozen=True)
class Listed:
    """A unit that differs, with its place in words, the household's number ("" where it is not shown), its facts."""

    kind: UnitKind
    unit: UnitTurned
    place: str
    number: str
    facts: FactsTurned

    @property
    def presence(self) -> str:
        """Which of the two alone has it, in words; empty where both do."""
        if self.unit.was_in is None:
            return _("only in the new one")
        return _("only in the old one") if self.unit.is_in is None else ""

    @property
    def facts_told(self) -> list[str]:
        """Every fact that differs, with both values."""
        unknown = chosen(*UNKNOWN)
        return [
            _("%(label)s: %(old)s → %(new)s")
            % {"label": fact.label, "old": fact.old or unknown, "new": fact.new or unknown}
            for fact in self.facts.changed
        ]

    @property
    def untold(self) -> list[str]:
        """What is not told, in words: facts that are not shown to the actor, and those that one snapshot lacks."""
        said = []
        if self.facts.withheld:
            said.append(_("facts not shown to you: %(count)d") % {"count": len(self.facts.withheld)})
        if self.facts.missing:
            said.append(_("not held by both snapshots: %(facts)s") % {"facts": listed(self.facts.missing)})
        return said


@dataclass(frozen=True)
class Diff:
    """Two screenings compared: the totals are whole, the list of units holds so many as were asked for.

    `in_sum` are criteria of which it is told how many turned, and not who: that would tell what is personal.
    """

    found: Compared
    rules: tuple[RuleChange, ...]
    units: tuple[Listed, ...]
    more: Mapping[UnitKind, int]
    in_sum: tuple[ScreenedCriterion, ...] = ()


def diff(by: Actor, old: str, new: str, *, division: str = "", limit: int) -> Diff:
    """Compare two screenings by their ids, for at most `limit` units of each kind.

    Raises SCR-020 (no such screening in sight), DIV-001, DIV-010, and the errors of `compare_screenings`,
    `facts_turned`.
    """
    first, second = (get_screening(by, identifier(text)) for text in (old, new))
    place = divisions.place(division).number if division else None
    found = compare_screenings(by, first, second, division=place)
    listed_units: list[Listed] = []
    in_sum: list[ScreenedCriterion] = []
    more: dict[UnitKind, int] = {}
    for kind in found.kinds:
        units = turned_units(by, found, kind.kind, limit=limit)
        listed_units += units_listed(by, found, kind.kind, units)
        hidden = told_in_sum(by, found, kind.kind)
        in_sum += [item for item in hidden if item in kind.changed]
        total = turned_in_all(by, found, kind.kind) if hidden else kind.units_differing
        more[kind.kind] = total - len(units)
    return Diff(found, tuple(rules_turned(found)), tuple(listed_units), more, tuple(in_sum))


def lines_of(told: Diff) -> Iterator[str]:
    """The comparison as text."""
    found = told.found
    yield _("Old: %(what)s") % {"what": _title(found.old)}
    yield _("New: %(what)s") % {"what": _title(found.new)}
    if found.in_part:
        yield _("Only what lies in your area is compared; what differs elsewhere is not shown.")
    if found.apart:
        kinds = listed(str(kind.label) for kind in found.apart)
        yield _("Not compared, for no criterion is in both: %(kinds)s") % {"kinds": kinds}
    if found.alike:
        yield ""
        yield _("No unit came, went or is judged otherwise.")
    for rule in told.rules:
        yield _("Rule: %(label)s: %(old)s → %(new)s") % _sides(rule.label, rule.old, rule.new)
    for kind in found.kinds:
        yield from _kind_lines(kind)
        for each in told.units:
            if each.kind == kind.kind:
                yield from _unit_lines(each)
        if told.more[kind.kind]:
            yield _("  … and %(count)d more; --units lists more of them.") % {"count": told.more[kind.kind]}
    yield from _withheld_lines(told)


def _withheld_lines(told: Diff) -> Iterator[str]:
    if told.in_sum:
        yield ""
        yield _("Who changed by these is not listed, for that would tell what is personal: %(criteria)s") % {
            "criteria": listed(item.title for item in told.in_sum)
        }
    if told.in_sum or any(each.facts.withheld for each in told.units):
        yield ""
        yield _("What is told of persons is shown to users who may see it: --user NAME.")


def as_json(told: Diff) -> dict[str, Any]:
    """The comparison for machines: ids of criteria, results by their codes, labels in the language of the command."""
    found = told.found
    return {
        "old": _screening(found.old),
        "new": _screening(found.new),
        "division": f"{found.division:012d}",
        "alike": found.alike,
        "in_part": found.in_part,
        "not_compared": [kind.value for kind in found.apart],
        "rules": [{"label": rule.label, "old": rule.old, "new": rule.new} for rule in told.rules],
        "not_listed": [item.criterion for item in told.in_sum],
        "units": {kind.kind.value: _kind_json(kind, told) for kind in found.kinds},
    }


def identifier(text: str) -> UUID:
    """The id of a screening as typed. Raises SCR-020."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(
            "SCR-020",
            _("There is no such screening in your area."),
            remedy=_("`lika screen` prints the id of each screening; it also stands in the address of its page."),
        ) from None


def units_listed(by: Actor, found: Compared, kind: UnitKind, units: Sequence[UnitTurned]) -> list[Listed]:
    """Units that differ as they are told: place, number and facts. Raises what `facts_turned` raises."""
    places = divisions.path_labels({f"{unit.division:012d}" for unit in units})
    numbers = numbers_shown(by, found, kind, units)
    return [
        Listed(
            kind,
            unit,
            places.get(f"{unit.division:012d}", f"{unit.division:012d}"),
            numbers.get(unit.id, ""),
            facts_turned(by, found, kind, unit) if kind in TOLD_BY_FACTS else FactsTurned(),
        )
        for unit in units
    ]


def _title(found: Screening) -> str:
    mark = f" [{_('trial run')}]" if found.what_if else ""
    return f"{found.title} ({found.pack}){mark}  {found.snapshot_id}  {found.pk}"


def _sides(label: str, old: str | None, new: str | None) -> dict[str, str]:
    return {"label": label, "old": "—" if old is None else old, "new": "—" if new is None else new}


def _kind_lines(kind: KindCompared) -> Iterator[str]:
    own = kind.own
    yield ""
    yield _("%(kind)s: %(both)d in both, %(come)d only in the new one, %(gone)d only in the old one") % {
        "kind": kind.kind.label,
        "both": own.presence.both,
        "come": own.presence.come,
        "gone": own.presence.gone,
    }
    for item in kind.changed:
        yield f"  {item.title}: {_turns(own.turns[item.criterion])}"
    for label, items in ((_("only in the old one"), kind.dropped), (_("only in the new one"), kind.added)):
        if items:
            yield f"  {label}: {listed(item.title for item in items)}"
    titles = {item.criterion: item.title for item in kind.changed}
    if kind.only_above:
        yield "  " + _("not told of villages, for that would tell what is personal: %(criteria)s") % {
            "criteria": listed(item.title for item in kind.only_above)
        }
    for line in kind.divisions:
        yield f"  {line.code} {line.name}: {listed(_division_parts(line, titles))}"


def _division_parts(line: DivisionMoves, titles: Mapping[str, str]) -> Iterator[str]:
    if line.presence.come:
        yield _("%(count)d came") % {"count": line.presence.come}
    if line.presence.gone:
        yield _("%(count)d went") % {"count": line.presence.gone}
    for criterion, title in titles.items():
        if criterion in line.turns:
            yield f"{title} {_turns(line.turns[criterion])}"


def _turns(turns: Mapping[Turn, int]) -> str:
    ordered = sorted(turns.items(), key=lambda each: (each[0].before.value, each[0].after.value))
    return listed(f"{_turn(turn)} {number}" for turn, number in ordered)


def _turn(turn: Turn) -> str:
    return f"{turn.before.label} → {turn.after.label}"


def _unit_lines(each: Listed) -> Iterator[str]:
    named = f"{each.number or '—'}  {each.place}" if each.kind in TOLD_BY_FACTS else each.place
    yield f"  · {named}"
    if each.presence:
        yield f"      {each.presence}"
    for item, turn in each.unit.turns:
        yield f"      {item.title}: {_turn(turn)}"
    for text in (*each.facts_told, *each.untold):
        yield f"      {text}"


def _screening(found: Screening) -> dict[str, Any]:
    return {
        "screening": str(found.pk),
        "snapshot": found.snapshot_id,
        "pack": found.pack,
        "pack_sha256": found.pack_sha256,
        "what_if": found.what_if,
        "digest": found.digest,
    }


def _kind_json(kind: KindCompared, told: Diff) -> dict[str, Any]:
    return {
        **_presence(kind.own),
        "criteria": _by_criterion(kind.own),
        "only_old": [item.criterion for item in kind.dropped],
        "only_new": [item.criterion for item in kind.added],
        "divisions": [
            {"division": line.code, "name": line.name, **_presence(line), "criteria": _by_criterion(line)}
            for line in kind.divisions
        ],
        "differing": kind.units_differing,
        "listed": [_unit_json(each) for each in told.units if each.kind == kind.kind],
    }


def _presence(line: DivisionMoves) -> dict[str, int]:
    return {"both": line.presence.both, "come": line.presence.come, "gone": line.presence.gone}


def _by_criterion(line: DivisionMoves) -> dict[str, list[dict[str, Any]]]:
    return {
        criterion: [
            {"from": turn.before.value, "to": turn.after.value, "units": number}
            for turn, number in sorted(turns.items(), key=lambda each: (each[0].before.value, each[0].after.value))
        ]
        for criterion, turns in line.turns.items()
    }


def _unit_json(each: Listed) -> dict[str, Any]:
    unit = each.unit
    return {
        "household": each.number,
        "old_division": None if unit.was_in is None else f"{unit.was_in:012d}",
        "new_division": None if unit.is_in is None else f"{unit.is_in:012d}",
        "turns": [
            {"criterion": item.criterion, "from": turn.before.value, "to": turn.after.value}
            for item, turn in unit.turns
        ],
        "facts": [{"label": fact.label, "old": fact.old, "new": fact.new} for fact in each.facts.changed],
        "not_shown": list(each.facts.withheld),
        "not_in_both": list(each.facts.missing),
    }
