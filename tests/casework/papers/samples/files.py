"""What goes into the file: samples. 演示数据"""

import datetime as dt

from lika.casework.papers.files import (
    ArchivedPaper,
    ArchiveFile,
    ArchiveSection,
    Evidence,
    Handbooks,
    HandedOut,
    Item,
    Photographs,
)
from lika.casework.papers.shared import Signature
from tests.casework.papers import people
from tests.casework.papers.people import DAY, group, name, variants


def _sections(times: int) -> tuple[ArchiveSection, ...]:
    author, day = "城关镇石磊村村民委员会", dt.date(2016, 11, 3)
    return (
        ArchiveSection(
            "一、综合类",
            (
                ArchivedPaper(
                    "宕扶办发〔2016〕20号",
                    "宕昌县扶贫开发办公室",
                    "关于做好2016年度扶贫对象动态管理工作的通知",
                    dt.date(2016, 10, 20),
                    6,
                ),
            ),
        ),
        ArchiveSection(
            "二、民主评议类",
            (
                ArchivedPaper("", author, "石磊村村民代表会议民主评议会议记录", day, 3),
                ArchivedPaper("", author, "石磊村村民代表会议签到表", day, 1),
                ArchivedPaper("", author, "影像资料目录", day, 1),
            )
            * times,
        ),
        ArchiveSection(
            "三、入户调查类",
            (
                ArchivedPaper("", author, "贫困户入户核实表（24户）", DAY, 24),
                ArchivedPaper(
                    "城政发〔2016〕31号", "城关镇人民政府", "关于石磊等村拟脱贫名单的审核意见", dt.date(2016, 11, 18), 2
                ),
            )
            * times,
        ),
    )


PHOTOGRAPHS = variants(
    Photographs(
        title="影像资料目录",
        made_on=DAY,
        unit="城关镇石磊村",
        matter="2016年度拟脱贫民主评议",
        items=tuple(
            Item(f"民主评议会议现场（{each}）", DAY, "赵小平", "石磊村村委会会议室", people.digest(each))
            for each in range(1, 9)
        ),
        signatures=(Signature("整理人"), Signature("审核人")),
    ),
    {
        "items": tuple(
            Item(f"第{each}户入户核实现场，房屋正面、室内及饮水设施", DAY, name(each), group(each), people.digest(each))
            for each in range(45)
        )
    },
    {"items": (Item("会议照片", None, "", ""),), "signatures": ()},
)
EVIDENCE = variants(
    Evidence(
        title="佐证材料目录",
        made_on=DAY,
        unit="城关镇石磊村",
        matter="拟清退何永福户",
        items=(
            Item("车辆登记信息查询结果", DAY, "县公安局", "", people.digest(3)),
            Item("群众反映记录", DAY, "镇扶贫工作站"),
            Item("入户核实笔录", DAY, "赵小平、周文𬍛", "第二村民小组"),
        ),
        signatures=(Signature("提供人"), Signature("核收人")),
    ),
    {"items": tuple(Item(f"第{each}号材料", DAY, "县直部门") for each in range(1, 50))},
    {"items": (Item("书面反映", None, ""),), "signatures": ()},
)
HANDBOOKS = variants(
    Handbooks(
        title="《扶贫手册》填写发放登记表",
        made_on=DAY,
        village="城关镇石磊村",
        note="一式二份：农户、村委会各一份",
        handed_out=tuple(HandedOut(name(each), group(each), 2, DAY if each % 3 else None) for each in range(14)),
    ),
    {"handed_out": tuple(HandedOut(name(each), group(each), 2, DAY) for each in range(70))},
    {"note": "", "handed_out": (HandedOut(name(0), group(0), 3),)},
)
ARCHIVE = variants(
    ArchiveFile(
        title="城关镇石磊村2016年度贫困户脱贫退出卷",
        made_on=dt.date(2016, 12, 30),
        fonds="宕昌县城关镇石磊村",
        number="2016-03-001",
        from_on=dt.date(2016, 10, 20),
        to_on=dt.date(2016, 12, 25),
        keeping="永久",
        sections=_sections(1),
        remark="本卷文件材料齐全，影像资料另存光盘一张。",
        signatures=(Signature("立卷人", "赵小平", DAY, "手写签名"), Signature("检查人")),
    ),
    {"sections": _sections(9)},
    {"sections": _sections(1)[:1], "remark": "", "signatures": (Signature("立卷人"), Signature("检查人"))},
)
SAMPLES = {"photographs": PHOTOGRAPHS, "evidence": EVIDENCE, "handbooks": HANDBOOKS, "archive": ARCHIVE}
