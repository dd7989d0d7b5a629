"""The pages on which stages are worked: what is entered, what is refused beside it, who sees what. 演示数据"""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lika.accounts.choices import Role
from lika.casework.models import Batch, Case, Consent, Evidence, Meeting, Opinion, SurveyForm, Vote
from lika.register.choices import PovertyStatus
from tests import factories as make
from tests import files
from tests.casework.going import COUNTY, TOWNSHIP, VILLAGE, begun, by_pack, place, propose, ready, standing_at
from tests.console.officials import signed_in
from tests.web_role import statements

pytestmark = pytest.mark.django_db
GANSU = "demo/cn-gansu-dangchang/2016"
HELD = {
    "held_on": "2014-06-03", "place": "旧圩村委会", "chair": "演示主持", "recorder": "演示记录", "expected": "30",
    "attended": "21", "party_members": "", "committee_members": "5", "team_members": "", "others": "", "agenda": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own, for the files."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path, document_megabytes=1))


def page_of(batch: Batch) -> str:
    return f"/casework/batches/{batch.pk}/"


def lines(given: dict[Case, dict[str, str]]) -> dict[str, str]:
    return {f"{key}-{case.pk.hex}": value for case, told in given.items() for key, value in told.items()}


def errors(answer) -> list[str]:
    assert answer.status_code == 422
    return [
        text
        for text in ("请填写理由。", "请填写票数。", "有1处需要改正。", "CAS-069", "CAS-062")
        if text in answer.content.decode()
    ]


def cases_of(batch: Batch) -> list[Case]:
    return list(batch.cases.order_by("number"))


def test_the_village_enters_its_meeting_and_does_what_it_decided():
    batch = standing_at(begun(place(2)), "appraisal")
    one, two = cases_of(batch)
    village, here = signed_in(Role.VILLAGE, VILLAGE), page_of(batch)
    shown = village.get(here).content.decode()
    assert "到会比例待补充依据" in shown
    assert f'name="in_favour-{one.pk.hex}"' in shown
    votes = {
        one: {"order": "2", "in_favour": "20", "against": "1", "abstained": "", "result": "passed", "reason": ""},
        two: {"order": "1", "in_favour": "2", "against": "19", "abstained": "0", "result": "struck_out", "reason": ""},
    }  # fmt: skip
    silent = village.post(f"{here}meeting/", HELD | lines(votes))
    assert errors(silent) == ["请填写理由。", "有1处需要改正。"]
    votes[two]["reason"] = "演示：多数不同意"
    assert errors(village.post(f"{here}meeting/", HELD | {"recorder": "演示主持"} | lines(votes))) == ["CAS-062"]
    assert not Meeting.objects.exists()
    assert village.post(f"{here}meeting/", HELD | lines(votes)).status_code == 302
    held = village.get(here).content.decode()
    assert ("meeting/close/" in held, 'id="close"' in held) == (True, False)  # closed by hand is who has nobody
    assert list(Vote.objects.values_list("case", "in_favour", "against", "abstained")) == [
        (two.pk, 2, 19, 0), (one.pk, 20, 1, 0),
    ]  # fmt: skip
    assert errors(village.post(f"{here}meeting/close/")) == ["CAS-069"]
    for paper in ("minutes", "sign_in"):
        photo = SimpleUploadedFile("a.jpg", files.picture(colour="red" if paper == "minutes" else "blue"))
        assert village.post(f"{here}papers/", {"paper": paper, "file": photo}).status_code == 302
    assert village.post(f"{here}meeting/close/").status_code == 302
    assert list(Case.objects.order_by("number").values_list("stage", "state")) == [
        ("verification", "open"), ("appraisal", "struck_out"),
    ]  # fmt: skip
    told = village.post(f"{here}meeting/close/", follow=True).content.decode()
    assert "CAS-032" in told  # a second click is told where the batch stands


def test_a_survey_of_two_is_entered_and_the_batch_decided():
    batch = standing_at(begun(place(2)), "verification")
    one, two = cases_of(batch)
    village, here = signed_in(Role.VILLAGE, VILLAGE), page_of(batch)
    visit = {"surveyor": "演示甲", "second_surveyor": "演示乙", "surveyed_on": "2014-06-04"}
    found = {
        one: {"found": "same", "remark": "", "photographs": "3", "position": "23.1342, 106.417"},
        two: {"found": "differs", "remark": "", "photographs": "", "position": ""},
    }
    faulty = village.post(f"{here}survey/", visit | lines(found)).content.decode()
    assert "请写明不一致之处。" in faulty
    assert not SurveyForm.objects.exists()
    found[two]["remark"] = "演示：房屋为借住"
    assert village.post(f"{here}survey/", visit | lines(found)).status_code == 302
    rows = SurveyForm.objects.order_by("case__number").values_list("as_registered", "photographs", "latitude", "remark")
    assert [(*row[:2], str(row[2]), row[3]) for row in rows] == [
        (True, 3, "23.134200", ""), (False, 0, "None", "演示：房屋为借住"),
    ]  # fmt: skip


def test_the_township_passes_all_but_one():
    batch = standing_at(begun(place(2)), "township_review")
    one, two = cases_of(batch)
    township, here = signed_in(Role.TOWNSHIP, TOWNSHIP), page_of(batch)
    given = {"seen_at": "township_review", "text": "经审核属实", "document": "", "dated_on": ""} | lines({
        one: {"result": "passed", "reason": ""},
        two: {"result": "returned:verification", "reason": "演示：缺照片"},
    })  # fmt: skip
    unseen = {key: value for key, value in given.items() if two.pk.hex not in key}
    assert "此案件是新进入本批次的。" in township.post(f"{here}decide/", unseen).content.decode()
    assert signed_in(Role.VILLAGE, VILLAGE).post(f"{here}decide/", given).status_code == 403
    assert township.post(f"{here}decide/", given).status_code == 302
    assert list(Case.objects.order_by("number").values_list("stage", flat=True)) == ["second_notice", "verification"]
    assert list(Opinion.objects.values_list("stage", "text")) == [("township_review", "经审核属实")]
    assert "CAS-032" in township.post(f"{here}decide/", given, follow=True).content.decode()


def test_households_answers_are_entered_and_what_follows():
    batch = by_pack(
        begun(place(2, status=PovertyStatus.PLANNED)), "demo/cn-gansu-dangchang/2016", "household_exit", "consent"
    )
    one, two = cases_of(batch)
    village, here = signed_in(Role.VILLAGE, VILLAGE), page_of(batch)
    heard = {"heard_on": "2014-06-05", "heard_by": "演示甲", "witness": "演示乙"}
    said = {
        one: {"answer": "agreed:handprint", "remark": ""},
        two: {"answer": "refused:spoken", "remark": "演示：住房未修好"},
    }  # fmt: skip
    assert village.post(f"{here}answers/", heard | lines(said)).status_code == 302
    assert list(Consent.objects.order_by("case__number").values_list("answer", "manner")) == [
        ("agreed", "handprint"), ("refused", "spoken"),
    ]  # fmt: skip
    assert "演示：住房未修好" in village.get(here).content.decode()
    follows = lines({two: {"result": "passed", "reason": ""}})
    assert "CAS-071" in village.post(f"{here}answers/close/", follows).content.decode()
    follows = lines({two: {"result": "struck_out", "reason": "演示：本人不认可"}})
    assert village.post(f"{here}answers/close/", follows).status_code == 302
    assert list(Case.objects.order_by("number").values_list("stage", "state")) == [
        ("notice", "open"), ("consent", "struck_out"),
    ]  # fmt: skip


def test_papers_are_added_on_the_page_and_withdrawn():
    batch = standing_at(begun(place(1)), "appraisal")
    village, here = signed_in(Role.VILLAGE, VILLAGE), page_of(batch)
    assert "缺此材料不能进入下一环节" in village.get(here).content.decode()
    text = SimpleUploadedFile("a.txt", b"nothing")
    assert "DOC-002" in village.post(f"{here}papers/", {"paper": "minutes", "file": text}).content.decode()
    photo = SimpleUploadedFile("a.jpg", files.picture())
    assert village.post(f"{here}papers/", {"paper": "photographs", "file": photo}).status_code == 302
    kept = Evidence.objects.get()
    assert f"/documents/{kept.document_id}/" in village.get(here).content.decode()
    assert village.post(f"/casework/evidence/{kept.pk}/withdraw/", {"reason": "演示：拍重了"}).status_code == 302
    kept.document.refresh_from_db()
    assert kept.document.withdrawn_by


def test_who_does_not_act_sees_no_form_and_a_case_more_asks_no_more():
    at = place(1)
    batch = ready(standing_at(begun(at), "appraisal"))
    acts = f"{page_of(batch)}meeting/"
    assert acts not in signed_in(Role.COUNTY, COUNTY).get(page_of(batch)).content.decode()
    village = signed_in(Role.VILLAGE, VILLAGE)
    assert acts in village.get(page_of(batch)).content.decode()

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert village.get(page_of(batch)).status_code == 200
        return len(statements(captured))

    few = asked()
    at.households += [make.make_household(VILLAGE, number=f"JX9{n}", members=2) for n in range(3)]
    propose(at, batch.campaign)
    Case.objects.update(batch=batch, stage="appraisal", stage_since=batch.stage_since)
    ready(batch)
    assert (asked(), len(cases_of(batch))) == (few, 4)
