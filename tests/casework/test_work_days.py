"""The work calendar as it is kept: what comes with Lika, what a place adds, which years are confirmed. 演示数据"""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.queries import actor_of
from lika.casework.actions import days as actions
from lika.casework.choices import DayMark, NoticeState
from lika.casework.models import CalendarYear, Notice, Posting, SpecialDay
from lika.casework.periods import Calendar, DayKind, period
from lika.casework.queries import days as reads
from lika.casework.queries.notices import clock_of
from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.areas import COUNTRY, EVERYWHERE
from lika.core.errors import PermissionRefused, UserError
from lika.core.ids import uuid7
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from tests import factories as make
from tests.casework import going
from tests.console.officials import official, signed_in

pytestmark = pytest.mark.django_db

OPERATOR = SystemActor("test", [Permission.WORKDAYS_KEEP], EVERYWHERE)
HOLIDAY = dt.date(2027, 3, 8)
SOURCE = "演示：县政府办通知〔2027〕1号"


@pytest.fixture
def keeper() -> SystemActor:
    make.make_division(make.VILLAGE)
    make.make_division(make.ELSEWHERE)
    return make.make_actor(make.COUNTY)


def give(by: SystemActor, division: str = make.COUNTY, **given: object) -> SpecialDay:
    values = {"day": HOLIDAY, "mark": DayMark.HOLIDAY, "note": "演示节", "source": SOURCE} | given
    return actions.set_day(by=by, division=division, **values)


def code_of(call, **given: object) -> str:
    with pytest.raises(UserError) as refused:
        call(**given)
    return refused.value.code


def test_the_published_years_are_entered_once() -> None:
    """2026 as the State Council arranged it; nothing is known of 2027."""
    assert actions.load_days(by=OPERATOR) == list(range(2004, 2027))
    assert actions.load_days(by=OPERATOR) == []
    make.make_division(make.VILLAGE)
    calendar = reads.calendar_of(make.VILLAGE)
    assert calendar.confirmed == frozenset(range(2004, 2027))
    october = {day.day: works for day, works in calendar.exceptions.items() if (day.year, day.month) == (2026, 10)}
    assert october == dict.fromkeys(range(1, 8), False) | {10: True}
    national = SpecialDay.objects.get(day=dt.date(2026, 10, 1))
    assert (national.note, national.division, "chinesecalendar 1." in national.source) == ("国庆节", None, True)
    assert AuditEntry.objects.filter(action="workdays.loaded").count() == 23


def test_a_year_that_was_touched_is_left_as_it_stands() -> None:
    CalendarYear.objects.create(year=2026, source=SOURCE)
    SpecialDay.objects.create(day=dt.date(2025, 1, 1), mark=DayMark.HOLIDAY, note="元旦", source=SOURCE)
    assert actions.load_days(by=OPERATOR) == list(range(2004, 2025))
    assert set(SpecialDay.objects.filter(day__year__gte=2025).values_list("day", flat=True)) == {dt.date(2025, 1, 1)}


def test_the_command_says_what_it_entered(capsys) -> None:
    call_command("workdays", "load")
    call_command("workdays", "load")
    assert capsys.readouterr().out.splitlines() == [
        "已登记2004年至2026年的工作日。", "无需处理：已公布的年度都在日历中。",
    ]  # fmt: skip


def test_the_lower_division_counts_before_the_upper_one(keeper) -> None:
    """三月三 is a holiday of a region; a county may work on it."""
    province = make.make_actor("620000000000")
    give(OPERATOR, COUNTRY, mark=DayMark.WORKDAY)
    give(province, "620000000000")
    give(keeper, day=HOLIDAY, mark=DayMark.WORKDAY, note="补班")
    marks = {
        place: reads.calendar_of(place).exceptions[HOLIDAY]
        for place in ("530000000000", "620000000000", make.ELSEWHERE, make.COUNTY, make.VILLAGE)
    }
    assert marks == {
        "530000000000": True, "620000000000": False, make.ELSEWHERE: False, make.COUNTY: True, make.VILLAGE: True,
    }  # fmt: skip
    assert [row.note for row in reads.year_of(make.VILLAGE, 2027).days] == ["补班"]


def test_a_day_is_changed_and_dropped_and_the_audit_tells_both(keeper) -> None:
    row = give(keeper)
    assert give(keeper, mark=DayMark.WORKDAY, note="改").pk == row.pk
    actions.drop_day(by=keeper, special_day=row.pk)
    assert reads.calendar_of(make.VILLAGE) == Calendar()
    first, second, third = AuditEntry.objects.filter(subject_kind="special_day").order_by("id")
    holiday = {"mark": "holiday", "note": "演示节", "source": SOURCE}
    worked = {"mark": "workday", "note": "改", "source": SOURCE}
    assert [audit.told(entry) for entry in (first, second, third)] == [
        (None, holiday),
        (holiday, worked),
        (worked, None),
    ]
    assert (first.county, first.label) == (621223, "2027-03-08")


