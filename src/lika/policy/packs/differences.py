"""What differs between two resolved packs, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from lika.core.language import Said, listed
from lika.policy.packs.procedure_form import Stage
from lika.policy.packs.report_form import Figure
from lika.policy.packs.resolved import ResolvedPack

_HEAD = ("title", "jurisdiction", "valid", "document", "demo", "base")
# Not part of what an item says: where it came from may change while it stays the same.
_SILENT = ("id", "origin")
# Fields that are lists of parts with ids.
_PARTS = ("stages", "figures")


KINDS = {
    "parameter": gettext_lazy("parameter"),
    "item": gettext_lazy("collected item"),
    "fact": gettext_lazy("derived fact"),
    "criterion": gettext_lazy("criterion"),
    "quality": gettext_lazy("rule of quality"),
    "pattern": gettext_lazy("pattern of leads"),
    "deadline": gettext_lazy("date of the work calendar"),
    "change": gettext_lazy("kind of change"),
    "account": gettext_lazy("account"),
    "procedure": gettext_lazy("procedure"),
    "report": gettext_lazy("report"),
}


@dataclass(frozen=True)
class FieldChange:
    """A field of an item that says something else than before."""

    name: str
    old: str
    new: str

    def line(self) -> str:
        """The change on one line."""
        return _("%(field)s: %(old)s → %(new)s") % {"field": self.name, "old": self.old, "new": self.new}


@dataclass(frozen=True)
class ItemChange:
    """An item that was `added`, `removed` or `changed`; `fields` say in what."""

    kind: str
    id: str
    label: str
    how: str
    fields: tuple[FieldChange, ...] = ()

    def line(self) -> str:
        """The change on one line."""
        words = {"kind": KINDS[self.kind], "id": self.id, "label": self.label}
        if self.how == "added":
            return _("%(kind)s %(id)s added: %(label)s") % words
        if self.how == "removed":
            return _("%(kind)s %(id)s removed: %(label)s") % words
        changes = "; ".join(field.line() for field in self.fields)
        return _("%(kind)s %(id)s changed: %(changes)s") % (words | {"changes": changes})


def differences(before: ResolvedPack, after: ResolvedPack) -> list[str]:
    """One line per item added, removed or changed; empty where the packs rule alike."""
    changes = (
        *item_changes("parameter", before.parameters, after.parameters),
        *item_changes("item", before.items, after.items),
        *item_changes("fact", before.facts, after.facts),
        *item_changes("criterion", before.criteria, after.criteria),
        *item_changes("quality", before.quality, after.quality),
        *item_changes("pattern", before.patterns, after.patterns),
        *item_changes("deadline", before.calendar, after.calendar),
        *item_changes("change", before.changes, after.changes),
        *item_changes("account", before.accounts, after.accounts),
        *item_changes("procedure", before.procedures, after.procedures),
        *item_changes("report", before.reports, after.reports),
    )
    return [*_head(before, after), *(change.line() for change in changes)]


def _head(before: ResolvedPack, after: ResolvedPack) -> Iterator[str]:
    for name in _HEAD:
        old, new = _shown(getattr(before, name)), _shown(getattr(after, name))
        if old != new:
            yield FieldChange(name, old, new).line()


def item_changes(kind: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator["ItemChange"]:
    """The items of one kind (a key of `KINDS`) that were added or changed, then those removed."""
    old, new = {item.id: item for item in before}, {item.id: item for item in after}
    for key, item in new.items():
        label = str(Said(item.zh, item.en))
        if key not in old:
            yield ItemChange(kind, key, label, "added")
        elif fields := tuple(_changes(old[key], item)):
            yield ItemChange(kind, key, label, "changed", fields)
    for key, item in old.items():
        if key not in new:
            yield ItemChange(kind, key, str(Said(item.zh, item.en)), "removed")


def _changes(old: BaseModel, new: BaseModel) -> Iterator["FieldChange"]:
    for name in type(new).model_fields:
        if name in _PARTS:
            yield from _part_changes(name, getattr(old, name), getattr(new, name))
        elif name not in _SILENT:
            was, becomes = _shown(getattr(old, name)), _shown(getattr(new, name))
            if was != becomes:
                yield FieldChange(name, was, becomes)


def _part_changes(
    name: str, before: Sequence[Stage | Figure], after: Sequence[Stage | Figure]
) -> Iterator["FieldChange"]:
    """The stages or figures in their order where that differs, then what differs in each that both have."""
    old = {part.id: part for part in before}
    if list(old) != [part.id for part in after]:
        yield FieldChange(name, _shown(list(old)), _shown([part.id for part in after]))
    for part in after:
        for field in _changes(old.get(part.id, part), part):
            yield FieldChange(f"{part.id}.{field.name}", field.old, field.new)


def _shown(value: Any) -> str:
    """A value of a pack on one line."""
    match value:
        case None | [] | ():
            return _("nothing")
        case bool():
            return _("yes") if value else _("no")
        case list() | tuple():
            return listed(_shown(item) for item in value)
        case BaseModel() if "text" in type(value).model_fields and "since" in type(value).model_fields:
            return _("%(value)s from %(since)s") % {"value": value.text, "since": value.since}  # type: ignore[attr-defined]
        case BaseModel() if "zh" in type(value).model_fields:
            return str(Said(value.zh, value.en))  # type: ignore[attr-defined]
        case BaseModel():
            return " ".join(_shown(getattr(value, name)) for name in type(value).model_fields)
    return " ".join(str(value).split())
