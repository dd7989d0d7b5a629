"""The parts of the design language as template tags; docs/design.md shows each with its parameters.

`{% load design %}`. What a tag is given may be an object or a mapping: only the named attributes are read.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import template
from django.forms import BaseForm, BoundField
from django.forms.boundfield import BoundWidget
from django.forms.utils import ErrorList
from django.template import loader
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lika.console.glossary import terms
from lika.console.templatetags.console import VERDICTS, icon
from lika.core.capitals import capital_money as in_capitals

register = template.Library()

PART = "console/design/"
STATES = {
    **VERDICTS,
    "waiting": ("hourglass", _("Waiting")),
    "late": ("alarm", _("Late")),
    "done": ("circle-check", _("Done")),
    "info": ("info-circle", _("In progress")),
    "plain": ("circle", _("Draft")),
}
NOTICES = {"info": "info-circle", "success": "circle-check", "warning": "alert-triangle", "error": "alert-octagon"}
FILES = {"xlsx": "file-spreadsheet", "csv": "file-spreadsheet", "pdf": "file-type-pdf", "zip": "archive"}


@register.filter
def capital_money(amount: Decimal | None) -> str:
    """人民币壹仟贰佰元整, for papers; nothing -> empty, so that the line stays free to be filled in."""
    return "" if amount is None else in_capitals(amount)


# Blocks around content


@register.simple_block_tag
def panel(
    content: SafeString, title: Any, *, anchor: str = "", note: Any = "", body: bool = True, extra: str = ""
) -> SafeString:
    """A titled section; `body=False` where a table or list fills it to the edges; `note` stands right of the title."""
    return _render("panel", locals())


@register.simple_block_tag
def notice(
    content: SafeString, kind: str, *, title: Any = "", code: str = "", remedy: Any = "", role: str = ""
) -> SafeString:
    """Something to know: kind info, success, warning, error. An error carries its code and what to do.

    `role="alert"` only where it appears in answer to what the person just did.
    """
    return _render("notice", {**locals(), "sign": NOTICES[kind]})


@register.simple_block_tag
def table_frame(content: SafeString, label: Any, *, wide: bool = False) -> SafeString:
    """Around every `<table>`: scrolls by itself, also by keyboard; `wide` keeps first column and head in sight."""
    return _render("table_frame", locals())


@register.simple_block_tag
def empty_state(
    content: SafeString, title: Any, *, icon_name: str = "inbox", url: str = "", action: Any = ""
) -> SafeString:
    """Where nothing is: what that means (`content`), and the next step (`url`, `action`)."""
    return _render("empty_state", locals())


@register.simple_block_tag
def next_step(content: SafeString, url: str = "", action: Any = "", *, icon_name: str = "arrow-right") -> SafeString:
    """The slot below the page's title: what this person does next here, with the button that does it."""
    return _render("next_step", locals())


@register.simple_block_tag
def dialog(content: SafeString, anchor: str, title: Any) -> SafeString:
    """A dialog, opened by any `<button data-dialog="ID">`; Esc and its cross close it, the focus returns."""
    return _render("dialog", locals())


@register.simple_block_tag
def chart_frame(content: SafeString, anchor: str, title: Any, data: Mapping[str, Any], *, size: str = "") -> SafeString:
    """A chart with the same numbers as a table below it.

    `data` is what `charts.js` draws: `categories`, `unit`, `bars` and `lines` (each `name`, `values`),
    optionally `stacked`, `horizontal`, `category_label`. `content` is the note below. `size`: "", "small", "tall".
    """
    series = [*data.get("bars", ()), *data.get("lines", ())]
    rows = [(name, [one["values"][row] for one in series]) for row, name in enumerate(data["categories"])]
    return _render("chart_frame", {**locals(), "data_id": f"{anchor}-data"})


@register.simple_block_tag
def map_frame(content: SafeString, anchor: str, title: Any, url: str, *, licence: str = "") -> SafeString:
    """A map that `map.js` draws from the JSON at `url`; a table or list of the same places must follow it.

    `licence` is the map approval number (`lika_map_licence`); without it the map says that it is an internal sketch.
    """
    return _render("map_frame", locals())


def _render(name: str, context: dict[str, Any]) -> SafeString:
    return cast(SafeString, loader.get_template(f"{PART}{name}.html").render(context))


