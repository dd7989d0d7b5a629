"""A small county with its villages, a screening and an official of every role: made once for a module of journeys.

A journey adds (an import, an official, a look at a number) and takes nothing away, so that the next one finds what it
needs. 演示数据
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from lika.accounts.choices import Role
from lika.accounts.models import Post, User
from lika.accounts.queries import actor_of
from lika.core import sealing
from lika.core.sealing import state as sealing_state
from lika.disclosure import actions as disclosure
from lika.disclosure.choices import Kind
from lika.divisions.models import Division
from lika.register.models import Household
from lika.snapshots import actions
from lika.snapshots.models import Screening
from tests import factories as make
from tests.conftest import point_processes
from tests.console.officials import official
from tests.reports.conftest import write_pack
from tests.reports.test_figures import REPORTS

PASSWORD = "yanshi-mima-2016"
DRY = "62122310000077"  # the household that every journey looks at: no safe water
POSITIONS = {make.VILLAGE: ("104.39", "34.04"), make.OTHER_VILLAGE: ("104.45", "34.10")}


@dataclass(frozen=True)
class Place:
    """Where the site is served, and what the journeys look at."""

    url: str
    household: UUID
    screening: UUID
    official: UUID
    publication: UUID

    def sign_in(self, page: Page, role: Role) -> None:
        """As an official of the role, by name and password."""
        page.goto(self.url)
        page.get_by_label("用户名").fill(role)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.locator("#menu")).to_be_attached()


@pytest.fixture(scope="module")
def served_place(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The county, served; the database is emptied afterwards."""
    folder = tmp_path_factory.mktemp("place")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        point_processes(patch, folder)
        patch.setattr(sealing_state, "SEALED_WITHIN", dt.timedelta(hours=4))  # nobody seals while the journeys run
        dry = make_households()
        screening = screen(folder)
        keeper = make_officials(dry)
        sealing.seal(by=make.make_actor(make.COUNTY))
        server = LiveServer("localhost")
        yield Place(server.url, dry.id, screening.pk, keeper, make_public(screening))
        server.stop()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def place(served_place: Place, db: None) -> Place:
    """The same, for a test that itself leaves nothing behind in the database."""
    return served_place


def make_households() -> Household:
    """Five households in two villages, of which two cannot be judged; the dry one."""
    make.make_county_year(rural_registered_population=60)
    for village, (longitude, latitude) in POSITIONS.items():
        make.make_village_year(village, rural_registered_population=30)
        where = {"longitude": Decimal(longitude), "latitude": Decimal(latitude), "position_invented": True}
        Division.objects.filter(code=village).update(**where)
    dry = make.make_household(number=DRY, head="石演示", members=2, phone="13900000001", attribute="01")
    for year, wage in ((2014, 7000), (2015, 8000), (2016, 9000)):
        make.make_household_year(
            dry, year, wage=Decimal(wage), safe_water=False, main_cause="01", other_cause_1="03", housing_grade="C",
            batch_industry=True, batch_ecology=True,
        )  # fmt: skip
    rich = make.make_household(head="石富裕", members=3, attribute="02", poverty="30")
    make.make_household_year(
        rich, wage=Decimal(30000), safe_water=True, main_cause="03", batch_industry=True, batch_ecology=False
    )
    silent = make.make_household(head="石未知", attribute="01")
    make.make_household_year(silent, wage=None)
    for village, name in ((make.OTHER_VILLAGE, "坡演示"), (make.OTHER_VILLAGE, "坡未知")):
        other = make.make_household(village, head=name, members=2, attribute="02")
        known = {"safe_water": True, "main_cause": "01", "batch_industry": False, "batch_ecology": True}
        make.make_household_year(other, wage=Decimal(6000), **(known if name == "坡演示" else {}))
    return dry


def screen(folder: Path) -> Screening:
    """A snapshot of the county, screened by a pack that is active."""
    by = make.make_actor(make.COUNTY)
    taken = actions.take(by=by, at=make.AT, division=make.COUNTY)
    return actions.screen(by=by, snapshot=taken.pk, pack=write_pack(folder, all=REPORTS))


def make_officials(granted: Household) -> UUID:
    """One of every role, who signs in by its name; the helper's household and the evaluator's village are granted.

    The village officer's post is about to end, and the department's second account was never used. Returns the id of
    the village officer.
    """
    grants = {Role.HELPER: {"households": [granted]}, Role.EVALUATOR: {"villages": [make.VILLAGE]}}
    for role in Role:
        user = official(role, **grants.get(role, {}))
        user.username = role.value
        user.set_password(PASSWORD)
        user.save(update_fields=["username", "password"])
    never = official(Role.DEPARTMENT)
    never.must_change_password, never.password_expires_at = True, timezone.now()
    never.save(update_fields=["must_change_password", "password_expires_at"])
    ending = Post.objects.get(role=Role.VILLAGE)
    ending.valid_to = timezone.localdate() + dt.timedelta(days=20)
    ending.save(update_fields=["valid_to"])
    return User.objects.get(username=Role.VILLAGE).official.pk


def make_public(screening: Screening) -> UUID:
    """Tell everyone the criteria of the pack: proposed by the township, published by the county."""
    maker, checker = (actor_of(User.objects.get(username=role)) for role in (Role.TOWNSHIP, Role.COUNTY))
    proposal = disclosure.propose(by=maker, kind=Kind.CRITERIA, division=make.TOWNSHIP, pack_id=screening.pack_id)
    return disclosure.publish(by=checker, proposal=proposal.pk).pk
