"""Casework as the township does it in a browser: a review, an objection from hand to hand, signatures. 演示数据"""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from lika.casework.actions import signing
from lika.casework.models import Batch, Case, Objection, ObjectionStep, Opinion, Signatory, Signature
from tests import factories as make
from tests.casework.going import TOWNSHIP, begun, place, standing_at
from tests.casework.noticing import brought, hung, objected
from tests.casework.signers import chain_of, sign
from tests.e2e.cases import PASSWORD, enter, holder, in_row, photograph_in, to_the_batch, whole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live_server: object) -> Path:
    """A data folder of the test's own, for the files."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))
    return tmp_path


def test_a_batch_is_reviewed_one_passed_one_returned_one_struck_out(page: Page, live_server) -> None:
    batch = standing_at(begun(place(3)), "township_review")
    _one, two, three = batch.cases.order_by("number")
    holder("zhen", Role.TOWNSHIP, TOWNSHIP)
    to_the_batch(page, live_server.url, "zhen")
    assert whole(page) == []
    page.get_by_label("意见内容").fill("经审核，情况属实")
    in_row(page, two, "处理结果").select_option("returned:verification")
    in_row(page, two, "理由").fill("演示：缺入户照片")
    in_row(page, three, "处理结果").select_option("struck_out")
    page.get_by_role("button", name="提交下一环节").click()
    expect(page.get_by_text("请填写理由。")).to_be_visible()
    expect(page.get_by_label("意见内容")).to_have_value("经审核，情况属实")
    expect(in_row(page, two, "理由")).to_have_value("演示：缺入户照片")
    in_row(page, three, "理由").fill("演示：在县城有商品房")
    page.get_by_role("button", name="提交下一环节").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("第二次公示")
    assert list(Case.objects.order_by("number").values_list("stage", "state", "batch__sequence")) == [
        ("second_notice", "open", 0), ("verification", "open", 1), ("township_review", "struck_out", 0),
    ]  # fmt: skip
    assert list(Opinion.objects.values_list("stage", "text")) == [("township_review", "经审核，情况属实")]
    page.get_by_role("link", name="第1补充批次").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第1补充批次")
    expect(page.get_by_text("现由村民委员会、驻村工作队办理")).to_be_visible()
    assert whole(page) == []
    page.get_by_role("link", name=two.number).click()
    expect(page.get_by_text("演示：缺入户照片")).to_be_visible()
    assert whole(page) == []


def test_an_objection_goes_from_hand_to_hand(page: Page, live_server, folder: Path) -> None:
    at = place(2)
    batch: Batch = brought(begun(at), "first_notice")
    hung(at.village, batch)
    case = batch.cases.order_by("number")[0]
    raised = objected(at.village, case)
    for name in ("zhen", "cha"):
        holder(name, Role.TOWNSHIP, TOWNSHIP)
    enter(page, live_server.url, "zhen")
    page.goto(f"{live_server.url}/casework/batches/{batch.pk}/notices/")
    page.get_by_role("link", name=raised.number).click()
    expect(page.get_by_text("演示：该户有商品房")).to_be_visible()
    assert whole(page) == []
    page.get_by_role("button", name="告知收到").click()
    page.locator("[name=to]").select_option(label="演示·cha")
    page.get_by_role("button", name="交办调查").click()
    expect(page.locator(".next-step")).to_contain_text("演示·cha")
    expect(page.get_by_role("button", name="登记调查结果")).to_have_count(0)

    here = page.url
    page.set_viewport_size({"width": 390, "height": 900})
    enter(page, live_server.url, "cha")
    page.goto(here)
    page.locator("[name=note]").fill("演示：经查房屋为租住")
    page.get_by_role("button", name="登记调查结果").click()
    expect(page.locator(".field-error")).to_be_visible()
    expect(page.locator("[name=note]")).to_have_value("演示：经查房屋为租住")
    assert whole(page, [390]) == []
    page.locator("[name=evidence]").set_input_files(photograph_in(folder, "lease.jpg", "green"))
    page.get_by_role("button", name="登记调查结果").click()
    page.locator("main [name=text]").fill("演示：经查该户无商品房")
    page.get_by_role("button", name="拟写答复").click()
    expect(page.locator(".page-subtitle")).to_contain_text("已拟答复")
    expect(page.locator("#act")).to_have_count(0)  # who investigated does not decide

    enter(page, live_server.url, "zhen")
    page.goto(here)
    page.get_by_label("理由").fill("演示：不成立")
    assert whole(page) == []
    page.get_by_role("button", name="处理", exact=True).click()
    expect(page.locator(".page-subtitle")).to_contain_text("异议不成立")
    case.refresh_from_db()
    assert (Objection.objects.get().state, case.state) == ("dismissed", "open")
    steps = ObjectionStep.objects.order_by("at", "id").values_list("verb", "by_name")
    assert list(steps) == [
        ("receive", "system:village"), ("acknowledge", "zhen"), ("assign", "zhen"), ("investigate", "cha"),
        ("answer", "cha"), ("dismiss", "zhen"),
    ]  # fmt: skip


def test_the_township_sends_one_case_back_and_signs_the_other(page: Page, live_server) -> None:
    chain = chain_of()
    for slot in range(4):
        sign(chain, slot)
    signing.pass_on(by=chain.offices["village"], batch=chain.batch.pk)
    secretary = holder("shuji", Role.TOWNSHIP, make.TOWNSHIP)
    Signatory.objects.filter(capacity="township_secretary").update(official=secretary)
    one, two = Case.objects.order_by("number")
    to_the_batch(page, live_server.url, "shuji")
    page.get_by_role("link", name="签字", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("乡镇党委书记")
    page.get_by_role("link", name="不予签字，退回案件").click()
    page.get_by_text("不予签字，退回案件").click()
    in_row(page, two, "处理结果").select_option("returned:village_signatures")
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_text("请填写理由。")).to_be_visible()
    in_row(page, two, "理由").fill("演示：村主任签字不符")
    assert whole(page) == []
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_text("已签0件，共1件").first).to_be_visible()
    page.get_by_role("link", name="签字", exact=True).click()
    page.get_by_label("密码或验证码").fill(PASSWORD)
    page.get_by_role("button", name="全部签字").click()
    expect(page.get_by_text("已签1件，共1件")).to_be_visible()
    two.refresh_from_db()
    assert (two.stage, two.batch.sequence, two.state) == ("village_signatures", 1, "open")
    assert not Signature.objects.filter(case=two, void_at=None).exists()
    assert list(Signature.objects.filter(stage="township_signatures").values_list("case", "official__name")) == [
        (one.pk, "演示·shuji")
    ]