# Small signs


@register.simple_tag
def state(kind: str, word: Any = "", *, boxed: bool = False, sign: str = "") -> SafeString:
    """A state as sign, word and colour: met, not_met, unknown, waiting, late, done, info, plain."""
    default_sign, default_word = STATES[str(kind)]
    css = f"{kind} state-boxed" if boxed else str(kind)
    return format_html(
        '<span class="state state-{}">{}{}</span>', css, icon(sign or default_sign), word or default_word
    )


@register.inclusion_tag(f"{PART}countdown.html")
def countdown(days: int, *, due: Any = None, working: bool = False, stopped: bool = False) -> dict[str, Any]:
    """Days left until `due`: counted by whoever knows the calendar; negative is late."""
    kind = "plain" if stopped else "late" if days < 0 else "waiting" if days <= _SOON else "plain"
    return {"days": abs(days), "late": days < 0, "kind": kind, "due": due, "working": working, "stopped": stopped}


_SOON = 3  # days: from here the sign changes; it is a matter of looks, no rule


@register.inclusion_tag(f"{PART}progress.html")
def progress(value: int | Decimal, maximum: int | Decimal, label: Any) -> dict[str, Any]:
    """How much of a whole is done, in words and as a bar."""
    return {"value": value, "maximum": maximum, "label": label, "share": value / maximum if maximum else None}


@register.inclusion_tag(f"{PART}term.html", takes_context=True)
def term(context: template.Context, key: str, word: Any = "") -> dict[str, Any]:
    """A word with its meaning from the glossary: `{% term "standard_time_point" %}`, or with another form of the word.

    The meaning shows when the word is pointed at, tapped or reached by keyboard. An unknown key is a KeyError.
    """
    entry = terms()[key]
    request = context.get("request")
    number = getattr(request, "_lika_terms", 0) + 1
    if request is not None:
        request._lika_terms = number
    return {"term": entry, "word": word or entry.word, "anchor": f"term-{key}-{number}"}


# Larger parts


@register.inclusion_tag(f"{PART}crumbs.html")
def crumbs(*steps: Any) -> dict[str, Any]:
    """Where the page stands: label, address, label, address …, and at the end the page's own label."""
    return {"steps": list(zip(steps[:-1:2], steps[1::2], strict=False)), "here": steps[-1] if len(steps) % 2 else ""}


@register.inclusion_tag(f"{PART}figure_card.html")
def figure_card(
    label: Any,
    value: Any,
    *,
    unit: Any = "",
    url: str = "",
    note: Any = "",
    definition: Any = "",
    trend: Sequence[Any] | None = None,
    trend_label: Any = "",
    meaning: Any = None,
    anchor: str = "",
) -> dict[str, Any]:
    """A number with its name, unit, way to the list behind it, definition and trend (oldest first). In `.figures`.

    `meaning` in place of `definition` shows at the name, on hover, tap and focus: `text`, and `other`, `other_text` in
    `other_language`, and the `source`; `anchor` is then an id of its own on the page.
    """
    return {**locals(), "spark": spark_points(trend) if trend else None}


SPARK_WIDTH, SPARK_HEIGHT = 80, 24


def spark_points(trend: Sequence[Any]) -> dict[str, str] | None:
    """The points of a sparkline and its last one; fewer than two numbers make no line."""
    values = [float(value) for value in trend if value is not None]
    if len(values) < 2:
        return None
    low, span = min(values), (max(values) - min(values)) or 1.0
    step = SPARK_WIDTH / (len(values) - 1)
    points = [
        (f"{i * step:.1f}", f"{SPARK_HEIGHT - SPARK_HEIGHT * (v - low) / span:.1f}") for i, v in enumerate(values)
    ]
    return {"points": " ".join(",".join(point) for point in points), "x": points[-1][0], "y": points[-1][1]}


@register.inclusion_tag(f"{PART}tabs.html")
def tabs(lines: Sequence[Any], label: Any) -> dict[str, Any]:
    """Pages of one subject: each line `label`, `url`, `current`, optionally `count`."""
    return {"lines": lines, "label": label}


@register.inclusion_tag(f"{PART}saved_views.html")
def saved_views(views: Sequence[Any], save_url: str = "") -> dict[str, Any]:
    """Filters that were kept under a name: each `label`, `url`, `current`. `save_url` opens the form that keeps one."""
    return {"views": views, "save_url": save_url}


