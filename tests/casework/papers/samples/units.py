"""Papers on villages and counties: samples. 演示数据"""

import datetime as dt

from lika.casework.papers.shared import Finding, Signature
from lika.casework.papers.units import EvaluationReport, IndicatorSheet, Sampled, SelfEvaluation
from tests.casework.papers.people import (
    BASIS,
    DAY,
    FINDINGS,
    variants,
)

INDICATOR_SHEET = variants(
    IndicatorSheet(
        title="贫困村退出指标核查表",
        made_on=DAY,
        unit="城关镇石磊村",
        basis=BASIS,
        time_point=dt.date(2016, 10, 31),
        findings=(
            Finding("贫困发生率", "3%以下", "2.61%（23人／881人）", "建档立卡数据", True),
            Finding("道路", "建制村通硬化路", "已通", "交通部门认定", True),
            Finding("安全饮水", "自来水普及率达到标准", "待检测", "", None),
            Finding("村集体经济", "有收入来源", "无", "村级报表", False),
        ),
        conclusion="四项指标中两项达标、一项不达标、一项待核实，暂不具备退出条件。",
        signatures=(Signature("核查人", "赵小平", DAY, "账号签署"), Signature("核查人", "周文𬍛", DAY, "账号签署")),
    ),
    {"findings": FINDINGS * 5},
    {"conclusion": "", "signatures": (Signature("核查人"), Signature("核查人"))},
)
SELF_EVALUATION = variants(
    SelfEvaluation(
        title="石磊村贫困村退出自评报告",
        made_on=DAY,
        addressee="城关镇人民政府",
        basis=BASIS,
        overview=(
            "石磊村辖6个村民小组，237户881人，2014年识别建档立卡贫困户74户302人。",
            "截至2016年10月末，未脱贫6户23人，贫困发生率2.61%。",
        ),
        findings=FINDINGS[:5],
        conclusion="对照标准，我村自评达到贫困村退出条件，申请核查。",
        issuer="石磊村村民委员会",
    ),
    {"findings": FINDINGS * 3, "overview": ("基本情况一段。" * 40, "基本情况又一段。" * 30)},
    {"overview": (), "findings": FINDINGS[:1]},
)
EVALUATION_REPORT = variants(
    EvaluationReport(
        title="宕昌县2016年贫困退出第三方评估报告",
        made_on=dt.date(2016, 12, 10),
        unit="宕昌县",
        commissioned_by="陇南市扶贫开发领导小组",
        evaluator="演示大学扶贫评估中心",
        period="2016年12月1日至12月8日",
        method=("采取分层抽样、入户访谈和资料核查相结合的方法，访谈时村、镇干部回避。",),
        sampled=(Sampled("石磊村", 30, 0, 1, 0), Sampled("坡头村", 25, 1, 0, 0)),
        findings=("石磊村1户疑似错评，已反馈县扶贫办举证。", "坡头村1户疑似漏评，正在核实。"),
        conclusion="抽查55户，疑似错评1户、漏评1户，未发现错退；待核实后出具最终意见。",
    ),
    {"sampled": tuple(Sampled(f"第{each}村", 30, 0, each % 2, 0) for each in range(1, 31))},
    {"sampled": (), "findings": ()},
)
SAMPLES = {
    "indicator_sheet": INDICATOR_SHEET,
    "self_evaluation": SELF_EVALUATION,
    "evaluation_report": EVALUATION_REPORT,
}
