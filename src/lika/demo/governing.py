"""What the township of the tour keeps beside the register: who is answerable, what residents ask, a survey. 演示数据"""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.core.actors import Actor
from lika.demo import accounts
from lika.demo.tour_households import shown
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.names import place_name
from lika.governance.actions import duties, requests, surveys
from lika.governance.choices import Channel, Outcome, RequestKind, VisitResult
from lika.governance.models import DutyTerm, ServiceRequest, Survey

INVENTED = "演示·"  # how the names of all invented officials begin
TOWNSHIP = "621223100000"
VACANT = 2  # villages at the end of the list that have named nobody yet


def name_holders(*, by: Actor) -> None:
    """The holders of the duties in one township, for the year of the clock; two villages are vacant, one changed."""
    first = dt.date(timezone.localdate().year, 1, 1)
    if DutyTerm.objects.filter(year=first.year).exists():
        return
    duties.appoint_by_name(
        by=by, name=f"{INVENTED}副镇长", organisation="城关镇人民政府", duty_id="township_leader", division=TOWNSHIP,
        begins_on=first, reason="演示",
    )  # fmt: skip
    _known(by, Role.TOWNSHIP, "township_officer", TOWNSHIP, first)
    _known(by, Role.VILLAGE, "information_officer", accounts.TOUR_VILLAGE, first)
    for code, name in _villages():
        if code != accounts.TOUR_VILLAGE:
            _named(by, f"{name}信息员", "information_officer", code, first)
        _named(by, f"{name}文书", "village_keeper", code, first)
    _change_one(by, first)


def _villages() -> Iterator[tuple[str, str]]:
    listed = list(divisions.within(TOWNSHIP, Level.VILLAGE))
    yield from ((each.code, place_name(each.name)) for each in listed[:-VACANT])


def _known(by: Actor, role: Role, duty: str, division: str, first: dt.date) -> None:
    holder = Official.objects.get(user__username=accounts.username_of(role))
    duties.appoint_duty(by=by, official=holder.pk, duty_id=duty, division=division, begins_on=first, reason="演示")


def _named(by: Actor, who: str, duty: str, division: str, first: dt.date) -> None:
    duties.appoint_by_name(
        by=by, name=f"{INVENTED}{who}", organisation="", duty_id=duty, division=division, begins_on=first, reason="演示"
    )


def _change_one(by: Actor, first: dt.date) -> None:
    """One holder left on the first day; another followed."""
    term = DutyTerm.objects.filter(duty="village_keeper", year=first.year).earliest("division_id")
    duties.end_duty(by=by, term=term.pk, last_day=first, reason="演示：工作调动")
    village = place_name(term.division.name)
    _named(by, f"{village}新文书", "village_keeper", term.division_id, first + dt.timedelta(days=1))


# Kind, how it came in, words, days ago, days for the reply; how far it went: registered, assigned, replied, told.
_ASKED = (
    (RequestKind.CHANGE, Channel.WINDOW, "演示：家中新增一名婴儿，要求登记人口", 12, 7, 1),
    (RequestKind.HELP, Channel.TELEPHONE, "演示：屋顶漏雨，申请危房改造", 3, 10, 0),
    (RequestKind.POLICY, Channel.VISIT, "演示：咨询子女就学资助政策", 5, 7, 2),
    (RequestKind.COMPLAINT, Channel.LETTER, "演示：反映自来水经常停水", 20, 15, 3),
)


def receive_requests(*, by: Actor) -> None:
    """A few requests at the township's window, one of them late, one of each state; once."""
    if ServiceRequest.objects.exists():
        return
    today = timezone.localdate()
    window = Official.objects.get(user__username=accounts.username_of(Role.TOWNSHIP))
    village = Official.objects.get(user__username=accounts.username_of(Role.VILLAGE))
    for (kind, channel, words, ago, days, far), household in zip(_ASKED, shown(), strict=False):
        received = today - dt.timedelta(days=ago)
        asked = requests.Asked(
            kind=kind, channel=channel, applicant=household.name, text=words, received_on=received,
            received_by=window.name, phone="13800000000", household=household.number,
            due_on=received + dt.timedelta(days=days),
        )  # fmt: skip
        made = requests.register_request(by=by, township=TOWNSHIP, asked=asked)
        if far > 0:
            requests.assign_request(by=by, request=made.pk, to=village.pk, note="演示：请入户核实")
        if far > 1:
            requests.reply_request(by=by, request=made.pk, outcome=Outcome.EXPLAINED, reply="演示：已当面说明")
        if far > 2:
            requests.close_request(by=by, request=made.pk, told_on=today, told_by=Channel.VISIT)


def begin_survey(*, by: Actor) -> None:
    """A survey of the village of the tour: the township's and the village's official visit its households; once."""
    if Survey.objects.exists():
        return
    first, second = (
        Official.objects.get(user__username=accounts.username_of(role)) for role in (Role.VILLAGE, Role.TOWNSHIP)
    )
    survey = surveys.open_survey(by=by, village=accounts.TOUR_VILLAGE, purpose="演示：年度入户调查")
    numbers = [household.number for household in shown()]
    task = surveys.add_task(by=by, survey=survey.pk, first=first.pk, second=second.pk, numbers=numbers)
    results = (VisitResult.SURVEYED, VisitResult.SURVEYED, VisitResult.ABSENT)
    for visit, result in zip(task.visits.order_by("pk"), results, strict=False):
        surveys.mark_visit(
            by=by, visit=visit.pk, visited_on=timezone.localdate(), result=result,
            notes_given=result is VisitResult.SURVEYED,
        )  # fmt: skip
