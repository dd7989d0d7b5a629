"""Public notices: what is fixed, where it hangs, what its clock runs from, and that nobody ends it early. 演示数据"""

import datetime as dt

import pytest
from django.utils import timezone

from lika.casework import notice_content
from lika.casework.actions import notices
from lika.casework.actions.moving import Outcome
from lika.casework.choices import CampaignKind, NoticeKind, NoticeState, PostingFault, StepResult
from lika.casework.models import Batch, Case, Notice, Posting
from lika.casework.notice_content import Line
from lika.casework.periods import Calendar, DayKind, Period, Stop, period, stopped_period
from lika.casework.queries import notices as reads
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.language import Said
from lika.divisions.models import Division
from lika.register.models import Document, Placement
from tests import factories as make
from tests.casework.going import SECOND, VILLAGE, Place, begun, place
from tests.casework.noticing import PHONE, age, brought, hung, named, over, pass_all, photograph, today

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def at() -> Place:
    return place(2)


@pytest.fixture
def batch(at: Place) -> Batch:
    return brought(begun(at), "first_notice")


def refused(call, **given) -> UserError:
    with pytest.raises(UserError) as caught:
        call(**given)
    return caught.value


def natural_village(number: int = 1, name: str = "演示屯") -> Division:
    return Division.objects.create(
        code=f"{VILLAGE}-{number:03d}", number=int(VILLAGE), level=6, name=name, parent_id=VILLAGE
    )


def test_a_notice_fixes_the_list_in_one_wording(at, batch):
    notice = notices.open_notice(by=at.village, batch=batch.pk, phone=f" {PHONE} ")
    assert (notice.kind, notice.round, notice.days, notice.day_kind, notice.level) == (
        "notice", 1, 7, "calendar", "village",
    )  # fmt: skip
    content = notice_content.read(notice.content)
    assert content.lines == tuple(Line(name, "", 2) for name in heads(at))
    assert content.result == Said("拟识别纳入", "to be taken in")
    assert (content.phone, content.village, content.demo) == (PHONE, VILLAGE, False)
    assert notice.sha256 == notice_content.sha256_of(notice_content.text_of(content))
    assert named(notice) == set(Case.objects.values_list("number", flat=True))


def heads(at: Place) -> list[str]:
    return [each.memberships.get(relation="01").person.name for each in at.households]


def test_places_go_down_to_the_natural_villages_of_the_listed(at, batch):
    Placement.objects.filter(household=at.households[0]).update(natural_village=natural_village())
    natural_village(2, "演示无人屯")
    notice = notices.open_notice(by=at.village, batch=batch.pk, phone=PHONE)
    rows = notice.postings.order_by("division").values_list("place", "division")
    assert list(rows) == [("village", VILLAGE), ("natural_village", f"{VILLAGE}-001")]
    assert [each.group for each in notice_content.read(notice.content).lines] == ["演示屯", ""]


def test_a_second_notice_of_the_same_list_is_refused(at, batch):
    notice = hung(at.village, batch)
    assert refused(notices.open_notice, by=at.village, batch=batch.pk, phone=PHONE).code == "CAS-090"
    notices.take_down(by=at.village, notice=notice.pk, reason="演示：名单有误")
    again = notices.open_notice(by=at.village, batch=batch.pk, phone=PHONE)
    assert list(Notice.objects.values_list("state", flat=True)) == [NoticeState.VOID, NoticeState.HANGING]
    assert again.postings.get().posted_on is None


def test_an_office_telephone_is_needed(at, batch):
    for phone in ("", "王某某", "1", "0776-6212317-0776-6212317"):
        assert refused(notices.open_notice, by=at.village, batch=batch.pk, phone=phone).code == "CAS-091"


def test_the_stage_before_has_no_notice(at):
    batch = begun(at)
    assert refused(notices.open_notice, by=at.village, batch=batch.pk, phone=PHONE).code == "CAS-032"


def test_the_clock_runs_from_the_latest_place(at, batch):
    Placement.objects.filter(household=at.households[0]).update(natural_village=natural_village())
    notice = notices.open_notice(by=at.village, batch=batch.pk, phone=PHONE)
    age(notice, 3)
    group, board = notice.postings.order_by("place")
    notices.post(
        by=at.village, posting=board.pk, posted_on=today() - 2 * DAY, proof=photograph(), late_reason="演示：无网络"
    )
    notice.refresh_from_db()
    waiting = reads.clock_of(notice)
    assert (waiting.period, [each.pk for each in waiting.waiting]) == (None, [group.pk])
    notices.post(by=at.village, posting=group.pk, posted_on=today(), proof=photograph())
    assert reads.clock_of(notice).period == Period(today(), today() + 7 * DAY, confirmed=True)


def test_a_posting_has_proof_that_the_register_keeps(at, batch):
    notice = hung(at.village, batch)
    row = notice.postings.get()
    kept = Document.objects.get(pk=row.proof_id)
    assert (kept.kind, kept.owner_id, row.posted_by) == ("12", batch.pk, "system:village")
    empty = notices.report_fault(
        by=at.village, posting=row.pk, fault=PostingFault.TORN, fault_on=today(), reason="演示：被雨淋坏"
    )
    without = refused(notices.post, by=at.village, posting=empty.pk, posted_on=today(), proof=b"")
    assert without.code == "DOC-001"


