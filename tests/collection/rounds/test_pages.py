"""The pages of a round, from opening to locking, as each role meets them; their queries are counted. 演示数据"""

import datetime as dt
import re

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lika.accounts.choices import Role
from lika.collection.rounds import actions
from lika.collection.rounds.choices import EntryState, SubmissionState
from lika.collection.rounds.models import Entry, FieldRemark, Round, Submission
from lika.register.models import HouseholdYear
from tests import factories as make
from tests.collection.rounds.conftest import OWN, THEIRS, Township, filling, persons_of, with_last_year
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db
LATER = timezone.localdate() + dt.timedelta(days=7)


def words(page) -> str:
    """What a page says, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def said(page) -> list[str]:
    """The messages of the answer to an act."""
    return [str(message) for message in get_messages(page.wsgi_request)]


def typed(value) -> str:
    """A value as a form sends it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def posted(township: Township, household, **own) -> dict[str, str]:
    """The form of a household filled in, to be finished."""
    given = {f"household-{name}": typed(value) for name, value in {**OWN, **own}.items()}
    for person in persons_of(household):
        given |= {f"{person}-{name}": typed(value) for name, value in THEIRS.items()}
    return given | {"as": "filled", "remark": ""}


def page_of(name: str, township: Township, *more) -> str:
    return reverse(f"rounds:{name}", args=[township.submission().pk, *more])


class TestOpening:
    FORM = {
        "division": make.TOWNSHIP, "data_year": "2017", "period_from": "2017-01-01", "period_to": "2017-12-31",
        "fill_by": "2018-01-31", "audit_by": "2018-02-28",
    }  # fmt: skip

    def test_the_county_opens_and_comes_to_the_progress(self):
        with_last_year(make.make_household(number="O1"))
        client = signed_in(Role.COUNTY)
        page = words(client.get(reverse("rounds:open")))
        assert ("2017 年度工作日程" in page, "待补充依据" in page) == (True, True)
        answer = client.post(reverse("rounds:open"), self.FORM)
        opened = Round.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, reverse("rounds:progress", args=[opened.pk]))
        assert "石磊村" in words(client.get(answer["Location"]))

    def test_what_the_action_refuses_stands_at_its_field(self):
        with_last_year(make.make_household(number="O1"))
        answer = signed_in(Role.COUNTY).post(reverse("rounds:open"), self.FORM | {"audit_by": "2018-01-01"})
        assert (answer.status_code, Round.objects.count()) == (422, 0)
        assert "乡镇审核截止日早于村级上报截止日。 (RND-007)" in words(answer)

    def test_others_open_nothing(self):
        assert signed_in(Role.TOWNSHIP).get(reverse("rounds:open")).status_code == 403


class TestFilling:
    def test_the_village_sees_what_is_left_and_fills_the_form(self, township: Township):
        client = signed_in(Role.VILLAGE)
        page = words(client.get(page_of("village", township)))
        assert "共 2 户，还有 2 户没有填完" in page
        form = client.get(page_of("household", township, township.first.id))
        assert form.content.decode().count("上年：12,000.00") == 1
        answer = client.post(page_of("household", township, township.first.id), posted(township, township.first))
        assert answer["Location"] == page_of("household", township, township.second.id)  # on to the next
        row = HouseholdYear.objects.get(household=township.first, data_year=2017)
        assert {name: getattr(row, name) for name in OWN} == OWN
        assert Entry.objects.get(household=township.first).state == EntryState.FILLED

    def test_a_part_is_refused_and_what_was_typed_stays(self, township: Township):
        given = posted(township, township.first, wage=4321)
        member = persons_of(township.first)[1]
        given |= {f"{member}-{name}": "" for name in THEIRS}
        answer = signed_in(Role.VILLAGE).post(page_of("household", township, township.first.id), given)
        assert (answer.status_code, Entry.objects.count()) == (422, 0)
        assert ("RND-012" in words(answer), 'value="4321"' in answer.content.decode()) == (True, True)

    def test_what_is_no_number_is_told_at_its_field(self, township: Township):
        given = posted(township, township.first, wage="一千")
        answer = signed_in(Role.VILLAGE).post(page_of("household", township, township.first.id), given)
        assert (answer.status_code, "field-faulty" in answer.content.decode()) == (422, True)

    def test_a_warning_keeps_a_draft_and_asks(self, township: Township):
        client = signed_in(Role.VILLAGE)
        given = posted(township, township.first, transfer_dibao=5000, dibao_listed=False)
        answer = client.post(page_of("household", township, township.first.id), given)
        assert (answer.status_code, Entry.objects.get().state) == (200, EntryState.DRAFT)
        assert "已存为草稿：有质量提示须说明" in words(answer)
        answer = client.post(page_of("household", township, township.first.id), given | {"remark": "名单下月更新"})
        assert (answer.status_code, Entry.objects.get().state) == (302, EntryState.FILLED)

    def test_one_click_says_that_nothing_changed(self, township: Township):
        client = signed_in(Role.VILLAGE)
        answer = client.post(page_of("unchanged", township, township.first.id))
        assert said(answer) == ["已确认无变化。"]
        assert Entry.objects.get().unchanged is True
        answer = client.post(page_of("unchanged", township, township.other.id))
        assert "REG-001" in said(answer)[-1]

    def test_the_figures_of_the_village(self, township: Township):
        client = signed_in(Role.VILLAGE)
        empty = client.post(page_of("figures", township), {"as": "filled"})
        assert (empty.status_code, "RND-015" in words(empty)) == (422, True)
        full = client.post(page_of("figures", township), {"as": "filled", "village-rural_households": "210"})
        assert full["Location"] == page_of("village", township)


