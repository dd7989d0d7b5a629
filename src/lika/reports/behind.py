"""From a figure of a report to the list of its households, where the very same numbers can be listed."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.urls import reverse

from lika.accounts.queries import UserActor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.reports.asking import question_of
from lika.reports.definition import LONGEST_EXPRESSION, Definition
from lika.reports.fields import Catalogue
from lika.reports.models import ReportFigure, ReportRun
from lika.reports.queries.lists import catalogue_of
from lika.snapshots.queries import analysis


def lists_behind(by: UserActor, run: ReportRun, figures: Sequence[ReportFigure], division: int) -> dict[str, str]:
    """The addresses of the lists behind figures of a division, by figure.

    A figure has one where households are counted by a condition, the report is of what is current and by the pack that
    it was screened by (else the list would hold others), and the reader may open it.
    """
    if run.what_if or run.before_id is not None or not by.has(Permission.REGISTER_VIEW):
        return {}
    asked = Definition(division=f"{division:012d}", pack=run.pack.partition("@")[0])
    try:
        catalogue = catalogue_of(by, asked)
    except UserError:  # no snapshot in the reader's sight
        return {}
    found = catalogue.found
    if found.snapshots != (run.snapshot_id,) or found.screening is None:
        return {}
    if found.screening.pack_sha256 != run.pack_sha256:
        return {}
    return dict(_lists(by, catalogue, figures, asked))


def _lists(
    by: UserActor, catalogue: Catalogue, figures: Sequence[ReportFigure], asked: Definition
) -> Iterator[tuple[str, str]]:
    for each in figures:
        if not each.condition or len(each.condition) > LONGEST_EXPRESSION:
            continue
        definition = asked.but(where=each.condition)
        if analysis.lists_open(by, catalogue.found, question_of(definition, catalogue)):
            yield each.figure, f"{reverse('console:households')}?{urlencode({'analysis': str(definition)})}"
