"""A pack that gives parameters of whole numbers, in force in the county. 演示数据"""

from pathlib import Path
from textwrap import dedent

from lika.policy.models import PackVersion
from lika.policy.packs.checking import read_pack

HEAD = """
id: test/parameters
version: "1"
title: {zh: 测试参数, en: Test parameters}
jurisdiction: "621223"
valid: {from: 2013-01-01, to: null}
document: {alias: T, zh: 测试文件, en: Test document}
"""
ENTRY = """
- id: %(name)s
  zh: 测试天数
  en: Days of the test
  type: integer
  unit_shown: {zh: 日, en: days}
  clause: {ref: T §1, text: 测试条款}
  values:
    - {from: 2013-01-01, value: %(value)d}
"""


def give(root: Path, **values: int) -> None:
    """Load a pack with these parameters and make it active."""
    folder = root / "test" / "parameters"
    folder.mkdir(parents=True)
    entries = "".join(ENTRY % {"name": name, "value": value} for name, value in values.items())
    files = {"pack.yaml": HEAD, "parameters.yaml": entries, "SOURCES.md": "# Sources\n"}
    for name, text in files.items():
        (folder / name).write_text(dedent(text).lstrip(), encoding="utf-8")
    pack = read_pack(folder)
    PackVersion.objects.create(
        pack_id=pack.id, version=pack.version, sha256=pack.sha256, canonical=pack.canonical, title_zh=pack.title.zh,
        title_en=pack.title.en, jurisdiction=pack.jurisdiction, valid_from=pack.valid.first, valid_to=pack.valid.last,
        demo=pack.demo, active=True, loaded_by="test",
    )  # fmt: skip
