"""Names as stored and as spelt."""

import pytest

from lika.register.names import clean_name, spell


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("张三丰", "zhangsanfeng", "zsf"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("解小平", "xiexiaoping", "xxp"),
        ("曾国泰", "zengguotai", "zgt"),
        ("仇和平", "qiuheping", "qhp"),
        ("单于明", "chanyuming", "cym"),
        ("长孙明", "zhangsunming", "zsm"),
        ("欧阳明", "ouyangming", "oym"),
        ("吕𬍛㛃", "lvlijie", "llj"),
        ("买买提·艾力", "maimaitiaili", "mmtal"),
        ("Anna", "anna", "a"),
        ("玛丽 安", "malian", "mla"),
        ("曾", "zeng", "z"),
        ("", "", ""),
    ],
)
def test_spelling_reads_surnames_rare_characters_and_dots(name, pinyin, initials):
    assert spell(name) == (pinyin, initials)


def test_a_surname_reading_holds_only_at_the_front():
    assert spell("王单")[0] == "wangdan"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" 张　三 ", "张三"),
        ("张 三", "张三"),
        ("买买提 • 艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("Mary  Ann", "Mary Ann"),
        ("𬍛㛃", "𬍛㛃"),
    ],
)
def test_cleaning_takes_out_spaces_and_joins_dots(typed, stored):
    assert clean_name(typed) == stored
