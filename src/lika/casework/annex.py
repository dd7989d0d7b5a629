"""附件1: the numbers of a division and of everything below it, as a table, as a paper and as a workbook.

What is not published yet stands in it as far as the reader sees it, and says so.
"""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from django.utils.translation import gettext as _

from lika.casework.choices import CampaignKind, SplitState
from lika.casework.models import Quota
from lika.casework.queries.quotas import is_split_further, tree_of
from lika.core.actors import Actor
from lika.core.areas import Area, range_of
from lika.core.papers import ListColumn, ListPaper, list_paper
from lika.divisions.choices import Level
from lika.divisions.names import place_name
from lika.register import queries as register

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD_ROW = 3


@dataclass(frozen=True)
class AnnexLine:
    """A division: how deep it lies below the annex's own, its quota, the poor persons now in the register there."""

    depth: int
    quota: Quota
    registered: int

    @property
    def name(self) -> str:
        return place_name(self.quota.division.name)


@dataclass(frozen=True)
class Annex:
    """The table: what it is of, its lines from above to below, whether all of it is published."""

    of: Quota
    lines: Sequence[AnnexLine]
    published: bool

    @property
    def title(self) -> str:
        words = {
            CampaignKind.IDENTIFICATION: _("Annex 1: split of the size of poor persons of %(place)s, %(year)s"),
            CampaignKind.REDUCTION: _("Annex 1: yearly plan to reduce poor persons of %(place)s, %(year)s"),
        }[CampaignKind(self.of.campaign.kind)]
        return words % {"place": place_name(self.of.division.name), "year": self.of.campaign.year}

    @property
    def note(self) -> str:
        """What stands below the title: the document, and whether the numbers hold already."""
        state = _("published down to the villages") if self.published else _("not published in all parts yet")
        return _("%(document)s; unit: persons; %(state)s") % {"document": self.of.campaign.document, "state": state}

    @property
    def heads(self) -> list[str]:
        """The headings, the name first, the reason last."""
        held = [_("In the register"), _("Still to identify")] if self._has_gap else []
        return [_("Division"), _("Weight"), _("Proposed"), _("Persons"), *held, _("Reason of the change")]

    @property
    def rows(self) -> list["AnnexRow"]:
        """The lines as the headings name them."""
        return [AnnexRow(line.name, range(line.depth), self._numbers(line), line.quota.reason) for line in self.lines]

    def _numbers(self, line: AnnexLine) -> list[int | None]:
        held = [line.registered, line.quota.allocated - line.registered] if self._has_gap else []
        return [line.quota.weight, line.quota.proposed, line.quota.allocated, *held]

    @property
    def _has_gap(self) -> bool:
        """Whether the numbers are held against the register (DOMAIN 差额): what a plan would still reduce is no gap."""
        return self.of.campaign.kind == CampaignKind.IDENTIFICATION


@dataclass(frozen=True)
class AnnexRow:
    """A line as it is written: name, how deep it is set in, numbers, reason."""

    name: str
    steps: range
    numbers: Sequence[int | None]
    reason: str


def annex_of(by: Actor, quota: Quota) -> Annex:
    """The annex of a quota in sight. A query for the quotas, two for each level below."""
    area = Area((range_of(quota.division_id),))
    rows = [quota, *tree_of(by, quota).exclude(pk=quota.pk)]
    levels = sorted({row.division.level for row in rows})
    registered = {
        each.code: each.counts.poor[1] for level in levels for each in register.division_counts(area, Level(level))
    }
    depths = {level: depth for depth, level in enumerate(levels)}
    lines = [AnnexLine(depths[row.division.level], row, registered.get(row.division_id, 0)) for row in rows]
    to_split = [row for row in rows if is_split_further(row) and row.allocated]
    return Annex(quota, lines, all(row.split == SplitState.PUBLISHED for row in to_split))


def to_pdf(annex: Annex, on: dt.date) -> bytes:
    """The paper, with the day that it bears. Raises as `lika.core.papers.paper`."""
    words = {0: 3, len(annex.heads) - 1: 4}
    return list_paper(
        ListPaper(
            title=annex.title,
            made_on=on,
            note=annex.note,
            columns=tuple(ListColumn(head, words.get(index, 0)) for index, head in enumerate(annex.heads)),
            rows=tuple(_on_paper(row) for row in annex.rows),
            hands=(_("Made by"), _("Checked by")),
        )
    )


def _on_paper(row: AnnexRow) -> tuple[str, ...]:
    numbers = ("" if number is None else f"{number:,}" for number in row.numbers)
    return ("　" * len(row.steps) + row.name, *numbers, row.reason)


def to_xlsx(annex: Annex) -> bytes:
    """One sheet, the title above, sums as numbers."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Annex 1"))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    whole = book.add_format({"num_format": "#,##0", "border": 1})
    sheet.write_string(0, 0, annex.title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, annex.note)
    heads, last = annex.heads, len(annex.heads) - 1
    for column, words in enumerate(heads):
        sheet.write_string(_HEAD_ROW, column, words, head)
    indents = [book.add_format({"indent": depth, "border": 1}) for depth in range(len(Level))]
    for row, line in enumerate(annex.rows, start=_HEAD_ROW + 1):
        sheet.write_string(row, 0, line.name, indents[len(line.steps)])
        for column, number in enumerate(line.numbers, start=1):
            if number is None:
                sheet.write_blank(row, column, None, whole)
            else:
                sheet.write_number(row, column, number, whole)
        sheet.write_string(row, last, line.reason, whole)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, last - 1, 13)
    sheet.set_column(last, last, 30)
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    sheet.fit_to_pages(1, 0)
    book.close()
    return content.getvalue()
