"""clauses.yaml: the words of each clause, held against SOURCES.md and kept in the loaded pack."""

import pytest

from lika.policy.choices import Fate
from lika.policy.packs.checking import check_folder, read_pack
from lika.policy.packs.library import Library
from tests.policy.conftest import WritePack

SOURCES = """
    # Sources

    | Clause | Content | Where |
    |---|---|---|
    | T §1 | 超过标准 | `criteria/household.yaml`: income; `parameters.yaml`: line |
    | T §2 | 其他 | not software |
    | T §3 | 签字 | not yet in this pack: procedures |
    """
CLAUSES = """
    - {ref: T §1, zh: 收入, en: Income, text: 收入超过标准的退出。}
    - {ref: T §2, zh: 其他, en: Other, text: 其他事项。}
    - {ref: T §3, zh: 签字, en: Signing, text: 四方签字。, note: {zh: 签字程序, en: signatures}}
    """


def codes(folder) -> list[str]:
    return [fault.code for fault in check_folder(folder).faults]


def test_a_pack_keeps_the_words_of_its_clauses_and_where_each_went(write_pack: WritePack):
    pack = read_pack(write_pack({"SOURCES.md": SOURCES, "clauses.yaml": CLAUSES}))
    assert [(item.ref, item.zh, item.text, item.fate) for item in pack.clauses] == [
        ("T §1", "收入", "收入超过标准的退出。", Fate.CARRIED),
        ("T §2", "其他", "其他事项。", Fate.NOT_SOFTWARE),
        ("T §3", "签字", "四方签字。", Fate.NOT_YET),
    ]
    assert codes(write_pack({"SOURCES.md": SOURCES, "clauses.yaml": CLAUSES})) == []


def test_without_clauses_a_pack_keeps_its_hash(write_pack: WritePack):
    assert '"clauses"' not in read_pack(write_pack()).canonical
    assert '"clauses"' in read_pack(write_pack({"SOURCES.md": SOURCES, "clauses.yaml": CLAUSES})).canonical


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("- {ref: T §2, zh: 其他, en: Other, text: 其他事项。}", "", "POL-088"),
        ("ref: T §2", "ref: T §1", "POL-087"),
        ("ref: T §3", "ref: T §9", "POL-085"),
        (", note: {zh: 签字程序, en: signatures}", "", "POL-089"),
        ("text: 其他事项。", "text: ''", "POL-010"),
    ],
)
def test_what_does_not_fit_sources_is_refused(write_pack: WritePack, old: str, new: str, code: str):
    found = codes(write_pack({"SOURCES.md": SOURCES, "clauses.yaml": CLAUSES.replace(old, new)}))
    assert code in found


def test_a_pack_that_extends_another_keeps_its_clauses(write_pack: WritePack, overlay: WritePack):
    write_pack({"SOURCES.md": SOURCES, "clauses.yaml": CLAUSES})
    pack = read_pack(overlay())
    assert [(item.ref, item.origin) for item in pack.clauses] == [
        ("T §1", "test/one@1"),
        ("T §2", "test/one@1"),
        ("T §3", "test/one@1"),
    ]


@pytest.mark.parametrize(("pack_id", "clauses"), [("cn-gansu/2016", 38), ("cn-guangxi-jingxi/2014", 35)])
def test_the_shipped_packs_quote_every_clause(pack_id: str, clauses: int):
    pack = read_pack(Library.shipped().folder(pack_id))
    assert len(pack.clauses) == clauses
    items = (*pack.parameters, *pack.items, *pack.facts, *pack.criteria, *pack.calendar, *pack.accounts)
    cited = {item.clause.ref for item in items}
    cited |= {clause.ref for item in (*pack.procedures, *pack.reports) for clause in item.clauses().values()}
    assert cited == {item.ref for item in pack.clauses if item.fate is Fate.CARRIED}
