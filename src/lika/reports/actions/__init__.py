"""Named writes of the statistics: views that are saved, and reports that are worked out and kept."""

from lika.reports.actions.runs import (
    ask_for_report,
    begin_report,
    do_report,
    note_written,
    report_asker,
    run_report,
)
from lika.reports.actions.views import MOST_VIEWS, change_view, delete_view, save_view

__all__ = [
    "MOST_VIEWS",
    "ask_for_report",
    "begin_report",
    "change_view",
    "delete_view",
    "do_report",
    "note_written",
    "report_asker",
    "run_report",
    "save_view",
]
