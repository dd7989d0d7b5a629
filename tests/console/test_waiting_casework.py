"""What waits in casework on the home page: signatures, objections, notices, the Inbox, newer screenings. 演示数据"""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.casework.actions import notices, objections, rosters, signing
from lika.casework.models import Batch, Case, Deadline, Objection, ObjectionStep, Signatory
from lika.casework.queries import desk
from lika.casework.queries.listing import going_on
from lika.core.areas import range_of
from lika.disclosure import actions, receiving
from lika.snapshots.models import CurrentScreening, Screening, Snapshot
from lika.snapshots.queries import screenings
from tests import factories as make
from tests.casework.going import COUNTY, SECOND, TOWNSHIP, VILLAGE, Place, begun, place
from tests.casework.noticing import PHONE, age, brought, hung, objected, photograph, today
from tests.casework.signers import by_account, chain_of, sign
from tests.console.officials import official, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def at() -> Place:
    return place(2)


@pytest.fixture
def batch(at: Place) -> Batch:
    return brought(begun(at), "first_notice")


def tasks(client: Client, icon: str) -> list[tuple[str, str]]:
    return [(task.title, task.url) for task in client.get("/").context["waiting"] if task.icon == icon]


class TestNotices:
    def test_one_to_post_is_told_to_who_posts_it_until_it_hangs(self, at, batch):
        village = signed_in(Role.VILLAGE, VILLAGE)
        assert tasks(village, "speakerphone") == []
        notice = notices.open_notice(by=at.village, batch=batch.pk, phone=PHONE)
        here = f"/casework/batches/{batch.pk}/notices/"
        assert tasks(village, "speakerphone") == [("有1份公示待张贴", here)]
        for other in (signed_in(Role.VILLAGE, SECOND), signed_in(Role.AUDITOR, COUNTY)):
            assert tasks(other, "speakerphone") == []
        (row,) = notice.postings.all()
        notices.post(by=at.village, posting=row.pk, posted_on=today(), proof=photograph())
        assert tasks(village, "speakerphone") == []

    @pytest.mark.parametrize(("days", "told"), [(7, False), (8, True)])
    def test_one_whose_period_is_over_waits_to_be_ended(self, at, batch, days, told):
        age(hung(at.village, batch), days)
        village = signed_in(Role.VILLAGE, VILLAGE)
        expected = [("有1份公示期满", f"/casework/batches/{batch.pk}/notices/")] if told else []
        assert tasks(village, "hourglass") == expected
        assert tasks(signed_in(Role.COUNTY, COUNTY), "hourglass") == []
        if told:
            notices.end_notice(by=at.village, batch=batch.pk)
            assert tasks(village, "hourglass") == []


class TestObjections:
    @pytest.fixture
    def row(self, at, batch) -> Objection:
        hung(at.village, batch)
        return objected(at.village, batch.cases.order_by("number")[0])

    def show(self, part: str) -> str:
        return f"/casework/objections/?show={part}"

    def test_each_is_told_to_whose_turn_it_is(self, at, row):
        finds = official(Role.TOWNSHIP, TOWNSHIP)
        one, county = Client(headers={"accept-language": "zh-hans"}), signed_in(Role.COUNTY, COUNTY)
        one.force_login(finds)
        confirm = [("有1件异议待告知收到或交办", self.show("confirm"))]
        assert (tasks(county, "message-circle"), tasks(signed_in(Role.AUDITOR, COUNTY), "message-circle")) == (
            confirm, [],
        )  # fmt: skip
        objections.acknowledge(by=at.township, objection=row.pk)
        assert tasks(county, "message-circle") == confirm
        objections.assign(by=at.township, objection=row.pk, to=finds.official.pk)
        own = [("有1件异议由您调查", self.show("own"))]
        assert (tasks(county, "message-circle"), tasks(one, "message-circle")) == ([], own)
        by = make.make_actor(TOWNSHIP, name=finds.username)
        by.official_id = finds.official.pk
        objections.investigate(by=by, objection=row.pk, finding="演示", evidence=photograph())
        objections.answer(by=by, objection=row.pk, text="演示")
        ObjectionStep.objects.filter(by_name=by.name).update(by_name=finds.username)  # an account has no prefix
        decide = [("有1件异议待作出结论", self.show("decide"))]
        village = signed_in(Role.VILLAGE, VILLAGE)
        assert [tasks(each, "message-circle") for each in (county, one, village)] == [decide, [], []]
        (line,) = county.get(self.show("decide")).context["lines"]
        assert line["objection"] == row
        assert one.get(self.show("decide")).context["lines"] == []
        objections.dismiss(by=at.county, objection=row.pk, reason="演示")
        assert tasks(county, "message-circle") == []

    def test_whom_it_blames_is_told_nothing(self, row):
        county = signed_in(Role.COUNTY, COUNTY)
        Objection.objects.update(against=Official.objects.latest("pk"))
        assert tasks(county, "message-circle") == []

    @pytest.mark.parametrize(("days", "words"), [(-1, "逾期1件"), (3, "须在")])
    def test_the_deadline_of_the_stage_is_told_and_what_is_late_counted(self, batch, row, days, words):
        due = today() + dt.timedelta(days=days)
        Deadline.objects.create(campaign=batch.campaign, stage="first_notice", due_on=due)
        found = signed_in(Role.COUNTY, COUNTY).get("/").context["waiting"]
        (told,) = [task.explanation for task in found if task.icon == "message-circle"]
        assert words in told
        (line,) = signed_in(Role.COUNTY, COUNTY).get("/casework/objections/").context["lines"]
        assert line["days"] == days


