"""`items.yaml`: what a jurisdiction collects, checked when the pack is, and one meaning per id in the register."""

from pathlib import Path

import pytest

from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.engine.types import BooleanType, TextType
from lika.policy import actions
from lika.policy.collected import collected as collected_items
from lika.policy.packs.checking import check_folder
from lika.policy.packs.resolved import from_canonical
from lika.policy.resolve import schema_of
from tests import collected

CLAUSE = collected.CLAUSE


def codes(folder: Path) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.spot.line) for fault in check_folder(folder, with_cases=False).faults]


def test_items_are_facts_of_the_packs_expressions(tmp_path: Path):
    pack = check_folder(collected.write(tmp_path), with_cases=False).accepted()
    schema = schema_of(pack)
    assert isinstance(schema.units["household"]["reservoir"].type, BooleanType)
    assert isinstance(schema.units["household"]["remark"].type, TextType)
    assert schema.units["household"]["remark"].privacy == "sensitive"
    assert from_canonical(pack.canonical) == pack


def test_a_pack_without_items_keeps_its_hash(tmp_path: Path):
    """Decisions pin the hash of packs that were loaded before there were items."""
    folder = collected.write(tmp_path, **{"criteria/all": "[]\n"})
    (folder / "items.yaml").unlink()
    pack = check_folder(folder, with_cases=False).accepted()
    assert '"items"' not in pack.canonical
    assert from_canonical(pack.canonical).sha256 == pack.sha256


@pytest.mark.parametrize(
    ("items", "code"),
    [
        (f"- {{id: wells, unit: household, zh: 井, en: W, type: code, codes: CL-NONE, {CLAUSE}}}", "POL-020"),
        (f"- {{id: wells, unit: household, zh: 井, en: W, type: decimal, {CLAUSE}}}", "POL-008"),
        (f"- {{id: wells, unit: household, zh: 井, en: W, type: number, {CLAUSE}}}", "POL-011"),
        (f"- {{id: wells, unit: township, zh: 井, en: W, type: integer, {CLAUSE}}}", "POL-011"),
        (f"- {{id: safe_water, unit: household, zh: 井, en: W, type: boolean, {CLAUSE}}}", "POL-023"),
        (f"- {{id: wells, unit: household, zh: 饮水是否安全, en: W, type: boolean, {CLAUSE}}}", "POL-023"),
        (f"- {{id: wells, unit: household, zh: 井, en: W, type: boolean, values: [], {CLAUSE}}}", "POL-009"),
    ],
)
def test_a_crooked_item_is_refused_with_its_place(tmp_path: Path, items: str, code: str):
    folder = collected.write(tmp_path, items=items + "\n", **{"criteria/all": "[]\n"})
    assert (code, 1) in codes(folder)


def test_two_items_of_a_unit_do_not_share_a_heading(tmp_path: Path):
    lines = [f"- {{id: {name}, unit: household, zh: 井, en: W, type: boolean, {CLAUSE}}}" for name in ("one", "two")]
    assert codes(collected.write(tmp_path, items="\n".join(lines) + "\n", **{"criteria/all": "[]\n"})) == [
        ("POL-023", 2)
    ]


@pytest.mark.django_db
class TestInTheRegister:
    def test_an_active_pack_collects_in_its_area(self, tmp_path: Path):
        collected.keep(tmp_path)
        assert [item.fact.name for item in collected_items("person")] == ["returned_abroad"]
        assert len(collected_items("household", within=(621223100201, 621223100201))) == 6
        assert collected_items("household", within=(621202100201, 621202100201)) == ()

    def test_another_pack_may_not_mean_something_else_by_it(self, tmp_path: Path):
        collected.keep(tmp_path)
        other = f"""
            - {{id: reservoir, unit: household, zh: 水库移民, en: Reservoir migrants, type: integer, {CLAUSE}}}
            """
        folder = collected.write(tmp_path / "second", items=other, **{"criteria/all": "[]\n", "cases/none": "[]\n"})
        text = (folder / "pack.yaml").read_text(encoding="utf-8")
        (folder / "pack.yaml").write_text(text.replace('version: "1"', 'version: "2"'), encoding="utf-8")
        (folder / "SOURCES.md").write_text("| a | b | c |\n|---|---|---|\n| T §1 | x | `items.yaml`: reservoir |\n")
        by = SystemActor("test", list(Permission), EVERYWHERE)
        with pytest.raises(UserError) as refused:
            actions.load(by=by, path=folder)
        assert refused.value.code == "POL-061"