def test_the_day_of_posting_is_between_the_list_and_today(at, batch):
    notice = notices.open_notice(by=at.village, batch=batch.pk, phone=PHONE)
    age(notice, 2)
    given = {"by": at.village, "posting": notice.postings.get().pk, "proof": photograph()}
    for offset, reason, code in ((1, "", "CAS-093"), (-3, "演示", "CAS-093"), (-1, "", "CAS-034")):
        day = today() + offset * DAY
        assert refused(notices.post, posted_on=day, late_reason=reason, **given).code == code


def test_a_place_is_posted_once(at, batch):
    row = hung(at.village, batch).postings.get()
    again = refused(notices.post, by=at.village, posting=row.pk, posted_on=today(), proof=photograph())
    assert again.code == "CAS-094"


def test_the_village_enters_what_it_posted_for_the_township_and_no_other_village_does(at, batch):
    over(at.village, batch)
    brought(batch, "second_notice")
    notice = notices.open_notice(by=at.township, batch=batch.pk, phone=PHONE)
    assert (notice.round, notice.level) == (2, "township")
    row = notice.postings.get()
    with pytest.raises(NotFound) as unseen:
        notices.post(by=make.make_actor(SECOND, name="other"), posting=row.pk, posted_on=today(), proof=photograph())
    assert unseen.value.code == "CAS-095"
    looks = make.make_actor(VILLAGE, permissions=["casework.view"], name="looks")
    with pytest.raises(PermissionRefused):
        notices.post(by=looks, posting=row.pk, posted_on=today(), proof=photograph())
    assert notices.post(by=at.village, posting=row.pk, posted_on=today(), proof=photograph()).posted_by.endswith(
        "village"
    )


def test_nobody_ends_it_before_its_last_day_is_over(at, batch):
    """Whoever asks, by whatever action: the guard is asked by every way to go on."""
    notice = hung(at.village, batch)
    age(notice, 7)
    assert refused(notices.end_notice, by=at.village, batch=batch.pk).code == "CAS-099"
    assert refused(pass_all, by=at.county, batch=batch).code == "CAS-099"
    age(notice, 1)
    notices.end_notice(by=at.village, batch=batch.pk)
    batch.refresh_from_db()
    notice.refresh_from_db()
    assert (batch.stage, notice.state) == ("township_review", NoticeState.ENDED)


def test_without_a_notice_or_a_posting_nobody_goes_on(at, batch):
    assert refused(pass_all, by=at.village, batch=batch).code == "CAS-097"
    notice = notices.open_notice(by=at.village, batch=batch.pk, phone=PHONE)
    age(notice, 30)
    assert refused(notices.end_notice, by=at.village, batch=batch.pk).code == "CAS-097"


def test_a_faulty_posting_begins_the_period_anew_with_the_same_list(at, batch):
    fault = PostingFault.INTERRUPTED
    notice = hung(at.village, batch)
    age(notice, 8)
    row = notice.postings.get()
    anew = notices.report_fault(
        by=at.village, posting=row.pk, fault=fault, fault_on=today() - 4 * DAY, reason="演示：被撕"
    )
    assert refused(notices.end_notice, by=at.village, batch=batch.pk).code == "CAS-097"
    notices.post(by=at.village, posting=anew.pk, posted_on=today(), proof=photograph())
    assert refused(notices.end_notice, by=at.village, batch=batch.pk).code == "CAS-099"
    rows = Posting.objects.order_by("id").values_list("fault", "fault_reason")
    assert list(rows) == [(fault, "演示：被撕"), ("", "")]
    assert (Notice.objects.count(), reads.clock_of(notice).posted_on) == (1, today())


def test_a_fault_has_a_reason_and_a_day_on_which_it_hung(at, batch):
    row = hung(at.village, batch).postings.get()
    given = {"by": at.village, "posting": row.pk, "fault": PostingFault.TORN}
    assert refused(notices.report_fault, fault_on=today(), reason=" ", **given).code == "CAS-034"
    assert refused(notices.report_fault, fault_on=today() - DAY, reason="演示", **given).code == "CAS-093"
    given["fault"] = PostingFault.NONE
    assert refused(notices.report_fault, fault_on=today(), reason="演示", **given).code == "CAS-094"


def test_working_days_that_reach_into_an_unconfirmed_year_end_never(at, batch):
    """No calendar is kept here: the year is 待确认 however long the notice hung."""
    notice = hung(at.village, batch)
    Notice.objects.update(day_kind="working")
    age(notice, 60)
    assert refused(notices.end_notice, by=at.village, batch=batch.pk).code == "CAS-098"


