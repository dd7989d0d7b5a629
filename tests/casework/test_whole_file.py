"""An appeal file with all of a case in it: notices, objections, signatures, rosters, proved offline. 演示数据"""

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lika.accounts.choices import Role
from lika.casework import appeal
from lika.casework.actions import notices, objections
from lika.casework.actions.appeal import make_appeal_file
from lika.casework.actions.archive import take_batch_archive
from lika.casework.actions.objections import Said
from lika.casework.choices import CampaignKind, ObjectionChannel, PostingFault
from lika.casework.models import Case, Objection, Posting, SignedPaper
from lika.casework.queries.clock import database_now
from lika.core.permissions import Permission
from lika.core.sealing import signing
from lika.register.choices import PovertyStatus
from tests import factories as make
from tests.casework.driving import Course, act, loaded, posted, started, walk
from tests.casework.noticing import age, photograph, today
from tests.console.officials import official

pytestmark = pytest.mark.django_db
GANSU, VILLAGE, TOWNSHIP = "demo/cn-gansu-dangchang/2016", "621223100201", "621223100000"
WHY = "演示：农户申诉"
NAMED, PHONE = "演示周吴郑", "13900001111"
DIGEST, MOMENT = re.compile("[0-9a-f]{64}"), re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def objected(case: Case, text: str, name: str = "", phone: str = "") -> Objection:
    by = make.make_actor(VILLAGE, name="window")
    moment = database_now() - dt.timedelta(seconds=1)
    said = Said(ObjectionChannel.TELEPHONE, text, moment, name=name, phone=phone)
    return objections.receive(by=by, case=case.pk, said=said)


def dismissed(row: Objection) -> None:
    """The whole way of an objection to its answer."""
    office, county = make.make_actor(TOWNSHIP, name="township"), make.make_actor("621223000000", name="county")
    objections.acknowledge(by=office, objection=row.pk)
    finds = make.make_actor(TOWNSHIP, name="finds")
    finds.official_id = official(Role.TOWNSHIP, TOWNSHIP).official.pk
    objections.assign(by=office, objection=row.pk, to=finds.official_id)
    objections.investigate(by=finds, objection=row.pk, finding="演示：已入户核实", evidence=photograph())
    objections.answer(by=finds, objection=row.pk, text="演示：不属实")
    objections.dismiss(by=county, objection=row.pk, reason="演示：不属实")


@pytest.fixture
def course(settings, tmp_path: Path) -> Course:
    """Two households of a village, announced; the first objected to by two, its notice torn down once."""
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path)
    signing.ensure_key(may_make=True)
    on = started(loaded(GANSU), CampaignKind.REDUCTION, VILLAGE, year=2016, statuses=(PovertyStatus.PLANNED,) * 2)
    while on.stage.id != "notice":
        act(on)
    notice, by = posted(on), on.official()
    first = Case.objects.order_by("number")[0]
    dismissed(objected(first, "演示：该户有商品房", NAMED, PHONE))
    dismissed(objected(first, "演示：该户有小汽车"))
    board = Posting.objects.get(notice=notice, place="village")
    notices.report_fault(
        by=by, posting=board.pk, fault=PostingFault.TORN, fault_on=today(), reason="演示：被风雨撕毁"
    )  # fmt: skip
    again = Posting.objects.get(notice=notice, place="village", posted_on=None)
    notices.post(by=by, posting=again.pk, posted_on=today(), proof=photograph())
    age(notice, 40)
    notices.end_notice(by=by, batch=on.batch.pk)
    on.batch.refresh_from_db()
    walk(on)
    return on


def office(*leaving_out: Permission):
    return make.make_actor(VILLAGE, permissions=[each for each in Permission if each not in leaving_out], name="office")


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plain(rows: list[list[str]]) -> list[list[str]]:
    """Digests and moments by what they are: they differ from run to run."""
    return [[MOMENT.sub("TIME", DIGEST.sub("SHA", cell)) for cell in row] for row in rows]


FOUR = ["村党支部书记", "村主任", "驻村工作队队长", "农户"]
THREE = ["乡镇党委书记", "乡镇长", "乡镇扶贫工作站站长"]
COUNTY_FOUR = ["县委书记", "县长", "县扶贫办主任", "县统计局局长"]
TWO = ["市（州）委书记", "市（州）长"]


