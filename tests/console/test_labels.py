"""Labels that are data stand in both languages, each in its own punctuation: facts, code lists, packs, catalogues."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from pydantic import BaseModel

import lika
from lika.core import facts as registry
from lika.engine.messages import MESSAGES
from lika.policy.packs.checking import check_folder
from lika.policy.packs.form import Words
from lika.policy.packs.library import Library
from lika.policy.packs.resolved import ResolvedPack

PACKAGE = Path(lika.__file__).parent
CATALOGUES = sorted(PACKAGE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"))
HAN = re.compile(r"[\u3400-\u9fff]")
#: Half-width punctuation that touches a Chinese character (!= and the like are signs, not punctuation).
HALF_WIDTH = re.compile(
    r"[\u3400-\u9fff]['\"”’）]?\s?(?:[,;:?]|!(?!=))|[,;:?!]\s?[\u3400-\u9fff]|[\u3400-\u9fff]\(|\)[\u3400-\u9fff]"
)
#: 个 and the like count in Chinese what English counts without a word.
COUNTERS = frozenset({"个"})


def of_facts() -> Iterator[tuple[str, str, str]]:
    for unit, facts in registry.schema().units.items():
        for fact in facts.values():
            yield f"{unit}.{fact.name}", fact.zh, fact.en
            if fact.meaning_zh or fact.meaning_en:
                yield f"{unit}.{fact.name} meaning", fact.meaning_zh, fact.meaning_en
            if fact.unit and fact.unit not in COUNTERS:
                yield f"{unit}.{fact.name} unit", fact.unit, fact.unit_en or ""


def of_code_lists() -> Iterator[tuple[str, str, str]]:
    for code_list in registry.schema().code_lists.values():
        yield code_list.id, code_list.zh, code_list.en
        for item in code_list.items:
            yield f"{code_list.id} {item.code}", item.zh, item.en


def of_pack(pack: ResolvedPack) -> Iterator[tuple[str, str, str]]:
    """Titles and notes of a pack and of all that it declares."""
    yield from _words("pack", pack)
    for name in type(pack).model_fields:
        items = getattr(pack, name)
        for item in items if isinstance(items, list | tuple) else ():
            if isinstance(item, BaseModel):
                yield from _words(f"{name} {getattr(item, 'id', '')}", item)
                for stage in getattr(item, "stages", ()):
                    yield from _words(f"{name} {stage.id}", stage)


def _words(place: str, item: object) -> Iterator[tuple[str, str, str]]:
    if hasattr(item, "zh") and hasattr(item, "en"):
        yield place, item.zh, item.en
    for name in type(item).model_fields:  # type: ignore[attr-defined]
        value = getattr(item, name)
        if isinstance(value, Words):
            yield f"{place} {name}", value.zh, value.en


def faulty(labels: Iterator[tuple[str, str, str]]) -> dict[str, tuple[str, str]]:
    """Labels that lack a language, hold Chinese in English, or half-width punctuation in Chinese."""
    return {
        place: (zh, en)
        for place, zh, en in labels
        if not zh.strip() or not en.strip() or HAN.search(en) or HALF_WIDTH.search(zh)
    }


def test_facts():
    assert faulty(of_facts()) == {}


def test_code_lists():
    assert faulty(of_code_lists()) == {}


@pytest.mark.parametrize("pack_id", Library.shipped().ids())
def test_packs(pack_id: str):
    labels = list(of_pack(check_folder(Library.shipped().folder(pack_id)).accepted()))
    kinds = {place.split()[0] for place, _zh, _en in labels}
    assert kinds >= {"pack", "parameters"}
    assert kinds & {"criteria", "quality", "patterns", "changes", "procedures"}
    assert faulty(iter(labels)) == {}


def test_messages_of_the_engine():
    assert faulty((code, zh, en) for code, (zh, en) in MESSAGES.items()) == {}


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po")), ids=lambda p: p.parents[3].name
)
def test_catalogues_are_punctuated_in_chinese(path: Path):
    texts = [
        text
        for entry in polib.pofile(str(path), encoding="utf-8")
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
    ]
    assert [text for text in texts if HALF_WIDTH.search(text)] == []


@pytest.mark.parametrize(
    ("zh", "en", "why"),
    [
        ("户", "household", False),
        ("A级（安全）", "A, safe", False),
        ("只能用 = 和 != 比较。", "only = and !=", False),
        ("", "household", True),
        ("户", "", True),
        ("户", "户", True),
        ("吃,穿", "food, clothing", True),
        ("A级(安全)", "A", True),
        ("应为: 户", "household", True),
    ],
)
def test_what_is_faulty(zh: str, en: str, why: bool):
    assert bool(faulty(iter([("x", zh, en)]))) is why
