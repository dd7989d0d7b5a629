"""The people one may enter the demonstration as: of each role at least one, and those whom cases need."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lika.accounts import actions
from lika.accounts.choices import Role, Sector
from lika.accounts.models import Official
from lika.console.demonstration import DemonstrationAccount, DemonstrationVisit
from lika.core.actors import Actor
from lika.policy.choices import Capacity

PASSWORD = "yanshi-lika-2016"  # noqa: S105 - shown on the sign-in page of every demonstration
SINCE = dt.date(2014, 1, 1)
TOUR_VILLAGE = "621223100215"
KUIXU_VILLAGE = "451081215201"
EXITING_VILLAGE, EXITING_TOWNSHIP = "621223110202", "621223110000"
ENTERED_FIRST = ("cunzhuangan", "xiangzhen", "xianban", "shengban", "disanfang")
EVALUATED_VILLAGES = ("621223100215", "621223100200")


@dataclass(frozen=True)
class DemoOfficial:
    """An invented official, the post they hold, and in which capacities they sign on cases of that place.

    Nobody does two of prepare, verify, review, approve on one case, so a place where cases go has more than one.
    """

    username: str
    name: str
    role: Role
    division: str
    post: str
    title: str | Promise
    place: str | Promise
    sector: Sector = Sector.NONE
    signs: tuple[Capacity, ...] = ()


OFFICIALS = (
    DemoOfficial(
        "cunzhuangan", "演示·村专干", Role.VILLAGE, TOUR_VILLAGE, "村专干",
        _("Village information officer"), _("Guan'e village"),
    ),
    DemoOfficial(
        "zhucundui", "演示·驻村工作队队长", Role.VILLAGE, TOUR_VILLAGE, "驻村工作队队长",
        _("Leader of the resident team, verifies"), _("Guan'e village"), signs=(Capacity.TEAM_LEADER,),
    ),
    DemoOfficial(  # 一肩挑: one person, two slots
        "cunshuji", "演示·村支书兼村主任", Role.VILLAGE, TOUR_VILLAGE, "村党支部书记、村委会主任",
        _("Village secretary and director, signs"), _("Guan'e village"),
        signs=(Capacity.VILLAGE_SECRETARY, Capacity.VILLAGE_DIRECTOR),
    ),
    DemoOfficial(
        "xiangzhen", "演示·扶贫站长", Role.TOWNSHIP, "621223100000", "乡镇扶贫工作站站长",
        _("Township station"), _("Chengguan town"), signs=(Capacity.STATION_HEAD,),
    ),
    DemoOfficial(
        "zhenzhang", "演示·镇长", Role.TOWNSHIP, "621223100000", "镇长",
        _("Township head, signs and decides"), _("Chengguan town"), signs=(Capacity.TOWNSHIP_HEAD,),
    ),
    DemoOfficial(
        "caoxiacun", "演示·曹下村专干", Role.VILLAGE, EXITING_VILLAGE, "村专干",
        _("Officer of a village that exits"), _("Caoxia village"),
    ),
    DemoOfficial(
        "lianghekou", "演示·两河口镇扶贫站长", Role.TOWNSHIP, EXITING_TOWNSHIP, "乡镇扶贫工作站站长",
        _("Township station of villages that exit"), _("Lianghekou town"), signs=(Capacity.STATION_HEAD,),
    ),
    DemoOfficial(
        "xianban", "演示·县扶贫办", Role.COUNTY, "621223000000", "县扶贫办主任",
        _("County office"), _("Dangchang county"), signs=(Capacity.OFFICE_DIRECTOR,),
    ),
    DemoOfficial(
        "xinxiyuan", "演示·县扶贫办信息员", Role.COUNTY, "621223000000", "县扶贫办信息员", _("County office, proposes"),
        _("Dangchang county"),
    ),
    DemoOfficial(
        "jiaoyuju", "演示·教育局", Role.DEPARTMENT, "621223000000", "县教育局", _("Education bureau"),
        _("Dangchang county"), Sector.EDUCATION,
    ),
    DemoOfficial(
        "shiban", "演示·市扶贫办", Role.PREFECTURE, "621200000000", "市扶贫办",
        _("Prefecture office"), _("Longnan city"),
    ),
    DemoOfficial(
        "shizhang", "演示·市长", Role.PREFECTURE, "621200000000", "市长",
        _("Mayor, signs"), _("Longnan city"), signs=(Capacity.MAYOR,),
    ),
    DemoOfficial(
        "shengban", "演示·省扶贫办", Role.PROVINCE, "620000000000", "省扶贫办",
        _("Province office"), _("Gansu"),
    ),
    DemoOfficial(
        "disanfang", "演示·第三方评估", Role.EVALUATOR, "621223000000", "第三方评估员", _("Third-party evaluator"),
        _("Two villages, by grant"),
    ),
    DemoOfficial("shenji", "演示·审计", Role.AUDITOR, "621223000000", "审计", _("Auditor"), _("Dangchang county")),
    DemoOfficial(
        "bangfu", "演示·帮扶责任人", Role.HELPER, "621223100000", "帮扶责任人",
        _("Helper"), _("Five households, by grant"),
    ),
    DemoOfficial(
        "guanliyuan", "演示·管理员", Role.ADMINISTRATOR, "621223000000", "系统管理员", _("Administrator"),
        _("Accounts and divisions"),
    ),
    DemoOfficial(
        "kuixu", "演示·魁圩乡扶贫干部", Role.TOWNSHIP, "451081215000", "乡扶贫专干",
        _("Township officer"), _("Kuixu township, Jingxi"),
    ),
    DemoOfficial(
        "jingxi", "演示·靖西扶贫办", Role.COUNTY, "451081000000", "县扶贫办主任",
        _("County office, reviews"), _("Jingxi county"),
    ),
    DemoOfficial(
        "jingxifu", "演示·靖西扶贫办副主任", Role.COUNTY, "451081000000", "县扶贫办副主任",
        _("County office, announces"), _("Jingxi county"),
    ),
    DemoOfficial(
        "kuixucun", "演示·魁圩村专干", Role.VILLAGE, KUIXU_VILLAGE, "村专干",
        _("Village information officer"), _("Kuixu village, Jingxi"), signs=(Capacity.VILLAGE_COMMITTEE,),
    ),
    DemoOfficial(
        "kuixudui", "演示·魁圩村工作队员", Role.VILLAGE, KUIXU_VILLAGE, "驻村工作队员",
        _("Resident team, verifies"), _("Kuixu village, Jingxi"), signs=(Capacity.RESIDENT_TEAM,),
    ),
)  # fmt: skip

VISITS = (DemonstrationVisit(_("Citizen"), _("The public page, without signing in"), "open:publications"),)


def username_of(role: Role) -> str:
    """The account that plays a role."""
    return next(official.username for official in OFFICIALS if official.role is role)


def to_offer() -> list[DemonstrationAccount]:
    """What the sign-in page shows."""
    return [
        DemonstrationAccount(
            official.username, PASSWORD, official.title, official.place, first=official.username in ENTERED_FIRST
        )
        for official in OFFICIALS
    ]


def make(*, by: Actor, provinces: Collection[str]) -> int:
    """Add the officials of some provinces (two digits) that are not there yet; returns how many."""
    present = set(Official.objects.filter(user__isnull=False).values_list("user__username", flat=True))
    missing = [
        official for official in OFFICIALS if official.username not in present and official.division[:2] in provinces
    ]
    for entry in missing:
        official = actions.add_official(
            by=by, name=entry.name, username=entry.username, password=PASSWORD, keep_password=True
        )
        actions.give_post(
            by=by, official=official, role=entry.role, division=entry.division, sector=entry.sector, title=entry.post,
            valid_from=SINCE,
        )  # fmt: skip
        if entry.role is Role.EVALUATOR:
            for village in EVALUATED_VILLAGES:
                actions.grant_village(
                    by=by, official=official, village=village, purpose="第三方评估", valid_from=SINCE, valid_to=None
                )
    return len(missing)
