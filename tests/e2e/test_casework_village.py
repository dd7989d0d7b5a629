"""Casework as the village does it in a browser: meeting, survey, answers, signatures, the notice. 演示数据"""

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from lika.accounts.choices import Role
from lika.casework.actions import signing
from lika.casework.models import Batch, Case, Consent, Meeting, Notice, Signatory, Signature, SurveyForm, Vote
from lika.register.choices import PovertyStatus
from tests import factories as make
from tests.casework.going import VILLAGE, begun, by_pack, place, standing_at
from tests.casework.noticing import age, brought
from tests.casework.signers import Chain, actor_for, by_account, chain_of, sign
from tests.e2e.cases import PASSWORD, add_paper, enter, holder, in_row, photograph_in, to_the_batch, whole
from tests.e2e.conftest import listen

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GANSU = "demo/cn-gansu-dangchang/2016"
Drawing = Callable[[Page], None]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live_server: object) -> Path:
    """A data folder of the test's own, for the files."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))
    return tmp_path


def test_from_what_waits_to_a_meeting_on_record_and_what_it_decided(page: Page, live_server, folder: Path) -> None:
    batch = standing_at(begun(place(2)), "appraisal")
    one, two = batch.cases.order_by("number")
    holder("cun", Role.VILLAGE, VILLAGE)
    to_the_batch(page, live_server.url, "cun")
    assert whole(page) == []
    page.get_by_label("会议日期").fill("2014-06-03")
    for label, value in (("会议地点", "旧圩村委会"), ("主持人", "演示主持"), ("记录人", "演示记录")):
        page.get_by_label(label).fill(value)
    page.get_by_label("应到人数").fill("30")
    page.get_by_label("实到人数").fill("28")
    for case, votes in ((one, ("27", "1", "0")), (two, ("3", "25", "0"))):
        for column, value in zip(("同意", "反对", "弃权"), votes, strict=True):
            in_row(page, case, column).fill(value)
    in_row(page, two, "处理结果").select_option("struck_out")
    page.get_by_role("button", name="保存会议").click()
    expect(page.get_by_text("请填写理由。")).to_be_visible()
    expect(page.get_by_label("会议地点")).to_have_value("旧圩村委会")  # nothing typed is lost
    in_row(page, two, "理由").fill("演示：多数不同意")
    page.get_by_role("button", name="保存会议").click()
    expect(page.get_by_role("heading", name="2014年6月3日")).to_be_visible()
    assert whole(page) == []
    page.get_by_role("button", name="提交下一环节").click()
    expect(page.get_by_text("CAS-069")).to_be_visible()
    for paper, colour in (("会议记录", "red"), ("签到表", "blue")):
        add_paper(page, paper, photograph_in(folder, f"{colour}.jpg", colour))
        expect(page.locator(".state-done", has_text=paper)).to_be_visible()
    page.get_by_role("button", name="提交下一环节").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("核实")
    assert (Meeting.objects.count(), list(Vote.objects.values_list("in_favour", "against"))) == (1, [(27, 1), (3, 25)])
    assert list(Case.objects.order_by("number").values_list("stage", "state")) == [
        ("verification", "open"), ("appraisal", "struck_out"),
    ]  # fmt: skip


def test_a_survey_by_two_is_entered_on_a_telephone(page: Page, live_server) -> None:
    batch = standing_at(begun(place(2)), "verification")
    one, two = batch.cases.order_by("number")
    holder("cun", Role.VILLAGE, VILLAGE)
    page.set_viewport_size({"width": 390, "height": 900})
    to_the_batch(page, live_server.url, "cun")
    page.locator("[name=surveyor]").fill("演示甲")
    page.locator("[name=second_surveyor]").fill("演示乙")
    page.get_by_label("入户日期").fill("2014-06-04")
    in_row(page, one, "核实结果").select_option("same")
    in_row(page, two, "核实结果").select_option("differs")
    page.get_by_role("button", name="保存调查表").click()
    expect(page.get_by_text("请写明不一致之处。")).to_be_visible()
    page.locator(f"[name=remark-{two.pk.hex}]").fill("演示：房屋为借住")
    page.get_by_role("button", name="保存调查表").click()
    expect(page.get_by_text("本环节已登记调查表2份。")).to_be_visible()
    assert whole(page) == []
    found = SurveyForm.objects.order_by("case__number").values_list("as_registered", "remark", "surveyor")
    assert list(found) == [(True, "", "演示甲"), (False, "演示：房屋为借住", "演示甲")]


def test_households_answer_and_who_refuses_is_struck_out(page: Page, live_server) -> None:
    batch = by_pack(begun(place(2, status=PovertyStatus.PLANNED)), GANSU, "household_exit", "consent")
    one, two = batch.cases.order_by("number")
    holder("cun", Role.VILLAGE, VILLAGE)
    to_the_batch(page, live_server.url, "cun")
    page.get_by_label("征求意见日期").fill("2014-06-05")
    page.locator("[name=heard_by]").fill("演示甲")
    page.locator("[name=witness]").fill("演示乙")
    in_row(page, one, "意见").select_option("agreed:handprint")
    in_row(page, two, "意见").select_option("refused:spoken")
    page.locator(f"[name=remark-{two.pk.hex}]").fill("演示：住房未修好")
    page.get_by_role("button", name="保存意见").click()
    expect(page.get_by_text("演示：住房未修好")).to_be_visible()
    assert whole(page) == []
    in_row(page, two, "处理结果").select_option("struck_out")
    in_row(page, two, "理由").fill("演示：本人不认可")
    page.get_by_role("button", name="提交下一环节").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("村内公示")
    answers = Consent.objects.order_by("case__number").values_list("answer", "case__stage", "case__state")
    assert list(answers) == [("agreed", "notice", "open"), ("refused", "consent", "struck_out")]


@pytest.fixture
def chain(live_server: object) -> Chain:
    """Two cases at the village's signatures; 演示·zhishu is its secretary, 演示·cun keeps the office."""
    found = chain_of()
    secretary = holder("zhishu", Role.VILLAGE, make.VILLAGE)
    Signatory.objects.filter(capacity="village_secretary").update(official=secretary)
    holder("cun", Role.VILLAGE, make.VILLAGE)
    return found


