"""Casework as the county does it in a browser: roster, announcement, archive and appeal file. 演示数据"""

import zipfile
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, expect

from lika.accounts.choices import Role
from lika.casework.actions import rosters, signing
from lika.casework.models import Case, Roster, RosterEntry, Signatory, Signature
from lika.core import sealing
from lika.core.models import AuditEntry
from lika.core.sealing.signing import public_key_file
from lika.register.models import Household
from tests import factories as make
from tests.casework.going import COUNTY, begun, place
from tests.casework.going import sign as have_signed
from tests.casework.noticing import brought
from tests.casework.signers import COUNTY_FOUR, Chain, by_account, chain_of, sign
from tests.e2e.cases import PASSWORD, enter, holder, photograph_in, to_the_batch, whole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live_server: object) -> Path:
    """A data folder of the test's own, for the files and the key."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))
    return tmp_path


@pytest.fixture
def chain(folder: Path) -> Chain:
    """Two cases signed below, at the county's signatures; 演示·shuji is its secretary."""
    found = chain_of()
    for level, slots in (("village", 4), ("township", 3)):
        for slot in range(slots):
            sign(found, slot)
        signing.pass_on(by=found.offices[level], batch=found.batch.pk)
    secretary = holder("shuji", Role.COUNTY, make.COUNTY)
    Signatory.objects.filter(capacity="county_secretary").update(official=secretary)
    return found


def test_a_roster_is_drawn_signed_slot_by_slot_and_what_fell_out_is_shown(
    page: Page, live_server, chain: Chain
) -> None:
    to_the_batch(page, live_server.url, "shuji")
    page.get_by_role("button", name="生成名册").click()
    expect(page.get_by_text("现由县委书记签字。")).to_be_visible()
    roster = Roster.objects.get()
    expect(page.locator(".page-subtitle")).to_contain_text(roster.content_hash)
    assert whole(page) == []
    page.locator(".next-step").get_by_role("link", name="签字").click()
    page.get_by_label("密码或验证码").fill(PASSWORD)
    assert whole(page) == []
    page.get_by_role("button", name="全部签字").click()
    expect(page.get_by_text("现由县长签字。")).to_be_visible()
    for slot, capacity in enumerate(COUNTY_FOUR[1:], start=1):
        by = chain.signers[capacity]
        rosters.sign_roster(by=by, roster=roster.pk, slot=slot, given=by_account(by))
    one, two = Case.objects.order_by("number")
    Case.objects.filter(pk=one.pk).update(persons=9)  # the record changed: what was signed no longer holds for it
    page.reload()
    expect(page.get_by_text("有1件案件已退回或有变动")).to_be_visible()
    expect(page.locator("tr", has_text=one.number)).to_contain_text("已失效")
    expect(page.locator("tr", has_text=two.number)).to_contain_text("在册有效")
    assert whole(page) == []
    page.get_by_role("button", name="提交已签批次").click()
    expect(page.get_by_text("CAS-080")).to_be_visible()
    Case.objects.filter(pk=one.pk).update(persons=one.persons)
    page.get_by_role("button", name="提交已签批次").click()
    expect(page.get_by_text("已提交1个批次，待签0个批次。")).to_be_visible()
    assert chain.stage == "prefecture_signatures"
    signed = Signature.objects.filter(roster=roster).order_by("slot").values_list("official__name", "void_reason")
    assert signed[0] == ("演示·shuji", "")
    assert (signed.count(), RosterEntry.objects.filter(roster=roster, void_at=None).count()) == (4, 2)


def test_the_announcement_hangs_and_is_carried_out(page: Page, live_server, folder: Path) -> None:
    batch = brought(begun(place(2)), "announcement")
    have_signed(batch)
    two = batch.cases.order_by("number")[1]
    holder("xian", Role.COUNTY, COUNTY)
    to_the_batch(page, live_server.url, "xian")
    page.get_by_text("暂缓部分案件").click()
    assert whole(page) == []
    page.get_by_role("link", name="公示与异议").click()
    page.get_by_label("监督电话").fill("0776-6212317")
    page.get_by_role("button", name="确定名单").click()
    expect(page.get_by_role("heading", name="登记张贴")).to_be_visible()
    page.get_by_label("张贴照片").set_input_files(photograph_in(folder, "board.jpg", "green"))
    page.get_by_role("button", name="登记张贴").click()
    expect(page.get_by_text("各处均已张贴")).to_be_visible()
    page.goto(f"{live_server.url}/casework/batches/{batch.pk}/")
    page.get_by_text("暂缓部分案件").click()
    page.get_by_role("checkbox", name=two.number).check()
    hold = page.locator("details", has=page.get_by_role("checkbox", name=two.number))
    hold.get_by_label("理由").fill("演示：正在核实")
    hold.get_by_role("button", name="暂缓").click()
    expect(page.get_by_role("button", name="公告1件案件")).to_be_visible()
    page.get_by_label("生效日期").fill("2014-12-31")
    page.get_by_role("button", name="公告1件案件").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("扶贫手册")
    assert sorted(Household.objects.values_list("number", "poverty_status")) == [("JX000", "10"), ("JX001", "00")]
    two.refresh_from_db()
    assert (two.stage, two.batch.sequence) == ("announcement", 1)
    assert AuditEntry.objects.filter(action="batch.announced").count() == 1


def test_the_archive_and_the_appeal_file_are_taken_and_verified(page: Page, live_server, folder: Path) -> None:
    batch = begun(place(1))
    case = batch.cases.get()
    sealing.seal(by=make.make_actor(COUNTY))
    holder("xian", Role.COUNTY, COUNTY)
    enter(page, live_server.url, "xian")
    page.goto(f"{live_server.url}/casework/cases/{case.pk}/")
    page.get_by_role("link", name="卷宗").click()
    assert whole(page) == []
    page.locator("#take").get_by_label("用途").fill("演示：归档")
    with page.expect_download() as archive:
        page.get_by_role("button", name="下载卷宗").click()
    with zipfile.ZipFile(archive.value.path()) as taken:
        assert "00-contents.pdf" in taken.namelist()
    page.locator("#appeal").get_by_label("用途").fill("演示：本户申诉")
    with page.expect_download() as appeal:
        page.get_by_role("button", name="制作申诉卷宗").click()
    file = folder / "appeal.zip"
    appeal.value.save_as(file)
    told = StringIO()
    call_command("case", "verify", str(file), "--key", str(public_key_file()), stdout=told)
    assert case.number in told.getvalue()
    reasons = AuditEntry.objects.filter(action__in=("casework.archive_taken", "case.appeal_file_made"))
    assert sorted(reasons.values_list("reason", flat=True)) == ["演示：归档", "演示：本户申诉"]
    with zipfile.ZipFile(file) as sent:
        entries = {name: sent.read(name) for name in sent.namelist()}
    entries["case.zh.html"] += b" "
    with zipfile.ZipFile(file, "w") as changed:
        for name, content in entries.items():
            changed.writestr(name, content)
    with pytest.raises(SystemExit) as found:
        call_command("case", "verify", str(file), "--key", str(public_key_file()), stdout=told)
    assert (found.value.code, "CAS-121" in told.getvalue()) == (1, True)
