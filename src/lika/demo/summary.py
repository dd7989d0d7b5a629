"""What the loop came to, in words for the terminal."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from lika.collection.choices import BatchState
from lika.collection.models import ImportBatch
from lika.core.areas import Area
from lika.demo.loop import Outcome
from lika.divisions import queries as divisions
from lika.register import queries as register
from lika.register.choices import PovertyStatus
from lika.snapshots import queries as snapshots
from lika.snapshots.models import Screening


def lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The summary, place by place and line by line."""
    for outcome in outcomes:
        yield _("%(place)s (%(code)s):") % {
            "place": divisions.path_labels([outcome.place.area])[outcome.place.area],
            "code": outcome.place.area,
        }
        yield from _of_place(outcome)
        yield ""


def _of_place(outcome: Outcome) -> Iterator[str]:
    counts = register.status_counts(Area.of([outcome.place.area]))
    households, persons = counts.total
    yield _("Register: %(households)s households, %(persons)s persons (demonstration data)") % {
        "households": f"{households:,}",
        "persons": f"{persons:,}",
    }
    for status in PovertyStatus:
        found, people = counts.of([status])
        yield f"  {status.label}  {found:,} / {people:,}"
    published = ImportBatch.objects.filter(file_name=outcome.place.workbook, state=BatchState.PUBLISHED)
    batch = published.order_by("-finished_at").first()
    if batch is not None:
        yield _("Import: %(file)s, %(errors)s errors, %(warnings)s warnings") % {
            "file": batch.file_name,
            "errors": batch.errors,
            "warnings": batch.warnings,
        }
    snapshot = outcome.snapshot
    yield _("Snapshot: %(id)s, standard time point %(at)s") % {"id": snapshot.id, "at": snapshot.at.isoformat()}
    for screening in outcome.screenings:
        yield from _screening(screening)


def _screening(screening: Screening) -> Iterator[str]:
    yield _("Screening: %(pack)s, digest %(digest)s") % {"pack": screening.pack, "digest": screening.digest[:16]}
    for unit in snapshots.totals(screening):
        chosen = snapshots.summary_of(screening, unit.kind)
        for item in unit.criteria:
            if chosen is not None and chosen.summary and item.criterion == chosen.criterion:
                yield _("  %(name)s: %(met)s met, %(not_met)s not met, %(unknown)s unknown") % {
                    "name": item.title,
                    "met": f"{item.met:,}",
                    "not_met": f"{item.not_met:,}",
                    "unknown": f"{item.unknown:,}",
                }
