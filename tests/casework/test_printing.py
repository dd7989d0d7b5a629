"""Every paper of a procedure printed from what is on record; what is not there is said; boards keep quiet. 演示数据"""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from lika.accounts.choices import Role
from lika.casework.actions import boards, effect, indicators, printing
from lika.casework.actions.indicators import SelfEvaluation
from lika.casework.choices import CampaignKind
from lika.casework.models import Notice
from lika.casework.papers.public import Posting
from lika.casework.papers.shared import Signature, SignatureLevel
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.indicators import items_of
from lika.casework.queries.notices import clock_of, effective_days
from lika.casework.queries.papers import desk_of, offers_of_batch, offers_of_case, paper_data
from lika.casework.queries.papers.boards import board_paper
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.papers.data import plain
from lika.core.permissions import Permission
from lika.policy.choices import Paper
from lika.register.choices import PovertyStatus
from lika.register.models import Household, Person
from tests import factories as make
from tests.casework.driving import Course, act, loaded, papers, posted, started, walk
from tests.casework.going import VILLAGE
from tests.casework.noticing import PHONE
from tests.casework.villages import village_exit
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db
JINGXI = "cn-guangxi-jingxi/2014"
TELEPHONE, ACCOUNT, BORN = "13900001111", "6228480000000000001", dt.date(1961, 2, 3)
PLACE = f"演示{VILLAGE}"
HEADING = f"{PLACE}2014年度贫困户识别"


@pytest.fixture
def course(settings, tmp_path: Path) -> Course:
    """Two households of a village at the first stage of their identification, with what is private on record."""
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path)
    on = started(
        loaded(JINGXI), CampaignKind.IDENTIFICATION, VILLAGE, year=2014, statuses=(PovertyStatus.NONE,) * 2
    )  # fmt: skip
    for household in on.households:
        household.phone, household.bank_account = TELEPHONE, ACCOUNT
        household.save(update_fields=["phone", "bank_account"])
        make.make_household_year(household, 2014, main_cause="1")
    for person in Person.objects.all():
        person.birth_date = BORN
        person.save(update_fields=["birth_date"])
        make.make_person_year(person, 2014, village=VILLAGE, chronic_illness=True)
    return on


def office(*leaving_out: Permission, division: str = VILLAGE):
    kept = [each for each in Permission if each not in leaving_out]
    return make.make_actor(division, permissions=kept, name="office")


def refused(call, **given) -> str:
    with pytest.raises(UserError) as caught:
        call(**given)
    return caught.value.code


def data_of(on: Course, stage: str, paper: Paper, *, case: int | None = None):
    """What a paper tells, as it is printed: in Chinese."""
    one = None if case is None else on.cases[case]
    with translation.override("zh-hans"):
        return paper_data(desk_of(office(), on.batch, stage, one), paper, of_case=one is not None)


def secrets() -> Iterator[str]:
    """Every number, day and household number that the register holds of the village."""
    yield from (TELEPHONE, ACCOUNT, BORN.isoformat(), f"{BORN:%Y%m%d}", "1961")
    yield from Household.objects.values_list("number", flat=True)
    yield from (person.id_number for person in Person.objects.all() if person.id_number)


OFFERED = {
    "appraisal": ["minutes", "sign_in", "photographs", "name_list"],
    "verification": ["photographs"],
    "first_notice": ["posting_proof"],
    "township_review": ["opinion", "name_list"],
    "second_notice": ["posting_proof"],
    "county_review": ["opinion", "approval"],
    "announcement": ["posting_proof"],
    "handbook": ["handbook"],
    "data_entry": ["handbook"],
}


