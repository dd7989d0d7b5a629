"""The pages of notices and objections: a notice made, posted, objected to and ended by forms. 演示数据"""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lika.accounts.choices import Role
from lika.accounts.models import Official, Post
from lika.casework import notice_content
from lika.casework.actions import objections
from lika.casework.actions.objections import Said
from lika.casework.choices import ObjectionChannel
from lika.casework.models import Batch, Case, Notice, Objection, Step
from lika.casework.notice_board import board_of
from lika.casework.papers.registry import printed
from lika.casework.periods import Period
from lika.casework.queries.clock import database_now
from lika.core.errors import UserError
from lika.core.models import AuditEntry
from lika.divisions.names import place_name
from lika.register.models import Household
from tests.casework.going import COUNTY, SECOND, TOWNSHIP, VILLAGE, Place, begun, place
from tests.casework.noticing import age, brought, hung, named, objected, photograph, today
from tests.console.officials import official

pytestmark = pytest.mark.django_db
PREFECTURE = "451000000000"


@pytest.fixture
def at() -> Place:
    return place(2)


@pytest.fixture
def batch(at: Place) -> Batch:
    return brought(begun(at), "first_notice")


def signed_in(role: Role, where: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(official(role, where))
    return client


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("演示.png", photograph(), "image/png")


def test_a_village_makes_posts_and_ends_a_notice_by_forms(batch):
    village = signed_in(Role.VILLAGE, VILLAGE)
    address = f"/casework/batches/{batch.pk}/notices/"
    assert "名单尚未公示" in village.get(f"/casework/batches/{batch.pk}/").content.decode()
    assert village.post(address, {"act": "open", "phone": "王某某"}).status_code == 422
    assert village.post(address, {"act": "open", "phone": "0776-6212317"}).status_code == 302
    row = Notice.objects.get().postings.get()
    given = {"act": "post", "posting": row.pk, "posted_on": today().isoformat(), "proof": picture()}
    assert village.post(address, given).status_code == 302
    early = village.post(address, {"act": "end"})
    assert (early.status_code, "CAS-099" in early.content.decode()) == (422, True)
    age(Notice.objects.get(), 8)
    assert village.post(address, {"act": "end"}).status_code == 302
    batch.refresh_from_db()
    assert batch.stage == "township_review"


def test_an_objection_goes_from_hand_to_hand_by_forms(at, batch):
    village, township = signed_in(Role.VILLAGE, VILLAGE), signed_in(Role.TOWNSHIP, TOWNSHIP)
    inspector = official(Role.TOWNSHIP, TOWNSHIP)
    finds = Client(headers={"accept-language": "zh-hans"})
    finds.force_login(inspector)
    village.post(f"/casework/batches/{batch.pk}/notices/", {"act": "open", "phone": "0776-6212317"})
    case = Case.objects.order_by("number")[0]
    said = {"act": "object", "case": case.pk, "channel": "telephone", "text": "演示：该户有商品房"}
    assert village.post(f"/casework/batches/{batch.pk}/notices/", said).status_code == 302
    address = f"/casework/objections/{Objection.objects.get().pk}/"
    shown = village.get(address).content.decode()
    assert ("演示：该户有商品房" in shown, "匿名" in shown, "告知收到" in shown) == (True, True, True)
    assert township.post(address).status_code == 302
    assert township.post(address, {"to": inspector.official.pk}).status_code == 302
    assert finds.post(address, {"note": "演示：不属实", "evidence": picture()}).status_code == 302
    assert finds.post(address, {"text": "演示：经查不属实"}).status_code == 302
    decided = {"decision": "dismiss", "to": "", "reason": "演示：不成立"}
    assert township.post(address, decided).status_code == 302
    case.refresh_from_db()
    assert case.state == "open"
    assert "异议不成立" in township.get(address).content.decode()


def test_the_notice_is_printed_for_the_board_by_who_posts_it(at, batch):
    village = signed_in(Role.VILLAGE, VILLAGE)
    page = f"/casework/batches/{batch.pk}/notices/"
    village.post(page, {"act": "open", "phone": "0776-6212317"})
    notice = Notice.objects.get()
    board = f"/casework/notices/{notice.pk}/board/"
    assert f'action="{board}"' in village.get(page).content.decode()
    answer = village.post(board)
    assert (answer.status_code, answer["Content-Type"], "no-store" in answer["Cache-Control"]) == (
        200, "application/pdf", True,
    )  # fmt: skip
    week = Period(today(), today() + dt.timedelta(days=7), confirmed=True)
    places = (f"{place_name(batch.division.name)}行政村公示栏",)
    paper = board_of(notice_content.read(notice.content), made_on=today(), places=places, period=week)
    assert answer.content == printed(paper)
    assert [line.head for line in paper.households] == [
        each.memberships.get(relation="01").person.name for each in at.households
    ]
    entry = AuditEntry.objects.get(action="notice.printed")
    assert (entry.subject_id, village.get(board).status_code) == (str(batch.pk), 405)
    assert signed_in(Role.VILLAGE, SECOND).post(board).status_code == 404
    Notice.objects.update(state="ended", ended_at=notice.opened_at)
    ended = village.post(board)
    assert (ended.status_code, "CAS-094" in ended.content.decode()) == (400, True)
    assert board not in village.get(page).content.decode()


def test_a_notice_whose_period_is_unsure_is_not_printed(batch):
    village = signed_in(Role.VILLAGE, VILLAGE)
    page = f"/casework/batches/{batch.pk}/notices/"
    village.post(page, {"act": "open", "phone": "0776-6212317"})
    Notice.objects.update(day_kind="working")
    notice = Notice.objects.get()
    refused = village.post(f"/casework/notices/{notice.pk}/board/")
    assert (refused.status_code, "CAS-141" in refused.content.decode(), "待确认" in refused.content.decode()) == (
        400, True, True,
    )  # fmt: skip
    given = {"act": "post", "posting": notice.postings.get().pk, "posted_on": today().isoformat(), "proof": picture()}
    assert village.post(page, given).status_code == 302
    assert "/board/" not in village.get(page).content.decode()


def test_who_only_reads_is_offered_nothing_to_do(batch):
    signed_in(Role.VILLAGE, VILLAGE).post(
        f"/casework/batches/{batch.pk}/notices/", {"act": "open", "phone": "0776-6212317"}
    )
    shown = signed_in(Role.COUNTY, COUNTY).get(f"/casework/batches/{batch.pk}/notices/").content.decode()
    assert [act for act in ('value="post"', 'value="open"', 'value="end"', "/board/") if act in shown] == []


def test_a_wrong_list_is_taken_down_with_a_reason_and_another_one_made(batch):
    village = signed_in(Role.VILLAGE, VILLAGE)
    page = f"/casework/batches/{batch.pk}/notices/"
    village.post(page, {"act": "open", "phone": "0776-6212317"})
    notice = Notice.objects.get()
    shown = village.get(page).content.decode()
    assert ('value="down"' in shown, "已公示的天数对任何人都不计" in shown) == (True, True)
    silent = village.post(page, {"act": "down", "notice": notice.pk, "reason": " "})
    assert (silent.status_code, list(silent.context["down_form"].errors)) == (422, ["reason"])
    down = village.post(page, {"act": "down", "notice": notice.pk, "reason": "演示：漏列一户"}, follow=True)
    told = down.content.decode()
    assert ("公示期重新计算" in told, "演示：漏列一户" in told, 'value="down"' in told) == (True, True, False)
    notice.refresh_from_db()
    assert (notice.state, notice.void_reason) == ("void", "演示：漏列一户")
    assert village.post(page, {"act": "open", "phone": "0776-6212317"}).status_code == 302
    again = village.post(page, {"act": "down", "notice": notice.pk, "reason": "演示"})
    assert (again.status_code, list(again.context["down_form"].errors)) == (422, ["notice"])


def test_a_household_that_moved_away_is_sent_back_and_the_notice_of_the_others_is_made(batch):
    village, page = signed_in(Role.VILLAGE, VILLAGE), f"/casework/batches/{batch.pk}/"
    gone, stays = Case.objects.order_by("number")
    Household.objects.filter(pk=gone.household_id).update(closed_on=today())
    refused = village.post(f"{page}notices/", {"act": "open", "phone": "0776-6212317"}).content.decode()
    assert ("CAS-109" in refused, f"{page}#send-back" in refused) == (True, True)
    assert "send-back/" not in signed_in(Role.TOWNSHIP, TOWNSHIP).get(page).content.decode()
    assert village.post(f"{page}send-back/", leaving(gone, stays, result="returned:appraisal")).status_code == 422
    assert village.post(f"{page}send-back/", leaving(gone, stays, result="struck_out")).status_code == 302
    gone.refresh_from_db()
    assert (gone.state, gone.steps.get(result="struck_out").reason) == ("struck_out", "演示：已迁出")
    assert village.post(f"{page}notices/", {"act": "open", "phone": "0776-6212317"}).status_code == 302
    notice = Notice.objects.get()
    assert named(notice) == {stays.number}
    last = leaving(stays, result="returned:verification")
    assert village.post(f"{page}send-back/", last).status_code == 302
    notice.refresh_from_db()
    stays.refresh_from_db()
    assert (notice.state, stays.stage, stays.batch.sequence) == ("ended", "verification", 1)


def leaving(case: Case, *others: Case, result: str) -> dict[str, str]:
    """The form of the stage by which one case leaves it and others stay."""
    given = {"stage": "first_notice", f"result-{case.pk.hex}": result, f"reason-{case.pk.hex}": "演示：已迁出"}
    for each in others:
        given |= {f"result-{each.pk.hex}": "passed", f"reason-{each.pk.hex}": ""}
    return given


def test_what_a_fault_does_to_the_clock_is_said_before_and_after(batch):
    village = signed_in(Role.VILLAGE, VILLAGE)
    page = f"/casework/batches/{batch.pk}/notices/"
    village.post(page, {"act": "open", "phone": "0776-6212317"})
    row = Notice.objects.get().postings.get()
    given = {"act": "post", "posting": row.pk, "posted_on": today().isoformat(), "proof": picture()}
    posted = village.post(page, given, follow=True)
    last = today() + dt.timedelta(days=7)
    day = f"{last.year}年{last.month}月{last.day}日"
    assert f"各处均已张贴；公示期至{day}24时届满" in posted.content.decode()
    age(Notice.objects.get(), 3)
    before = last - dt.timedelta(days=3)
    shown = village.get(page).content.decode()
    assert f"目前公示期至{before.year}年{before.month}月{before.day}日24时届满" in shown
    assert f"如今日在该处张贴，公示期至{day}24时届满" in shown
    torn = {"act": "fault", "posting": row.pk, "fault": "torn", "fault_on": today().isoformat(), "reason": "演示：撕毁"}
    early = village.post(page, torn | {"fault_on": "2014-01-01"})
    assert (early.status_code, list(early.context["fault_form"].errors)) == (422, ["fault_on"])
    told = village.post(page, torn, follow=True).content.decode()
    assert ("请在该处重新张贴同一名单" in told, f"公示期至{day}24时届满" in told) == (True, True)
    assert Notice.objects.get().postings.filter(posted_on=None).count() == 1


class TestWhoActsOnAnObjection:
    @pytest.fixture
    def row(self, at, batch) -> Objection:
        hung(at.village, batch)
        return objected(at.village, batch.cases.order_by("number")[0])

    def page(self, row: Objection) -> str:
        return f"/casework/objections/{row.pk}/"

    def test_who_only_reads_sees_no_form_and_whose_turn_it_is(self, row):
        looks = signed_in(Role.AUDITOR, COUNTY)
        shown = looks.get(self.page(row))
        assert (shown.context["form"], "由经办该案件的机构办理下一步：告知收到" in shown.content.decode()) == (
            None,
            True,
        )
        refused = looks.post(self.page(row))
        assert (refused.status_code, "CAS-176" in refused.content.decode()) == (403, True)
        row.refresh_from_db()
        assert row.state == "received"
        notices = looks.get(f"/casework/batches/{row.case.batch_id}/notices/").content.decode()
        assert 'value="object"' not in notices

    def test_only_who_can_record_a_finding_is_offered(self, at, row):
        station = official(Role.TOWNSHIP, TOWNSHIP)
        blamed, prepared = official(Role.COUNTY, COUNTY), official(Role.VILLAGE, VILLAGE)
        for role, where in ((Role.AUDITOR, COUNTY), (Role.HELPER, TOWNSHIP), (Role.VILLAGE, SECOND)):
            official(role, where)
        silent = Official.objects.create(name="演示·无账号")
        Post.objects.create(official=silent, role=Role.COUNTY, division_id=COUNTY, valid_from=dt.date(2014, 1, 1))
        Step.objects.filter(case=row.case).update(by_name=prepared.username, duty="prepare")
        Objection.objects.update(against=blamed.official)
        county = signed_in(Role.COUNTY, COUNTY)
        assert county.post(self.page(row)).status_code == 302
        form = county.get(self.page(row)).context["form"]
        keeper = Official.objects.get(user__username=county.get("/").context["request"].user.username)
        assert {key for key, _name in form.fields["to"].choices} == {str(station.official.pk), str(keeper.pk)}
        with pytest.raises(UserError) as unable:
            objections.assign(by=at.county, objection=row.pk, to=silent.pk)
        assert (unable.value.code, unable.value.where["field"]) == ("CAS-175", "to")

    def test_who_objected_is_told_to_nobody_but_who_deals_with_it(self, at, batch):
        """In full to whose turn it is, masked where names are read, nothing elsewhere nor to whom it blames."""
        hung(at.village, batch)
        accused = official(Role.COUNTY, COUNTY)
        given = Said(
            ObjectionChannel.PAPER, "演示：该户有商品房", database_now(), name="王演示", against=accused.official.pk
        )
        row = objections.receive(by=at.village, case=batch.cases.order_by("number")[0].pk, said=given)
        objections.acknowledge(by=at.village, objection=row.pk)
        station, finds = signed_in(Role.TOWNSHIP, TOWNSHIP), official(Role.TOWNSHIP, TOWNSHIP)
        station.post(self.page(row), {"to": finds.official.pk})
        one, blamed = Client(), Client()
        one.force_login(finds)
        blamed.force_login(accused)
        one.post(self.page(row), {"note": "演示：不属实", "evidence": picture()})
        words = ("演示：该户有商品房", "演示：不属实", "王演示", "王**")
        told = {
            name: [each for each in words if each in client.get(self.page(row)).content.decode()]
            for name, client in (
                ("acts", station), ("names", signed_in(Role.DEPARTMENT, COUNTY)),
                ("above", signed_in(Role.PREFECTURE, PREFECTURE)), ("blamed", blamed),
            )
        }  # fmt: skip
        assert told == {
            "acts": [*words[:3]], "names": [*words[:2], "王**"], "above": [], "blamed": [],
        }  # fmt: skip

    def test_the_investigator_finds_and_another_decides(self, at, row):
        finds = official(Role.TOWNSHIP, TOWNSHIP)
        station = signed_in(Role.TOWNSHIP, TOWNSHIP)
        one = Client(headers={"accept-language": "zh-hans"})
        one.force_login(finds)
        station.post(self.page(row))
        station.post(self.page(row), {"to": finds.official.pk})
        assert (one.get(self.page(row)).context["step"], station.get(self.page(row)).context["step"]) == (
            "investigate", "assign",
        )  # fmt: skip
        assert "由演示·官员调查并登记调查结果" in station.get(self.page(row)).content.decode()
        one.post(self.page(row), {"note": "演示：不属实", "evidence": picture()})
        one.post(self.page(row), {"text": "演示：答复"})
        village = signed_in(Role.VILLAGE, VILLAGE)
        for client, offered in ((one, False), (village, False), (station, True)):
            assert (client.get(self.page(row)).context["form"] is not None) is offered
        assert one.post(self.page(row), {"decision": "dismiss", "reason": "演示"}).status_code == 403
