"""The papers that the program prints, as leaves of the file of a batch and of a case. 演示数据"""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from lika.accounts.choices import Role
from lika.casework import appeal
from lika.casework.actions import archive
from lika.casework.actions.archive import take_batch_archive, take_case_archive
from lika.casework.models import Notice
from lika.casework.queries.archive import Folder, Line, contents_of, folder_of_batch, folder_of_case
from lika.casework.queries.archive.printing import printed_papers
from lika.core.media import examine
from lika.core.sealing import signing
from lika.policy.choices import Paper
from tests import factories as make
from tests.casework.driving import Course, walk
from tests.casework.going import keep
from tests.casework.test_printing import course
from tests.console.officials import signed_in

__all__ = ["course"]
pytestmark = pytest.mark.django_db
WHY = "演示：移交归档"


@pytest.fixture
def done(course: Course) -> Course:
    """The two households of the course announced, with every paper that the acts made."""
    signing.ensure_key(may_make=True)
    walk(course)
    return course


def office(of: Course):
    return make.make_actor(of.village, name="office")


def printed(of: Folder) -> list[str]:
    with translation.override("zh-hans"):
        return [line.name for line in contents_of(of).lines if line.leaf.tells]


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_printed_paper_lies_at_its_stage_in_the_file_of_the_batch(done: Course) -> None:
    first, second = (each.number for each in done.cases)
    assert printed(folder_of_batch(office(done), done.batch)) == [
        "02-分析评议会议/005-名单.pdf",
        f"03-入户调查核实/006-核实表_{first}.pdf", f"03-入户调查核实/007-签字表_{first}.pdf",
        f"03-入户调查核实/008-核实表_{second}.pdf", f"03-入户调查核实/009-签字表_{second}.pdf",
        "04-公示、异议与公告/012-张贴证明.pdf", "04-公示、异议与公告/013-公示.pdf",
        "04-公示、异议与公告/015-张贴证明.pdf", "04-公示、异议与公告/016-公示.pdf",
        "04-公示、异议与公告/018-张贴证明.pdf", "04-公示、异议与公告/019-公告.pdf",
        "05-审核、签字与审批/022-审核意见.pdf", "05-审核、签字与审批/023-名单.pdf",
        "05-审核、签字与审批/024-审核意见.pdf", "05-审核、签字与审批/025-审定批复（系统打印，非签字件）.pdf",
    ]  # fmt: skip


def test_the_file_of_a_case_holds_its_own_printed_papers_and_none_that_names_others(done: Course) -> None:
    case = done.cases[1]
    assert printed(folder_of_case(office(done), case)) == [
        f"03-入户调查核实/005-核实表_{case.number}.pdf", f"03-入户调查核实/006-签字表_{case.number}.pdf",
    ]  # fmt: skip
    _name, content = take_case_archive(by=office(done), case=case.pk, reason=WHY)
    assert [name for name in entries(content) if "核实表" in name or "签字表" in name] == [
        f"03-入户调查核实/005-核实表_{case.number}.pdf", f"03-入户调查核实/006-签字表_{case.number}.pdf",
    ]  # fmt: skip


