"""The indicator sheets of villages and counties, as parts of a file that leaves."""

from django.utils.translation import gettext as _

from lika.casework.models import Indicator, IndicatorCheck
from lika.casework.queries.appeal.dossier import Cases, Part, told
from lika.policy.choices import StageLevel
from lika.snapshots.choices import Result

_WORDS = {True: Result.MET, False: Result.NOT_MET, None: Result.UNKNOWN}


def indicators(of: Cases) -> Part:
    """Each item: what the record says against which standard, and what the unit says of itself by which papers."""
    rows = [
        (
            each.sheet.case_id,
            (
                each.title, each.value, each.standard, str(_WORDS[each.met].label),
                str(_WORDS[each.self_met].label) if each.self_at else "", each.self_text, each.evidence, each.self_by,
                told(each.self_at),
            ),
        )
        for each in Indicator.objects.filter(sheet__case__in=of.ids).select_related("sheet")
    ]  # fmt: skip
    heads = (
        _("Item"), _("What the record says"), _("What is demanded"), _("By the record"),
        _("What the unit says of itself"), _("In its own words"), _("By which papers"), _("Entered by"),
        _("Entered at"),
    )  # fmt: skip
    return of.part("indicators", _("Indicator sheet"), heads, rows)


def checks(of: Cases) -> Part:
    """What each level found of each item, every check in order; the last one of a stage holds."""
    found = IndicatorCheck.objects.filter(indicator__sheet__case__in=of.ids).select_related("indicator__sheet")
    rows = [
        (
            each.indicator.sheet.case_id,
            (
                each.indicator.title, of.title(each.stage), str(StageLevel(each.level).label),
                str(_WORDS[each.met].label), each.note, each.by_name, told(each.at),
            ),
        )
        for each in found.order_by("at", "indicator__position", "id")
    ]  # fmt: skip
    heads = (
        _("Item"), _("Stage"), _("Level"), _("What was found"), _("What was noted"), _("Entered by"), _("When"),
    )  # fmt: skip
    return of.part("checks", _("Checks of the indicators"), heads, rows)