def test_the_secretary_signs_by_password(page: Page, live_server, chain: Chain) -> None:
    enter(page, live_server.url, "zhishu")
    page.goto(f"{live_server.url}/casework/batches/{chain.batch.pk}/")
    page.get_by_role("link", name="签字", exact=True).click()
    page.get_by_label("密码或验证码").fill("不对")
    assert whole(page) == []
    page.get_by_role("button", name="全部签字").click()
    expect(page.get_by_text("ACC-028")).to_be_visible()
    assert not Signature.objects.exists()
    page.get_by_label("密码或验证码").fill(PASSWORD)
    page.get_by_role("button", name="全部签字").click()
    expect(page.get_by_text("已签2件，共2件")).to_be_visible()
    assert whole(page) == []
    assert list(Signature.objects.values_list("slot", "kind", "official__name")) == [(0, "account", "演示·zhishu")] * 2


def by_mouse(page: Page) -> None:
    """A stroke from the left to the right of the field."""
    box = page.locator("canvas[data-ink]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()


def by_finger(page: Page) -> None:
    """The same with a finger; the page must not scroll under it."""
    box = page.locator("canvas[data-ink]").bounding_box()
    assert box is not None
    touch = page.context.new_cdp_session(page)
    at = [{"x": box["x"] + box["width"] * n / 10, "y": box["y"] + box["height"] / 2} for n in range(2, 9)]
    before = page.evaluate("scrollY")
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at[0]]})
    for point in at[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("scrollY") == before


@pytest.fixture(params=[(1440, by_mouse), (390, by_finger)], ids=["mouse", "finger"])
def hand(request: pytest.FixtureRequest, browser: Browser, complaints: list[str]) -> Iterator[tuple[Page, Drawing]]:
    """A screen to sign on, and how."""
    width, draws = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", has_touch=draws is by_finger
    )
    tab = context.new_page()
    listen(tab, complaints)
    yield tab, draws
    context.close()


