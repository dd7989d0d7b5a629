"""What offices write: samples. 演示数据"""

import datetime as dt

from lika.casework.papers.decisions import Approval, Approved, CaseLine, NameList, Objected, Opinion, Reviewed
from lika.casework.papers.shared import Signature
from tests.casework.papers import people
from tests.casework.papers.people import BASIS, group, name, variants


def _cases(count: int) -> tuple[CaseLine, ...]:
    return tuple(
        CaseLine(name(each), f"石磊村{group(each)}", 1 + each % 6, "拟脱贫", people.digest(each))
        for each in range(count)
    )


NAME_LIST = variants(
    NameList(
        title="城关镇2016年度拟脱贫贫困户名册",
        made_on=dt.date(2016, 11, 18),
        unit="城关镇人民政府",
        note="石磊村等2个村",
        cases=_cases(12),
        digest=people.digest(0),
        levels=(people.TOWNSHIP_THREE,),
    ),
    {"cases": _cases(80), "levels": (people.COUNTY_FOUR, people.CITY_TWO)},
    {"cases": _cases(1), "levels": ()},
)
OPINION = variants(
    Opinion(
        title="城关镇人民政府关于石磊等村拟脱贫名单的审核意见",
        made_on=dt.date(2016, 11, 18),
        number="城政发〔2016〕31号",
        addressee="宕昌县扶贫开发办公室",
        basis=BASIS,
        matter="石磊等2个村上报的2016年度拟脱贫名单",
        reviewed=(Reviewed("石磊村", 24, 22, 1, 1), Reviewed("坡头村", 13, 13, 0, 0)),
        objected=(
            Objected("马来顺", "石磊村", "退回", "饮水安全没有检测报告，退回村级核实"),
            Objected("何永福", "石磊村", "剔除", "公示期内有异议，经查实购有营运车辆收入未计入"),
        ),
        opinion=(
            "镇政府抽查5户，随机走访群众12人，名单产生程序符合规定，收入核算基本准确。",
            "同意将审核通过的35户上报复审。",
        ),
        issuer="城关镇人民政府",
    ),
    {"reviewed": tuple(Reviewed(f"第{each}村", 20, 18, 1, 1) for each in range(1, 25))},
    {
        "number": "",
        "objected": (),
        "reviewed": (Reviewed("石磊村", 24, 24, 0, 0),),
        "opinion": ("同意上报。",),
        "signatures": (Signature("审核人"), Signature("负责人")),
    },
)
APPROVAL = variants(
    Approval(
        title="宕昌县扶贫开发领导小组关于城关镇2016年度贫困户脱贫退出的批复",
        made_on=dt.date(2016, 12, 18),
        number="宕扶领发〔2016〕8号",
        addressee="城关镇人民政府",
        request="你镇《关于审定2016年度拟脱贫名单的请示》（城政发〔2016〕31号）",
        decision=(
            "同意你镇石磊等2个村35户142人退出贫困户序列，名单附后。",
            "请按程序组织公告，做好信息系统标注和档案整理，继续落实帮扶政策，防止返贫。",
        ),
        approved=(Approved("石磊村", 22, 91), Approved("坡头村", 13, 51)),
        attached=("城关镇2016年度脱贫退出贫困户名册",),
        issuer="宕昌县扶贫开发领导小组",
        copies="市扶贫开发办公室，县统计局。",
    ),
    {
        "approved": tuple(Approved(f"第{each}村", each, each * 4) for each in range(1, 31)),
        "attached": ("脱贫退出贫困户名册", "指标核查汇总表"),
    },
    {"number": "", "approved": (), "attached": (), "copies": "", "decision": ("同意。",)},
)
SAMPLES = {"name_list": NAME_LIST, "opinion": OPINION, "approval": APPROVAL}
