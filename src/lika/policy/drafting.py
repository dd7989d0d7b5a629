"""A changed pack as the files of a new one that extends the old: a draft, to be read, given its cases, and checked.

What changed stands in it with `override`, under a clause that says who asked and why. A changed criterion needs golden
cases of its own before the draft loads: `lika policy check` tells which, and nothing here invents them.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.policy.choices import Basis
from lika.policy.packs.folder import HEAD
from lika.policy.packs.form import PACK_ID, VERSION
from lika.policy.packs.resolved import ResolvedCriterion, ResolvedPack, ResolvedParameter, from_text

PARAMETERS, CRITERIA, SOURCES = "parameters.yaml", "criteria/changed.yaml", "SOURCES.md"


def draft_files(
    before: ResolvedPack, after: ResolvedPack, *, pack_id: str, version: str, name: str, reason: str
) -> dict[str, str]:
    """The files of a draft by their path in the folder of the pack.

    `after` differs from the stored pack `before` in parameters and criteria alone. Raises POL-124 (nothing differs),
    POL-125 (no id or version of a pack, or the id of the pack that it extends).
    """
    if not re.fullmatch(PACK_ID, pack_id) or not re.fullmatch(VERSION, version) or pack_id == before.id:
        raise UserError(
            "POL-125",
            _("%(id)s@%(version)s cannot name the draft.") % {"id": pack_id[:80], "version": version[:20]},
            remedy=_("Give it an id of its own, such as draft/cn-gansu/2017, and a version such as 1."),
        )
    old = {item.id: item for item in (*before.parameters, *before.criteria)}
    parameters = [item for item in after.parameters if item != old.get(item.id)]
    criteria = [item for item in after.criteria if item != old.get(item.id)]
    if not parameters and not criteria:
        raise UserError(
            "POL-124",
            _("No parameter and no criterion is changed, so there is nothing to draft."),
            remedy=_("Draft a scenario that changes a rule; amounts belong to no pack."),
        )
    clause = {"ref": f"测算方案 {_line(name)}", "text": reason}
    files = {HEAD: _block(_head(before, pack_id, version, _line(name)))}
    # A pack has this file even where it is empty.
    files[PARAMETERS] = _items(_parameter(item, clause, reason) for item in parameters) or "[]\n"
    if criteria:
        files[CRITERIA] = _items(_criterion(item, clause, reason) for item in criteria)
    where = [
        f"`{file}`: {', '.join(item.id for item in changed)}"
        for file, changed in ((PARAMETERS, parameters), (CRITERIA, criteria))
        if changed
    ]
    files[SOURCES] = _sources(clause["ref"], _line(reason), "; ".join(where))
    return files


def _head(before: ResolvedPack, pack_id: str, version: str, name: str) -> dict[str, Any]:
    valid = {"from": before.valid.first, "to": before.valid.last}
    head: dict[str, Any] = {
        "id": pack_id,
        "version": version,
        "title": {"zh": f"{before.title.zh}（草稿：{name}）", "en": f"{before.title.en} (draft: {name})"},
        "jurisdiction": before.jurisdiction,
        "valid": valid,
        "document": {"alias": "draft", "zh": "草稿，不是任何文件的规定", "en": "A draft, laid down by no document"},
        "extends": before.reference,
    }
    return head | ({"demo": True} if before.demo else {})


def _parameter(item: ResolvedParameter, clause: Mapping[str, str], reason: str) -> dict[str, Any]:
    # A value may cite another document; that clause has its row in the pack that brought it, not in this one.
    values = [{"from": value.since, "value": from_text(item.type, value.text)} for value in item.values]
    return _fields(item, clause, reason) | {"values": values}


def _criterion(item: ResolvedCriterion, clause: Mapping[str, str], reason: str) -> dict[str, Any]:
    # What the old expression could never say, the new one may: `never` is left out.
    return _fields(item, clause, reason)


def _fields(item: ResolvedParameter | ResolvedCriterion, clause: Mapping[str, str], reason: str) -> dict[str, Any]:
    fields = item.model_dump(mode="python", by_alias=True, exclude={"origin", "values", "never"}, exclude_none=True)
    fields |= {"clause": dict(clause), "override": True}
    if item.basis is Basis.MISSING:
        fields |= {"basis": Basis.READING, "note": {"zh": reason, "en": reason}}
    return fields


def _items(entries: Iterator[dict[str, Any]]) -> str:
    """A list of items, a field on each line."""
    blocks = (_block(entry).splitlines() for entry in entries)
    return "".join(f"- {lines[0]}\n" + "".join(f"  {line}\n" for line in lines[1:]) for lines in blocks)


def _block(fields: Mapping[str, Any]) -> str:
    return "".join(f"{key}: {_text(value)}\n" for key, value in fields.items() if value not in ([], None))


def _text(value: Any) -> str:
    """A value as YAML on one line; a quoted text is written as JSON does, which YAML reads alike."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Enum():
            return json.dumps(str(value.value), ensure_ascii=False)
        case int() | Decimal():
            return str(value)
        case dt.date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(_text(each) for each in value)}]"
        case Mapping():
            return f"{{{', '.join(f'{key}: {_text(each)}' for key, each in value.items())}}}"
    return json.dumps(str(value), ensure_ascii=False)


def _sources(ref: str, content: str, where: str) -> str:
    return (
        "# 条款去向 Where each clause went\n\n"
        "草稿：由测算方案生成，不是任何文件的规定。\n\nA draft made of a scenario; no document lays it down.\n\n"
        f"| Clause | 内容 Content | Where |\n|---|---|---|\n| {ref} | {content} | {where} |\n"
    )


def _line(text: str) -> str:
    """On one line and without what ends a cell of a table."""
    return " ".join(text.replace("|", "／").split())
