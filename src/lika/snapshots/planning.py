"""From a pack and a snapshot to what is screened; and the refusals on the way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.divisions import queries as divisions
from lika.engine.criteria import CheckedSet, FactUse
from lika.engine.schema import UNIT_NAMES, column_name
from lika.engine.screening.run import Plan
from lika.engine.snapshots.manifest import Manifest
from lika.policy import resolve
from lika.policy.choices import CriterionKind
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots.models import Snapshot


@dataclass(frozen=True)
class Prepared:
    """A pack as it stands at a snapshot's time point, ready to run over it."""

    pack: ResolvedPack
    checked: CheckedSet
    plan: Plan


def prepare(pack: ResolvedPack, snapshot: Snapshot, manifest: Manifest, *, what_if: bool) -> Prepared:
    """Compile a pack for a snapshot.

    Raises SCR-002 (the pack does not cover the area) and SCR-003 (not in force at the time point), neither for a trial
    run; SCR-001 (nothing to screen), SCR-004 (a fact that the snapshot does not hold).
    """
    if not what_if:
        refuse_unruled(pack, snapshot)
    checked = resolve.compiled(pack, at=snapshot.at).checked
    plan = plan_of(pack, checked)
    if not plan.units(manifest):
        raise UserError(
            "SCR-001",
            _("The snapshot %(id)s has no unit that the pack %(pack)s has criteria for.")
            % {"id": snapshot.pk, "pack": pack.reference},
            remedy=_("Take a snapshot of an area whose data are in the register."),
        )
    units = plan.units(manifest)
    refuse_missing_facts({use for unit in units for item in checked.of_unit(unit) for use in item.facts}, manifest)
    return Prepared(pack, checked, plan)


def refuse_unruled(pack: ResolvedPack, snapshot: Snapshot) -> None:
    """Raise SCR-002 where the pack does not cover the area, SCR-003 where it is not in force at the time point."""
    _refuse_elsewhere(pack, snapshot)
    _refuse_other_time(pack, snapshot)


def plan_of(pack: ResolvedPack, checked: CheckedSet) -> Plan:
    """The criteria of each unit in the pack's order, and its measures for households."""
    criteria = {unit: tuple(item.id for item in pack.criteria if item.unit == unit) for unit in UNIT_NAMES}
    measures = measures_of(pack, lambda name: checked.by_id[name].criteria)
    return Plan({unit: ids for unit, ids in criteria.items() if ids}, measures)


def measures_of(pack: ResolvedPack, referred: Callable[[str], frozenset[str]]) -> tuple[str, ...]:
    """The measures that households come under, in the pack's order; `referred` tells what a criterion refers to.

    A criterion that counts other measures of households ("two or more at once") is no measure itself; one that asks
    for a measure of a member (a household counts where one of its people does) is.
    """
    measures = [item.id for item in pack.criteria if (item.unit, item.kind) == ("household", CriterionKind.MEASURE)]
    return tuple(name for name in measures if referred(name).isdisjoint(measures))


def _refuse_elsewhere(pack: ResolvedPack, snapshot: Snapshot) -> None:
    if not pack.covers(f"{snapshot.division:012d}"):
        place = divisions.place(f"{snapshot.division:012d}")
        raise UserError(
            "SCR-002",
            _("The pack %(pack)s applies to %(jurisdiction)s, not to %(division)s.")
            % {
                "pack": pack.reference,
                "jurisdiction": _place(pack.jurisdiction_at(snapshot.at)),
                "division": place.name,
            },
            remedy=_("Choose a pack of this area, or make a trial run with --what-if."),
        )


def _refuse_other_time(pack: ResolvedPack, snapshot: Snapshot) -> None:
    if not pack.is_valid_at(snapshot.at):
        last = pack.valid.last.isoformat() if pack.valid.last else "…"
        raise UserError(
            "SCR-003",
            _("The pack %(pack)s is in force from %(first)s to %(last)s, not on %(day)s.")
            % {
                "pack": pack.reference,
                "first": pack.valid.first.isoformat(),
                "last": last,
                "day": snapshot.at.isoformat(),
            },
            remedy=_("Choose the pack in force on that day, or make a trial run with --what-if."),
        )


def refuse_missing_facts(uses: Iterable[FactUse], manifest: Manifest) -> None:
    """Raise SCR-004 where a snapshot lacks a fact that is read of a unit that it has."""
    held = {(unit, column.name) for unit, columns in manifest.schema.items() for column in columns}
    wanted = {(use.unit, column_name(use.name, use.lag)) for use in uses if use.unit in manifest.schema}
    missing = sorted(wanted - held)
    if missing:
        raise UserError(
            "SCR-004",
            _("The snapshot %(id)s does not hold the facts %(facts)s.")
            % {"id": manifest.id, "facts": ", ".join(f"{unit}.{name}" for unit, name in missing)},
            remedy=_("It was taken before they were recorded: take a new snapshot."),
        )


def _place(code: str) -> str:
    """The name of a jurisdiction, as far as the divisions know it."""
    return divisions.place(code).name
