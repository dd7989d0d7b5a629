"""The appeal file of a case: what stands in it, who may make it, how it is verified on the command line. 演示数据"""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from lika.accounts.choices import Role
from lika.accounts.queries import actor_of
from lika.casework import appeal
from lika.casework.actions import moving
from lika.casework.actions.appeal import make_appeal_file
from lika.casework.actions.moving import Outcome
from lika.casework.choices import StepResult
from lika.casework.models import Batch, Case
from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.core.sealing import signing
from tests import factories as make
from tests.casework.going import VILLAGE, begun, place, ready
from tests.console.officials import official

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("installation")]

WHY = "演示：农户申诉"
POST = f"演示{VILLAGE} 村级工作人员"


@pytest.fixture
def installation(settings, tmp_path: Path) -> Path:
    """A data folder with a signing key."""
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path)
    signing.ensure_key(may_make=True)
    return tmp_path


@pytest.fixture
def case() -> Case:
    """Passed by a village officer with an account, then struck out by the resident team."""
    at = place(1)
    batch = begun(at)
    officer = actor_of(official(Role.VILLAGE, VILLAGE))
    for by in (officer, officer):
        _act(by, batch, Outcome())
    _act(at.team, batch, Outcome(StepResult.STRUCK_OUT, reason="演示：有商品房"))
    return Case.objects.get()


def _act(by, batch: Batch, outcome: Outcome) -> None:
    ready(batch)
    with transaction.atomic():
        standing = moving.take(by, batch.pk)
        moving.settle(standing, {each.pk: outcome for each in standing.open}, action="case.test")


def office(*leaving_out: Permission) -> SystemActor:
    return make.make_actor(VILLAGE, permissions=[each for each in Permission if each not in leaving_out], name="office")


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_tells_the_decision_and_who_did_what_in_both_languages(case: Case):
    name, content = make_appeal_file(by=office(), case=case.pk, reason=WHY)
    held = entries(content)
    assert name == f"{case.number}.zip"
    assert [each for each in held if not each.startswith("documents/")] == [
        "manifest.json", "manifest.sig", "case.en.html", "case.en.json", "case.zh.html", "case.zh.json",
        f"records/{case.number}.json",
    ]  # fmt: skip
    told = json.loads(held["case.zh.json"])
    course = [(*row[1:3], *row[4:]) for row in told["course"]["rows"]]
    assert course == [
        ("农户申请", "已立案", "system:county", "", "", ""),
        ("农户申请", "进入下一环节", "演示·官员", POST, "经办", ""),
        ("村民代表民主评议，确定初选名单", "进入下一环节", "演示·官员", POST, "经办", ""),
        ("村委会和驻村工作队核实并共同签字", "已剔除", "system:team", "", "核实", "演示：有商品房"),
    ]
    decision = dict(told["decision"]["rows"])
    assert (decision["案件编号"], decision["状态"], decision["政策包"].split()[0]) == (
        case.number, "已剔除", case.batch.pack,
    )  # fmt: skip
    english = json.loads(held["case.en.json"])
    assert [part["title"] for part in english.values()] == [
        "Decision of the case", "Criteria and how they were answered", "Who did what, and when", "Meetings",
        "Survey and verification", "Answers of the household", "Opinions of offices", "Public notices",
        "Places where the notices hung", "Objections", "Steps on the objections", "Signatures", "Rosters",
        "Indicator sheet", "Checks of the indicators", "Papers of the stages", "Documents of the household",
    ]  # fmt: skip
    assert dict(english["criteria"]["rows"][n][:2] for n in range(3)) == {
        "exit": "Met", "identification": "Met", "return_to_poverty": "Met",
    }  # fmt: skip
    assert told["meetings"]["rows"] == [
        [
            "村民代表民主评议，确定初选名单", "2014-06-01", "村委会", "演示主持, 演示记录", "应到30人，实到28人",
            "赞成28，反对0，弃权0", "进入下一环节", "",
        ],
    ]  # fmt: skip
    assert [(row[1], row[5]) for row in told["files"]["rows"]] == [
        (paper, "须说明事由并登记后到经办单位查阅") for paper in ("会议记录", "签到表")
    ]
    page = held["case.zh.html"].decode()
    assert ("演示：有商品房" in page, "lika case verify" in page, '<html lang="zh">' in page) == (True, True, True)


