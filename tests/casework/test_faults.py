"""Where things go wrong at once, each with its one right answer, on PostgreSQL with several connections. 演示数据"""

import datetime as dt
import shutil
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from django.db import OperationalError, connection, transaction

from lika.casework.actions import cases, effect, moving, rosters, signing
from lika.casework.actions.cases import Candidate
from lika.casework.choices import CampaignKind
from lika.casework.models import Batch, Campaign, Case, Signature, Step
from lika.casework.queries.cases import procedure_of
from lika.core.areas import EVERYWHERE
from lika.core.models import AuditEntry
from lika.policy import actions as policy
from lika.policy.choices import StageKind
from lika.policy.packs.library import Library
from lika.register.models import Household, StatusEvent
from tests import factories as make
from tests.at_once import at_once
from tests.casework.going import JINGXI, MET, VILLAGE, begun, campaign, in_public, place, standing_at
from tests.casework.signers import by_account, chain_of, sign

DAY = dt.date(2014, 12, 31)


def until_somebody_waits() -> None:
    """Come back when a connection waits for a lock that another holds."""
    waiting = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = %s"
    while True:
        with connection.cursor() as cursor:
            cursor.execute(waiting, [connection.settings_dict["NAME"]])
            if cursor.fetchone()[0]:
                return
        sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_the_second_finds_the_batch_elsewhere():
    at = place(2)
    batch = standing_at(begun(at), "township_review")

    def review(by) -> None:
        with transaction.atomic():
            standing = moving.take(by, batch.pk, StageKind.REVIEW)
            moving.passed(standing, action="case.test")

    colleague = make.make_actor("451081105000", name="colleague")
    assert at_once(lambda: review(at.township), lambda: review(colleague)) == ["CAS-032", "done"]
    assert list(Step.objects.filter(stage="township_review").values_list("result", flat=True)) == ["passed"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_announces_once():
    at = place(2)
    batch = in_public(standing_at(begun(at), "announcement"))

    def announce() -> None:
        effect.announce(by=at.county, batch=batch.pk, effective_on=DAY)

    assert at_once(announce, announce) == ["CAS-032", "done"]
    assert StatusEvent.objects.filter(to_status="10").count() == 2
    assert AuditEntry.objects.filter(action="batch.announced").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_an_announcement_leaves_nothing_half_done():
    at = place(2)
    batch = in_public(standing_at(begun(at), "announcement"))
    backend: list[int] = []
    written, killed = Event(), Event()
    died: list[type[Exception]] = []

    def worker() -> None:
        try:
            with transaction.atomic():
                effect.announce(by=at.county, batch=batch.pk, effective_on=DAY)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    backend.append(cursor.fetchone()[0])
                written.set()
                killed.wait()
        except OperationalError as error:
            died.append(type(error))
        finally:
            written.set()
            connection.close()

    thread = Thread(target=worker)
    thread.start()
    written.wait()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 60000)", backend)
    killed.set()
    thread.join()

    assert died == [OperationalError]
    batch.refresh_from_db()
    assert batch.stage == "announcement"
    assert set(Case.objects.values_list("stage", "decided_on")) == {("announcement", None)}
    assert set(Household.objects.values_list("poverty_status", flat=True)) == {"00"}
    assert not StatusEvent.objects.exists()
    assert not AuditEntry.objects.filter(action__in=("status.poverty", "batch.announced")).exists()
    effect.announce(by=at.county, batch=batch.pk, effective_on=DAY)
    assert set(Household.objects.values_list("poverty_status", flat=True)) == {"10"}


@pytest.mark.django_db(transaction=True)
def test_a_household_is_taken_in_by_one_of_two_campaigns():
    at = place(1)
    both: list[Campaign] = []
    for kind in (CampaignKind.IDENTIFICATION, CampaignKind.REMOVAL):
        opened = campaign(at, kind)
        cases.begin(by=at.county, campaign=opened.pk)
        both.append(Campaign.objects.get(pk=opened.pk))
    taken, ready = Event(), Event()
    candidate = Candidate(division=int(VILLAGE), household_id=at.households[0].id, persons=2, verdicts=MET)

    def first() -> None:
        with transaction.atomic():
            cases.take_in(by=at.county, campaign=both[0], candidates=[candidate])
            taken.set()
            ready.wait()

    def second() -> None:
        taken.wait()
        with transaction.atomic():
            cases.take_in(by=at.county, campaign=both[1], candidates=[candidate])

    def commits_when_the_second_waits() -> None:
        taken.wait()
        until_somebody_waits()
        ready.set()

    assert at_once(first, second, commits_when_the_second_waits) == ["CAS-138", "done", "done"]
    assert list(Case.objects.values_list("campaign", flat=True)) == [both[0].pk]
    with transaction.atomic():
        again = cases.take_in(by=at.county, campaign=both[1], candidates=[candidate])
    assert (list(again.cases), again.under_way) == ([], 1)


@pytest.mark.django_db
def test_a_version_activated_in_the_middle_holds_for_what_begins_later(tmp_path: Path):
    at = place(1)
    running = begun(at)
    folder = tmp_path / "packs" / JINGXI
    shutil.copytree(Library.shipped().folder(JINGXI), folder)
    replace(folder / "pack.yaml", 'version: "1"', 'version: "2"')
    replace(folder / "procedures" / "household.yaml", "days: 7", "days: 9")
    operator = make.make_actor()
    operator.area = EVERYWHERE
    newer = policy.load(by=operator, path=folder)
    policy.activate(by=operator, reference=newer.reference)

    later = campaign(at, year=2015, pack=newer.reference)
    cases.begin(by=at.county, campaign=later.pk)
    fresh = Batch.objects.get(campaign=later, number=int(VILLAGE))
    days = [procedure_of(each).stage("first_notice").days for each in (running, fresh)]
    assert (running.pack.rpartition("@")[2], fresh.pack.rpartition("@")[2], days) == ("1", "2", [7, 9])
    with transaction.atomic():
        standing = moving.take(at.village, running.pk)
        apart = moving.put_apart(standing, standing.open, standing.stage.id)
    assert (apart.pack, procedure_of(apart).stage("first_notice").days) == (running.pack, 7)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_one_slot_of_a_roster_at_once_the_second_finds_it_filled():
    chain = chain_of(2)
    for slot in range(4):
        sign(chain, slot)
    signing.pass_on(by=chain.offices["village"], batch=chain.batch.pk)
    for slot in range(3):
        sign(chain, slot)
    signing.pass_on(by=chain.offices["township"], batch=chain.batch.pk)
    county = chain.offices["county"]
    roster = rosters.draw_roster(by=county, campaign=chain.campaign.pk, division=make.COUNTY, stage="county_signatures")
    by = chain.signers["county_secretary"]
    given = by_account(by)

    def sign_it() -> None:
        rosters.sign_roster(by=by, roster=roster.pk, slot=0, given=given)

    assert at_once(sign_it, sign_it) == ["CAS-083", "done"]
    assert list(Signature.objects.filter(roster=roster).values_list("slot", "void_reason")) == [(0, "")]
    assert AuditEntry.objects.filter(action="roster.signed").count() == 1


def replace(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
