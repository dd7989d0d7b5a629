"""The home page: what waits, and what the current screening counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lika.accounts.queries import UserActor
from lika.collection import queries as collection
from lika.collection.choices import BatchState
from lika.console.queries.focus import Focus
from lika.console.queries.verdicts import Current
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.register import queries as register
from lika.reports.waiting import Task
from lika.snapshots.choices import Result
from lika.snapshots.queries import Counts

# Imports that somebody has to look at again.
OPEN_STATES = frozenset({BatchState.CHECKED, BatchState.REFUSED, BatchState.INTERRUPTED, BatchState.FAILED})
MOST_IMPORTS = 3


@dataclass(frozen=True)
class ExitResult:
    """The summary criterion's counts in the focus, each with the list that holds as many households."""

    title: str
    counts: Counts
    met_url: str
    not_met_url: str
    unknown_url: str


def exit_result(focus: Focus, screening: Current, counts: Counts | None) -> ExitResult | None:
    """The counts with their addresses; None where no household of the focus was screened."""
    if counts is None:
        return None
    asked = {
        "division": focus.division.code, "pack": screening.pack_id, "criterion": screening.summary.criterion,
    }  # fmt: skip
    here = reverse("console:households")
    return ExitResult(
        screening.title, counts, *(f"{here}?{urlencode({**asked, 'result': result})}" for result in Result)
    )


def waiting(by: UserActor, focus: Focus, screening: Current | None, latest: int) -> list[Task]:
    """What this user can do next: imports left open, villages without data, a screening that is missing or old.

    `latest` is the latest data year of the county around the focus; 0 where there is none.
    """
    return [*_imports(by), *_data(by, focus, latest), *_screening(by, focus, screening, latest)]


def _imports(by: UserActor) -> Iterator[Task]:
    if not by.has(Permission.REGISTER_IMPORT):
        return
    for batch in [each for each in collection.recent(by) if each.state in OPEN_STATES][:MOST_IMPORTS]:
        if batch.errors:
            told = ngettext("%(n)s error to correct.", "%(n)s errors to correct.", batch.errors) % {"n": batch.errors}
        else:
            told = str(batch.get_state_display())
        yield Task(
            "file-alert",
            _("Import of %(file)s") % {"file": batch.file_name},
            told,
            _("Open"),
            reverse("collection:batch", args=[batch.pk]),
        )


def _data(by: UserActor, focus: Focus, latest: int) -> Iterator[Task]:
    """Villages that have no household's data of the latest year of their county."""
    here = focus.area.meet(by.area_for(Permission.REGISTER_IMPORT))
    if not latest or not here:
        return
    missing = register.villages_without_year(here, latest)
    if missing:
        yield Task(
            "calendar",
            _("Data of %(year)s is missing") % {"year": latest},
            ngettext("In %(n)s village.", "In %(n)s villages.", len(missing)) % {"n": len(missing)},
            _("Import"),
            reverse("collection:import"),
        )


def _screening(by: UserActor, focus: Focus, screening: Current | None, latest: int) -> Iterator[Task]:
    if focus.level < Level.COUNTY or not by.sees(Permission.SCREENING_VIEW).covers(focus.division.code):
        return
    if not latest or (screening and screening.newest.snapshot.data_year >= latest):
        return
    if screening is None:
        title, told = _("Not screened yet"), _("Take a snapshot of the register and screen it.")
    else:
        title = _("The screening is older than the data")
        told = _("It rests on the data of %(old)s; the register holds %(new)s.") % {
            "old": screening.newest.snapshot.data_year, "new": latest,
        }  # fmt: skip
    yield Task("checklist", title, told, _("Screening"), reverse("snapshots:screenings"))
