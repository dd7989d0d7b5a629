"""What hangs on a board: samples. 演示数据"""

import dataclasses
import datetime as dt

from lika.casework.papers.public import Announcement, Notice, Posting, PostingProof
from lika.casework.papers.shared import Signature, UnitLine
from tests.casework.papers.people import (
    BASIS,
    COURSE,
    DAY,
    OFFICE,
    lines,
    name,
    variants,
)

NOTICE = variants(
    Notice(
        title="石磊村2016年度拟脱贫贫困户名单公示",
        made_on=DAY,
        place="石磊村",
        basis=BASIS,
        course=COURSE,
        subject="2016年度拟脱贫贫困户名单",
        starts_on=dt.date(2016, 11, 8),
        ends_on=dt.date(2016, 11, 14),
        period="7日",
        places=("石磊村村委会公示栏", "张家湾屯", "李家庄屯"),
        office=OFFICE,
        issuers=("石磊村村民委员会", "驻石磊村工作队"),
        households=lines(8),
    ),
    {"households": lines(60)},
    {
        "households": (),
        "units": (UnitLine("石磊村", "城关镇", "拟退出"), UnitLine("坡头村", "城关镇", "拟退出")),
        "title": "城关镇2016年度拟退出贫困村名单公示",
        "place": "城关镇",
        "subject": "2016年度拟退出贫困村名单",
        "course": "经村级自评、镇级核查",
        "issuers": ("城关镇人民政府",),
        "period": "5个工作日",
        "office": dataclasses.replace(OFFICE, address=""),
    },
)
ANNOUNCEMENT = variants(
    Announcement(
        title="宕昌县2016年度脱贫退出贫困户名单公告",
        made_on=dt.date(2016, 12, 20),
        number="宕扶贫公告〔2016〕12号",
        place="石磊村",
        basis=BASIS,
        course="经逐级审核签字，两次公示均无异议（异议已查实处理）",
        subject="2016年度脱贫退出贫困户",
        effect="退出贫困户序列，在建档立卡信息系统中标注脱贫",
        effective_on=dt.date(2016, 12, 25),
        kept="脱贫后在巩固期内继续享受原有扶贫政策（脱贫不脱政策）。",
        places=("石磊村村委会公示栏", "张家湾屯"),
        office=OFFICE,
        issuers=("宕昌县扶贫开发办公室",),
        households=lines(6, "脱贫"),
    ),
    {"households": lines(45, "脱贫")},
    {"number": "", "kept": "", "households": lines(1, "脱贫")},
)
POSTING_PROOF = variants(
    PostingProof(
        title="公示张贴证明",
        made_on=dt.date(2016, 11, 15),
        notice="石磊村2016年度拟脱贫贫困户名单公示",
        period="2016年11月8日至2016年11月14日（7日）",
        conclusion="公示期内无异议。",
        postings=(
            Posting("石磊村村委会公示栏", DAY, dt.date(2016, 11, 15), "赵小平", "影像1—4"),
            Posting(
                "张家湾屯",
                DAY,
                dt.date(2016, 11, 15),
                "赵小平",
                "影像5—8",
                "11月9日被雨淋损，当日重新张贴，期限重新起算",
            ),
        ),
        signatures=(Signature("张贴人", "赵小平", DAY, "手写签名"), Signature("见证人", "李永福", DAY, "手写签名")),
    ),
    {
        "postings": tuple(
            Posting(f"第{each}自然村公示栏", DAY, dt.date(2016, 11, 15), name(each), f"影像{each}")
            for each in range(1, 31)
        )
    },
    {"postings": (Posting("石磊村村委会公示栏", DAY, None, "赵小平", ""),), "conclusion": ""},
)
SAMPLES = {"notice": NOTICE, "announcement": ANNOUNCEMENT, "posting_proof": POSTING_PROOF}
