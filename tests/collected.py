"""A pack that collects an item of every kind, for tests of the door, the register and snapshots. 演示数据"""

from pathlib import Path
from textwrap import dedent

from lika.policy.models import PackVersion
from lika.policy.packs.checking import read_pack
from lika.policy.packs.resolved import ResolvedPack

CLAUSE = "clause: {ref: T §1, text: 采集内容}"
FILES = {
    "pack.yaml": """
        id: test/items
        version: "1"
        title: {zh: 测试采集, en: Test items}
        jurisdiction: "621223"
        valid: {from: 2016-01-01, to: 2017-12-31}
        document: {alias: T, zh: 测试文件, en: Test document}
        """,
    "parameters.yaml": "[]\n",
    "items.yaml": f"""
        - {{id: reservoir, unit: household, zh: 水库移民, en: Reservoir migrants, type: boolean, {CLAUSE}}}
        - {{id: rooms, unit: household, zh: 房间数, en: Rooms, type: integer, least: 0, most: 99,
           unit_shown: {{zh: 间, en: rooms}}, {CLAUSE}}}
        - {{id: well_depth, unit: household, zh: 井深, en: Depth of the well, type: decimal, places: 2,
           unit_shown: {{zh: 米, en: m}}, {CLAUSE}}}
        - {{id: moved_on, unit: household, zh: 搬迁日期, en: Moved on, type: date, {CLAUSE}}}
        - {{id: second_fuel, unit: household, zh: 辅助燃料, en: Second fuel, type: code, codes: CL-FUEL, {CLAUSE}}}
        - {{id: remark, unit: household, zh: 备注说明, en: Remark, type: text, privacy: sensitive, {CLAUSE}}}
        - {{id: returned_abroad, unit: person, zh: 归侨, en: Returned from abroad, type: boolean, {CLAUSE}}}
        - {{id: wells, unit: village, zh: 水井数, en: Wells, type: integer, privacy: public, {CLAUSE}}}
        - {{id: reservoirs, unit: county, zh: 水库数, en: Reservoirs, type: integer, privacy: public, {CLAUSE}}}
        """,
    "criteria/all.yaml": f"""
        - {{id: migrant, unit: household, zh: 移民, en: Migrants, kind: entry, order: 10, expression: reservoir,
           {CLAUSE}}}
        - {{id: deep, unit: household, zh: 深井, en: Deep well, kind: entry, order: 20, expression: well_depth > 10.50,
           {CLAUSE}}}
        - {{id: told, unit: household, zh: 有说明, en: Explained, kind: entry, order: 30,
           expression: "is_known(remark) and is_known(moved_on) and second_fuel = '03' and rooms = 4", {CLAUSE}}}
        - {{id: abroad, unit: household, zh: 有归侨, en: Somebody returned, kind: entry, order: 40,
           expression: "any(person, returned_abroad)", {CLAUSE}}}
        - {{id: watered, unit: village, zh: 有井, en: Has wells, kind: entry, order: 50, expression: wells > 2,
           {CLAUSE}}}
        - {{id: dammed, unit: county, zh: 有水库, en: Has reservoirs, kind: entry, order: 60,
           expression: reservoirs > 0, {CLAUSE}}}
        """,
    "SOURCES.md": "# Sources\n",
}


def write(root: Path, **changes: str) -> Path:
    """The folder of the pack below a root; `items` replaces items.yaml."""
    folder = root / "test" / "items"
    for name, text in {**FILES, **{f"{key}.yaml": value for key, value in changes.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return folder


def keep(root: Path) -> ResolvedPack:
    """Load the pack and make it active, without golden cases: what items carry is tested where they are used."""
    pack = read_pack(write(root))
    PackVersion.objects.create(
        pack_id=pack.id, version=pack.version, sha256=pack.sha256, canonical=pack.canonical, title_zh=pack.title.zh,
        title_en=pack.title.en, jurisdiction=pack.jurisdiction, valid_from=pack.valid.first, valid_to=pack.valid.last,
        demo=pack.demo, active=True, loaded_by="test",
    )  # fmt: skip
    return pack