def test_the_zip_has_them_with_their_pages_counted_and_is_the_same_on_another_day(
    done: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, told = office(done), []
    name, content = take_batch_archive(by=by, batch=done.batch.pk, reason=WHY)
    held = entries(content)
    assert [each for each in printed(folder_of_batch(by, done.batch)) if held[each][:5] != b"%PDF-"] == []
    assert appeal.verify(content, signing.public_key()).findings == ()
    keeping = archive.printed
    monkeypatch.setattr(archive, "printed", lambda data: told.append(data) or keeping(data))
    later = timezone.now() + dt.timedelta(days=9)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert take_batch_archive(by=by, batch=done.batch.pk, reason=WHY) == (name, content)
    listed = [paper for section in told[-1].sections for paper in section.papers]
    lines = contents_of(folder_of_batch(by, done.batch)).there
    assert [paper.pages for paper in listed] == [_pages(line, held) for line in lines]
    assert {paper.on for paper in listed if paper.title == "公示"} == {
        notice.postings.first().posted_on for notice in Notice.objects.filter(kind="notice")
    }


def _pages(line: Line, held: dict[str, bytes]) -> int:
    named = next((each for each in held if re.search(rf"/{line.number:03}-", each)), None)
    return (examine(held[named]).pages or 1) if named else (line.leaf.pages or 1)


def test_what_was_kept_signed_is_not_printed_beside_it_and_a_print_hides_no_missing_paper(done: Course) -> None:
    """The decision of the county is printed as long as the signed one is missing; the minutes are there, closed."""
    approval = [("审定批复（系统打印，非签字件）", False), ("审定批复", True)]
    of = folder_of_batch(office(done), done.batch)
    assert named(of, "审定批复", "会议记录") == [("会议记录", False), *approval]
    stage = next(each for each in done.procedure.stages if Paper.APPROVAL in each.documents)
    done.batch.stage = stage.id  # the paper of a stage that was passed
    keep(done.batch, Paper.APPROVAL)
    assert named(folder_of_batch(office(done), done.batch), "审定批复", "会议记录") == [
        ("会议记录", False), ("审定批复", False),
    ]  # fmt: skip
    assert [line.leaf.goes_along for line in contents_of(of).lines if line.leaf.paper is Paper.MINUTES] == [False]


def named(of: Folder, *beginnings: str) -> list[tuple[str, bool]]:
    with translation.override("zh-hans"):
        lines = contents_of(of).lines
    return [(line.leaf.title, line.is_missing) for line in lines if line.leaf.title.startswith(beginnings)]


class TestManyPapersOfCases:
    def test_they_lie_in_the_files_of_the_cases_and_the_file_of_the_batch_says_so(self, done, settings) -> None:
        settings.LIKA = replace(settings.LIKA, papers_at_once=3)
        with translation.override("zh-hans"):
            contents = contents_of(folder_of_batch(office(done), done.batch))
        left = [(line.number, line.leaf.title, line.name) for line in contents.lines if line.leaf.in_case_files]
        assert left == [(0, "核实表（2份）", ""), (0, "签字表（2份）", "")]
        assert [line for line in contents.missing if line.leaf.in_case_files] == []
        _name, content = take_batch_archive(by=office(done), batch=done.batch.pk, reason=WHY)
        assert [name for name in entries(content) if "核实表" in name or "签字表" in name] == []
        page = signed_in(Role.VILLAGE, done.village).get(f"/casework/batches/{done.batch.pk}/file/")
        assert page.content.decode().count("在各案件的卷宗中") == 2
        _name, own = take_case_archive(by=office(done), case=done.cases[0].pk, reason=WHY)
        assert len([name for name in entries(own) if "核实表" in name or "签字表" in name]) == 2

    def test_as_many_as_may_be_go_along(self, done, settings) -> None:
        settings.LIKA = replace(settings.LIKA, papers_at_once=4)
        lines = contents_of(folder_of_batch(office(done), done.batch)).lines
        assert [line for line in lines if line.leaf.in_case_files] == []


def test_no_more_is_asked_for_two_cases_than_for_one(done: Course) -> None:
    asked, ids = [], [case.pk for case in done.cases]
    for many in (1, 2):
        of = folder_of_batch(office(done), done.batch)
        of = replace(of, lines=of.lines[:many], acts=[a for a in of.acts if a.case_id in ids[:many]])
        with CaptureQueriesContext(connection) as queries:
            leaves = list(printed_papers(of))
        assert len([leaf for leaf in leaves if leaf.paper is Paper.VERIFICATION_FORM]) == many
        asked.append(len(queries))
    assert asked == [asked[0], asked[0]]
