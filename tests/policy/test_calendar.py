"""`calendar.yaml`: the work calendar of a pack, its days in a data year, and whose date holds where."""

import datetime as dt

import pytest

from lika.accounts.choices import Role
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.policy import actions, queries
from lika.policy.choices import CalendarTask
from lika.policy.packs.checking import check_folder, read_pack
from lika.policy.packs.library import Library
from lika.policy.packs.resolved import from_canonical
from tests import factories as make
from tests.console.officials import signed_in
from tests.policy.conftest import FILES

CLAUSE = "clause: {ref: T §1, text: 超过标准}"
UPDATE = "- {id: update, task: update, zh: 信息更新, en: Update, due: {month: 1, years: 1}, " + CLAUSE + "}"
UPLOAD = "- {id: upload, task: upload, zh: 上传, en: Upload, due: {month: 2, day: 10, years: 1}, " + CLAUSE + "}"
SOURCES = FILES["SOURCES.md"].replace("line |", "line; `calendar.yaml`: update, upload |")
CALENDAR = {"calendar.yaml": f"{UPDATE}\n{UPLOAD}\n", "SOURCES.md": SOURCES}


def test_a_date_is_a_day_of_each_data_year(write_pack):
    pack = check_folder(write_pack(CALENDAR)).accepted()
    assert [item.day_in(2016) for item in pack.calendar] == [dt.date(2017, 1, 31), dt.date(2017, 2, 10)]
    assert from_canonical(pack.canonical) == pack
    assert '"calendar"' not in read_pack(write_pack({"calendar.yaml": "[]\n"})).canonical


def test_the_end_of_february_is_that_of_its_year(write_pack):
    changed = UPDATE.replace("month: 1", "month: 2")
    (item,) = read_pack(write_pack({"calendar.yaml": changed})).calendar
    assert [item.day_in(year) for year in (2015, 2016)] == [dt.date(2016, 2, 29), dt.date(2017, 2, 28)]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (UPDATE.replace("month: 1,", "month: 13,"), "POL-010"),
        (UPDATE.replace("month: 1,", ""), "POL-008"),
        (UPDATE.replace("task: update", "task: harvest"), "POL-011"),
        (UPDATE.replace("due: {month: 1, years: 1}", "due: null"), "POL-014"),
        (UPDATE.replace("due:", "basis: missing, note: {zh: 无, en: none}, due:"), "POL-015"),
        (f"{UPDATE}\n{UPDATE}", "POL-013"),
    ],
)
def test_a_crooked_date_is_refused(write_pack, entry, code):
    found = check_folder(write_pack({"calendar.yaml": entry + "\n"}), with_cases=False).faults
    assert [(fault.code, fault.spot.file) for fault in found] == [(code, "calendar.yaml")]


def test_a_date_stands_in_the_row_of_its_clause(write_pack):
    found = check_folder(write_pack({"calendar.yaml": UPDATE + "\n"})).faults
    assert [fault.spot.file for fault in found] == ["calendar.yaml"]


@pytest.mark.django_db
def test_the_narrower_pack_sets_its_own_date(write_pack, overlay):
    by = make.make_actor(permissions=[Permission.POLICY_MANAGE])
    by.area = EVERYWHERE
    actions.load(by=by, path=write_pack(CALENDAR))
    actions.activate(by=by, reference="test/one")
    assert [(due.id, due.day) for due in queries.deadlines_for(make.COUNTY, 2016)] == [
        ("update", dt.date(2017, 1, 31)),
        ("upload", dt.date(2017, 2, 10)),
    ]
    own = UPDATE.replace("- {", "- {override: true, ").replace("month: 1,", "month: 1, day: 20,")
    sources = "# Sources\n\n| a | b | c |\n|---|---|---|\n| T §1 | 超过标准 | `calendar.yaml`: update |\n"
    removed = "remove:\n  - {kind: deadline, id: upload, reason: {zh: 不适用, en: not here}}\n"
    actions.load(by=by, path=overlay({"calendar.yaml": own + "\n", "SOURCES.md": sources}, head=removed))
    actions.activate(by=by, reference="test/two")
    (due,) = queries.deadlines_for(make.COUNTY, 2016)
    assert (due.id, due.day, due.task, due.pack) == ("update", dt.date(2017, 1, 20), CalendarTask.UPDATE, "test/two@1")
    assert queries.deadlines_for(make.COUNTY, 2030) == ()


def test_the_document_of_jingxi_gives_six_dates():
    pack = read_pack(Library.shipped().folder("cn-guangxi-jingxi/2014"))
    assert {item.id: item.day_in(2014) for item in pack.calendar} == {
        "exit_marking": dt.date(2014, 12, 31),
        "reentry": dt.date(2014, 12, 31),
        "update": dt.date(2015, 1, 31),
        "upload": dt.date(2015, 2, 28),
        "monitoring_june": dt.date(2014, 6, 30),
        "monitoring_december": dt.date(2014, 12, 31),
    }


@pytest.mark.django_db
def test_the_page_of_a_pack_shows_its_calendar():
    by = make.make_actor(permissions=[Permission.POLICY_MANAGE])
    by.area = EVERYWHERE
    actions.load(by=by, path=Library.shipped().folder("cn-guangxi-jingxi/2014"))
    actions.activate(by=by, reference="cn-guangxi-jingxi/2014")
    page = signed_in(Role.COUNTY).get("/policy/cn-guangxi-jingxi/2014/").content.decode()
    assert page.count("工作日程") == 6
    assert "次年1月底前" in page