def test_all_of_a_case_is_told_and_who_objected_is_not(course: Course) -> None:
    first = course.cases[0]
    _name, content = make_appeal_file(by=office(), case=first.pk, reason=WHY)
    held = entries(content)
    told = {key: plain(part["rows"]) for key, part in json.loads(held["case.zh.json"]).items()}
    hung, day, number = str(today() - dt.timedelta(days=40)), str(today()), first.number
    stopped = "、".join([f"{hung}–{hung}"] * 2)
    (notice, announcement) = told["notices"]
    assert (notice[:6], notice[7:]) == (
        ["村内公示", "公示", "TIME", "5 个工作日", hung, stopped], ["已结束", "TIME", "", "SHA"],
    )  # fmt: skip
    assert announcement == ["公告退出", "公告", "TIME", "", day, "", "", "已结束", "TIME", "", "SHA"]
    board = ["行政村公示栏", "石磊村"]
    assert told["postings"] == [
        ["村内公示", "公示", *board, hung, "system:village office", "TIME", "", f"被撕毁或无法辨认 {day}",
         "演示：被风雨撕毁", "SHA"],
        ["村内公示", "公示", *board, hung, "system:village office", "TIME", "", "", "", "SHA"],
        ["公告退出", "公告", *board, day, "system:county approve", "TIME", "", "", "", "SHA"],
    ]  # fmt: skip
    answered = ["", "演示·官员", "异议不成立", "演示：不属实", "TIME"]
    assert told["objections"] == [
        [f"{number}-Y1", "电话", "TIME", "演****", "演示：该户有商品房", *answered],
        [f"{number}-Y2", "电话", "TIME", "匿名", "演示：该户有小汽车", *answered],
    ]
    assert [(row[0][-2:], *row[2:]) for row in told["objection_steps"][:6]] == [
        ("Y1", "接收", "system:window", "", "", ""),
        ("Y1", "告知收到", "system:township", "", "", ""),
        ("Y1", "交办调查", "system:township", "演示·官员", "", ""),
        ("Y1", "登记调查结果", "system:finds", "", "演示：已入户核实", "SHA"),
        ("Y1", "拟写答复", "system:finds", "", "演示：不属实", ""),
        ("Y1", "认定不成立", "system:county", "", "演示：不属实", ""),
    ]
    assert not [name for name, each in held.items() if NAMED.encode() in each or PHONE.encode() in each]
    assert told["rosters"] == [
        ["县级四方签字确认", "宕昌县", "1", "TIME", "system:county office", "SHA", "SHA", ""],
        ["市级两方签字确认", "陇南市", "1", "TIME", "system:prefecture office", "SHA", "SHA", ""],
    ]


def test_every_signature_stands_in_it_with_what_was_drawn(course: Course) -> None:
    first = course.cases[0]
    _name, content = make_appeal_file(by=office(), case=first.pk, reason=WHY)
    held = entries(content)
    drawn = SignedPaper.objects.get(signatures__case=first)
    picture = f"{drawn.sha256[:16]}.png"
    by_account = [(capacity, "账号签字", "", "") for capacity in [*FOUR[:3], *THREE, *COUNTY_FOUR, *TWO]]
    rows = json.loads(held["case.zh.json"])["signatures"]["rows"]
    assert [(row[2], row[4], row[5], row[10]) for row in rows] == [
        *by_account[:3], ("农户", "屏幕签名", "见证·演示", picture), *by_account[3:],
    ]  # fmt: skip
    assert [row[8] for row in rows] == ["本案"] * 7 + ["第1号名册"] * 6
    assert {row[9] for row in rows} == {"有效"}
    assert hashlib.sha256(held[f"documents/{picture}"]).hexdigest() == drawn.sha256
    assert f'<img src="documents/{picture}"' in held["case.zh.html"].decode()
    _name, without = make_appeal_file(by=office(Permission.REGISTER_REVEAL), case=first.pk, reason=WHY)
    kept = entries(without)
    assert f"documents/{picture}" not in kept
    row = next(row for row in json.loads(kept["case.zh.json"])["signatures"]["rows"] if row[2] == "农户")
    assert row[10] == f"存经办单位，SHA-256 {drawn.sha256}"