def test_every_paper_of_a_course_is_printed_from_what_is_on_record(course: Course) -> None:
    walk(course)
    by, batch, reached, case = office(), course.batch, course.stage.id, course.cases[0]
    offered: dict[str, list[str]] = {}
    lacking, printed = [], []
    for each in offers_of_batch(course.procedure, reached):
        offered.setdefault(each.stage.id, []).append(each.paper.value)
        given = {"by": by, "batch": batch.pk, "stage": each.stage.id, "paper": each.paper.value}
        if each.paper is Paper.PHOTOGRAPHS:  # nobody kept any
            lacking.append(refused(printing.print_for_batch, **given))
        else:
            printed.append(printing.print_for_batch(**given))
    assert (offered, lacking) == (OFFERED, ["CAS-171", "CAS-171"])
    own = [(each.stage.id, each.paper.value) for each in offers_of_case(course.procedure, reached)]
    assert own == [
        ("application", "application"), ("verification", "verification_form"), ("verification", "signature_sheet"),
    ]  # fmt: skip
    printed += [printing.print_for_case(by=by, case=case.pk, stage=stage, paper=paper) for stage, paper in own]
    assert {content[:5] for _name, content in printed} == {b"%PDF-"}
    assert [name for name, _content in printed][:2] == [
        f"{VILLAGE}-{HEADING}民主评议会议记录-2014-12-31.pdf", f"{VILLAGE}-{HEADING}民主评议签到表-2014-12-31.pdf",
    ]  # fmt: skip
    assert [name for name, _content in printed][-1].startswith(f"{case.number}-贫困户识别审批表-")
    assert AuditEntry.objects.filter(action="paper.printed").count() == len(printed) == 15


def test_what_the_papers_tell(course: Course) -> None:
    walk(course)
    minutes = data_of(course, "appraisal", Paper.MINUTES)
    assert (minutes.title, minutes.expected, minutes.present, minutes.quorate) == (
        f"{HEADING}民主评议会议记录",
        30,
        30,
        True,
    )
    assert [dataclasses.astuple(each) for each in minutes.votes] == [("石演示", "", 2, 30, 0, 0, "同意")] * 2
    opinion = data_of(course, "township_review", Paper.OPINION)
    assert (opinion.opinion, [dataclasses.astuple(each) for each in opinion.reviewed], opinion.objected) == (
        ("演示：同意",), [(PLACE, 2, 2, 0, 0)], (),
    )  # fmt: skip
    assert opinion.basis == "《扶贫攻坚实施方案（靖西县某乡，2014—2015年）》"
    approval = data_of(course, "county_review", Paper.APPROVAL)
    assert (approval.number, [dataclasses.astuple(each) for each in approval.approved]) == (
        "演示〔2016〕1号", [(PLACE, 2, 4)],
    )  # fmt: skip
    sheet = data_of(course, "verification", Paper.SIGNATURE_SHEET, case=0)
    today = timezone.localdate()
    assert sheet.result == "识别纳入"
    assert sheet.levels == (
        SignatureLevel(
            "村级两方",
            (
                Signature("村民委员会", "village_committee·演示", today, "账号签署"),
                Signature("驻村工作队", "resident_team·演示", today, "账号签署"),
            ),
        ),
    )
    form = data_of(course, "verification", Paper.VERIFICATION_FORM, case=0)
    assert (form.verified_on, form.conclusion, [each.capacity for each in form.signatures]) == (
        dt.date(2014, 12, 31), "与登记一致", ["调查人（演示甲）", "调查人（演示乙）", "户主"],
    )  # fmt: skip
    names = data_of(course, "township_review", Paper.NAME_LIST)
    assert [(each.name, each.members, each.result) for each in names.cases] == [("石演示", 2, "拟识别纳入")] * 2
    books = data_of(course, "handbook", Paper.HANDBOOK)
    assert [dataclasses.astuple(each) for each in books.handed_out] == [("石演示", "", 1, None)] * 2