def test_periods_end_once_the_year_is_confirmed_and_not_before(keeper) -> None:
    posted, moment = dt.date(2027, 3, 5), dt.datetime(2027, 4, 1, tzinfo=dt.UTC)

    def is_over(place: str) -> bool:
        return period(posted, 5, DayKind.WORKING, reads.calendar_of(place)).is_over(moment)

    assert not is_over(make.VILLAGE)
    row = actions.confirm_year(by=keeper, division=make.COUNTY, year=2027, source=SOURCE)
    assert (is_over(make.VILLAGE), is_over(make.ELSEWHERE)) == (True, False)
    actions.reopen_year(by=keeper, calendar_year=row.pk, reason="演示：通知有变")
    assert not is_over(make.VILLAGE)
    opened = AuditEntry.objects.get(action="workdays.year_reopened")
    assert (opened.reason, audit.told(opened)) == ("演示：通知有变", ({"source": SOURCE}, None))


def test_the_last_day_of_a_notice_that_hangs_comes_no_nearer() -> None:
    """Five working days from 28 September 2026, the national holidays between: until Saturday the 10th, worked."""
    actions.load_days(by=OPERATOR)
    at = going.place(1)
    notice = Notice.objects.create(
        batch=going.begun(at), stage="first_notice", kind="notice", round=1, days=5, day_kind="working",
        level="village", phone="0776-6212317", content="{}", sha256="", opened_by="test", opened_at=timezone.now(),
    )  # fmt: skip
    Posting.objects.create(
        notice=notice, place="village", division_id=going.VILLAGE, posted_on=dt.date(2026, 9, 28), posted_by="test",
        proof_id=uuid7(), entered_at=timezone.now(),
    )  # fmt: skip
    assert clock_of(notice).period.last_day == dt.date(2026, 10, 10)
    worked = {"by": at.county, "division": going.COUNTY, "day": dt.date(2026, 10, 1), "mark": DayMark.WORKDAY}
    assert code_of(give, **worked) == "CAS-154"
    give(**worked | {"day": dt.date(2026, 10, 12)})
    later = give(at.county, going.COUNTY, day=dt.date(2026, 10, 9))
    assert clock_of(notice).period.last_day == dt.date(2026, 10, 12)
    assert code_of(actions.drop_day, by=at.county, special_day=later.pk) == "CAS-154"
    assert SpecialDay.objects.filter(division=going.COUNTY).count() == 2
    year = CalendarYear.objects.get(division=None, year=2026)
    reopened = {"by": OPERATOR, "calendar_year": year.pk, "reason": "演示：通知有变"}
    assert code_of(actions.reopen_year, **reopened) == "CAS-154"
    assert CalendarYear.objects.filter(pk=year.pk).exists()
    Notice.objects.update(state=NoticeState.ENDED, ended_at=timezone.now())
    give(**worked)
    assert SpecialDay.objects.filter(division=going.COUNTY).count() == 3
    actions.reopen_year(**reopened)
    assert not CalendarYear.objects.filter(pk=year.pk).exists()


def test_who_may_not_keep_it(keeper) -> None:
    """A county keeps its own days: not its neighbour's, not its prefecture's, not the country's."""
    national = give(OPERATOR, COUNTRY)
    year = actions.confirm_year(by=OPERATOR, division=COUNTRY, year=2027, source=SOURCE)
    for place in ("621202000000", "621200000000", COUNTRY):
        assert code_of(give, by=keeper, division=place) == "ACC-002"
        assert code_of(actions.confirm_year, by=keeper, division=place, year=2027, source=SOURCE) == "ACC-002"
    assert code_of(actions.drop_day, by=keeper, special_day=national.pk) == "ACC-002"
    assert code_of(actions.reopen_year, by=keeper, calendar_year=year.pk, reason="演示") == "ACC-002"
    with pytest.raises(PermissionRefused):
        give(actor_of(official(Role.COUNTY)))
    assert code_of(actions.load_days, by=keeper) == "ACC-002"
    assert (SpecialDay.objects.count(), CalendarYear.objects.count()) == (1, 1)


@pytest.mark.parametrize("given", [{"note": " "}, {"source": ""}, {"note": "长" * 61}, {"source": "长" * 201}])
def test_a_day_names_its_holiday_and_its_document(keeper, given) -> None:
    assert (code_of(give, by=keeper, **given), SpecialDay.objects.count()) == ("CAS-001", 0)