def test_the_same_case_gives_the_same_bytes_and_they_are_signed(case: Case):
    (_name, first), (_again, second) = (make_appeal_file(by=office(), case=case.pk, reason=WHY) for _two in range(2))
    assert first == second
    assert appeal.verify(first, signing.public_key()).findings == ()


def test_the_audit_keeps_who_made_it_and_what_for(case: Case):
    _name, content = make_appeal_file(by=office(), case=case.pk, reason=f" {WHY} ")
    entry = AuditEntry.objects.get(action="case.appeal_file_made")
    assert (entry.actor, entry.reason, entry.label, entry.county) == ("system:office", WHY, case.number, 451081)
    assert audit.told(entry) == (None, {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})


def test_nobody_takes_it_without_a_reason_or_where_they_may_not_read_names(case: Case):
    with pytest.raises(UserError) as silent:
        make_appeal_file(by=office(), case=case.pk, reason="  ")
    for leaving_out in (Permission.REGISTER_PERSONAL, Permission.SCREENING_VIEW, Permission.CASEWORK_VIEW):
        with pytest.raises(PermissionRefused):
            make_appeal_file(by=office(leaving_out), case=case.pk, reason=WHY)
    with pytest.raises(NotFound) as unseen:
        make_appeal_file(by=make.make_actor(make.VILLAGE), case=case.pk, reason=WHY)
    assert (silent.value.code, unseen.value.code) == ("COL-030", "CAS-031")
    assert not AuditEntry.objects.filter(action="case.appeal_file_made").exists()


class TestCommand:
    def test_what_it_exports_it_verifies(self, case: Case, installation: Path, tmp_path: Path, capsys):
        call_command("case", "export", case.number, "--reason", WHY, "--to", tmp_path)
        file = tmp_path / f"{case.number}.zip"
        assert (capsys.readouterr().out.strip(), file.stat().st_mode & 0o777) == (str(file), 0o600)
        call_command("case", "verify", file, "--key", installation / "audit/audit-public-key.pem")
        key = signing.fingerprint()
        assert capsys.readouterr().out.splitlines() == [
            f"案件{case.number}：共5个文件，签名密钥 {key}。", "验证通过：未发现改动。",
        ]  # fmt: skip

    def test_it_names_what_was_changed_and_ends_with_1(self, case: Case, tmp_path: Path, capsys):
        _name, content = make_appeal_file(by=office(), case=case.pk, reason=WHY)
        file = tmp_path / "changed.zip"
        file.write_bytes(content.replace("演示：有商品房".encode(), "演示：有小汽车".encode()))
        with pytest.raises(SystemExit) as ended:
            call_command("case", "verify", file)
        assert ended.value.code == 1
        codes = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("CAS-")]
        assert set(codes) == {"CAS-121"}

    def test_what_cannot_be_used_is_a_fault_of_the_user(self, case: Case, tmp_path: Path):
        with pytest.raises(UserError) as missing:
            call_command("case", "verify", tmp_path / "none.zip")
        (tmp_path / "x.zip").write_bytes(b"")
        with pytest.raises(UserError) as keyless:
            call_command("case", "verify", tmp_path / "x.zip", "--key", tmp_path / "none.pem")
        with pytest.raises(UserError) as nobody:
            call_command("case", "export", "0000", "--reason", WHY)
        assert [each.value.code for each in (missing, keyless, nobody)] == ["CAS-126", "COR-010", "CAS-031"]
