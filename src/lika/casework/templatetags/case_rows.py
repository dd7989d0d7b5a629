"""The lines of a form for every case of a batch. `{% load case_rows %}`

A batch has hundreds of cases and a line several inputs: put together here they cost less than through templates.
"""

from functools import cache
from html import escape  # Django's asks of every value whether it is lazy: half of the time

from django import template
from django.utils.safestring import SafeString, mark_safe

from lika.casework.forms.lines import CasesForm, Cell, Row

register = template.Library()


@register.simple_tag
def case_rows(form: CasesForm) -> SafeString:
    """The rows of the table: the case with its head of household, then an input for each column."""

    @cache
    def options(column: int, chosen: str) -> str:
        return "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(str(word))}</option>'
            for value, word in columns[column].choices
        )

    columns = form.columns
    labels = [escape(str(each.label)) for each in columns]
    rows = []
    for row in form.rows:
        number = escape(row.line.case.number)
        cells = "".join(
            f'<td data-label="{label}">{_cell(cell, f"{label} {number}", options(at, cell.value))}</td>'
            for at, (cell, label) in enumerate(zip(row.cells, labels, strict=True))
        )
        rows.append(f"<tr>{_heading(row, number)}{cells}</tr>")
    return mark_safe("".join(rows))  # noqa: S308 - every value was escaped


def _heading(row: Row, number: str) -> str:
    if row.line.household is None:
        return f'<th scope="row"><span class="number">{number}</span></th>'
    head = escape(row.line.household.head)
    return f'<th scope="row">{head}<div class="text-secondary small number">{number}</div></th>'


def _cell(cell: Cell, label: str, options: str) -> str:
    """An input: chosen where there are choices, else written; a number in a narrow one. `label` is escaped."""
    column, name = cell.column, cell.name  # a key of ours and the hexadecimal id of the case
    if column.choices:
        field = f'<select class="form-select" name="{name}" aria-label="{label}">{options}</select>'
    else:
        narrow = (" w-auto", ' inputmode="numeric" size="4"') if column.number else ("", "")
        field = (
            f'<input class="form-control{narrow[0]}" name="{name}" value="{escape(cell.value)}" '
            f'maxlength="{column.longest}" autocomplete="off" aria-label="{label}"{narrow[1]}>'
        )
    errors = "".join(f'<div class="field-error" role="alert">{escape(str(each))}</div>' for each in cell.errors)
    wide = "" if column.number else ' class="row-input"'
    return f"<div{wide}>{field}{errors}</div>"
