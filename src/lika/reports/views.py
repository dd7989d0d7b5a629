"""The pages of the statistics. The address is the definition; a reader counts in their own sight."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core.areas import DIGITS_OF_LEVEL
from lika.core.errors import PermissionRefused, UserError
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.reports import actions, pictures
from lika.reports.choices import Page
from lika.reports.choosing import address, choosing, query_of
from lika.reports.definition import Definition
from lika.reports.fields import LEVELS, Catalogue
from lika.reports.formats import shown
from lika.reports.queries.lists import catalogue_of, villages_behind
from lika.reports.queries.tables import Line, Table, notes, table_of
from lika.reports.queries.views import view_of, views_of
from lika.reports.queries.villages import village_lines
from lika.reports.questions import ready_questions
from lika.reports.titles import axis_title, filter_titles, measure_title, title_of

ROWS_A_PAGE = 100
# Choices that are not made yet: the form says what is missing, and nothing is wrong with the address.
_UNFINISHED = frozenset({"REP-002", "REP-005"})


@requires(Permission.REGISTER_VIEW)
def analysis_page(request: HttpRequest) -> HttpResponse:
    """The form and, where anything was asked, the table with its chart and map."""
    who = actor(request)
    definition = Definition.of_query(query_of(dict(request.GET.lists())))
    catalogue = catalogue_of(who, definition)
    asked = bool(set(request.GET) & {"u", "m", "v", "r", "c", "f", "w", "d"})
    context: dict[str, Any] = {
        "definition": definition,
        "found": catalogue.found,
        "choosing": choosing(who, definition, catalogue, request.GET.get("add", "")),
        "questions": list(_ready(who, definition, catalogue)),
        "views": (views := list(views_of(who, Page.ANALYSIS))),
        "kept": [
            {
                "label": view.name,
                "url": reverse("reports:view", args=[view.pk]),
                "current": view.definition == str(definition),
            }
            for view in views
        ],
        "asked": asked,
    }
    if not asked:
        return render(request, "reports/analysis.html", context)
    try:
        table = table_of(who, definition, catalogue)
    except PermissionRefused:
        raise
    except UserError as error:
        status = 200 if error.code in _UNFINISHED else 400
        return render(request, "reports/analysis.html", {**context, "error": error}, status=status)
    return render(request, "reports/analysis.html", {**context, **_counted(request, table)})


def _counted(request: HttpRequest, table: Table) -> dict[str, Any]:
    definition, catalogue = table.definition, table.catalogue
    page = Paginator(table.groups, ROWS_A_PAGE).get_page(page_of(request))
    chart, drawn = pictures.chart_of(table), pictures.map_of(table)
    return {
        "table": table,
        "title": title_of(definition, catalogue),
        "measure": measure_title(definition, catalogue),
        "row_title": axis_title(definition, catalogue),
        "filters": filter_titles(definition, catalogue),
        "notes": notes(table),
        "lines": [_shown(table, line) for line in (table.lines[0], *page.object_list)],
        "list": {"page": page.number, "pages": page.paginator.num_pages},
        "chart": chart,
        "map": drawn,
        "link": request.build_absolute_uri(address(definition)),
        "canonical": str(definition),
    }


def _shown(table: Table, line: Line) -> dict[str, Any]:
    """A line with its values in words; a division leads to its own table, one level down."""
    below = ""
    axis = table.definition.rows
    if axis is not None and line.heading.below:
        deeper = next(key for key, level in LEVELS.items() if level == LEVELS[axis.key] + 1)
        rows = type(axis)(deeper)
        below = address(table.definition.but(division=line.heading.below, rows=rows))
    cells = [{"cell": cell, "text": shown(table, cell.value)} for cell in line.cells]
    return {"heading": line.heading, "below": below, "cells": cells}


def _ready(who: UserActor, definition: Definition, catalogue: Catalogue) -> Any:
    """The ready questions for the level below the widest division in sight."""
    households = catalogue if catalogue.unit == "household" else catalogue_of(who, Definition(pack=definition.pack))
    return (
        {"question": each, "url": address(each.definition)}
        for each in ready_questions(households, _level_below(who, definition), definition.division, definition.pack)
    )


def _level_below(who: UserActor, definition: Definition) -> str:
    codes = [definition.division] if definition.division else [f"{low:012d}" for low, _high in who.area.ranges]
    levels = [
        next(level for level, digits in DIGITS_OF_LEVEL.items() if not code[digits:].strip("0")) for code in codes
    ]
    highest = min(levels, default=LEVELS["village"])
    return next(key for key, level in LEVELS.items() if level > highest or key == "village")


@requires(Permission.REGISTER_VIEW)
def villages(request: HttpRequest) -> HttpResponse:
    """The villages behind a number: `?analysis=`, `?row=`, `?column=`, `?part=`, `?page=`."""
    asked = request.GET
    behind = villages_behind(
        actor(request), asked.get("analysis", ""), asked.get("row"), asked.get("column"), asked.get("part", "")
    )
    page = Paginator(behind.villages, ROWS_A_PAGE).get_page(page_of(request))
    context = {
        "behind": behind,
        "lines": village_lines(list(page.object_list)),
        "list": {"page": page.number, "pages": page.paginator.num_pages, "total": page.paginator.count},
    }
    return render(request, "reports/villages.html", context)


@requires(Permission.REGISTER_VIEW)
def open_view(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A saved view: on to its definition."""
    found = view_of(actor(request), pk, page=Page.ANALYSIS)
    return redirect(address(Definition.read(found.definition)))


@requires(Permission.REGISTER_VIEW)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what is on the screen under a name."""
    definition = Definition.read(request.POST.get("definition", ""))
    shared = request.POST.get("shared") == "yes"
    name = request.POST.get("name", "")
    view = actions.save_view(
        by=actor(request), page=Page.ANALYSIS, name=name, definition=str(definition), shared=shared
    )
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return redirect(address(definition))


@requires(Permission.REGISTER_VIEW)
@require_POST
def delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Delete one of one's own views."""
    actions.delete_view(by=actor(request), view=pk)
    messages.success(request, _("The view is deleted."))
    return redirect(reverse("reports:analysis"))