def test_a_machine_whose_clock_was_set_ends_nothing(at, batch, monkeypatch):
    """The database says what time it is; where this machine differs, nothing begins and nothing ends."""
    notice = hung(at.village, batch)
    real = timezone.now
    for shift in (30 * DAY, -30 * DAY):
        with monkeypatch.context() as machine:
            machine.setattr(timezone, "now", lambda: real() + shift)  # noqa: B023 - asked within the loop
            assert refused(notices.end_notice, by=at.village, batch=batch.pk).code == "CAS-092"
    age(notice, 8)
    notices.end_notice(by=at.village, batch=batch.pk)


def test_what_was_written_in_the_future_stops_everything_until_the_clock_is_right(at, batch):
    """Both clocks were ahead when it was posted and are right again: what is stored tells it."""
    notice = hung(at.village, batch)
    age(notice, -10)
    assert refused(notices.end_notice, by=at.village, batch=batch.pk).code == "CAS-092"


def test_at_its_end_one_may_be_sent_back_and_the_others_pass(at, batch):
    notice = hung(at.village, batch)
    age(notice, 8)
    first, second = batch.cases.order_by("number")
    back = {first.pk: Outcome(StepResult.RETURNED, "verification", "演示：人口不符")}
    notices.end_notice(by=at.village, batch=batch.pk, outcomes=back)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, second.stage) == ("verification", "township_review")
    brought(first.batch, "first_notice")
    assert refused(notices.end_notice, by=at.village, batch=first.batch_id).code == "CAS-097"  # the earlier is spent
    over(at.village, first.batch)
    first.refresh_from_db()
    assert first.stage == "township_review"


def test_an_announcement_is_posted_like_a_notice_and_has_no_period(at, batch):
    brought(batch, "announcement")
    notice = notices.open_notice(by=at.county, batch=batch.pk, phone=PHONE)
    content = notice_content.read(notice.content)
    assert (notice.kind, notice.days, content.result.zh) == (NoticeKind.ANNOUNCEMENT, None, "识别纳入")
    notices.post(by=at.village, posting=notice.postings.get().pk, posted_on=today(), proof=photograph())
    clock = reads.clock_of(notice)
    assert (clock.posted_on, clock.period) == (today(), None)


def test_a_household_that_moved_away_is_not_named(at, batch):
    Placement.objects.filter(household=at.households[0]).update(village=int(SECOND), division=SECOND)
    type(at.households[0]).objects.filter(pk=at.households[0].pk).update(village=int(SECOND))
    own = make.make_actor(VILLAGE, name="own")
    assert refused(notices.open_notice, by=own, batch=batch.pk, phone=PHONE).code == "CAS-109"


def test_exit_has_the_words_of_exit():
    at = place(1, status="10")
    batch = brought(begun(at, CampaignKind.REDUCTION), "first_notice")
    notice = notices.open_notice(by=at.village, batch=batch.pk, phone=PHONE)
    assert notice_content.read(notice.content).result == Said("拟退出", "to exit")


# The clock of one household that objections stopped: pure.

MONDAY = dt.date(2016, 11, 7)
SURE = Calendar(confirmed=frozenset({2016}))


def on(day: int) -> dt.date:
    return dt.date(2016, 11, day)


@pytest.mark.parametrize(
    ("stops", "last"),
    [
        ([], on(14)),
        ([Stop(on(10), on(15))], on(20)),  # 8, 9 counted; five are left after the 15th
        ([Stop(on(8), on(9))], on(16)),  # nothing counted yet: all seven after the 9th
        ([Stop(on(14), on(20))], on(21)),  # one day is left
        ([Stop(on(15), on(20))], on(14)),  # came when it was over
        ([Stop(on(10), on(15)), Stop(on(12), on(18))], on(23)),  # two at once
        ([Stop(on(10), on(12)), Stop(on(14), on(16))], on(20)),  # one after the other: 8, 9, 13 counted, four left
        ([Stop(on(1), on(5))], on(14)),  # answered before it hung
    ],
)
def test_a_stopped_clock_goes_on_with_the_days_that_were_left(stops, last):
    found = stopped_period(MONDAY, 7, DayKind.CALENDAR, SURE, stops)
    assert found is not None
    assert (found.last_day, found.confirmed) == (last, True)


def test_a_clock_that_stands_still_has_no_end():
    assert stopped_period(MONDAY, 7, DayKind.CALENDAR, SURE, [Stop(on(10), None)]) is None


def test_working_days_are_counted_as_worked_and_an_unconfirmed_year_stays_unconfirmed():
    found = stopped_period(MONDAY, 5, DayKind.WORKING, SURE, [Stop(on(10), on(11))])
    assert found == Period(on(11), on(16), confirmed=True)  # 8, 9 counted; 14, 15, 16 left
    unsure = stopped_period(MONDAY, 5, DayKind.WORKING, Calendar(), [Stop(on(10), on(11))])
    assert unsure is not None
    assert not unsure.confirmed


@pytest.mark.parametrize("kind", list(DayKind))
def test_without_a_stop_it_is_the_period(kind):
    assert stopped_period(MONDAY, 7, kind, SURE, []) == period(MONDAY, 7, kind, SURE)
