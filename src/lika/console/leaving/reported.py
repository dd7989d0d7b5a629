"""A report that was worked out: all its figures for a division and everything below it."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from lika.accounts.queries import UserActor
from lika.console.leaving.reading import code_of, id_of, text, told
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.reports.choices import ReportState
from lika.reports.figures import fields_of, marks_of, rows_of, small_of
from lika.reports.leaving import LeavingList, Reading
from lika.reports.queries import runs
from lika.reports.templatetags.reports import report_title


def _report(who: UserActor, given: QueryDict) -> Reading:
    run = runs.run_of(who, id_of(given))
    if run.state != ReportState.DONE:
        raise runs.no_such_run()
    asked = text(given, "division")
    division = divisions.place(asked).number if asked else runs.report_read(who, run).own.division
    rows, figures = runs.divisions_read(who, run, division), list(run.figures.all())
    sight = runs.sight_of(who, run, figures)
    small = small_of(map(sight.read, rows.iterator()), figures)
    return Reading(
        fields=fields_of(figures),
        total=rows.count(),
        rows=lambda _personal: rows_of(rows.iterator(), figures, sight),
        division=code_of(division),
        filters=[told(label, value) for label, value in marks_of(run, figures, small)],
        asked={"report": str(run.pk), "digest": run.digest, "small": small},
        title=report_title(run),
    )


REPORT = LeavingList(gettext_lazy("Reports"), Permission.SCREENING_VIEW, _report)