def resealed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The file with an entry changed, sealed anew with the key of the installation: only the record can tell."""
    held = entries(content)
    kept = {key: each for key, each in held.items() if key not in (appeal.MANIFEST, appeal.SIGNATURE)}
    return appeal.write("演示", kept | {name: change(kept[name])})


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode())

    return change


def found(content: bytes) -> list[tuple[str, str, str]]:
    checked = appeal.verify(content, signing.public_key())
    return [(each.code, each.entry, each.where) for each in checked.findings]


def changed(content: bytes, name: str) -> bytes:
    """The ZIP with one byte of one entry changed and everything else as it was."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for key, held in entries(content).items():
            appeal.put(archive, key, bytes([held[0] ^ 1]) + held[1:] if key == name else held)
    return target.getvalue()


def test_whatever_is_changed_is_found_and_named(course: Course) -> None:
    first = course.cases[0]
    _name, content = make_appeal_file(by=office(), case=first.pk, reason=WHY)
    record = f"records/{first.number}.json"
    assert found(content) == []
    tampered = {name: found(changed(content, name)) for name in entries(content) if not name.startswith("manifest")}
    assert tampered == {name: [("CAS-121", name, "")] for name in tampered}
    assert len(tampered) == 6
    roster = json.loads(entries(content)[record])["rosters"][0]
    other = next(line for line in roster["lines"] if line != roster["line"])
    forged = {
        "step": resealed(content, record, replaced('"to_stage": "consent"', '"to_stage": "announcement"')),
        "text": resealed(
            content, record, replaced(chr(92) + '"persons' + chr(92) + '":2', chr(92) + '"persons' + chr(92) + '":3')
        ),
        "line": resealed(content, record, replaced(other, "0" * 64)),
        "state": resealed(content, record, replaced('"state": "holds"', '"state": "void"')),
    }
    codes = {name: {code for code, _entry, _where in found(each)} for name, each in forged.items()}
    assert codes == {
        "step": {"CAS-166", "CAS-167"}, "text": {"CAS-167"}, "line": {"CAS-169"}, "state": {"CAS-170"},
    }  # fmt: skip


def test_the_archive_of_the_batch_has_it_all_in_the_official_order(course: Course) -> None:
    _name, content = take_batch_archive(by=office(), batch=course.batch.pk, reason=WHY)
    held, numbers = list(entries(content)), [case.number for case in course.cases]
    sheets = sorted(paper.sha256[:16] for paper in SignedPaper.objects.filter(signatures__case__isnull=False))
    assert [name for name in held if "签字原件" not in name] == [
        "manifest.json", "manifest.sig", "00-contents.pdf", "01-综合类/001-案件概况.pdf", "01-综合类/002-办理经过.pdf",
        "02-分析评议会议/003-名单.pdf",
        *(f"03-入户调查核实/{n:03}-核实表_{each}.pdf" for n, each in enumerate(numbers, 6)),
        *(f"03-入户调查核实/{n:03}-农户认可书（系统打印，非签字件）_{each}.pdf" for n, each in enumerate(numbers, 8)),
        "04-公示、异议与公告/010-公示公告情况.pdf", "04-公示、异议与公告/011-公示公告张贴情况.pdf",
        "04-公示、异议与公告/012-异议.pdf", "04-公示、异议与公告/013-异议办理经过.pdf",
        "04-公示、异议与公告/014-张贴证明.pdf", "04-公示、异议与公告/015-公示.pdf",
        *(f"04-公示、异议与公告/{n:03}-张贴影像_石磊村.jpg" for n in (16, 17)),
        "04-公示、异议与公告/018-张贴证明.pdf", "04-公示、异议与公告/019-公告.pdf",
        "04-公示、异议与公告/020-张贴影像_石磊村.jpg",
        "05-审核、签字与审批/021-签字.pdf", "05-审核、签字与审批/022-签字名册.pdf",
        *(f"05-审核、签字与审批/{n:03}-签字表_{each}.pdf" for n, each in enumerate(numbers, 25)),
        "05-审核、签字与审批/027-评估报告（系统打印，非签字件）.pdf",
        *(f"records/{case.number}.json" for case in course.cases),
    ]  # fmt: skip
    assert sorted(name.rpartition("_")[2].removesuffix(".png") for name in held if "签字原件" in name) == sheets
    assert found(content) == []
    name = f"records/{course.cases[1].number}.json"
    assert found(changed(content, name)) == [("CAS-121", name, "")]
