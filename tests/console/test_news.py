"""What changed since a reader's last visit: when a visit ends, what is told, and the list behind each number.

演示数据
"""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lika.accounts.choices import GrantKind, Role
from lika.accounts.models import Grant, Post
from lika.accounts.queries import actor_of
from lika.collection.models import ImportBatch
from lika.console.models import Visit
from lika.console.visits import visit
from lika.core.ids import first_uuid7
from lika.policy.packs.resolved import ResolvedPack
from lika.register.choices import Axis
from lika.register.models import Household, HouseholdYear, StatusEvent
from lika.snapshots import actions
from lika.snapshots.models import Screening
from tests import factories as make
from tests.console.officials import official, signed_in

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
Told = list[tuple[str, int | None]]


@pytest.fixture
def before() -> dict[str, Household]:
    """What every reader has seen: two villages of the county and one of another, recorded days ago."""
    made = {
        "poor": make.make_household(number="A1"),
        "other": make.make_household(make.OTHER_VILLAGE, number="A2"),
        "elsewhere": make.make_household(make.ELSEWHERE, number="B1"),
    }
    days_ago = timezone.now() - dt.timedelta(days=3)
    Household.objects.update(recorded_at=days_ago)
    StatusEvent.objects.update(recorded_at=days_ago)
    return made


def was_here(client: Client, ago: dt.timedelta = HOUR) -> dt.datetime:
    """Let the reader's last visit have ended some time ago."""
    moment = timezone.now() - ago
    client.get("/")
    Visit.objects.update(seen_at=moment, left_at=None)
    # What the reader holds was theirs then.
    for model in (Post, Grant):
        for number, each in enumerate(model.objects.all()):
            model.objects.filter(pk=each.pk).update(id=UUID(int=first_uuid7(moment - HOUR).int + number))
    return moment


def told(client: Client, **asked: str) -> Told:
    response = client.get("/", asked)
    assert response.status_code == 200
    return [(change.title, change.count) for change in response.context["changes"]]


def listed(client: Client, title: str, **asked: str) -> list[str]:
    change = next(each for each in client.get("/", asked).context["changes"] if each.title == title)
    page = client.get(change.url)
    assert (page.status_code, page.context["list"].total, page.context["named"].title) == (200, change.count, title)
    return [line.number for line in page.context["lines"]]


class TestVisit:
    def test_the_first_one_has_nothing_to_compare_with(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.COUNTY)
        page = client.get("/")
        assert (page.context["since"], page.context["changes"]) == (None, [])
        assert "这是您第一次打开首页" in page.content.decode()

    def test_it_lasts_until_the_reader_stayed_away(self) -> None:
        who = actor_of(official(Role.COUNTY))
        assert visit(by=who) is None
        assert visit(by=who) is None
        left = timezone.now() - dt.timedelta(minutes=31)
        Visit.objects.update(seen_at=left)
        assert [visit(by=who), visit(by=who)] == [left, left]
        Visit.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=29))
        assert visit(by=who) == left

    def test_each_reader_has_their_own(self) -> None:
        one, other = (actor_of(official(Role.COUNTY)) for _number in range(2))
        visit(by=one)
        Visit.objects.update(seen_at=timezone.now() - HOUR)
        assert (visit(by=other), visit(by=one) is None) == (None, False)
        assert Visit.objects.count() == 2

    def test_nothing_changed_is_said(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.COUNTY)
        was_here(client)
        page = client.get("/")
        assert page.context["changes"] == []
        assert "没有变化" in page.content.decode()

    def test_administrators_see_no_households_and_no_changes_of_them(self, before: dict[str, Household]) -> None:
        assert "changes" not in signed_in(Role.ADMINISTRATOR).get("/").context


class TestHouseholds:
    def test_status_and_new_ones_in_sight_alone(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.VILLAGE)
        was_here(client)
        make.make_status(before["poor"], Axis.POVERTY, "30", on=dt.date(2016, 1, 1), before="20")
        make.make_status(before["other"], Axis.POVERTY, "40", on=dt.date(2016, 1, 1), before="30")
        make.make_household(number="A3", poverty="30")  # it entered as exited: no change of what was known
        make.make_household(make.OTHER_VILLAGE, number="A4", poverty="00")
        assert told(client) == [("新录入农户", 1), ("脱贫属性变为已脱贫", 1)]
        assert (listed(client, "新录入农户"), listed(client, "脱贫属性变为已脱贫")) == (["A3"], ["A1"])

    def test_a_division_below_is_told_by_itself(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.COUNTY)
        was_here(client)
        make.make_household(number="A3", poverty="00")
        make.make_household(make.OTHER_VILLAGE, number="A4", poverty="00")
        make.make_household(make.ELSEWHERE, number="B2", poverty="00")
        assert (told(client), told(client, division=make.OTHER_VILLAGE)) == ([("新录入农户", 2)], [("新录入农户", 1)])
        assert listed(client, "新录入农户", division=make.OTHER_VILLAGE) == ["A4"]

    def test_what_was_recorded_before_is_not_told_again(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.COUNTY)
        was_here(client)
        event = make.make_status(before["poor"], Axis.POVERTY, "30", on=timezone.localdate(), before="20")
        StatusEvent.objects.filter(pk=event.pk).update(recorded_at=timezone.now() - 2 * HOUR)
        assert told(client) == []

    def test_the_class_of_monitoring_is_not_told(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.PREFECTURE)
        was_here(client)
        make.make_status(before["poor"], Axis.MONITORING, "1", on=timezone.localdate(), before="0")
        assert told(client) == []

    @pytest.mark.parametrize(
        "asked",
        [
            {"changed": "nonsense", "since": "2016-01-01T00:00:00+00:00"},
            {"changed": "new"},
            {"changed": "new", "since": "yesterday"},
            {"changed": "new", "since": "2016-01-01T00:00:00"},
            {"changed": "status", "to": "77", "since": "2016-01-01T00:00:00+00:00"},
            {"changed": "verdict", "to": "met", "was": "met", "since": "2016-01-01T00:00:00+00:00"},
        ],
    )
    def test_a_list_that_there_is_not_is_refused(self, before: dict[str, Household], asked: dict[str, str]) -> None:
        response = signed_in(Role.COUNTY).get("/households/", asked)
        assert response.status_code == 404
        assert "CON-004" in response.content.decode()