def test_what_is_gone_is_said_to_be_gone(keeper) -> None:
    row = give(keeper)
    actions.drop_day(by=keeper, special_day=row.pk)
    assert code_of(actions.drop_day, by=keeper, special_day=row.pk) == "CAS-002"
    assert code_of(actions.reopen_year, by=keeper, calendar_year=row.pk, reason="演示") == "CAS-002"


@pytest.mark.parametrize(
    ("confirmed", "day", "asked"),
    [
        ([], "2026-12-01", None),  # no calendar is kept
        ([2026], "2026-10-31", None),
        ([2026], "2026-11-01", 2027),
        ([2026, 2027], "2026-12-31", None),
        ([2026], "2027-01-02", 2027),
    ],
)
def test_the_next_year_is_asked_for_in_time(confirmed, day, asked) -> None:
    make.make_division(make.COUNTY)
    CalendarYear.objects.bulk_create(CalendarYear(year=year, source=SOURCE) for year in confirmed)
    assert reads.year_to_confirm(make.COUNTY, dt.date.fromisoformat(day)) == asked


class TestPage:
    def test_an_administrator_enters_a_day_confirms_the_year_and_takes_both_back(self) -> None:
        client = signed_in(Role.ADMINISTRATOR)
        here = f"?division={make.COUNTY}&year=2027"
        page = client.get(f"/casework/workdays/{here}")
        assert page.context["shown"].confirmed is None
        form = {"day": "2027-03-08", "mark": "holiday", "note": "演示节", "source": SOURCE}
        assert client.post(f"/casework/workdays/set/{here}", form).status_code == 302
        assert client.post(f"/casework/workdays/confirm/{here}", {"source": SOURCE}).status_code == 302
        page = client.get(f"/casework/workdays/{here}")
        (line,) = page.context["lines"]
        assert (line["row"].day, line["own"], page.context["own_year"]) == (HOLIDAY, True, True)
        client.post(f"/casework/workdays/{line['row'].pk}/drop/{here}")
        client.post(f"/casework/workdays/years/{page.context['shown'].confirmed.pk}/reopen/{here}", {"source": "演示"})
        assert (SpecialDay.objects.count(), CalendarYear.objects.count()) == (0, 0)

    def test_what_is_refused_stands_at_its_field(self) -> None:
        client = signed_in(Role.ADMINISTRATOR)
        answer = client.post(
            "/casework/workdays/set/", {"day": "2027-03-08", "mark": "holiday", "note": "", "source": "x"}
        )
        assert (answer.status_code, list(answer.context["day_form"].errors)) == (422, ["note"])
        assert client.post("/casework/workdays/confirm/?year=2027", {"source": ""}).status_code == 422
        assert SpecialDay.objects.count() == 0

    def test_anyone_counts_a_period(self) -> None:
        actions.load_days(by=OPERATOR)
        client = signed_in(Role.VILLAGE)
        page = client.get("/casework/workdays/?posted_on=2026-09-30&days=3&kind=working")
        assert "2026年9月30日张贴，至2026年10月10日24时止" in page.content.decode()
        page = client.get("/casework/workdays/?posted_on=2026-12-30&days=2&kind=working")
        assert (page.context["counted"].confirmed, "待确认" in page.content.decode()) == (False, True)
        assert client.get("/casework/workdays/?posted_on=2026-12-30&days=0&kind=working").context["counted"] is None

    def test_days_in_a_row_are_one_line(self) -> None:
        actions.load_days(by=OPERATOR)
        lines = signed_in(Role.VILLAGE).get("/casework/workdays/?year=2026").context["lines"]
        autumn = [(line["row"].day.isoformat(), line["last"].isoformat(), line["row"].mark) for line in lines[-4:]]
        assert autumn == [
            ("2026-09-20", "2026-09-20", "workday"),
            ("2026-09-25", "2026-09-27", "holiday"),
            ("2026-10-01", "2026-10-07", "holiday"),
            ("2026-10-10", "2026-10-10", "workday"),
        ]

    def test_the_page_asks_as_many_queries_for_a_year_with_many_days(self) -> None:
        client = signed_in(Role.ADMINISTRATOR)
        client.get("/casework/workdays/?year=2026")
        with CaptureQueriesContext(connection) as few:
            client.get("/casework/workdays/?year=2026")
        actions.load_days(by=OPERATOR)
        with CaptureQueriesContext(connection) as many:
            client.get("/casework/workdays/?year=2026")
        assert len(many) == len(few)

    def test_who_keeps_it_is_told_at_home(self) -> None:
        client = signed_in(Role.ADMINISTRATOR)
        CalendarYear.objects.create(year=2020, source=SOURCE)
        (task,) = client.get("/").context["waiting"]
        assert (task.title, task.url) == ("2021年工作日历待确认", "/casework/workdays/?year=2021")
        assert "工作日历待确认" not in str(signed_in(Role.DEPARTMENT).get("/").context["waiting"])
