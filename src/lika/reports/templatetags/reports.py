"""What pages of reports say: what a report is called, and what it answers."""

from django import template
from django.utils.translation import gettext as _

from lika.core.language import chosen, listed
from lika.policy.packs.resolved import ResolvedReport
from lika.reports.models import ReportRun

register = template.Library()


@register.filter
def said(item: ResolvedReport) -> str:
    """The title of a report in the language of the reader."""
    return chosen(item.zh, item.en)


@register.filter
def answers(item: ResolvedReport) -> str:
    """What a report answers: its figures by name, its overlap, its matrix."""
    told = [listed(chosen(figure.zh, figure.en) for figure in item.figures)]
    if item.overlap is not None:
        told.append(_("how measures overlap: each, every two, at least one, exactly which"))
    if item.matrix is not None:
        told.append(_("where households came from and went to since the year before"))
    return _("; ").join(text for text in told if text)


@register.filter
def report_title(run: ReportRun) -> str:
    """What a report that was worked out is called on its page and in its file."""
    if run.before_id is None:
        return run.title
    return _("%(report)s between two snapshots") % {"report": run.title}
