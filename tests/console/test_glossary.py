"""The glossary: one source, its pop-up, its page. 演示数据"""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from lika.accounts.choices import Role
from lika.console.glossary import DATA, Term, as_json, found, key_of, read_table, terms
from tests.console.officials import signed_in

ROOT = Path(__file__).resolve().parents[2]
ROW = "| 标准时点 | standard time point (`at`) | The moment | 那一天 |"


def test_the_package_carries_what_the_document_says():
    """After a change of GLOSSARY.md: python tools/glossary.py."""
    source = read_table((ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))
    assert DATA.read_text(encoding="utf-8") == as_json(source)
    assert list(terms().values()) == source


def test_every_term_has_a_key_of_its_own():
    source = read_table((ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))
    assert len({term.key for term in source}) == len(source)


def test_a_row_is_read_without_its_name_in_code():
    expected = Term("standard_time_point", "标准时点", "standard time point", "那一天", "The moment")
    assert read_table(f"| 中文 | English (code) | Meaning | 含义 |\n|---|---|---|---|\n{ROW}") == [expected]


@pytest.mark.parametrize("row", ["| 标准时点 | standard time point | The moment |", "| 标准时点 | a | The moment |  |"])
def test_a_row_that_is_not_whole_is_named(row: str):
    with pytest.raises(ValueError, match=r"GLOSSARY\.md, line 2: four cells"):
        read_table(f"{ROW}\n{row}")


def test_keys_are_words_in_lower_case():
    assert key_of("net income per head") == "net_income_per_head"
    assert key_of("head (of household)") == "head"


def test_a_search_finds_by_either_language_and_by_meaning():
    assert [term.key for term in found("标准时点")] == ["standard_time_point", "snapshot"]
    assert "standard_time_point" in {term.key for term in found("STANDARD time")}
    assert found("没有这个词") == []
    assert len(found("")) == len(terms())


def shown(source: str) -> str:
    return Template("{% load design %}" + source).render(Context())


def test_the_tag_gives_word_other_language_and_meaning():
    entry = terms()["standard_time_point"]
    chinese = shown('{% term "standard_time_point" %}')
    assert f'aria-describedby="term-standard_time_point-1">{entry.zh}</button>' in chinese
    assert f'role="tooltip" id="term-standard_time_point-1"><strong>{entry.zh}</strong>' in chinese
    assert entry.en in chinese
    assert entry.meaning_zh in chinese
    with translation.override("en"):
        assert entry.meaning_en in shown('{% term "standard_time_point" "Time point" %}')
        assert ">Time point</button>" in shown('{% term "standard_time_point" "Time point" %}')


def test_a_word_that_is_not_in_the_glossary_is_an_error():
    with pytest.raises(KeyError, match="no_such_word"):
        shown('{% term "no_such_word" %}')


@pytest.mark.django_db
class TestPage:
    def test_it_shows_all_words_and_what_a_search_finds(self):
        client = signed_in(Role.VILLAGE)
        everything = client.get("/help/glossary/")
        assert everything.context["terms"] == list(terms().values())
        some = client.get("/help/glossary/", {"q": "人均纯收入"})
        assert {term.key for term in some.context["terms"]} >= {"net_income_per_head"}
        assert len(some.context["terms"]) < len(terms())

    def test_its_columns_are_named(self):
        page = signed_in(Role.COUNTY).get("/help/glossary/").content.decode()
        assert re.findall(r'<th scope="col">([^<]*)</th>', page) == ["词语", "英文", "含义"]

    def test_a_search_without_result_says_what_to_do(self):
        page = signed_in(Role.VILLAGE).get("/help/glossary/", {"q": "没有这个词"}).content.decode()
        assert "没有找到" in page
        assert 'href="/help/glossary/"' in page