def test_public_papers_tell_nothing_of_what_is_private(course: Course) -> None:
    """Numbers, telephone, account, health, cause and days of birth are on record: the test looks for all of them."""
    while course.stage.id != "announcement":
        act(course)
    act_papers = [data_of(course, stage, Paper.POSTING_PROOF) for stage in ("first_notice", "second_notice")]
    proof = act_papers[0]
    hung = timezone.localdate() - dt.timedelta(days=40)
    assert [(each.place, each.from_on) for each in proof.postings] == [(f"{PLACE}行政村公示栏", hung)]
    assert (proof.postings[0].remark, proof.conclusion) == ("", "公示期内无异议。")
    assert isinstance(proof.postings[0], Posting)
    hanging = posted(course)
    name, content = boards.print_board(by=office(division="451081000000"), notice=hanging.pk)
    assert (name.rpartition("-20")[0], content[:5]) == (f"{VILLAGE}-{HEADING}名单公告", b"%PDF-")
    papers(course)
    effect.announce(by=course.official(), batch=course.batch.pk, effective_on=course.day)
    act_papers.append(data_of(course, "announcement", Paper.POSTING_PROOF))
    notices = list(Notice.objects.select_related("batch__campaign", "batch__division"))
    effective = effective_days(notices)
    act_papers += [
        board_paper(
            each, clock_of(each), if_posted=timezone.localdate(), effective_on=effective.get(each.pk)
        ).paper
        for each in notices
    ]  # fmt: skip
    told = json.dumps([plain(each) for each in act_papers], ensure_ascii=False)
    assert len(act_papers) == 6
    assert len(set(secrets())) >= 7
    assert not [secret for secret in secrets() if secret in told]
    assert not [word for word in ("出生", "健康", "致贫", "银行", "长期慢性病", "因病") if word in told]
    assert PHONE in told  # that of the office
    announcement = act_papers[-1]
    assert (announcement.subject, announcement.effect, announcement.effective_on) == (
        "2014年度贫困户识别名单", "予以识别纳入", dt.date(2014, 12, 31),
    )  # fmt: skip


def test_what_is_not_there_is_said_and_who_reads_no_names_prints_nothing(course: Course) -> None:
    given = {"by": office(), "batch": course.batch.pk}
    assert refused(printing.print_for_batch, **given, stage="appraisal", paper="minutes") == "CAS-172"
    act(course)
    for paper in ("minutes", "sign_in", "photographs"):
        assert refused(printing.print_for_batch, **given, stage="appraisal", paper=paper) == "CAS-171"
    with translation.override("en"), pytest.raises(UserError) as said:
        printing.print_for_batch(**given, stage="appraisal", paper="minutes")
    assert str(said.value.message) == "This paper cannot be printed yet. No meeting is on record at this stage yet."
    case = course.cases[0].pk
    wrong = {"by": office(), "case": case, "stage": "application"}
    assert [refused(printing.print_for_case, **wrong, paper=each) for each in ("minutes", "none", "consent_form")] == [
        "CAS-172"
    ] * 3
    blind = office(Permission.REGISTER_PERSONAL)
    with pytest.raises(PermissionRefused):
        printing.print_for_batch(by=blind, batch=course.batch.pk, stage="appraisal", paper="name_list")
    with pytest.raises(PermissionRefused):
        printing.print_for_case(by=blind, case=case, stage="application", paper="application")
    with pytest.raises(NotFound):
        printing.print_for_case(by=make.make_actor(make.VILLAGE), case=case, stage="application", paper="application")
    assert not AuditEntry.objects.filter(action="paper.printed").exists()


def test_the_number_of_queries_does_not_grow_with_the_cases(course: Course) -> None:
    walk(course)
    counts = []
    for case in (course.cases, course.cases[:1], course.cases):  # what is read once a process is read by the first
        desk = dataclasses.replace(desk_of(office(), course.batch, "appraisal"), cases=case)
        with CaptureQueriesContext(connection) as queries:
            for paper in (Paper.MINUTES, Paper.NAME_LIST, Paper.SIGN_IN):
                paper_data(desk, paper, of_case=False)
        counts.append(len(queries))
    assert counts[1] == counts[2] <= 30


