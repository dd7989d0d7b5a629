"""Duties of the year: who is named, what is refused, what is vacant. 演示数据"""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lika.accounts.choices import Role
from lika.accounts.models import Official, Post
from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.governance.actions import duties as actions
from lika.governance.choices import Holding
from lika.governance.duties import duties
from lika.governance.models import DutyTerm
from lika.governance.queries import duties as reads
from tests import factories as make

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year
FIRST, MIDDLE = dt.date(YEAR, 1, 1), dt.date(YEAR, 6, 30)


@pytest.fixture
def township() -> SystemActor:
    """The township's station, and nothing beyond the township."""
    for village in (make.VILLAGE, make.OTHER_VILLAGE):
        make.make_division(village)
    return make.make_actor(make.TOWNSHIP)


def posted(name: str, *, ended: dt.date | None = None, village: str = make.VILLAGE) -> Official:
    holder = Official.objects.create(name=name)
    Post.objects.create(
        official=holder, role=Role.VILLAGE, division=make.make_division(village), valid_from=dt.date(2014, 1, 1),
        valid_to=ended,
    )  # fmt: skip
    return holder


def appoint(by: SystemActor, holder: Official, begins_on: dt.date = FIRST, village: str = make.VILLAGE) -> DutyTerm:
    return actions.appoint_duty(
        by=by, official=holder.pk, duty_id="information_officer", division=village, begins_on=begins_on
    )


def standing(by: SystemActor, division: str = make.TOWNSHIP) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (line.division.code, line.duty.id): (line.holding.value, line.term.official.name if line.term else "")
        for line in reads.lines(by, division, YEAR)
    }


def test_the_table_asks_what_the_documents_ask() -> None:
    """One information officer and one lasting person a village, one leader and one officer a township, with clause."""
    assert [(each.id, each.level, each.holders, each.clause_ref) for each in duties()] == [
        ("township_leader", 4, 1, "003 §七(一)"),
        ("township_officer", 4, 1, "003 §七(一)"),
        ("information_officer", 5, 1, "000/1-1 §四(二)1"),
        ("village_keeper", 5, 1, "003 §七(一)"),
    ]
    assert all(each.clause_text and each.work_zh and each.work_en for each in duties())


def test_every_village_and_township_names_its_holders_each_year(township) -> None:
    assert reads.vacancies(township, YEAR) == 6
    appoint(township, posted("演示甲"))
    actions.appoint_by_name(
        by=township, name="演示·分管领导", organisation="演示镇政府", duty_id="township_leader", division=make.TOWNSHIP,
        begins_on=FIRST,
    )  # fmt: skip
    vacant = (Holding.VACANT.value, "")
    assert standing(township) == {
        (make.TOWNSHIP, "township_leader"): ("held", "演示·分管领导"),
        (make.TOWNSHIP, "township_officer"): vacant,
        (make.VILLAGE, "information_officer"): ("held", "演示甲"),
        (make.VILLAGE, "village_keeper"): vacant,
        (make.OTHER_VILLAGE, "information_officer"): vacant,
        (make.OTHER_VILLAGE, "village_keeper"): vacant,
    }
    assert reads.vacancies(township, YEAR) == 4
    assert reads.vacancies(township, YEAR + 1) == 6  # a year's names are the year's


def test_an_upper_level_counts_by_division(township) -> None:
    appoint(township, posted("演示甲"))
    make.make_division("621223101201")
    county = make.make_actor(make.COUNTY)
    counted = reads.counts(county, divisions.get(make.COUNTY), YEAR)
    assert [(each.division.code, each.asked, each.held, each.vacant) for each in counted] == [
        (make.TOWNSHIP, 6, 1, 5),
        ("621223101000", 4, 0, 4),
    ]


def test_two_holders_at_once_are_refused(township) -> None:
    first = appoint(township, posted("演示甲"))
    with pytest.raises(UserError) as refused:
        appoint(township, posted("演示乙"), MIDDLE)
    assert refused.value.code == "GOV-002"
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyTerm.objects.create(
            duty=first.duty, division=first.division, year=YEAR, official=posted("演示丙"), begins_on=MIDDLE
        )
    actions.end_duty(by=township, term=first.pk, last_day=MIDDLE, reason="工作调动")
    with pytest.raises(UserError) as overlapping:
        appoint(township, posted("演示丁"), MIDDLE)
    assert overlapping.value.code == "GOV-004"
    appoint(township, posted("演示戊"), MIDDLE + dt.timedelta(days=1))
    assert DutyTerm.objects.count() == 2


