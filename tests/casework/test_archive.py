"""The file of a batch and of a case: what is in it, what is missing, the ZIP, and its pages. 演示数据"""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction

from lika.accounts.choices import Role
from lika.casework import appeal
from lika.casework.actions import moving
from lika.casework.actions.archive import take_batch_archive, take_case_archive
from lika.casework.models import Batch, Case
from lika.casework.queries.archive import contents_of, folder_of_batch, folder_of_case
from lika.core import audit
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.media import examine
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.core.sealing import signing
from lika.policy.choices import Paper
from tests import factories as make
from tests.casework.going import VILLAGE, begun, keep, place, ready
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db
WHY = "演示：移交归档"


@pytest.fixture
def batch(settings, tmp_path: Path) -> Batch:
    """Two cases past the appraisal, with minutes and attendance sheet, without photographs; one application kept."""
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path)
    signing.ensure_key(may_make=True)
    at = place(2)
    found = begun(at)
    keep(found, Paper.APPLICATION, Case.objects.order_by("number")[0])
    for _stage in ("application", "appraisal"):
        ready(found)
        with transaction.atomic():
            moving.passed(moving.take(at.village, found.pk), action="case.test")
    return Batch.objects.select_related("campaign", "division").get(pk=found.pk)


def office(*leaving_out: Permission):
    return make.make_actor(VILLAGE, permissions=[each for each in Permission if each not in leaving_out], name="office")


def listed(of) -> list[tuple[str, int, str, str]]:
    return [
        (str(section.label), line.number, line.leaf.title, line.name)
        for section, lines in contents_of(of).sections
        for line in lines
    ]


def test_the_contents_stand_in_the_official_order_with_what_is_missing(batch: Batch):
    first = Case.objects.order_by("number")[0].number
    assert listed(folder_of_batch(office(), batch)) == [
        ("综合类", 1, "案件概况", "01-综合类/001-案件概况.pdf"),
        ("综合类", 2, "办理经过", "01-综合类/002-办理经过.pdf"),
        ("综合类", 3, f"申请书 {first}", ""),
        ("分析评议会议", 4, "会议记录", ""),
        ("分析评议会议", 5, "签到表", ""),
        ("分析评议会议", 6, "名单", "02-分析评议会议/006-名单.pdf"),
        ("分析评议会议", 0, "影像资料", ""),
    ]


def test_the_file_of_a_case_holds_its_own_papers_alone(batch: Batch):
    first, second = Case.objects.order_by("number")
    held = {case.number: listed(folder_of_case(office(), case)) for case in (first, second)}
    assert f"申请书 {first.number}" in {row[2] for row in held[first.number]}
    assert [row for row in held[second.number] if row[2].startswith("申请书")] == [("综合类", 0, "申请书", "")]


def test_the_zip_is_in_that_order_with_cover_and_contents(batch: Batch):
    name, content = take_batch_archive(by=office(), batch=batch.pk, reason=WHY)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        papers = [each for each in archive.namelist() if each.endswith(".pdf")]
        assert papers == [
            "00-contents.pdf", "01-综合类/001-案件概况.pdf", "01-综合类/002-办理经过.pdf",
            "02-分析评议会议/006-名单.pdf",
        ]  # fmt: skip
        assert [examine(archive.read(each)).pages for each in papers] == [3, 1, 1, 1]
        assert [each for each in archive.namelist() if each not in papers] == [
            "manifest.json", "manifest.sig",
            *(f"records/{each.number}.json" for each in batch.cases.order_by("number")),
        ]  # fmt: skip
    assert appeal.verify(content, signing.public_key()).findings == ()
    assert name == f"2014-identification-{VILLAGE}-0.zip"
    assert take_batch_archive(by=office(), batch=batch.pk, reason=WHY) == (name, content)
    entry = AuditEntry.objects.filter(action="casework.archive_taken").first()
    assert (entry.reason, entry.subject_kind, audit.told(entry)[1]["bytes"]) == (WHY, "batch", len(content))


def test_it_leaves_only_with_a_reason_and_where_names_are_read(batch: Batch, settings):
    case = Case.objects.order_by("number")[0]
    with pytest.raises(UserError) as silent:
        take_case_archive(by=office(), case=case.pk, reason=" ")
    with pytest.raises(PermissionRefused):
        take_case_archive(by=office(Permission.REGISTER_PERSONAL), case=case.pk, reason=WHY)
    with pytest.raises(NotFound) as unseen:
        take_batch_archive(by=make.make_actor(make.VILLAGE), batch=batch.pk, reason=WHY)
    settings.LIKA = replace(settings.LIKA, names_alone=1)
    with pytest.raises(UserError) as many:
        take_batch_archive(by=office(), batch=batch.pk, reason=WHY)
    assert [each.value.code for each in (silent, unseen, many)] == ["COL-030", "CAS-030", "CAS-127"]
    assert not AuditEntry.objects.filter(action="casework.archive_taken").exists()


class TestPages:
    def test_a_village_officer_sees_what_is_missing_and_takes_both_files(self, batch: Batch):
        client, case = signed_in(Role.VILLAGE, VILLAGE), Case.objects.order_by("number")[0]
        page = client.get(f"/casework/batches/{batch.pk}/file/")
        assert (page.context["there"], page.context["missing"], page.context["takes"]) == (6, 1, True)
        taken = client.post(f"/casework/cases/{case.pk}/file/take/", {"reason": WHY})
        made = client.post(f"/casework/cases/{case.pk}/appeal-file/", {"reason": WHY})
        assert (taken["Content-Type"], made["Content-Type"]) == ("application/zip", "application/zip")
        assert appeal.verify(made.content, signing.public_key()).case == case.number
        actions = AuditEntry.objects.filter(reason=WHY).values_list("action", flat=True)
        assert sorted(actions) == ["case.appeal_file_made", "casework.archive_taken"]

    def test_without_a_purpose_nothing_leaves(self, batch: Batch):
        client, case = signed_in(Role.VILLAGE, VILLAGE), Case.objects.order_by("number")[0]
        answer = client.post(f"/casework/cases/{case.pk}/appeal-file/", {"reason": ""})
        assert (answer.status_code, list(answer.context["appeal_form"].errors)) == (422, ["reason"])
        assert client.post(f"/casework/batches/{batch.pk}/file/take/", {}).status_code == 422

    def test_who_reads_no_names_there_is_offered_nothing(self, batch: Batch):
        page = signed_in(Role.PROVINCE, "450000000000").get(f"/casework/batches/{batch.pk}/file/")
        assert (page.status_code, page.context["takes"]) == (200, False)
