"""A small sound pack that each test bends in one place."""

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from django.utils import translation

FILES = {
    "pack.yaml": """
        id: test/one
        version: "1"
        title: {zh: 测试包, en: Test pack}
        jurisdiction: "620000"
        valid: {from: 2016-01-01, to: 2020-12-31}
        document: {alias: T, zh: 测试文件, en: Test document}
        groups:
          - {id: exit, zh: 退出, en: Exit}
        """,
    "parameters.yaml": """
        - id: line
          zh: 标准线
          en: Line
          type: decimal
          places: 2
          unit_shown: {zh: 元, en: yuan}
          clause: {ref: T §1, text: 超过标准}
          values:
            - {from: 2016-01-01, value: 2736.10}
            - {from: 2017-01-01, value: 3000}
        """,
    "criteria/household.yaml": """
        - id: income
          unit: household
          zh: 收入
          en: Income
          kind: exit
          group: exit
          order: 10
          expression: net_income_per_capita > param.line
          clause: {ref: T §1, text: 超过标准}
        """,
    "cases/household.yaml": """
        - id: over
          zh: 高出
          en: Over
          unit: household
          at: 2016-12-31
          facts:
            household: {net_income_per_capita: 2736.11}
          expect: {income: met}
        - id: at
          zh: 持平
          en: At
          unit: household
          at: 2016-12-31
          facts:
            household: {net_income_per_capita: 2736.10}
          expect: {income: not met}
        - id: unknown
          zh: 未登记
          en: Unknown
          unit: household
          at: 2016-12-31
          facts:
            household: {members: 3}
          expect: {income: unknown}
        """,
    "SOURCES.md": """
        # Sources

        | Clause | Content | Where |
        |---|---|---|
        | T §1 | 超过标准 | `criteria/household.yaml`: income; `parameters.yaml`: line |
        | T §2 | 其他 | not software |
        """,
}

WritePack = Callable[..., Path]


@pytest.fixture
def write_pack(tmp_path: Path) -> WritePack:
    """Write a pack's folder: the sound files, then those named; None leaves a file out."""

    def write(files: dict[str, str | None] | None = None, *, folder: str = "test/one") -> Path:
        target = tmp_path / folder
        for name, text in ({**FILES, **(files or {})}).items():
            if text is not None:
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return target

    return write


@pytest.fixture
def overlay(write_pack: WritePack) -> WritePack:
    """Write `test/two`, which extends `test/one@1` and by itself holds nothing but what is named."""

    def write(files: dict[str, str | None] | None = None, *, head: str = "") -> Path:
        text = (
            FILES["pack.yaml"]
            .replace("test/one", "test/two")
            .replace("groups:", "extends: test/one@1\n        groups:")
        )
        empty = {
            "parameters.yaml": "[]\n",
            "criteria/household.yaml": None,
            "cases/household.yaml": None,
            "SOURCES.md": "# Sources\n",
        }
        return write_pack({"pack.yaml": dedent(text) + dedent(head), **empty, **(files or {})}, folder="test/two")

    return write


@pytest.fixture
def in_english() -> Iterator[None]:
    """Messages in English."""
    with translation.override("en"):
        yield