def test_what_ended_stays_on_record_and_leaves_a_vacancy(township) -> None:
    term = appoint(township, posted("演示甲"))
    actions.end_duty(by=township, term=term.pk, last_day=FIRST, reason="工作调动")
    line = next(each for each in reads.lines(township, make.VILLAGE, YEAR) if each.duty.id == term.duty)
    assert (line.holding, line.term, [past.official.name for past in line.ended]) == (
        Holding.VACANT, None, ["演示甲"],
    )  # fmt: skip
    told = AuditEntry.objects.get(action="duty.ended")
    assert (told.reason, told.label, audit.told(told)) == (
        "工作调动", f"information_officer {make.VILLAGE}", (None, {"to": FIRST.isoformat()}),
    )  # fmt: skip


def test_whose_posts_have_all_ended_fills_no_duty(township) -> None:
    holder = posted("演示甲")
    appoint(township, holder)
    assert standing(township)[make.VILLAGE, "information_officer"] == ("held", "演示甲")
    Post.objects.filter(official=holder).update(valid_to=timezone.localdate() - dt.timedelta(days=1))
    assert standing(township)[make.VILLAGE, "information_officer"] == ("post_ended", "演示甲")
    assert reads.vacancies(township, YEAR) == 6


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"duty_id": "township_leader"}, "GOV-001"),
        ({"duty_id": "nothing"}, "GOV-001"),
        ({"official": None}, "GOV-003"),
        ({"division": "621223101201"}, "ACC-002"),
    ],
)
def test_what_is_refused(township, given, code) -> None:
    make.make_division("621223101201")
    asked = {
        "official": posted("演示甲").pk, "duty_id": "information_officer", "division": make.VILLAGE, "begins_on": FIRST
    } | given  # fmt: skip
    if "official" in given:
        asked["official"] = "00000000-0000-7000-8000-000000000000"
    with pytest.raises(UserError) as refused:
        actions.appoint_duty(by=township, **asked)
    assert (refused.value.code, DutyTerm.objects.count()) == (code, 0)


@pytest.mark.parametrize(
    ("last_day", "reason", "code"), [(dt.date(YEAR - 1, 12, 31), "工作调动", "GOV-006"), (MIDDLE, " ", "GOV-007")]
)
def test_a_term_ends_within_itself_and_with_a_reason(township, last_day, reason, code) -> None:
    term = appoint(township, posted("演示甲"))
    with pytest.raises(UserError) as refused:
        actions.end_duty(by=township, term=term.pk, last_day=last_day, reason=reason)
    term.refresh_from_db()
    assert (refused.value.code, term.ended_on) == (code, None)


def test_only_who_may_appoint_there_does(township) -> None:
    term = appoint(township, posted("演示甲"))
    reader = make.make_actor(make.COUNTY, permissions=[Permission.DUTIES_VIEW])
    neighbour = make.make_actor("621223101000")
    with pytest.raises(PermissionRefused):
        appoint(reader, posted("演示乙"), village=make.OTHER_VILLAGE)
    with pytest.raises(PermissionRefused):
        actions.end_duty(by=neighbour, term=term.pk, last_day=MIDDLE, reason="工作调动")
    with pytest.raises(PermissionRefused):
        reads.lines(neighbour, make.VILLAGE, YEAR)
    with pytest.raises(NotFound):
        actions.end_duty(by=township, term=posted("演示丙").pk, last_day=MIDDLE, reason="工作调动")


def test_the_holders_of_last_year_are_carried_over_once(township) -> None:
    last = dt.date(YEAR - 1, 3, 1)
    appoint(township, posted("演示甲"), last)
    appoint(
        township, posted("演示乙", ended=dt.date(YEAR - 1, 5, 1), village=make.OTHER_VILLAGE), last, make.OTHER_VILLAGE
    )
    assert reads.lasting_last_year(township, make.TOWNSHIP, YEAR) == 1
    carried = actions.carry_over(by=township, division=make.TOWNSHIP, year=YEAR)
    assert [(term.official.name, term.begins_on, term.year) for term in carried] == [("演示甲", FIRST, YEAR)]
    assert actions.carry_over(by=township, division=make.TOWNSHIP, year=YEAR) == []
    assert reads.lasting_last_year(township, make.TOWNSHIP, YEAR) == 0