class TestPostsAndGrants:
    def test_what_was_granted_since_and_what_ran_out(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.HELPER, households=[before["poor"]])
        was_here(client, dt.timedelta(days=2))
        helper = Post.objects.get().official
        today = timezone.localdate()
        Grant.objects.update(valid_to=today - dt.timedelta(days=1))
        Grant.objects.create(
            official=helper, kind=GrantKind.HOUSEHOLD, household_id=before["other"].id, village=make.OTHER_VILLAGE,
            purpose="帮扶", valid_from=today,
        )  # fmt: skip
        assert told(client) == [("新授权给您的农户", 1), ("1项授权已到期", None)]
        assert listed(client, "新授权给您的农户") == ["A2"]

    def test_a_village_granted_and_a_post_given(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.EVALUATOR, villages=[make.VILLAGE])
        was_here(client)
        holder = Post.objects.get().official
        Post.objects.create(
            official=holder, role=Role.VILLAGE, division_id=make.OTHER_VILLAGE, valid_from=timezone.localdate()
        )
        Grant.objects.create(
            official=holder, kind=GrantKind.VILLAGE, village=int(make.ELSEWHERE), purpose="评估",
            valid_from=timezone.localdate(),
        )  # fmt: skip
        assert told(client) == [("新任岗位：村级工作人员，坡头村", None), ("新授权给您：演示村", None)]

    def test_those_of_others_are_theirs(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.COUNTY)
        was_here(client)
        official(Role.HELPER, households=[before["poor"]])
        assert told(client) == []


class TestWork:
    def test_own_imports_that_ended(self, before: dict[str, Household]) -> None:
        client = signed_in(Role.TOWNSHIP)
        was_here(client)
        who = actor_of(client.get("/").wsgi_request.user)
        now = timezone.now()
        for number, (name, day) in enumerate(
            [(who.name, now), (who.name, now - 2 * HOUR), ("somebody-else", now), (who.name, None)]
        ):
            ImportBatch.objects.create(
                file_name=f"演示{number}.xlsx", file_bytes=1, by_name=name, official_id=who.official_id,
                started_at=now - 3 * HOUR, finished_at=day, state="published" if day else "running",
            )  # fmt: skip
        assert told(client) == [("导入：演示0.xlsx · 已导入", None)]


@pytest.mark.django_db(transaction=True)
class TestScreened:
    @pytest.fixture
    def turned(self, screened: Screening, pack: ResolvedPack, actor: object) -> Client:
        """A county reader who was here after the first screening; a second one judges two households otherwise."""
        client = signed_in(Role.COUNTY)
        client.get("/")
        moment = timezone.now() - dt.timedelta(minutes=31)
        Visit.objects.update(seen_at=moment)
        for model in (Household, StatusEvent):
            model.objects.update(recorded_at=moment - HOUR)
        Post.objects.update(id=first_uuid7(moment - HOUR))
        Screening.objects.update(started_at=moment - HOUR, finished_at=moment - HOUR)
        HouseholdYear.objects.filter(wage=Decimal("9000.00")).update(safe_water=False)  # met -> not met
        HouseholdYear.objects.filter(wage=Decimal("2736.10")).update(wage=Decimal(9999), safe_water=True)  # the reverse
        later = actions.take(by=actor, at=make.AT, division=make.COUNTY)
        actions.screen(by=actor, snapshot=later.pk, pack=pack)
        return client

    def test_verdicts_that_turned_and_the_screening(self, turned: Client) -> None:
        assert told(turned) == [
            ("退出：符合 → 不符合", 1),
            ("退出：不符合 → 符合", 1),
            ("按《测试退出标准》筛查，标准时点2016年12月31日", None),
        ]
        met = Household.objects.get(years__wage=Decimal(9999))
        assert listed(turned, "退出：不符合 → 符合") == [met.number]

    def test_the_other_village_is_told_of_none(self, turned: Client) -> None:
        assert told(turned, division=make.OTHER_VILLAGE)[:-1] == []

    def test_whoever_sees_no_verdict_is_told_of_none(self, turned: Client) -> None:
        client = signed_in(Role.EVALUATOR, villages=[make.VILLAGE])
        was_here(client)
        assert told(client) == []

    def test_the_first_screening_turns_nothing(self, screened: Screening) -> None:
        client = signed_in(Role.TOWNSHIP)
        was_here(client)
        titles = [title for title, _count in told(client)]
        assert [title for title in titles if "→" in title] == []
        assert "按《测试退出标准》筛查，标准时点2016年12月31日" in titles


class TestQueries:
    def count(self, client: Client) -> int:
        client.get("/")  # what is read once per process
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    @pytest.mark.parametrize(("role", "most"), [(Role.COUNTY, 42), (Role.VILLAGE, 30), (Role.PROVINCE, 27)])
    def test_they_do_not_grow_with_the_changes(self, before: dict[str, Household], role: Role, most: int) -> None:
        client = signed_in(role)
        was_here(client)
        make.make_household(number="C0")
        few = self.count(client)
        for number in range(1, 6):
            make.make_household(number=f"C{number}", poverty="30")
        assert self.count(client) == few <= most
