"""What the page of parts shows: one invented example of each. 演示数据, whatever the installation."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DAY = date(2016, 11, 30)
AMOUNTS = (Decimal(1200), Decimal("16409.02"), Decimal("107000.53"), Decimal(100010000))


def at_most_the_quota(value: Decimal) -> None:
    """The sample's own rule, so that a field with an error can be shown."""
    if value > Decimal(50_000):
        raise ValidationError(
            gettext_lazy("The amount is above what one household may borrow."),
            params={"remedy": gettext_lazy("Enter at most 50,000 yuan, or split the loan over two years.")},
        )


class SampleForm(forms.Form):
    """Fields of each kind: with a unit, with an error and its remedy, a choice, a hint, a tick."""

    amount = forms.DecimalField(label=gettext_lazy("Amount of the loan"), validators=[at_most_the_quota])
    area = forms.DecimalField(label=gettext_lazy("Arable land"), required=False)
    use = forms.ChoiceField(
        label=gettext_lazy("Use"),
        choices=[("herbs", gettext_lazy("Chinese herbs")), ("cattle", gettext_lazy("Cattle and sheep"))],
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    agreed = forms.BooleanField(label=gettext_lazy("The household agrees to the use of its data"), required=False)


def samples() -> dict[str, Any]:
    """The context of the page, in the language of the reader."""
    return {
        "form": SampleForm({"amount": "60000", "area": "4.5", "use": "herbs"}),
        "amounts": AMOUNTS,
        "tabs": [
            {"label": _("Waiting"), "url": "?tab=waiting#tabs", "current": True, "count": 3},
            {"label": _("Done"), "url": "?tab=done#tabs", "current": False, "count": 128},
        ],
        "views": [
            {"label": _("All"), "url": "?view=all#tables", "current": True},
            {"label": _("Water missing"), "url": "?view=water#tables", "current": False},
        ],
        "rows": _rows(),
        "timeline": _timeline(),
        "funnel": [
            {"label": _("Applied"), "count": 486},
            {"label": _("Village assembly"), "count": 431},
            {"label": _("Posted in the village"), "count": 402},
            {"label": _("Checked by the township"), "count": 377},
            {"label": _("Announced"), "count": 372},
        ],
        "chart": _chart(),
        "files": _files(),
        "explanation": _explanation(),
        "trend": [3120, 3064, 2890, 2741, 2433],
        "posted_until": DAY,
    }


def _rows() -> list[dict[str, Any]]:
    village = _("Shilei village")
    return [
        {"name": "石演示", "village": village, "members": 4, "income": Decimal("3180.50"), "result": "met"},
        {"name": "李演示", "village": village, "members": 2, "income": Decimal("2460.00"), "result": "not_met"},
        {"name": "王演示", "village": village, "members": 5, "income": None, "result": "unknown"},
    ]


def _timeline() -> list[dict[str, Any]]:
    return [
        {"on": date(2016, 9, 2), "title": _("Applied"), "text": _("By the head of household"), "icon": "writing"},
        {
            "on": date(2016, 9, 20),
            "title": _("Village assembly"),
            "text": _("31 of 36 in favour"),
            "icon": "users-group",
        },
        {
            "on": date(2016, 9, 27),
            "title": _("Posted in the village"),
            "text": _("7 days, no objection"),
            "icon": "news",
        },
        {"on": date(2016, 10, 12), "title": _("Waiting for the township"), "icon": "hourglass", "kind": "waiting"},
    ]


def _chart() -> dict[str, Any]:
    return {
        "categories": ["2014", "2015", "2016"],
        "category_label": _("Year"),
        "unit": _("yuan"),
        "stacked": True,
        "bars": [
            {"name": _("Wages"), "values": [4200, 5600, 7100]},
            {"name": _("Farming"), "values": [2300, 2450, 2900]},
            {"name": _("Transfers"), "values": [900, 1300, 1500]},
        ],
        "lines": [{"name": _("Net income per head"), "values": [1850, 2337, 2875]}],
    }


def _files() -> list[dict[str, Any]]:
    return [
        {"name": "演示-贫困户登记.xlsx", "url": "#files", "size": 182_340, "on": DAY, "by": "赵演示"},
        {"name": "演示-公示.pdf", "url": "#files", "size": 48_210, "on": DAY, "sha256": "9f2c1d4e5a6b7c8d9e0f"},
    ]


def _explanation() -> list[dict[str, Any]]:
    income = {
        "result": "met",
        "title": _("Net income per head above the line"),
        "value": "3,180.50 > 2,952.00",
        "why": _("12,722.00 yuan of net income by 4 members"),
    }
    water = {"result": "not_met", "title": _("Safe drinking water"), "value": _("no"), "why": _("As recorded in 2016")}
    housing = {
        "result": "unknown",
        "title": _("Safe housing"),
        "value": "—",
        "why": _("The housing grade is not recorded"),
    }
    return [
        {
            "result": "not_met",
            "title": _("The household meets the exit standard"),
            "value": _("1 of 3"),
            "open": True,
            "children": [income, water, housing],
        }
    ]