@register.inclusion_tag(f"{PART}timeline.html")
def timeline(events: Sequence[Any]) -> dict[str, Any]:
    """What happened, in order: each `on` (date), `title`, optionally `text`, `url`, `icon`, `kind` (a state)."""
    return {"events": events}


@register.inclusion_tag(f"{PART}funnel.html")
def funnel(steps: Sequence[Any], unit: Any = "") -> dict[str, Any]:
    """What is left after each step: each `label`, `count`, optionally `url`; bars are shares of the first count."""
    first = _read(steps[0], "count") if steps else 0
    lines = [
        {
            "step": step,
            "width": f"{100 * _read(step, 'count') / first:.2f}" if first else "0",
            "share": _read(step, "count") / first if first else None,
        }
        for step in steps
    ]
    return {"lines": lines, "unit": unit}


def _read(thing: Any, name: str) -> Any:
    return thing[name] if isinstance(thing, Mapping) else getattr(thing, name)


@register.inclusion_tag(f"{PART}file_card.html")
def file_card(file: Any) -> dict[str, Any]:
    """A file: `name`, `url`, optionally `size` (bytes), `on` (date), `by`, `note`, `sha256`."""
    return {"file": file, "sign": FILES.get(str(_read(file, "name")).rpartition(".")[2].lower(), "file-text")}


@register.inclusion_tag(f"{PART}tree.html")
def explanation(nodes: Sequence[Any]) -> dict[str, Any]:
    """Why: nodes of `result`, `title`, optionally `value`, `why`, `clause`, `children` (nodes again), `open`."""
    return {"nodes": nodes}


@register.inclusion_tag(f"{PART}signature.html")
def signature(
    role: Any, *, name: str = "", on: Any = None, sign_url: str = "", their_turn: bool = False
) -> dict[str, Any]:
    """A place to sign: whose turn (`role`), who signed and when; `sign_url` only for the person whose turn it is."""
    return locals()


@register.inclusion_tag(f"{PART}form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What speaks against a form as a whole, each with the remedy; what speaks against a field stands at the field."""
    return {"errors": _told(form.non_field_errors())}


def _told(errors: ErrorList) -> list[dict[str, Any]]:
    return [
        {"message": message, "remedy": (error.params or {}).get("remedy", "")}
        for error in errors.as_data()
        for message in error.messages
    ]


@register.inclusion_tag(f"{PART}field.html")
def field(bound: BoundField, unit: Any = "", hint: Any = "") -> dict[str, Any]:
    """A form's field: label, required mark, unit beside it, hint, and its errors each with the remedy.

    A remedy is the `remedy` in the `params` of Django's `ValidationError`.
    """
    described = [
        f"{bound.auto_id}-{part}"
        for part, given in (("hint", hint or bound.help_text), ("error", bound.errors))
        if given
    ]
    widget_type = getattr(bound.field.widget, "input_type", "select" if hasattr(bound.field, "choices") else "text")
    css = {"checkbox": "form-check-input", "radio": "form-check-input", "select": "form-select"}.get(
        widget_type, "form-control"
    )
    attributes: dict[str, str | bool] = {"class": f"{css}{' is-invalid' if bound.errors else ''}"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    group = widget_type == "checkbox" and hasattr(bound.field, "choices")
    return {
        "bound": bound,
        "widget": "" if group else bound.as_widget(attrs=attributes),
        "boxes": [(_box(each), each.choice_label) for each in bound.subwidgets] if group else [],
        "errors": _told(bound.errors),
        "unit": unit,
        "hint": hint or bound.help_text,
        "check": widget_type == "checkbox" and not hasattr(bound.field, "choices"),
        "group": group,
    }


def _box(option: BoundWidget) -> SafeString:
    """A box to tick as Django writes it, without a template: a group may have one for each of hundreds of cases."""
    given = {"type": option.data["type"], "name": option.data["name"], "value": option.data["value"]}
    given |= option.data["attrs"]
    valued = ((name, value) for name, value in given.items() if value is not True and value is not False)
    bare = "".join(f" {name}" for name, value in given.items() if value is True)
    return format_html("<input{}{}>", format_html_join("", ' {}="{}"', valued), bare)
