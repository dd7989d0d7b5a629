"""The list of households as a file, with the filters of the address, masked by role as on the screen."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from lika.accounts.access import actor, requires
from lika.console import actions, files
from lika.console.queries import households as listing
from lika.console.queries import verdicts
from lika.console.queries.verdicts import result_label
from lika.console.views.households import CELL, Choice, choice_of
from lika.core.leaving import csv_of
from lika.core.permissions import Permission

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WIDTHS = (14, 22, 20, 8, 16, 16, 14, 12)


def _screened(choice: Choice) -> actions.Screened | None:
    """What the file tells of screenings: the results it was narrowed to, else those in its last column."""
    if choice.screening is None:
        return None
    asked = choice.form.cleaned_data
    narrowed = bool(asked.get("criterion") and asked.get("result"))
    return actions.Screened(
        screenings=tuple(str(each.pk) for each in choice.screening.screenings),
        pack=choice.screening.newest.pack,
        criterion=asked["criterion"] if narrowed else choice.screening.summary.criterion,
        result=asked["result"] if narrowed else "",
    )


@requires(Permission.REGISTER_VIEW)
def households(request: HttpRequest, kind: str) -> HttpResponse:
    """XLSX or CSV of everything that the filters leave."""
    if kind not in TYPES:
        raise Http404
    choice = choice_of(request)
    rows, _year = actions.export_households(
        by=actor(request),
        wanted=choice.wanted,
        condition=choice.condition,
        kind=kind,
        division=choice.focus.division.code if choice.focus else "",
        screened=_screened(choice),
        analysis={name: request.GET[name] for name in CELL if name in request.GET} if choice.behind else None,
        named=dict(choice.named.address) if choice.named else None,
    )
    shown = listing.lines(rows, verdicts.of_households(actor(request), choice.screening, [row.id for row in rows]))
    title = choice.screening.title if choice.screening else _("Result")
    heading = [str(column.label) for column in listing.columns("", title, in_full=True)]
    table = (
        (
            line.head_name, line.number, line.village_name, line.members, line.poverty_label, line.main_cause,
            line.income_per_head if line.in_full else _("Not open to you"), result_label(line.verdict),
        )
        for line in shown
    )  # fmt: skip
    content = csv_of(heading, table) if kind == "csv" else files.to_xlsx(_("Households"), heading, table, WIDTHS)
    name = f"{_('Households')}-{timezone.localdate():%Y%m%d}.{kind}"
    response = HttpResponse(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{iri_to_uri(name)}"
    return response