def test_a_household_signs_in_ink_before_a_witness(
    hand: tuple[Page, Drawing], live_server, chain: Chain, complaints: list[str]
) -> None:
    page, draws = hand
    by = actor_for(Signatory.objects.get(capacity="village_secretary").official, make.VILLAGE, "secretary")
    signing.sign_cases(by=by, batch=chain.batch.pk, slot=0, given=by_account(by))
    for slot in (1, 2):
        sign(chain, slot)
    enter(page, live_server.url, "cun")
    page.goto(f"{live_server.url}/casework/batches/{chain.batch.pk}/sign/3/")
    ink = page.locator("#ink")
    expect(ink.locator("canvas")).to_be_visible()
    assert whole(page, [page.viewport_size["width"]]) == []
    ink.get_by_label("见证人").select_option(label="见证·演示")
    ink.get_by_role("button", name="录入签字").click()
    expect(page.get_by_text("CAS-089")).to_be_visible()  # nothing was drawn
    ink.locator("canvas").scroll_into_view_if_needed()
    draws(page)
    ink.get_by_role("button", name="清除重写").click()
    ink.get_by_role("button", name="录入签字").click()
    expect(page.get_by_text("CAS-089")).to_be_visible()  # it was cleared
    ink.get_by_label("见证人").select_option("")
    ink.locator("canvas").scroll_into_view_if_needed()
    draws(page)
    ink.get_by_role("button", name="录入签字").click()
    expect(ink.locator(".field-error")).to_be_visible()
    ink.get_by_label("见证人").select_option(label="见证·演示")
    ink.get_by_role("button", name="录入签字").click()  # what was drawn is still there
    expect(page.get_by_text("已签1件，共2件")).to_be_visible()
    kept = Signature.objects.select_related("paper", "witness").get(slot=3)
    assert (kept.kind, kept.official, kept.witness.name, kept.case.number[-4:]) == ("ink", None, "见证·演示", "0001")
    with Image.open(BytesIO(base64.b64decode(kept.paper.content))) as drawn:
        alpha = drawn.convert("RGBA").getchannel("A")
    left, top, right, bottom = alpha.getbbox()
    assert (drawn.format, drawn.size, left in range(150, 190), right in range(700, 740)) == (
        "PNG", (900, 300), True, True,
    )  # fmt: skip
    assert (top in range(135, 155), bottom in range(145, 165), alpha.getpixel((450, 150)) > 200) == (True, True, True)
    looked_at_again(page)
    assert complaints == []


def looked_at_again(page: Page) -> None:
    """For a reason, in a tab of its own: the picture with its stroke, and no script."""
    page.get_by_text("说明理由查看签字").click()
    page.locator(".file-act [name=reason]").fill("演示：核对签字")
    with page.context.expect_page() as opened:
        page.locator(".file-act").get_by_role("button", name="查看").click()
    picture = opened.value
    expect(picture.locator("img")).to_be_visible()
    assert picture.locator("img").evaluate("(shown) => [shown.naturalWidth, shown.naturalHeight]") == [900, 300]
    picture.close()


def test_a_notice_is_made_posted_with_proof_and_ended(page: Page, live_server, folder: Path) -> None:
    batch: Batch = brought(begun(place(2)), "first_notice")
    holder("cun", Role.VILLAGE, VILLAGE)
    to_the_batch(page, live_server.url, "cun")
    page.get_by_role("link", name="公示与异议").click()
    page.get_by_label("监督电话").fill("王某")
    page.get_by_role("button", name="确定名单").click()
    expect(page.locator(".field-error")).to_be_visible()
    expect(page.get_by_label("监督电话")).to_have_value("王某")
    page.get_by_label("监督电话").fill("0776-6212317")
    assert whole(page) == []
    page.get_by_role("button", name="确定名单").click()
    expect(page.get_by_text("还有1处待张贴")).to_be_visible()
    page.get_by_label("张贴照片").set_input_files(photograph_in(folder, "board.jpg", "green"))
    assert whole(page) == []
    page.get_by_role("button", name="登记张贴").click()
    expect(page.get_by_text("名单公示至期满")).to_be_visible()
    last = timezone.localdate() + dt.timedelta(days=7)
    expect(page.get_by_text(f"到{last.year}年{last.month}月{last.day}日 24时止")).to_be_visible()
    expect(page.get_by_role("button", name="公示期满，进入下一环节")).to_have_count(0)
    notice = Notice.objects.get()
    posting = notice.postings.get()
    assert (posting.posted_on, posting.proof_id is None, posting.posted_by) == (timezone.localdate(), False, "cun")
    age(notice, 8)
    page.reload()
    page.get_by_role("button", name="公示期满，进入下一环节").click()
    expect(page.get_by_text("已办理。")).to_be_visible()
    batch.refresh_from_db()
    assert batch.stage == "township_review"
