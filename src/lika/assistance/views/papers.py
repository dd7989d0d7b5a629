"""Annex 10 on paper: units, helpers and households paired, of one division (003 附件10 结对帮扶统计表)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lika.accounts.access import actor, requires
from lika.assistance.choices import Affiliation
from lika.assistance.queries.pairing import UnitLine, statistics_of
from lika.assistance.views.common import place_of
from lika.core.areas import Area
from lika.core.papers import ListColumn, ListPaper, file_name, list_paper, pdf_answer
from lika.core.permissions import Permission
from lika.divisions.names import place_name


@requires(Permission.PAIRING_VIEW)
@never_cache
def statistics(request: HttpRequest) -> HttpResponse:
    """The table as a paper, in Chinese whatever the reader's language: `?division=`."""
    place, today = place_of(request), timezone.localdate()
    lines = statistics_of(actor(request), Area.of([place.code]))
    with translation.override("zh-hans"):
        title = _("Statistics of pairing of %(place)s") % {"place": place_name(place.name)}
        heads = (_("No."), _("Helping unit"), _("Affiliation"), _("Helpers"), _("Households"), _("Persons"))
        total = ("", _("Total"), "", *(f"{sum(column):,}" for column in zip(*map(_numbers, lines), strict=True)))
        rows = [(str(number), line.name, _affiliation(line), *(f"{n:,}" for n in _numbers(line))) for number, line in
                enumerate(lines, start=1)]  # fmt: skip
        content = list_paper(
            ListPaper(
                title=title,
                made_on=today,
                note=_("Units that have helpers paired here; unit: helpers, households, persons"),
                columns=tuple(ListColumn(head, {1: 4, 2: 2}.get(index, 0)) for index, head in enumerate(heads)),
                rows=(*rows, total) if rows else (),
                hands=(_("Made by"), _("Checked by")),
            )
        )
        return pdf_answer(content, file_name(place.code, _("Statistics of pairing"), today.isoformat()))


def _numbers(line: UnitLine) -> tuple[int, int, int]:
    return line.helpers, line.households, line.persons


def _affiliation(line: UnitLine) -> str:
    return str(Affiliation(line.affiliation).label)
