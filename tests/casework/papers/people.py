"""Invented households and offices for reference pages. 演示数据"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from lika.casework.papers.shared import Finding, Household, HouseholdLine, Office, Signature, SignatureLevel
from lika.core.papers import Money, PaperData

DAY = dt.date(2016, 11, 7)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = ("满仓", "秀英", "㛃", "文𬍛", "建国", "桂兰", "永福", "月娥", "小平", "来顺")
OFFICE = Office("石磊镇扶贫工作站", "0939-0000000", "石磊镇人民政府一楼便民大厅3号窗口")
HOUSEHOLD = Household("王满仓（演示）", "62122310020100017", "陇南市宕昌县城关镇石磊村第三村民小组", 5)


BASIS = "《甘肃省精准扶贫实施方案》（演示）第十章第一节"
COURSE = "经农户认可、村民代表会议民主评议、村“两委”和驻村工作队核实"
HELD_AT = "2016年11月3日9时至11时30分"
T = TypeVar("T", bound=PaperData)


def variants(usual: T, long: Mapping[str, Any], sparse: Mapping[str, Any]) -> tuple[T, T, T]:
    """A sample, the same grown long, the same with what may be left empty."""
    return usual, dataclasses.replace(usual, **long), dataclasses.replace(usual, **sparse)


def name(number: int) -> str:
    """A head of household; every ninth has a name of two parts."""
    if number % 9 == 8:
        return "阿依古丽·买买提"
    return SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7) % len(GIVEN)]


def group(number: int) -> str:
    return f"第{'一二三四五六'[number % 6]}村民小组"


def lines(count: int, result: str = "拟脱贫") -> tuple[HouseholdLine, ...]:
    return tuple(HouseholdLine(name(each), group(each), 1 + each * 5 % 7, result) for each in range(count))


def digest(number: int) -> str:
    return hashlib.sha256(f"演示{number}".encode()).hexdigest()


def money(amount: str) -> Money:
    return Money(Decimal(amount))


FINDINGS = (
    Finding("家庭年人均纯收入", "稳定超过国家扶贫标准（2,952元）", "3,512.40元", "收入核算表、银行流水", True),
    Finding("不愁吃", "主食充足，能够经常吃到肉、蛋、奶或豆制品", "有存粮，有肉蛋", "入户查看、影像3张", True),
    Finding("不愁穿", "有换季衣服和被褥", "齐备", "入户查看", True),
    Finding("义务教育", "无义务教育阶段辍学学生", "在校2人，无辍学", "学籍信息比对", True),
    Finding("基本医疗", "全家参加城乡居民基本医疗保险", "5人全部参保", "医保参保名册", True),
    Finding("住房安全", "住房为A级、B级", "B级", "住房鉴定报告", True),
    Finding("饮水安全", "水量、水质、方便程度、保证率达标", "水质检测报告未出", "", None),
)
VILLAGE_FOUR = SignatureLevel(
    "村级四方",
    (
        Signature("村党支部书记", "李永福", dt.date(2016, 11, 16), "手写签名"),
        Signature("村主任", "李永福", dt.date(2016, 11, 16), "手写签名"),
        Signature("驻村工作队队长", "周文𬍛", dt.date(2016, 11, 16), "账号签署"),
        Signature("贫困户", "王满仓", dt.date(2016, 11, 17), "手印"),
    ),
)
TOWNSHIP_THREE = SignatureLevel("乡级三方", (Signature("乡党委书记"), Signature("乡长"), Signature("乡扶贫工作站站长")))
COUNTY_FOUR = SignatureLevel(
    "县级四方",
    (Signature("县委书记"), Signature("县长"), Signature("县扶贫办主任"), Signature("县统计局局长")),
)
CITY_TWO = SignatureLevel("市级两方", (Signature("市委书记"), Signature("市长")))
SURVEYORS = (
    Signature("调查人", "周文𬍛", DAY, "账号签署"),
    Signature("调查人", "赵小平", DAY, "账号签署"),
    Signature("户主", "王满仓", DAY, "手印"),
    Signature("村负责人"),
)
