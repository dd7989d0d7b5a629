"""Notices for everyone: two renderings that tell no secret; the page closes; what is sent is shut. 演示数据"""

import dataclasses
import datetime as dt
import json
import re

import psycopg
import pytest
from django.conf import settings as configuration
from django.db import IntegrityError, connection, transaction
from django.test import Client
from psycopg import errors

from lika.accounts.choices import Role
from lika.casework import notice_content
from lika.casework.actions import effect, notices
from lika.casework.choices import ObjectionChannel
from lika.casework.models import Case, Notice, Objection, Step
from lika.casework.notice_board import board_of
from lika.casework.queries import notices as reads
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.privacy import mask_name
from lika.disclosure import actions, receiving, sealing
from lika.disclosure.models import Inbox, NoticePage, NoticeTerm
from lika.disclosure.queries import notices as queries
from lika.register.models import Person
from tests import factories as make
from tests.casework.going import SECOND, TOWNSHIP, VILLAGE, Place, begun, place, sign
from tests.casework.noticing import age, brought, hung, today
from tests.console.officials import official

SECRETS = {"phone": "13877620001", "bank_account": "6228480000000000001"}


@pytest.fixture(autouse=True)
def nobody_sent_before():
    receiving.TURNS = receiving.Turns()


@pytest.fixture
def at(db: None) -> Place:
    return place(2)


@pytest.fixture
def notice(at: Place) -> Notice:
    """A notice that hangs, of households with all that must not be told."""
    for household in at.households:
        for name, value in SECRETS.items():
            setattr(household, name, value)
        household.save()
        make.make_household_year(household, 2013, main_cause="01")
        for member in household.memberships.all():
            make.make_person_year(member.person, 2013, village=VILLAGE, chronic_illness=True, serious_illness=True)
    return hung(at.village, brought(begun(at), "first_notice"))


@pytest.fixture
def reader() -> Client:
    return Client(headers={"accept-language": "zh-hans"})


def refused(call, **given) -> UserError:
    with pytest.raises(UserError) as caught:
        call(**given)
    return caught.value


def heads(at: Place) -> list[str]:
    return [each.memberships.get(relation="01").person.name for each in at.households]


def private(at: Place) -> set[str]:
    """Everything about the households that neither the board nor the page may tell."""
    people = Person.objects.filter(memberships__household__in=at.households)
    numbers = {person.id_number for person in people}
    born = {str(person.birth_date) for person in people} | {f"{person.birth_date:%Y年%-m月%-d日}" for person in people}
    others = {person.name for person in people} - set(heads(at))
    return {*numbers, *born, *others, *SECRETS.values(), *(each.number for each in at.households)}


def test_neither_rendering_tells_what_is_private(at, notice, reader):
    """The data is there to be told: the test looks for it in both."""
    content = notice_content.read(notice.content)
    period = reads.clock_of(notice).period
    paper = board_of(content, made_on=dt.date(2014, 6, 1), places=("演示公示栏",), period=period)
    board = json.dumps(dataclasses.asdict(paper), default=str, ensure_ascii=False)
    actions.open_notice_page(by=at.village, notice=notice.pk)
    web = reader.get(f"/open/notices/{notice.pk}/").content.decode() + NoticePage.objects.get().content
    assert len(private(at)) >= 8
    assert "公示期7日，自各处张贴完毕次日起算" in web
    told = "\n".join((board, web, notice_content.text_of(content)))
    assert not [secret for secret in private(at) if secret in told]
    assert not [word for word in ("出生", "健康", "致贫", "银行") if word in board or word in web]
    assert [line.head for line in paper.households] == heads(at)
    assert (paper.period, paper.ends_on - paper.starts_on) == ("7日", dt.timedelta(days=6))
    assert re.findall(r"<li>([^<]*\*[^<]*)</li>", web) == [mask_name(name) for name in heads(at)]
    assert not [name for name in heads(at) if name in web]


