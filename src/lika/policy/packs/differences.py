"""What differs between two resolved packs, in words."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from lika.core.language import listed
from lika.policy.packs.resolved import ResolvedPack
from lika.policy.words import Said

_HEAD = ("title", "jurisdiction", "valid", "document", "demo", "base")
# Not part of what an item says: where it came from may change while it stays the same.
_SILENT = ("id", "origin")


def differences(before: ResolvedPack, after: ResolvedPack) -> list[str]:
    """One line per item added, removed or changed; empty where the packs rule alike."""
    return [
        *_head(before, after),
        *_items(_("parameter"), before.parameters, after.parameters),
        *_items(_("collected item"), before.items, after.items),
        *_items(_("derived fact"), before.facts, after.facts),
        *_items(_("criterion"), before.criteria, after.criteria),
    ]


def _head(before: ResolvedPack, after: ResolvedPack) -> Iterator[str]:
    for name in _HEAD:
        old, new = _shown(getattr(before, name)), _shown(getattr(after, name))
        if old != new:
            yield _("%(field)s: %(old)s → %(new)s") % {"field": name, "old": old, "new": new}


def _items(kind: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    old, new = {item.id: item for item in before}, {item.id: item for item in after}
    for key, item in new.items():
        words = {"kind": kind, "id": key, "label": str(Said(item.zh, item.en))}
        if key not in old:
            yield _("%(kind)s %(id)s added: %(label)s") % words
        elif changed := "; ".join(_changes(old[key], item)):
            yield _("%(kind)s %(id)s changed: %(changes)s") % (words | {"changes": changed})
    for key, item in old.items():
        if key not in new:
            words = {"kind": kind, "id": key, "label": str(Said(item.zh, item.en))}
            yield _("%(kind)s %(id)s removed: %(label)s") % words


def _changes(old: BaseModel, new: BaseModel) -> Iterator[str]:
    for name in type(new).model_fields:
        if name not in _SILENT:
            was, becomes = _shown(getattr(old, name)), _shown(getattr(new, name))
            if was != becomes:
                yield _("%(field)s: %(old)s → %(new)s") % {"field": name, "old": was, "new": becomes}


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