@pytest.mark.django_db(transaction=True)
def test_a_village_that_exits_has_its_sheet_and_its_own_word_printed() -> None:
    at = village_exit()
    given = {"by": at.village, "case": at.case.pk, "stage": at.case.stage}
    assert refused(printing.print_for_case, **given, paper="indicator_sheet") == "CAS-171"
    indicators.draw(by=at.village, case=at.case.pk)
    offered = [each.paper for each in offers_of_case(procedure_of(at.batch), at.case.stage)]
    assert offered == [Paper.SELF_EVALUATION, Paper.INDICATOR_SHEET]
    assert printing.print_for_case(**given, paper="indicator_sheet")[1][:5] == b"%PDF-"
    assert refused(printing.print_for_case, **given, paper="self_evaluation") == "CAS-171"
    sheet = paper_data(desk_of(at.village, at.batch, at.case.stage, at.case), Paper.INDICATOR_SHEET, of_case=True)
    assert (sheet.conclusion, len(sheet.findings)) == ("", 5)  # nobody has checked at this stage
    assert sheet.basis == "《甘肃省人民政府办公厅关于印发甘肃省秦巴山片区区域发展与扶贫攻坚实施规划的通知》"
    names = [each.indicator.criterion for each in items_of(at.village, at.case)]
    whole = {name: SelfEvaluation(True, "演示", "演示：佐证材料") for name in names}
    indicators.evaluate(by=at.village, case=at.case.pk, given=whole)
    told = paper_data(desk_of(at.village, at.batch, at.case.stage, at.case), Paper.SELF_EVALUATION, of_case=True)
    assert told.overview == (f"按照程序规定，{told.issuer}对照标准逐项开展自评，共5项，自评达标5项。",)
    assert {(each.found, each.evidence, each.met) for each in told.findings} == {("演示", "演示：佐证材料", True)}


class TestPages:
    def test_a_village_officer_prints_from_the_pages_of_batch_and_case(self, course: Course) -> None:
        client, case = signed_in(Role.VILLAGE, VILLAGE), course.cases[0]
        page = client.get(f"/casework/cases/{case.pk}/")
        address = f"/casework/cases/{case.pk}/print/application/application/"
        assert [each.url for each in page.context["prints"]["now"]] == [address]
        assert f'action="{address}"' in page.content.decode()
        assert client.post(address)["Content-Type"] == "application/pdf"
        assert client.get(address).status_code == 405
        act(course)
        batch = f"/casework/batches/{course.batch.pk}/"
        shown = client.get(batch).context["prints"]
        assert [each.offer.paper.value for each in shown["now"]] == OFFERED["appraisal"]
        answer = client.post(f"{batch}print/appraisal/minutes/")
        assert (answer.status_code, "CAS-171" in answer.content.decode()) == (400, True)
        assert client.post(f"{batch}print/appraisal/name_list/")["Content-Type"] == "application/pdf"

    def test_who_reads_no_names_is_offered_nothing(self, course: Course) -> None:
        page = signed_in(Role.PROVINCE, "450000000000").get(f"/casework/batches/{course.batch.pk}/")
        assert page.context["prints"] == {"now": [], "earlier": [], "of_cases": False}

    def test_papers_that_are_printed_case_by_case_are_said_to_be(self, course: Course) -> None:
        client, batch = signed_in(Role.VILLAGE, VILLAGE), f"/casework/batches/{course.batch.pk}/"
        said = []
        for stage in ("application", "appraisal"):
            assert course.stage.id == stage
            page = client.get(batch)
            said.append((page.context["prints"]["of_cases"], "本环节文书逐户打印" in page.content.decode()))
            act(course)
        assert said == [(True, False), (False, False)]  # of a batch that has nothing to print at all no panel is shown
