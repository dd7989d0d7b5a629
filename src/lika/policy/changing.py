"""A pack with some of its parameters and criteria changed, to be tried: nothing of it is kept as a version."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from lika.core import facts as registry
from lika.core.errors import NotFound, UserError
from lika.core.language import listed
from lika.policy.packs import faults
from lika.policy.packs.resolution import within
from lika.policy.packs.resolved import ResolvedPack, ResolvedParameter, from_canonical, to_text
from lika.policy.packs.types import expected_of, type_of
from lika.policy.questions import read_value


def changed(
    pack: ResolvedPack, *, at: dt.date, parameters: Mapping[str, str], criteria: Mapping[str, str]
) -> ResolvedPack:
    """The pack with other values of parameters from a day on, and other expressions of criteria; the rest as it is.

    A value keeps to the parameter's own type, places, list of codes and range. The expressions are not checked here:
    who compiles the pack is told where they do not hold. Raises POL-120 (no such parameter), POL-121 (no value of its
    type), POL-122 (outside the range that the document leaves), POL-123 (no such criterion).
    """
    known = {item.id: item for item in pack.parameters}
    content = json.loads(pack.canonical)
    entries = {entry["id"]: entry for entry in content["parameters"]}
    for name, text in parameters.items():
        if name not in known:
            raise _unknown("POL-120", _("The pack has no parameter %(name)s."), name, known)
        value = {"since": at.isoformat(), "text": _canonical(known[name], text.strip()), "clause": None}
        others = [each for each in entries[name]["values"] if each["since"] != value["since"]]
        entries[name]["values"] = sorted([*others, value], key=lambda each: str(each["since"]))
    rules = {entry["id"]: entry for entry in content["criteria"]}
    for name, text in criteria.items():
        if name not in rules:
            raise _unknown("POL-123", _("The pack has no criterion %(name)s."), name, rules)
        rules[name]["expression"] = text.strip()
    return from_canonical(json.dumps(content, ensure_ascii=False))


def _canonical(item: ResolvedParameter, text: str) -> str:
    """What is stored of a value that a person typed."""
    declared = type_of(item, registry.schema().code_lists)
    value = read_value(declared, text)
    stored = None if value is None else to_text(item.type, item.places, value)
    if stored is None:
        raise UserError(
            "POL-121",
            _("The parameter %(name)s cannot be %(value)s.") % {"name": item.id, "value": text[:40] or "''"},
            remedy=_("Expected: %(expected)s.") % {"expected": expected_of(declared)},
        )
    if item.local is not None and not within(value, item.local):
        low, high = ("…" if each is None else str(each) for each in (item.local.least, item.local.most))
        raise UserError(
            "POL-122",
            _("The parameter %(name)s may be from %(low)s to %(high)s, not %(value)s.")
            % {"name": item.id, "low": low, "high": high, "value": text[:40]},
            remedy=_("Keep to the range that the document leaves."),
        )
    return stored


def _unknown(code: str, message: str, name: str, known: Iterable[str]) -> NotFound:
    near = listed(faults.nearest(name, list(known)))
    hint = _("Did you mean: %(nearest)s?") % {"nearest": near} if near else _("lika policy show lists what it has.")
    return NotFound(code, message % {"name": name[:80]}, remedy=hint)
