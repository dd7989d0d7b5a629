"""A receipt: from the page of a notice to the decision, told step by step to whoever knows the code. 演示数据"""

import re

import psycopg
import pytest
from django.conf import settings as configuration
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from psycopg import errors

from lika.accounts.choices import Role
from lika.casework.models import Case, Notice, Objection
from lika.disclosure import actions, receiving, sealing
from lika.disclosure.choices import Progress
from lika.disclosure.models import Inbox, NoticePage, ReceiptStep
from tests.casework.going import TOWNSHIP, Place, begun, place
from tests.casework.noticing import brought, hung, objected, photograph
from tests.console.officials import official, signed_in

SAID = {"text": "演示：该户有商品房", "name": "演示甲", "phone": "13900000000"}
UNKNOWN = "AAAA-BBBB-CCCC"


@pytest.fixture(autouse=True)
def nobody_asked_before():
    receiving.TURNS, receiving.ASKED = receiving.Turns(), receiving.Turns(receiving.receipt_limits)


@pytest.fixture
def at(db: None) -> Place:
    return place(2)


@pytest.fixture
def notice(at: Place) -> Notice:
    found = hung(at.village, brought(begun(at), "first_notice"))
    actions.open_notice_page(by=at.village, notice=found.pk)
    return found


@pytest.fixture
def people() -> Client:
    """One of the people: no account, and no token of a form."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "zh-hans"})


def sent(people: Client, notice: Notice) -> str:
    """The code of the receipt for what was sent from the page."""
    answer = people.post(f"/open/notices/{notice.pk}/", SAID).content.decode()
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", answer)
    assert found is not None
    return found[0]


def told(people: Client, code: str) -> tuple[int, str]:
    answer = people.post("/open/receipt/", {"code": code})
    return answer.status_code, answer.content.decode()


def progress(code: str) -> list[str]:
    return list(ReceiptStep.objects.filter(code=receiving.code_hash(code)).values_list("progress", flat=True))


def test_the_whole_way_from_the_page_to_the_decision(at, notice, people):
    code = sent(people, notice)
    assert (told(people, code)[0], progress(code)) == (404, [])
    station, finds = signed_in(Role.TOWNSHIP, TOWNSHIP), official(Role.TOWNSHIP, TOWNSHIP)
    one = Client(headers={"accept-language": "zh-hans"})
    one.force_login(finds)
    case = Case.objects.order_by("number")[0]
    taken = station.post("/disclosure/inbox/", {"entry": Inbox.objects.get().pk, "case": case.pk})
    page = f"/casework/objections/{Objection.objects.get().pk}/"
    assert (taken.status_code, taken.url, progress(code)) == (302, page, ["taken"])
    station.post(page)
    station.post(page, {"to": finds.official.pk})
    picture = SimpleUploadedFile("演示.png", photograph(), "image/png")
    one.post(page, {"note": "演示：经查不属实的细节", "evidence": picture})
    one.post(page, {"text": "演示：答复的原文"})
    status, shown = told(people, code.lower().replace("-", " "))
    assert (status, "已拟答复" in shown, notice.phone in shown) == (200, True, True)
    station.post(page, {"decision": "dismiss", "to": "", "reason": "演示：不成立的理由"})
    assert progress(code) == ["taken", "acknowledged", "investigated", "answered", "dismissed"]
    status, shown = told(people, code)
    assert (status, shown.count("<li>"), "异议不成立" in shown) == (200, 5, True)
    head = at.households[0].memberships.get(relation="01").person.name
    private = (*SAID.values(), case.number, head, finds.username, "经查不属实的细节", "答复的原文", "不成立的理由")
    assert [each for each in (*private, code) if each in shown] == []
    assert not people.cookies


def test_upheld_and_refused_are_told_and_neither_why(at, notice, people):
    refused, code = sent(people, notice), sent(people, notice)
    one, two = Inbox.objects.order_by("received_at")
    actions.refuse_from_inbox(by=at.township, entry=one.pk, reason="演示：与名单无关")
    status, shown = told(people, refused)
    assert (status, progress(refused), "未受理" in shown, "与名单无关" in shown) == (200, ["refused"], True, False)
    actions.take_from_inbox(by=at.township, entry=two.pk, case=Case.objects.order_by("number")[0].pk)
    row = Objection.objects.get()
    actions.objection_step(at.county, row, "uphold", row.received_at)
    assert progress(code) == ["taken", "upheld"]


def test_what_came_by_telephone_has_no_receipt(at, notice):
    objected(at.village, Case.objects.order_by("number")[0])
    assert not ReceiptStep.objects.exists()


def test_a_code_stands_in_no_address_and_is_asked_for_seldom(notice, people):
    code = sent(people, notice)
    ReceiptStep.objects.create(
        code=receiving.code_hash(code), page_id=notice.pk, progress=Progress.TAKEN, at=notice.opened_at
    )
    form = people.get(f"/open/receipt/?code={code}")
    assert (form.status_code, "已作为异议受理" in form.content.decode()) == (200, False)
    assert "no-store" in people.post("/open/receipt/", {"code": code})["Cache-Control"]
    for wrong in ("", "ABC", "演" * 12, "A" * 20_000):
        status, shown = told(people, wrong)
        assert (status, "DIS-038" in shown) == (422, True)
    assert (told(people, UNKNOWN)[0], "DIS-039" in told(people, UNKNOWN)[1]) == (404, True)
    limit = receiving.receipt_limits().turns
    answers = [told(people, UNKNOWN)[0] for _each in range(limit)]
    assert (set(answers), answers[-1]) == ({404, 429}, 429)
    assert told(people, code)[0] == 429  # also for who knows a code
    assert people.post("/open/receipt/", {"code": code}, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_what_was_told_is_never_changed(notice):
    ReceiptStep.objects.create(code="0" * 64, page_id=notice.pk, progress=Progress.TAKEN, at=notice.opened_at)
    for statement in ("UPDATE disclosure_receiptstep SET progress = 'upheld'", "DELETE FROM disclosure_receiptstep"):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_public_pages_reads_receipts_and_writes_none(settings, tmp_path):
    given = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor, "context": None}
    with psycopg.connect(**{**given, "user": configuration.PORTAL_DATABASE.user}) as stranger:
        assert stranger.execute("SELECT count(*) FROM disclosure_receiptstep").fetchone() == (0,)
        with pytest.raises(errors.InsufficientPrivilege):
            stranger.execute("INSERT INTO disclosure_receiptstep (id) VALUES (gen_random_uuid())")


class TestInboxPage:
    @pytest.fixture
    def station(self) -> Client:
        return signed_in(Role.TOWNSHIP, TOWNSHIP)

    def test_what_waits_is_taken_up_or_refused_and_found_again(self, at, notice, people, station):
        sent(people, notice), sent(people, notice)
        shown = station.get("/disclosure/inbox/")
        assert [line["count"] for line in shown.context["states"]] == [2, 0, 0]
        head = at.households[0].memberships.get(relation="01").person.name
        content = shown.content.decode()
        assert (f"{head} · " in content, "有2条来信待受理" in content) == (True, True)
        one, two = (line["row"] for line in shown.context["lines"])
        silent = station.post("/disclosure/inbox/", {"entry": one.pk, "reason": " "})
        assert [line["refuse"].errors.keys() for line in silent.context["lines"]] == [{"reason": 0}.keys(), {}.keys()]
        wrong = station.post("/disclosure/inbox/", {"entry": two.pk, "case": notice.pk})
        assert (wrong.status_code, list(wrong.context["lines"][1]["take"].errors)) == (422, ["case"])
        station.post("/disclosure/inbox/", {"entry": one.pk, "reason": "演示：与名单无关"})
        station.post("/disclosure/inbox/", {"entry": two.pk, "case": Case.objects.order_by("number")[0].pk})
        assert "演示：与名单无关" in station.get("/disclosure/inbox/?state=refused").content.decode()
        assert Objection.objects.get().number in station.get("/disclosure/inbox/?state=taken").content.decode()
        gone = station.post("/disclosure/inbox/", {"entry": one.pk, "reason": "演示"})
        assert (gone.status_code, "DIS-035" in gone.content.decode()) == (404, True)

    def test_one_that_cannot_be_opened_does_not_hide_the_others(self, notice, people, station):
        sent(people, notice)
        page = NoticePage.objects.get()
        for box in (b"box", sealing.shut("no JSON", bytes(page.key)), sealing.shut("{}", bytes(page.key))):
            Inbox.objects.create(
                page=page, village=page.village, code=sealing.closing_key().hex()[:40] + str(len(box)), box=box,
                received_at=page.opened_at,
            )  # fmt: skip
        shown = station.get("/disclosure/inbox/").content.decode()
        assert (shown.count("DIS-030"), SAID["text"] in shown) == (3, True)