def test_the_page_closes_when_its_time_is_over_and_its_hash_stays(at, notice, reader):
    page = actions.open_notice_page(by=at.village, notice=notice.pk)
    assert page.title_zh in reader.get(f"/open/notices/?q={VILLAGE}").content.decode()
    assert page.title_zh not in reader.get(f"/open/notices/?q={SECOND}").content.decode()
    NoticeTerm.objects.create(page=page, until=dt.datetime(2014, 7, 1, tzinfo=dt.UTC))
    answer = reader.get(f"/open/notices/{page.pk}/")
    told = answer.content.decode()
    assert (answer.status_code, page.sha256 in told) == (200, True)
    assert not [each for each in (mask_name(heads(at)[0]), 'name="text"') if each in told]
    assert "no-store" in answer["Cache-Control"]
    assert page.title_zh not in reader.get("/open/notices/").content.decode()
    assert refused(receiving.send, page=page.pk, address="演示", text="演示").code == "DIS-031"
    for statement in ("UPDATE disclosure_noticepage SET place = ''", "DELETE FROM disclosure_noticeterm"):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_page_is_open_as_long_as_its_notice_hangs(at, notice):
    """Also past the days of the notice: a place may be posted later, a household's own clock may run on."""
    actions.open_notice_page(by=at.village, notice=notice.pk)
    assert (NoticeTerm.objects.get().until, queries.page(notice.pk).is_open) == (None, True)
    assert refused(actions.close_notice_page, by=at.village, notice=notice.pk).code == "DIS-034"
    age(notice, 8)
    notices.end_notice(by=at.village, batch=notice.batch_id)
    assert not queries.page(notice.pk).is_open
    assert refused(actions.open_notice_page, by=at.village, notice=notice.pk).code == "CAS-094"
    with pytest.raises(NotFound):
        actions.open_notice_page(by=make.make_actor(SECOND, name="other"), notice=notice.pk)


def test_the_page_of_a_list_taken_down_closes_with_it(at, notice):
    actions.open_notice_page(by=at.village, notice=notice.pk)
    notices.take_down(by=at.village, notice=notice.pk, reason="演示：名单有误")
    assert not queries.page(notice.pk).is_open
    assert NoticeTerm.objects.count() == 2


def test_an_announcement_ends_with_its_effect_and_its_page_may_be_closed(at):
    batch = brought(begun(at), "announcement")
    sign(batch)
    hangs = hung(at.village, batch, office=at.county)
    actions.open_notice_page(by=at.village, notice=hangs.pk)
    effect.announce(by=at.county, batch=batch.pk, effective_on=today())
    hangs.refresh_from_db()
    assert (hangs.state, queries.page(hangs.pk).is_open) == ("ended", True)  # what was announced stays to be read
    actions.close_notice_page(by=at.village, notice=hangs.pk)
    assert not queries.page(hangs.pk).is_open


def test_who_only_reads_closes_no_page(at, notice):
    actions.open_notice_page(by=at.village, notice=notice.pk)
    Notice.objects.update(kind="announcement", days=None, day_kind="")
    notices.take_down(by=at.village, notice=notice.pk, reason="演示：名单有误")
    looks = make.make_actor(TOWNSHIP, permissions=["casework.view"])
    with pytest.raises(PermissionRefused):
        actions.close_notice_page(by=looks, notice=notice.pk)


def test_what_is_sent_without_a_script_lies_shut_and_is_taken_as_an_objection(at, notice, reader):
    actions.open_notice_page(by=at.village, notice=notice.pk)
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-hans"})
    given = {"text": "演示：该户有商品房", "name": "演示甲", "phone": "13900000000"}
    answer = strict.post(f"/open/notices/{notice.pk}/", given)
    row = Inbox.objects.get()
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", answer.content.decode())
    assert code is not None
    assert (answer.status_code, row.code, row.village) == (201, receiving.code_hash(code[0]), int(VILLAGE))
    assert not strict.cookies
    assert not [word for word in given.values() if word.encode() in bytes(row.box)]
    case = Case.objects.first()
    with pytest.raises(NotFound) as unseen:
        actions.take_from_inbox(by=make.make_actor(SECOND, name="other"), entry=row.pk, case=case.pk)
    assert unseen.value.code == "DIS-035"
    assert refused(actions.take_from_inbox, by=at.township, entry=row.pk, case=notice.pk).code == "DIS-036"
    actions.take_from_inbox(by=at.township, entry=row.pk, case=case.pk)
    made = Objection.objects.get()
    assert (made.text, made.name, made.phone, made.channel, made.origin_id) == (
        *given.values(), ObjectionChannel.PAGE, row.pk,
    )  # fmt: skip
    assert refused(actions.refuse_from_inbox, by=at.township, entry=row.pk, reason="演示").code == "DIS-035"


def test_what_is_no_objection_is_refused_with_a_reason(at, notice):
    actions.open_notice_page(by=at.village, notice=notice.pk)
    receiving.send(page=notice.pk, address="演示", text="演示：问候")
    row = Inbox.objects.get()
    assert refused(actions.refuse_from_inbox, by=at.township, entry=row.pk, reason=" ").code == "DIS-009"
    actions.refuse_from_inbox(by=at.township, entry=row.pk, reason="演示：与名单无关")
    row.refresh_from_db()
    assert (row.refused, row.objection_id, row.taken_by) == ("演示：与名单无关", None, "system:township")
    assert not Objection.objects.exists()


