"""Forms about one household: samples. 演示数据"""

import dataclasses
import datetime as dt

from lika.casework.papers.households import (
    Application,
    Consent,
    IncomeLine,
    Member,
    SignatureSheet,
    SurveyForm,
    VerificationForm,
)
from lika.casework.papers.shared import Signature
from tests.casework.papers import people
from tests.casework.papers.people import (
    BASIS,
    DAY,
    FINDINGS,
    HOUSEHOLD,
    SURVEYORS,
    money,
    name,
    variants,
)

APPLICATION = variants(
    Application(
        title="贫困户申请书",
        made_on=dt.date(2014, 5, 12),
        household=HOUSEHOLD,
        addressee="石磊村村民委员会",
        asked="因家庭困难，现自愿申请纳入建档立卡贫困户。",
        reasons=(
            "家中主要劳动力2013年患病，不能外出务工，医疗费用支出较大；两个孩子在校读书。",
            "全家收入主要依靠3亩旱地，2013年人均纯收入不足2,736元，住房为土木结构，年久失修。",
        ),
        family=(
            Member("王满仓", "户主"),
            Member("陈桂兰", "配偶"),
            Member("王㛃", "之女", "在校"),
            Member("王小平", "之子", "在校"),
            Member("张秀英", "之母"),
        ),
    ),
    {
        "title": "脱贫申请书",
        "asked": "经过帮扶，家庭收入稳定，现自愿申请脱贫退出。",
        "reasons": tuple(
            f"（{each}）参加合作社种植中药材，家中一人在县内务工，收入稳定，子女均在校就读，全家参加医疗保险。"
            for each in "一二三四五六七八九"
        ),
        "family": tuple(Member(name(each), "之子") for each in range(9)),
    },
    {"reasons": (), "family": ()},
)
SURVEY_FORM = variants(
    SurveyForm(
        title="贫困户入户调查表",
        made_on=DAY,
        household=HOUSEHOLD,
        surveyed_on=DAY,
        year=2016,
        income=tuple(
            IncomeLine(account, money(amount))
            for account, amount in (
                ("工资性收入", "12000"),
                ("生产经营性收入", "6450"),
                ("财产性收入", "800"),
                ("低保金", "0"),
                ("养老保险金", "1176"),
                ("生态补偿金", "360"),
                ("其他转移性收入", "500"),
                ("生产经营性支出", "-3724"),
            )
        ),
        total=money("17562"),
        per_head=money("3512.40"),
        findings=FINDINGS,
        opinion="各项条件基本具备，饮水安全待水质检测报告出具后确认。",
        signatures=SURVEYORS,
    ),
    {"findings": FINDINGS * 4},
    {
        "surveyed_on": None,
        "income": (),
        "total": None,
        "per_head": None,
        "opinion": "",
        "findings": tuple(dataclasses.replace(each, found="", evidence="", met=None) for each in FINDINGS),
        "signatures": tuple(Signature(each.capacity) for each in SURVEYORS),
    },
)
VERIFICATION_FORM = variants(
    VerificationForm(
        title="贫困户入户核实表",
        made_on=DAY,
        household=HOUSEHOLD,
        verified_on=DAY,
        findings=FINDINGS,
        position="北纬34.0342°，东经104.3912°（CGCS2000，示意）",
        photographs="影像11—16",
        conclusion="经村“两委”和驻村工作队核实，除饮水安全待检测外，其余各项与登记一致。",
        signatures=SURVEYORS,
    ),
    {"findings": FINDINGS * 4},
    {
        "verified_on": None,
        "position": "",
        "photographs": "",
        "conclusion": "",
        "signatures": tuple(Signature(each.capacity) for each in SURVEYORS),
    },
)
CONSENT = variants(
    Consent(
        title="贫困户脱贫认可书",
        made_on=DAY,
        household=HOUSEHOLD,
        matter="已达到贫困户退出标准，同意脱贫退出",
        basis=BASIS,
        year=2016,
        per_head=money("3512.40"),
        findings=FINDINGS,
        answer="agreed",
        remark="",
        signatures=(
            Signature("户主（签字或手印）", "王满仓", DAY, "手印"),
            Signature("帮扶责任人", "周文𬍛", DAY, "手写签名"),
            Signature("见证人", "李永福", DAY, "手写签名"),
            Signature("联系电话（户主自填）"),
        ),
    ),
    {"findings": FINDINGS * 3, "answer": "refused", "remark": "饮水困难没有解决，不同意脱贫。" * 4},
    {
        "per_head": None,
        "findings": (),
        "answer": "",
        "signatures": (Signature("户主（签字或手印）"), Signature("见证人")),
    },
)
SIGNATURE_SHEET = variants(
    SignatureSheet(
        title="贫困户退出审批表",
        made_on=dt.date(2016, 11, 18),
        household=HOUSEHOLD,
        identified_in="2014年",
        causes="因病、因学",
        per_head=money("3512.40"),
        findings=FINDINGS[:6],
        result="经验收，该户达到贫困户退出标准，同意退出。",
        levels=(people.VILLAGE_FOUR, people.TOWNSHIP_THREE, people.COUNTY_FOUR, people.CITY_TWO),
    ),
    {"findings": FINDINGS * 4},
    {"findings": (), "per_head": None, "causes": "", "result": "", "levels": (people.VILLAGE_FOUR,)},
)
SAMPLES = {
    "application": APPLICATION,
    "survey_form": SURVEY_FORM,
    "verification_form": VERIFICATION_FORM,
    "consent": CONSENT,
    "signature_sheet": SIGNATURE_SHEET,
}
