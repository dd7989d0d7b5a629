"""The meeting: samples. 演示数据"""

import datetime as dt

from lika.casework.papers.meetings import Attendee, Minutes, SignIn, Vote
from lika.casework.papers.shared import Signature
from tests.casework.papers.people import (
    HELD_AT,
    group,
    name,
    variants,
)


def _votes(count: int) -> tuple[Vote, ...]:
    return tuple(
        Vote(
            name(each),
            group(each),
            1 + each % 6,
            31 - each % 4,
            each % 3,
            each % 4 - each % 3 if each % 4 > each % 3 else 0,
            "同意",
        )
        for each in range(count)
    )


MINUTES = variants(
    Minutes(
        title="石磊村村民代表会议民主评议会议记录",
        made_on=dt.date(2016, 11, 3),
        village="城关镇石磊村",
        held_at=HELD_AT,
        place="石磊村村委会会议室",
        chair="李永福",
        recorder="赵小平",
        expected=36,
        present=31,
        quorum="应到人数三分之二以上",
        quorate=True,
        guests="驻村工作队周文𬍛、镇包村干部孙建国",
        agenda="评议2016年度拟脱贫贫困户名单",
        proceedings=(
            "主持人宣布到会人数达到法定人数，会议有效，宣读贫困户退出标准和程序。",
            "驻村工作队介绍各户收入、住房、教育、医疗和饮水情况，代表逐户发言评议，举手表决。",
            "第二村民小组代表提出马来顺户饮水不稳定，会议决定该户本年度暂不列入。",
        ),
        votes=_votes(7),
        signatures=(Signature("主持人"), Signature("记录人"), Signature("监票人"), Signature("驻村工作队")),
    ),
    {"votes": _votes(48)},
    {"present": 20, "quorate": False, "guests": "", "votes": (), "proceedings": ("到会人数不足，会议改期。",)},
)
SIGN_IN = variants(
    SignIn(
        title="石磊村村民代表会议签到表",
        made_on=dt.date(2016, 11, 3),
        village="城关镇石磊村",
        held_at=HELD_AT,
        place="石磊村村委会会议室",
        expected=36,
        attendees=tuple(Attendee(name(each), ("村民代表", "党员", "村“两委”")[each % 3]) for each in range(31)),
    ),
    {"expected": 120},
    {"attendees": (), "expected": 20},
)
SAMPLES = {"minutes": MINUTES, "sign_in": SIGN_IN}
