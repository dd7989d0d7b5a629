"""A report of a policy pack over a snapshot: every figure of every division, added up from the snapshot's files."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.language import listed
from lika.core.permissions import Permission
from lika.divisions.choices import COUNTRY_LEVEL
from lika.engine import ranges
from lika.engine.criteria import FactUse
from lika.engine.disk import told_of_full_disk
from lika.engine.figures.moves import moves_between
from lika.engine.figures.parts import TOP, FigureValue, Part
from lika.engine.figures.sums import Sums, Tables, add_up
from lika.engine.messages import Words
from lika.engine.schema import column_name
from lika.engine.screening.rollups import LEVEL_OF_UNIT, level_of
from lika.engine.snapshots import manifest as manifests
from lika.engine.snapshots.manifest import Manifest
from lika.policy import expanding, figures, resolve
from lika.policy import queries as policy
from lika.policy.figures import CompiledFigure
from lika.policy.packs import faults
from lika.policy.packs.report_form import Figure
from lika.policy.packs.resolved import ResolvedPack, ResolvedReport
from lika.snapshots import planning, storage
from lika.snapshots.files import snapshot_files
from lika.snapshots.guarding import is_of_amounts
from lika.snapshots.models import Snapshot
from lika.snapshots.queries.snapshots import get_snapshot, refuse_altered

VILLAGE, HOUSEHOLD = "village", "household"
#: The fact that says how many people a household has.
MEMBERS = "members"


@dataclass(frozen=True, eq=False)
class ToldFigure:
    """A figure that a report tells of: its item, and the kinds of unit that its parts count, in the parts' order.

    Without units it has no formula (待补充依据). `condition` is what the households counted have in common, as a text
    of the criteria language; "" where other things are counted or added up.

    `fewest` is there where amounts are added up that are personal: of each level the least number of units that give
    to it in any division where some do. The sum of a few tells what each of them has.
    """

    item: Figure
    units: tuple[str, ...]
    formula: Words | None = None
    condition: str = ""
    fewest: Mapping[int, int] | None = None


@dataclass(frozen=True, eq=False)
class Reported:
    """A report of a pack over a snapshot. `divisions` are the codes of each level that the report is told of.

    Cells of an overlap or a matrix that are certainly 0 in every division are left out of the figures. `before` is the
    earlier snapshot where the report tells of moves between two.
    """

    snapshot: Snapshot
    pack: ResolvedPack
    report: ResolvedReport
    figures: tuple[ToldFigure, ...]
    divisions: Mapping[int, tuple[int, ...]]
    values: Mapping[tuple[int, str], FigureValue]
    digest: str
    before: Snapshot | None = None

    def value(self, division: int, figure: str) -> FigureValue | None:
        """A figure of a division; None where it has no formula (待补充依据)."""
        return self.values.get((division, figure))


def report_over(
    by: Actor, *, snapshot: str, pack: ResolvedPack, report: str, what_if: bool = False, before: str = ""
) -> Reported:
    """Every figure of a report, for every division of a snapshot's area at the report's levels.

    With `before`, the id of an earlier snapshot, its matrix is told alone: between these two snapshots, instead of
    between two data years of one.
    Raises ACC-001, ACC-002, SNP-020 (no such snapshot), SNP-007 (altered snapshot), SCR-002 and SCR-003 (the pack does
    not rule there, unless it is a trial run: `what_if`), SCR-004 (a fact that the snapshot does not hold), SCR-008 (no
    such report), SCR-071 (no matrix to tell between two snapshots), SCR-072 (the two are not of one area, or not one
    after the other), ENG-020 … (a formula that no longer holds against today's facts).
    """
    found, wanted = _asked(by, snapshot, pack, report, what_if=what_if)
    earlier = None if not before else _earlier(by, found, before, pack, wanted)
    refuse_altered(found)
    manifest = manifests.read(storage.folder_of(found))
    if earlier is not None:
        refuse_altered(earlier)
        return _moved(earlier, found, pack, wanted)
    compiled = figures.compiled_figures(pack, wanted, at=found.at)
    return _reported(found, pack, wanted, compiled, manifest)


def refuse_unreportable(
    by: Actor, *, snapshot: str, pack: ResolvedPack, report: str, what_if: bool = False, before: str = ""
) -> tuple[Snapshot, ResolvedReport, Snapshot | None]:
    """What a report would be of: its snapshot, itself, and the earlier snapshot. Raises as `report_over`, before
    anything is read."""
    found, wanted = _asked(by, snapshot, pack, report, what_if=what_if)
    return found, wanted, None if not before else _earlier(by, found, before, pack, wanted)


def _asked(
    by: Actor, snapshot: str, pack: ResolvedPack, report: str, *, what_if: bool
) -> tuple[Snapshot, ResolvedReport]:
    by.require(Permission.SCREENING_RUN)
    found = get_snapshot(by, snapshot)
    by.require(Permission.SCREENING_RUN, division=f"{found.division:012d}")
    wanted = policy.report_of(pack, report)
    if wanted is None:
        raise _no_such_report(pack, report)
    if not what_if:
        planning.refuse_unruled(pack, found)
    return found, wanted


def _earlier(by: Actor, found: Snapshot, before: str, pack: ResolvedPack, report: ResolvedReport) -> Snapshot:
    if report.matrix is None:
        known = listed(each.id for each in pack.reports if each.matrix is not None)
        raise UserError(
            "SCR-071",
            _("The report %(id)s has no matrix that could be told between two snapshots.") % {"id": report.id},
            remedy=_("These have one: %(reports)s.") % {"reports": known} if known else _("Choose another pack."),
        )
    earlier = get_snapshot(by, before)
    if (earlier.division, earlier.last) != (found.division, found.last) or earlier.at >= found.at:
        raise UserError(
            "SCR-072",
            _("%(before)s is no earlier snapshot of the same area as %(after)s.")
            % {"before": earlier.pk, "after": found.pk},
            remedy=_("Choose two snapshots of one area, the one with the earlier time point first."),
        )
    return earlier


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
    standing = {
        each.item.id: [places[part.unit, part.checked.text] for part in each.parts] for each in compiled if each.parts
    }
    quotients = {(of[0], of[1]) for of in standing.values() if len(of) > 1}
    amounts = {place for place, part in enumerate(parts.values()) if _tells_of_persons(part)}
    with told_of_full_disk():
        sums = add_up(
            list(parts.values()), _tables(found, manifest, parts.values()), highest=level_of(found.division),
            reference_date=found.at, quotients=quotients, amounts=amounts,
        )  # fmt: skip
    divisions = _levels(report, sums.divisions)
    values = {
        (code, figure): sums.value(level, code, of)
        for level, codes in divisions.items()
        for code in codes
        for figure, of in standing.items()
    }
    words = figures.in_words(compiled)
    told = tuple(
        (
            ToldFigure(
                each.item, tuple(part.unit for part in each.parts), words.get(each.item.id), _condition(each),
                _fewest(sums, divisions, amounts.intersection(standing.get(each.item.id, ()))),
            ),
            each.cell,
        )
        for each in compiled
    )  # fmt: skip
    return _without_empty(Reported(found, pack, report, (), divisions, values, ""), told)


def _moved(earlier: Snapshot, found: Snapshot, pack: ResolvedPack, report: ResolvedReport) -> Reported:
    """The matrix of a report between two snapshots, with who was not there before and who is there no more."""
    matrix = report.matrix
    assert matrix is not None  # `_earlier` refused  # noqa: S101
    schema = resolve.schema_of(pack)
    uses = {FactUse("household", matrix.fact), FactUse("household", MEMBERS)}
    files = []
    for each in (earlier, found):
        manifest = manifests.read(storage.folder_of(each))
        planning.refuse_missing_facts(uses, manifest)
        files.append(snapshot_files(each, HOUSEHOLD, manifest.counties(HOUSEHOLD)))
    with told_of_full_disk():
        moves = moves_between(
            files[0], files[1], column_name(matrix.fact, 0), list(expanding.matrix_titles(report, schema)),
            column_name(MEMBERS, 0), highest=level_of(found.division),
        )  # fmt: skip
    divisions = _levels(report, moves.divisions)
    told, values = [], {}
    for move, people, made in expanding.moves_of(report, schema):
        told.append((ToldFigure(made.item, (HOUSEHOLD,)), made.cell))
        for codes in divisions.values():
            for code in codes:
                added = moves.people(code, move) if people else moves.households(code, move)
                values[code, made.item.id] = FigureValue(added)
    return _without_empty(Reported(found, pack, report, (), divisions, values, "", earlier), tuple(told))


def _levels(report: ResolvedReport, found: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """The divisions of the levels that a report is told of; what is told of provinces is told of the country too."""
    levels = {LEVEL_OF_UNIT[level.value] for level in report.levels}
    if LEVEL_OF_UNIT["province"] in levels:
        levels.add(COUNTRY_LEVEL)
    return {level: found[level] for level in sorted(levels) if level in found}


def _without_empty(whole: Reported, told: tuple[tuple[ToldFigure, bool], ...]) -> Reported:
    """The report without the cells that are 0 everywhere; each value is looked at once."""
    nothing = ranges.exactly(0)
    somewhere = {figure for (_code, figure), value in whole.values.items() if value.value != nothing}
    shown = tuple(each for each, cell in told if not cell or each.item.id in somewhere)
    names = {each.item.id for each in shown}
    kept = {key: value for key, value in whole.values.items() if key[1] in names}
    return replace(whole, figures=shown, values=kept, digest=digest_of(whole.report.id, sorted(kept.items())))


def _condition(figure: CompiledFigure) -> str:
    """What the households of a plain count have in common, or those above of a quotient of two counts."""
    above = figure.numerator
    if above is None or (above.function, above.unit) != ("count", HOUSEHOLD) or above.body is None:
        return ""
    return above.body.text


def _facts(parts: Iterable[Part]) -> set[FactUse]:
    return {use for part in parts for use in part.checked.facts}


def _tables(found: Snapshot, manifest: Manifest, parts: Iterable[Part]) -> Tables:
    """The files of all units that are read, villages always: they say which divisions there are."""
    read = {VILLAGE}.union(*(part.checked.units for part in parts)) - {TOP}
    units = [unit for unit in manifest.schema if unit in read]
    files = {unit: snapshot_files(found, unit, manifest.counties(unit)) for unit in units}
    return Tables({unit: paths for unit, paths in files.items() if paths}, manifest.schema)


def _tells_of_persons(part: Part) -> bool:
    """Whether numbers that are personal are added up."""
    return is_of_amounts(part.checked.schema, part.added)


def _fewest(sums: Sums, divisions: Mapping[int, tuple[int, ...]], amounts: Collection[int]) -> dict[int, int] | None:
    if not amounts:
        return None
    found = {}
    for level, codes in divisions.items():
        giving = (sums.givers.get((level, code, place), 0) for code in codes for place in amounts)
        found[level] = min((each for each in giving if each), default=0)
    return found


def digest_of(report: str, values: Iterable[tuple[tuple[int, str], FigureValue]]) -> str:
    """SHA-256 over every figure of every division, given by code and id: the same whatever engine added them up."""
    digest = hashlib.sha256(f"lika-report-2 {report}\n".encode())
    for (division, figure), value in values:
        parts = [each for each in (value.numerator, value.denominator) if each is not None]
        told = " ".join(f"{each.units} {each.undecided} {each.low} {each.high}" for each in parts)
        digest.update(f"{division:012d} {figure} {told} {value.shared}\n".encode())
    return digest.hexdigest()


def _no_such_report(pack: ResolvedPack, report: str) -> NotFound:
    known = [each.id for each in pack.reports]
    near = listed(faults.nearest(report, known) or known)
    return NotFound(
        "SCR-008",
        _("The pack %(pack)s has no report %(id)s.") % {"pack": pack.reference, "id": report[:80]},
        remedy=_("It has these: %(reports)s.") % {"reports": near} if near else _("Choose a pack that has reports."),
    )