class TestSignatures:
    def test_a_batch_is_told_to_whose_slot_is_open(self):
        chain = chain_of()
        secretary, director = (signed_in(Role.VILLAGE, make.VILLAGE) for _each in range(2))
        for client, capacity in ((secretary, "village_secretary"), (director, "village_director")):
            holder = Official.objects.get(user__username=client.get("/").context["request"].user.username)
            Signatory.objects.filter(capacity=capacity).update(official=holder)
            chain.signers[capacity].official_id = holder.pk
        here = [("有1个批次待您签字", f"/casework/batches/{chain.batch.pk}/")]
        assert (tasks(secretary, "signature"), tasks(director, "signature")) == (here, [])
        sign(chain, 0)
        assert (tasks(secretary, "signature"), tasks(director, "signature")) == ([], here)

    def test_a_roster_is_told_to_whose_slot_is_open(self):
        chain = chain_of()
        for stage, slots in (("village", 4), ("township", 3)):
            for slot in range(slots):
                sign(chain, slot)
            signing.pass_on(by=chain.offices[stage], batch=chain.batch.pk)
        roster = rosters.draw_roster(
            by=chain.offices["county"], campaign=chain.campaign.pk, division=make.COUNTY, stage="county_signatures"
        )
        secretary = signed_in(Role.COUNTY, make.COUNTY)
        holder = Official.objects.get(user__username=secretary.get("/").context["request"].user.username)
        held = Signatory.objects.filter(capacity="county_secretary")
        held.update(official=holder)
        assert tasks(secretary, "signature") == [("有1份名册待您签字", f"/casework/rosters/{roster.pk}/")]
        by = chain.signers["county_secretary"]
        by.official_id = holder.pk
        rosters.sign_roster(by=by, roster=roster.pk, slot=0, given=by_account(by))
        assert tasks(secretary, "signature") == []


class TestScreenings:
    def pinned(self, batch: Batch, day: dt.date, division: str = COUNTY) -> Screening:
        """A screening of a snapshot of a day, current in the county."""
        low, high = range_of(division)
        snapshot = Snapshot.objects.create(
            id=f"{day}-{division}", at=day, data_year=day.year, period_from=day, period_to=day, division=low, last=high,
            states=[], folder="-", manifest_sha256="0" * 64, households=0, persons=0, taken_by="system:test",
        )  # fmt: skip
        made = Screening.objects.create(
            snapshot=snapshot, pack_id="demo", pack_version="1", pack_sha256="0" * 64, digest="0" * 64,
            run_by="system:test", started_at=snapshot.taken_at, finished_at=snapshot.taken_at,
        )  # fmt: skip
        CurrentScreening.objects.update_or_create(
            pack_id="demo", unit_kind="household", county=451081, defaults={"screening": made}
        )
        return made

    def test_batches_on_an_older_screening_are_told_to_who_acts_there(self, batch):
        old = self.pinned(batch, dt.date(2013, 12, 31))
        Case.objects.update(screening=old)
        village = signed_in(Role.VILLAGE, VILLAGE)
        assert (tasks(village, "refresh"), screenings.outdated()) == ([], [])
        self.pinned(batch, dt.date(2014, 6, 30), "451000000000")
        assert screenings.outdated() == [old.pk]
        assert tasks(village, "refresh") == [("有1个批次依据的筛查不是最新", f"/casework/batches/{batch.pk}/")]
        assert tasks(signed_in(Role.COUNTY, COUNTY), "refresh") == []


class TestInbox:
    def test_what_was_sent_is_told_to_the_offices_of_the_village(self, at, batch):
        receiving.TURNS = receiving.Turns()
        notice = hung(at.village, batch)
        actions.open_notice_page(by=at.village, notice=notice.pk)
        receiving.send(page=notice.pk, address="演示", text="演示：该户有商品房")
        told = [("有1条网上来信待受理", "/disclosure/inbox/")]
        for role, where, expected in (
            (Role.VILLAGE, VILLAGE, told), (Role.TOWNSHIP, TOWNSHIP, told), (Role.VILLAGE, SECOND, []),
            (Role.PREFECTURE, "451000000000", []),
        ):  # fmt: skip
            assert tasks(signed_in(role, where), "inbox") == expected


def test_the_queries_do_not_grow_with_what_waits(at, batch):
    hung(at.village, batch)
    village = signed_in(Role.VILLAGE, VILLAGE)

    def count() -> int:
        village.get("/")
        with CaptureQueriesContext(connection) as captured:
            village.get("/")
        return len(captured)

    one, two = batch.cases.order_by("number")
    objected(at.village, one)
    few = count()
    objected(at.village, two)
    objected(at.village, two, "演示：又一条")
    assert count() == few


def test_nothing_is_asked_where_nothing_is_under_way():
    looks = make.make_actor(COUNTY)
    going = going_on(looks)
    with CaptureQueriesContext(connection) as captured:
        found = (
            desk.signatures_open(looks, going), desk.objections_waiting(looks, going),
            desk.notices_to_hang(looks, going).count, desk.notices_over(looks, going).count,
            desk.batches_outdated(looks, going).count,
        )  # fmt: skip
    assert (found, len(captured)) == ((None, None, 0, 0, 0), 0)
