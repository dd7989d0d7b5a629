"""The people one may enter the demonstration as: one of each role, and two of the second place."""

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

PASSWORD = "yanshi-lika-2016"  # noqa: S105 - shown on the sign-in page of every demonstration
SINCE = dt.date(2014, 1, 1)
TOUR_VILLAGE = "621223100215"
ENTERED_FIRST = ("cunzhuangan", "xiangzhen", "xianban", "shengban", "disanfang")
EVALUATED_VILLAGES = ("621223100215", "621223100200")


@dataclass(frozen=True)
class DemoOfficial:
    """An invented official and the post they hold."""

    username: str
    name: str
    role: Role
    division: str
    post: str
    title: str | Promise
    place: str | Promise
    sector: Sector = Sector.NONE


OFFICIALS = (
    DemoOfficial(
        "cunzhuangan", "演示·村专干", Role.VILLAGE, TOUR_VILLAGE, "村专干",
        _("Village information officer"), _("Guan'e village"),
    ),
    DemoOfficial(
        "xiangzhen", "演示·扶贫站长", Role.TOWNSHIP, "621223100000", "乡镇扶贫工作站站长",
        _("Township station"), _("Chengguan town"),
    ),
    DemoOfficial(
        "xianban", "演示·县扶贫办", Role.COUNTY, "621223000000", "县扶贫办主任",
        _("County office"), _("Dangchang county"),
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
        _("County office"), _("Jingxi county"),
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
