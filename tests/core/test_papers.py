"""Papers: the same file for the same data, every character with its glyph, marked on a demonstration. 演示数据"""

import dataclasses
import datetime as dt
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from lika.core.errors import UserError
from lika.core.papers import ListColumn, ListPaper, Money, file_name, list_paper, missing_faces, pdf_answer
from lika.core.papers.data import plain
from lika.core.papers.faces import FACES, FOLDER, characters
from lika.core.papers.printing import LARGEST, TEMPLATES
from tests.papers import characters_in, ink, pages_of

LIST = TEMPLATES / "list.typ"
RARE = "㛃𬍛䶮㼆〇·"


def a_list(*names: str, title: str = "演示名单") -> ListPaper:
    return ListPaper(
        title=title,
        made_on=dt.date(2016, 11, 7),
        note="演示数据；单位：人",
        columns=(ListColumn("村", 2), ListColumn("人数"), ListColumn("说明", 3)),
        rows=tuple((name, f"{number}", "") for number, name in enumerate(names, start=1)),
        hands=("制表人", "审核人"),
    )


@pytest.fixture
def own_folder(settings, tmp_path: Path) -> Path:
    """An installation whose folder of faces is empty."""
    settings.LIKA = dataclasses.replace(settings.LIKA, data_dir=tmp_path)
    (tmp_path / "fonts").mkdir()
    return tmp_path / "fonts"


def test_the_same_data_make_the_same_file() -> None:
    first, again = list_paper(a_list("石磊村")), list_paper(a_list("石磊村"))
    assert first == again
    assert first.startswith(b"%PDF-1.7")
    assert b"2016-11-07T00:00:00" in first
    assert list_paper(a_list("坡头村")) != first


def test_rare_characters_and_the_dot_of_names_have_their_glyphs() -> None:
    printed = characters_in(list_paper(a_list(f"阿依古丽·买买提{RARE}")))
    assert set("阿依古丽·买提") | set(RARE) <= printed
    assert ink(pages_of(LIST, a_list(RARE))[0]) > ink(pages_of(LIST, a_list(RARE[:3]))[0])


def test_every_face_has_what_every_other_has() -> None:
    assert len(characters(Path("/nowhere"))) == 30_880
    assert {ord(sign) for sign in f"{RARE}□√〔〕—“”①⑳"} <= characters(Path("/nowhere"))


def test_a_character_that_no_face_has_is_named_and_its_remedy_told(own_folder: Path) -> None:
    with pytest.raises(UserError) as refused:
        list_paper(a_list("𠮷田", "好"))
    assert (refused.value.code, "𠮷 (U+20BB7)" in str(refused.value), str(own_folder) in str(refused.value)) == (
        "PAP-002", True, True,
    )  # fmt: skip


def test_an_own_face_stands_in_for_what_ours_lack(own_folder: Path) -> None:
    (own_folder / "own.TTF").write_bytes((FOLDER / FACES[0]).read_bytes())
    assert list_paper(a_list("石磊村")) == list_paper(a_list("石磊村"))
    assert characters(own_folder) == characters(Path("/nowhere")) | characters(own_folder)


def test_a_paper_too_long_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        list_paper(a_list(*["村"] * (LARGEST // 3)))
    assert (refused.value.code, refused.value.remedy) == ("PAP-003", "请缩小范围，分区域打印。")


def test_the_heading_of_a_long_list_stands_on_every_page_and_hands_stay_with_the_last_row() -> None:
    lengths = set()
    for rows in range(24, 34):
        *_, last = pages = pages_of(LIST, a_list(*["石磊村"] * rows))
        lengths.add(len(pages))
        if len(pages) > 1:
            heading, row = ((0, 50, last.width, 64), (0, 68, last.width, 80))
            assert (ink(last.crop(heading)) > 40, ink(last.crop(row)) > 20) == (True, True), rows
    assert lengths == {1, 2}


@pytest.mark.parametrize("hands", [(), ("制表人",), ("制表人", "审核人", "负责人")])
def test_a_list_is_signed_by_as_many_as_its_office_wants(hands: tuple[str, ...]) -> None:
    printed = characters_in(list_paper(dataclasses.replace(a_list("石磊村"), hands=hands)))
    assert set("".join(hands)) <= printed
    assert ("审" in printed, "责" in printed) == ("审核人" in hands, "负责人" in hands)


def test_a_demonstration_is_marked_and_nothing_else_is(settings) -> None:
    settings.LIKA = dataclasses.replace(settings.LIKA, demo=False)
    plain_page = characters_in(list_paper(a_list("石磊村", title="名单")))
    settings.LIKA = dataclasses.replace(settings.LIKA, demo=True)
    assert characters_in(list_paper(a_list("石磊村", title="名单"))) - plain_page >= set("虚构")


def test_data_are_plain() -> None:
    assert plain(Money(Decimal("3512.4"))) == {"figure": "3,512.40", "capital": "人民币叁仟伍佰壹拾贰元肆角整"}
    assert plain(ListColumn("人数", 2)) == {"head": "人数", "share": 2}
    assert plain((dt.date(2016, 11, 7), Decimal("1.50"), None)) == ["2016-11-07", "1.50", None]
    with pytest.raises(TypeError, match="SimpleNamespace"):
        plain(SimpleNamespace())


def test_files_are_named_by_what_they_are() -> None:
    name = file_name("621223100201", "公示", "", "2016-11-07")
    answer = pdf_answer(b"%PDF", name)
    assert name == "621223100201-公示-2016-11-07.pdf"
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''621223100201-")
    assert file_name("甲/乙 丙") == "甲_乙_丙.pdf"


def test_a_face_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_faces() == []
    monkeypatch.setattr("lika.core.papers.faces.FOLDER", tmp_path)
    (tmp_path / FACES[1]).touch()
    with pytest.raises(UserError) as refused:
        list_paper(a_list("石磊村"))
    assert (missing_faces(), refused.value.code) == ([FACES[0], FACES[2]], "PAP-001")


def test_faces_are_those_that_were_vendored() -> None:
    listed = json.loads((FOLDER / "VERSIONS.json").read_text(encoding="utf-8"))
    present = {path.name: path for path in FOLDER.iterdir() if path.name != "VERSIONS.json"}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in present.items()} == {
        name: entry["sha256"] for name, entry in listed.items()
    }
    assert {entry["licence"] for entry in listed.values()} == {"OFL-1.1"}