@pytest.mark.parametrize("duty", ["prepare", "verify"])
def test_who_made_the_list_refuses_nothing_that_is_sent_about_it(at, notice, duty):
    actions.open_notice_page(by=at.village, notice=notice.pk)
    receiving.send(page=notice.pk, address="演示", text="演示：该户有商品房")
    row = Inbox.objects.get()
    made = official(Role.TOWNSHIP, TOWNSHIP)
    own = Client(headers={"accept-language": "zh-hans"})
    own.force_login(made)
    assert own.get("/disclosure/inbox/").context["lines"][0]["kept_from"] is None
    Step.objects.filter(case=Case.objects.order_by("number")[1]).update(by_name=made.username, duty=duty)
    shown = own.get("/disclosure/inbox/")
    assert (shown.context["lines"][0]["kept_from"].code, 'name="reason"' in shown.content.decode()) == (
        "DIS-040",
        False,
    )
    answer = own.post("/disclosure/inbox/", {"entry": row.pk, "reason": "演示：与名单无关"})
    assert (answer.status_code, "DIS-040" in answer.content.decode()) == (403, True)
    actions.refuse_from_inbox(by=at.township, entry=row.pk, reason="演示：与名单无关")
    taken = set(Inbox.objects.values_list("taken_by", flat=True))
    assert taken == {"system:township"}


def test_too_much_or_too_often_is_refused(at, notice, reader):
    actions.open_notice_page(by=at.village, notice=notice.pk)
    address = f"/open/notices/{notice.pk}/"
    for given in ({"text": " "}, {"text": "演" * 1001}, {"text": "演示", "name": "演" * 31}):
        answer = reader.post(address, given)
        assert (answer.status_code, "DIS-032" in answer.content.decode()) == (422, True)
    assert reader.post(address, {"text": "演" * 20_000}).status_code == 422
    sent = [reader.post(address, {"text": "演示"}).status_code for _each in range(6)]
    assert sent == [201] * 5 + [429]
    assert Inbox.objects.count() == 5
    assert reader.post(address, {"text": "演示"}, REMOTE_ADDR="192.0.2.7").status_code == 201
    assert reader.get("/open/notices/00000000-0000-0000-0000-000000000000/").status_code == 404


@pytest.mark.django_db
def test_a_box_opens_only_whole_and_only_here():
    box = sealing.shut("演示", sealing.closing_key())
    assert sealing.opened(box) == "演示"
    for wrong in (box[:-1] + bytes([box[-1] ^ 1]), box[:20], b""):
        assert refused(sealing.opened, box=wrong).code == "DIS-030"


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_public_pages_sends_and_reads_nothing_back(settings, tmp_path):
    page = NoticePage.objects.create(
        village=int(VILLAGE), place="演示", title_zh="演示", title_en="demo", content="{}",
        sha256="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", key=sealing.closing_key(),
        id="00000000-0000-0000-0000-000000000001",
    )  # fmt: skip
    given = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor, "context": None}
    with psycopg.connect(**{**given, "user": configuration.PORTAL_DATABASE.user}) as stranger:
        stranger.execute(
            "INSERT INTO disclosure_inbox (id, page_id, village, code, box, received_at, taken_by, refused) "
            "VALUES (gen_random_uuid(), %s, %s, 'x', %s, now(), '', '')",
            [page.id, page.village, b"box"],
        )
        stranger.commit()
        with pytest.raises(errors.InsufficientPrivilege):
            stranger.execute("SELECT count(*) FROM disclosure_inbox")
    assert Inbox.objects.get().code == "x"


def test_an_office_opens_the_page_and_takes_in_what_was_sent(at, notice):
    station = Client(headers={"accept-language": "zh-hans"})
    station.force_login(official(Role.TOWNSHIP, TOWNSHIP))
    village = Client(headers={"accept-language": "zh-hans"})
    village.force_login(official(Role.VILLAGE, VILLAGE))
    assert village.post(f"/disclosure/notices/{notice.pk}/page/").status_code == 403
    assert not NoticePage.objects.exists()
    here, there = f"/casework/batches/{notice.batch_id}/notices/", f"/disclosure/notices/{notice.pk}/page/"
    shown = [(there in page, "本程序未规定网上公示" in page, "由乡镇以上办公室发布" in page) for page in (
        client.get(here).content.decode() for client in (village, station)
    )]  # fmt: skip
    assert shown == [(False, True, True), (True, True, False)]
    assert station.post(there).status_code == 302
    assert not notice.postings.filter(place="web").exists()
    receiving.send(page=notice.pk, address="演示", text="演示：该户有商品房")
    assert "演示：该户有商品房" in station.get("/disclosure/inbox/").content.decode()
    row = Inbox.objects.get()
    refused = station.post("/disclosure/inbox/", {"entry": row.pk, "reason": " "})
    assert (refused.status_code, list(refused.context["lines"][0]["refuse"].errors)) == (422, ["reason"])
    case = Case.objects.first()
    assert station.post("/disclosure/inbox/", {"entry": row.pk, "case": case.pk}).status_code == 302
    assert "没有待处理来信" in station.get("/disclosure/inbox/").content.decode()
    assert Objection.objects.get().case == case
