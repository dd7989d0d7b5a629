"""A report of a policy pack over a snapshot: every figure of every division, added up from the snapshot's files."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.language import listed
from lika.core.permissions import Permission
from lika.engine import ranges
from lika.engine.criteria import FactUse
from lika.engine.disk import told_of_full_disk
from lika.engine.figures.parts import TOP, FigureValue, Part
from lika.engine.figures.sums import Tables, add_up
from lika.engine.screening.rollups import LEVEL_OF_UNIT, level_of
from lika.engine.snapshots import manifest as manifests
from lika.engine.snapshots.manifest import Manifest
from lika.policy import figures
from lika.policy import queries as policy
from lika.policy.figures import CompiledFigure
from lika.policy.packs import faults
from lika.policy.packs.resolved import ResolvedPack, ResolvedReport
from lika.snapshots import planning, storage
from lika.snapshots.files import snapshot_files
from lika.snapshots.models import Snapshot
from lika.snapshots.queries.snapshots import get_snapshot, refuse_altered

VILLAGE = "village"


@dataclass(frozen=True, eq=False)
class Reported:
    """A report of a pack over a snapshot. `divisions` are the codes of each level that the report is told of.

    Cells of an overlap or a matrix that are certainly 0 in every division are left out of the figures.
    """

    snapshot: Snapshot
    pack: ResolvedPack
    report: ResolvedReport
    figures: tuple[CompiledFigure, ...]
    divisions: Mapping[int, tuple[int, ...]]
    values: Mapping[tuple[int, str], FigureValue]
    digest: str

    def value(self, division: int, figure: str) -> FigureValue | None:
        """A figure of a division; None where it has no formula (待补充依据). Raises KeyError."""
        compiled = next(each for each in self.figures if each.item.id == figure)
        return None if compiled.numerator is None else self.values[division, figure]


def report_over(by: Actor, *, snapshot: str, pack: ResolvedPack, report: str, what_if: bool = False) -> Reported:
    """Every figure of a report, for every division of a snapshot's area at the report's levels.

    Raises ACC-001, ACC-002, SNP-020 (no such snapshot), SNP-007 (altered snapshot), SCR-002 and SCR-003 (the pack does
    not rule there, unless it is a trial run: `what_if`), SCR-004 (a fact that the snapshot does not hold), SCR-008 (no
    such report), ENG-020 … (a formula that no longer holds against today's facts).
    """
    by.require(Permission.SCREENING_RUN)
    found = get_snapshot(by, snapshot)
    by.require(Permission.SCREENING_RUN, division=f"{found.division:012d}")
    wanted = policy.report_of(pack, report)
    if wanted is None:
        raise _no_such_report(pack, report)
    refuse_altered(found)
    manifest = manifests.read(storage.folder_of(found))
    if not what_if:
        planning.refuse_unruled(pack, found)
    compiled = figures.compiled_figures(pack, wanted, at=found.at)
    return _reported(found, pack, wanted, compiled, manifest)


def _reported(
    found: Snapshot,
    pack: ResolvedPack,
    report: ResolvedReport,
    compiled: tuple[CompiledFigure, ...],
    manifest: Manifest,
) -> Reported:
    # Formulas share parts: what stands in two of them is added up once.
    parts = {(part.unit, part.checked.text): part for each in compiled for part in each.parts}
    planning.refuse_missing_facts(_facts(parts.values()), manifest)
    places = {key: place for place, key in enumerate(parts)}
    with told_of_full_disk():
        sums = add_up(
            list(parts.values()), _tables(found, manifest, parts.values()), highest=level_of(found.division),
            reference_date=found.at,
        )  # fmt: skip
    levels = [LEVEL_OF_UNIT[level.value] for level in report.levels]
    divisions = {level: sums.divisions[level] for level in sorted(levels) if level in sums.divisions}
    values: dict[tuple[int, str], FigureValue] = {}
    for level, codes in divisions.items():
        for code in codes:
            for each in compiled:
                added = [sums.of(level, code, places[part.unit, part.checked.text]) for part in each.parts]
                if added:
                    values[code, each.item.id] = FigureValue(*added)
    empty = {each.item.id for each in compiled if each.cell and not _told(each.item.id, values)}
    kept = {key: value for key, value in values.items() if key[1] not in empty}
    shown = tuple(each for each in compiled if each.item.id not in empty)
    return Reported(found, pack, report, shown, divisions, kept, _digest(report, kept))


def _told(figure: str, values: Mapping[tuple[int, str], FigureValue]) -> bool:
    """Whether a figure is anything but 0 anywhere."""
    return any(name == figure and value.value != ranges.exactly(0) for (_code, name), value in values.items())


def _facts(parts: Iterable[Part]) -> set[FactUse]:
    return {use for part in parts for use in part.checked.facts}


def _tables(found: Snapshot, manifest: Manifest, parts: Iterable[Part]) -> Tables:
    """The files of all units that are read, villages always: they say which divisions there are."""
    read = {VILLAGE}.union(*(part.checked.units for part in parts)) - {TOP}
    units = [unit for unit in manifest.schema if unit in read]
    files = {unit: snapshot_files(found, unit, manifest.counties(unit)) for unit in units}
    return Tables({unit: paths for unit, paths in files.items() if paths}, manifest.schema)


def _digest(report: ResolvedReport, values: Mapping[tuple[int, str], FigureValue]) -> str:
    """SHA-256 over every figure of every division, in their order: the same whatever engine added them up."""
    digest = hashlib.sha256(f"lika-report-1 {report.id}\n".encode())
    for (division, figure), value in sorted(values.items()):
        parts = [each for each in (value.numerator, value.denominator) if each is not None]
        told = " ".join(f"{each.units} {each.undecided} {each.low} {each.high}" for each in parts)
        digest.update(f"{division:012d} {figure} {told}\n".encode())
    return digest.hexdigest()


def _no_such_report(pack: ResolvedPack, report: str) -> NotFound:
    known = [each.id for each in pack.reports]
    near = listed(faults.nearest(report, known) or known)
    return NotFound(
        "SCR-008",
        _("The pack %(pack)s has no report %(id)s.") % {"pack": pack.reference, "id": report[:80]},
        remedy=_("It has these: %(reports)s.") % {"reports": near} if near else _("Choose a pack that has reports."),
    )
