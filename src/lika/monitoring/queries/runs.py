"""What a run counted: by dimension, rule and division, and from run to run."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.engine.screening.rollups import SPAN_OF_LEVEL
from lika.monitoring.models import QualityCount, QualityRun
from lika.policy.choices import Dimension


@dataclass(frozen=True)
class Rate:
    """Of the units judged, how many are sound; `key` is a rule, a dimension, a division code or the id of a run."""

    key: str
    label: str
    sound: int
    faulty: int
    unknown: int = 0

    @property
    def judged(self) -> int:
        """The units that could be judged."""
        return self.sound + self.faulty

    @property
    def share(self) -> Fraction | None:
        """The share of the sound among those judged; None where none was."""
        return Fraction(self.sound, self.judged) if self.judged else None


def runs(by: Actor) -> QuerySet[QualityRun]:
    """The runs whose area meets the actor's, newest first. Raises ACC-001."""
    by.require(Permission.QUALITY_VIEW)
    meets = Q(pk__in=[])
    for low, high in by.area_for(Permission.QUALITY_VIEW).ranges:
        meets |= Q(snapshot__division__lte=high, snapshot__last__gte=low)
    return QualityRun.objects.filter(meets).select_related("snapshot")


def latest(by: Actor) -> QualityRun | None:
    """The newest run in sight."""
    return runs(by).first()


def root_of(by: Actor, run: QualityRun, asked: str) -> int:
    """The division asked for, else the uppermost of the run that lies wholly in sight.

    Raises NotFound QUA-020 where the division is no part of both.
    """
    area = by.area_for(Permission.QUALITY_VIEW)
    if asked:
        low, high = range_of(asked)
        if area.covers(asked) and run.snapshot.division <= low and high <= run.snapshot.last:
            return low
        raise _out_of_sight()
    whole = f"{run.snapshot.division:012d}"
    if area.covers(whole):
        return run.snapshot.division
    inside = (low for low, _high in area.ranges if run.snapshot.division <= low <= run.snapshot.last)
    found = next(inside, None)
    if found is None:
        raise _out_of_sight()
    return found


def _out_of_sight() -> NotFound:
    return NotFound(
        "QUA-020", _("This run has no figures for that division in your area."), remedy=_("Choose one of the table.")
    )


def by_rule(run: QualityRun, division: int) -> list[tuple[QualityCount, Rate]]:
    """The rules of a division, the most faults first."""
    rows = QualityCount.objects.filter(run=run, division=division)
    found = [(row, Rate(row.rule, row.title, row.sound, row.faulty, row.unknown)) for row in rows]
    return sorted(found, key=lambda pair: (-pair[1].faulty, pair[1].key))


def by_dimension(rows: Iterable[tuple[QualityCount, Rate]]) -> list[Rate]:
    """The rates of the four dimensions, over all rules of each."""
    told = list(rows)
    return [
        Rate(
            dimension.value,
            str(dimension.label),
            sum(rate.sound for row, rate in told if row.dimension == dimension),
            sum(rate.faulty for row, rate in told if row.dimension == dimension),
        )
        for dimension in Dimension
    ]


def below(run: QualityRun, division: int, level: int) -> dict[int, int]:
    """The faults of each division right below one (whose level is given), by code."""
    if level + 1 not in SPAN_OF_LEVEL:
        return {}
    last = division + SPAN_OF_LEVEL[level] - 1
    rows = QualityCount.objects.filter(run=run, level=level + 1, division__range=(division, last))
    return dict(rows.values_list("division").annotate(faults=Sum("faulty")).order_by("-faults", "division"))


def trend(by: Actor, run: QualityRun, division: int, most: int) -> list[tuple[QualityRun, Rate]]:
    """The runs that counted a division, oldest first, with all their answers together."""
    earlier = list(runs(by).filter(counts__division=division, finished_at__lte=run.finished_at).distinct()[:most])
    sums = {
        row["run"]: row
        for row in QualityCount.objects.filter(run__in=earlier, division=division)
        .values("run")
        .annotate(sound=Sum("sound"), faulty=Sum("faulty"), unknown=Sum("unknown"))
    }
    return [
        (each, Rate(str(each.pk), each.snapshot_id, sums[each.pk]["sound"], sums[each.pk]["faulty"]))
        for each in reversed(earlier)
    ]