class TestAuditAndLock:
    @pytest.fixture
    def handed(self, township: Township, village) -> Submission:
        found = township.submission()
        for home in (township.first, township.second):
            actions.fill_household(by=village, submission=found.pk, household=home.id, filling=filling(home, wage=9000))
        actions.fill_village(by=village, submission=found.pk, values={"rural_households": 2}, state=EntryState.FILLED)
        return actions.submit(by=village, submission=found.pk)

    def test_the_township_notes_and_returns_and_the_village_sees_it_at_the_field(self, township: Township, handed):
        station, client = signed_in(Role.TOWNSHIP), signed_in(Role.VILLAGE)
        look = page_of("household", township, township.first.id)
        assert "与上年不同" in words(station.get(look))
        given = {"household": str(township.first.id), "at": ":wage", "text": "工资偏低，请核实", "next": look}
        assert station.post(page_of("remark", township), given)["Location"] == look
        assert "工资偏低，请核实" in words(station.get(look))
        assert "工资偏低" not in words(client.get(page_of("village", township)))
        station.post(page_of("return", township), {"mend_by": LATER.isoformat(), "note": ""})
        assert township.submission().state == SubmissionState.RETURNED
        page = client.get(look).content.decode()
        field = page[page.index("id_household-wage") :]
        assert "工资偏低，请核实" in field[: field.index("id_household-operating")]

    def test_a_remark_is_taken_back_and_the_submission_passed_and_locked(self, township: Township, handed):
        station, office = signed_in(Role.TOWNSHIP), signed_in(Role.COUNTY)
        given = {"household": "", "at": ":", "text": "请补充"}
        station.post(page_of("remark", township), given)
        assert "RND-033" in said(station.post(page_of("pass", township)))[-1]
        station.post(page_of("remark-drop", township, FieldRemark.objects.get().pk))
        assert said(station.post(page_of("pass", township)))[-1] == "审核通过，待县级锁定。"
        assert "1 个村审核通过，待锁定" in words(office.get("/"))
        assert "RND-004" in said(office.post(page_of("send-back", township), {"note": ""}))[-1]
        assert said(office.post(page_of("lock", township)))[-1] == "已锁定，今后只能按更正程序修改。"
        assert township.submission().state == SubmissionState.LOCKED
        assert "锁定本年度数据" not in words(office.get(page_of("village", township)))

    def test_a_remark_nowhere_is_refused(self, township: Township, handed):
        station = signed_in(Role.TOWNSHIP)
        answer = station.post(page_of("remark", township), {"household": "x", "at": "y:z", "text": "请核实"})
        assert "RND-030" in said(answer)[-1]
        assert not FieldRemark.objects.exists()

    def test_the_way_back_leads_to_no_other_site(self, township: Township, handed):
        station = signed_in(Role.TOWNSHIP)
        answer = station.post(page_of("pass", township), {"next": "https://example.org/"})
        assert answer["Location"] == page_of("village", township)


class TestSight:
    def test_home_tells_each_what_waits(self, township: Township, village, station):
        assert "2017 年度还有 2 户待填报" in words(signed_in(Role.VILLAGE).get("/"))
        assert "待填报" not in words(signed_in(Role.TOWNSHIP).get("/"))
        found = township.submission()
        for home in (township.first, township.second):
            actions.confirm_unchanged(by=village, submission=found.pk, household=home.id)
        actions.fill_village(by=village, submission=found.pk, values={"rural_households": 2}, state=EntryState.FILLED)
        actions.submit(by=village, submission=found.pk)
        assert "1 个村待您审核" in words(signed_in(Role.TOWNSHIP).get("/"))

    def test_the_prefecture_sees_numbers_and_no_names(self, township: Township):
        client = signed_in(Role.PREFECTURE)
        page = words(client.get(reverse("rounds:progress", args=[township.round.pk])))
        assert ("石磊村" in page, "迟报 2 个村" in page) == (True, True)
        assert client.get(page_of("village", township)).status_code == 403

    def test_another_village_sees_nothing_of_it(self, township: Township):
        client = signed_in(Role.VILLAGE, make.OTHER_VILLAGE)
        for name, more in (("village", ()), ("figures", ()), ("household", (township.first.id,))):
            assert client.get(page_of(name, township, *more)).status_code == 404
        assert client.post(page_of("submit", township)).status_code == 404
        assert words(client.get(reverse("rounds:rounds"))).count("2017 年度") == 1

    def test_a_household_of_another_village_is_not_here(self, township: Township):
        answer = signed_in(Role.TOWNSHIP).get(page_of("household", township, township.other.id))
        assert (answer.status_code, "RND-016" in words(answer)) == (404, True)


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # what is read once for the process
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_as_often_whatever_there_is(township: Township):
    """The same number of queries with one household more, and a village more."""
    station = signed_in(Role.TOWNSHIP)
    pages = [
        reverse("rounds:rounds"), reverse("rounds:progress", args=[township.round.pk]), page_of("village", township),
        page_of("household", township, township.first.id),
    ]  # fmt: skip
    before = [queries_of(station, page) for page in pages]
    with_last_year(make.make_household(number="R7", members=3))
    with_last_year(make.make_household("621223100204", number="R8", members=2))
    Submission.objects.create(round=township.round, village=621223100204, due_on=township.round.fill_by)
    make.make_person(township.first, name="石又来")
    after = [queries_of(station, page) for page in pages]
    assert before == after
    assert max(before) <= 22
