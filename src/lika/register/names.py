"""Names as they are written and as they are spelt.

Pinyin is stored beside the name: the order of lists and the search by prefix must not depend on the
database's collations, which the embedded one lacks.
"""

import re
import unicodedata

from pypinyin import lazy_pinyin

MIDDLE_DOT = "·"
PINYIN_LENGTH, INITIALS_LENGTH = 200, 30
# The dots that people and systems type between the parts of a name (买买提·艾力).
_DOTS = re.compile(r"\s*[·•‧∙⋅・･．.●]\s*")
_SPACES = re.compile(r"\s+")
_CHINESE_GAP = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")

# Surnames that are read otherwise than the characters alone; a double surname has two syllables.
_READINGS = """
万俟 mo qi, 尉迟 yu chi, 长孙 zhang sun, 澹台 tan tai, 乐正 yue zheng, 单于 chan yu, 令狐 ling hu,
单 shan, 解 xie, 曾 zeng, 仇 qiu, 查 zha, 区 ou, 朴 piao, 任 ren, 华 hua, 盖 ge, 宁 ning, 覃 qin, 冼 xian, 洗 xian,
乐 yue, 缪 miao, 召 shao, 翟 zhai, 柏 bai, 秘 bi, 逄 pang, 员 yun, 种 chong, 黑 he, 盛 sheng, 佴 nai, 折 she, 尉 wei,
燕 yan, 晟 cheng, 繁 po, 适 kuo, 钭 tou, 亓 qi, 隗 wei, 郇 xun, 宓 mi, 瞿 qu, 曲 qu, 沈 shen, 纪 ji, 阚 kan, 撒 sa,
郗 xi, 谌 chen, 句 gou, 祭 zhai, 訾 zi, 眭 sui, 牟 mou, 莘 shen, 幺 yao
"""
SURNAMES: dict[str, list[str]] = {
    surname: syllables for surname, *syllables in (reading.split() for reading in _READINGS.split(","))
}


def clean_name(text: str) -> str:
    """A name as it is stored: no spaces between Chinese characters, one kind of middle dot."""
    name = _SPACES.sub(" ", unicodedata.normalize("NFC", text).replace("\u3000", " ")).strip()
    return _CHINESE_GAP.sub("", _DOTS.sub(MIDDLE_DOT, name))


def spell(name: str) -> tuple[str, str]:
    """Full pinyin and initials of a name, lower case, without spaces: 单雄信 -> ("shanxiongxin", "sxx").

    A character that no table knows stands for itself; middle dots are passed over. Both are cut to what the register
    keeps: they only order and find names.
    """
    plain = name.replace(MIDDLE_DOT, "").replace(" ", "")
    surname = next((plain[:length] for length in (2, 1) if plain[:length] in SURNAMES), "")
    given = [syllable.lower() for syllable in lazy_pinyin(plain[len(surname) :])]
    syllables = [*SURNAMES.get(surname, []), *given]
    return "".join(syllables)[:PINYIN_LENGTH], "".join(syllable[0] for syllable in syllables)[:INITIALS_LENGTH]
