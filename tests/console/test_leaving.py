"""Every list leaves by one door: whole, as its reader sees it, marked, written into the audit. 演示数据"""

import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from lika.accounts.choices import PERMISSIONS, Role
from lika.collection.models import Export
from lika.console.leaving import LISTS
from lika.core import audit
from lika.core.leaving import Field, FileKind, Kind, Sheet, files, write
from lika.core.leaving.files import BLOCK
from lika.core.models import AuditEntry
from lika.register.models import Household
from lika.register.queries import listing
from tests import factories as make
from tests.console.officials import signed_in
from tests.console.taking import content_of, lines, marks, status_of, table, take

pytestmark = pytest.mark.django_db

HEADING = ["户主", "户编号", "所在村", "家庭成员", "脱贫属性", "主要致贫原因", "人均纯收入", "数据截至", "判定结果"]
IDENTITY = "621223198001010018"
OF_NOTHING = {"of": "00000000-0000-0000-0000-000000000000", "result": "met", "analysis": "r=village"}
# The page that each list stands on, or is reached from.
PAGES = {
    **dict.fromkeys(("households", "persons", "search", "history"), "/households/"),
    **dict.fromkeys(("imports", "findings"), "/import/"),
    "comparison": "/import/comparisons/",
    **dict.fromkeys(("rounds", "round", "submission"), "/rounds/"),
    **dict.fromkeys(("screenings", "units", "moved"), "/screenings/"),
    "in-error": "/screenings/scenarios/",
    "faults": "/quality/faults/",
    "leads": "/quality/duplicates/",
    **dict.fromkeys(("coverage", "unpaired"), "/pairing/"),
    "pairings": "/pairing/list/",
    "helpers": "/pairing/units/",
    "proposals": "/pairing/proposals/",
    "duties": "/duties/",
    "requests": "/service/",
    **dict.fromkeys(("surveys", "visits"), "/surveys/"),
    **dict.fromkeys(("campaigns", "quotas"), "/casework/campaigns/"),
    "rolling": "/casework/rolling-plan/",
    "workdays": "/casework/workdays/",
    "publications": "/disclosure/",
    "changes": "/changes/",
    "officials": "/officials/",
    "audit": "/audit/",
    **dict.fromkeys(("analysis", "cells", "villages"), "/analysis/"),
    "report": "/analysis/reports/",
}
A_BLOCK = 2  # queries of a block of households: its lines, and the packs that say how old is old


@pytest.fixture
def homes() -> list[Household]:
    """A poor household of two, and one in another village whose head's name a spreadsheet would run."""
    first = make.make_household(
        number="A1", head="石甲", members=2, phone="13800001234", bank_account="6228480000000012345"
    )
    make.make_household_year(first, main_cause="01", **(make.NO_INCOME | {"wage": Decimal(24000)}))
    second = make.make_household(make.OTHER_VILLAGE, number="A2", head="=马乙", poverty="30")
    return [first, second]


@pytest.fixture
def demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, demo=True))


def agreed_take(client: Client, export: Export) -> HttpResponse:
    return client.post(f"/lists/agreed/{export.id}/")


def exported() -> tuple[AuditEntry, dict[str, Any]]:
    """The one row that the audit keeps."""
    entry = AuditEntry.objects.get(action="list.exported")
    told = audit.told(entry)[1]
    assert told is not None
    return entry, told


class TestFiles:
    def test_a_csv_holds_marks_heading_and_lines_and_nothing_else(self, homes, demonstration):
        found = table(take(signed_in(Role.COUNTY), "households", {"poverty": "30", "sort": "-number"}))
        assert found == [
            ["农户"],
            ["导出人", "county-0 演示·官员"],
            ["导出时间", found[2][1]],
            ["区域", "甘肃省 陇南市 宕昌县"],
            ["筛选", "脱贫属性：已脱贫"],
            ["说明", "演示数据"],
            [],
            HEADING,
            ["'=**", "A2", "坡头村", "1", "已脱贫", "—", "", "", ""],
        ]

    def test_a_workbook_holds_the_same_as_texts_numbers_and_days(self, homes, demonstration):
        answer = take(signed_in(Role.COUNTY), "households", kind="xlsx")
        book = openpyxl.load_workbook(io.BytesIO(content_of(answer)))
        rows = [[cell for cell in row if cell is not None] for row in book.active.iter_rows(values_only=True)]
        assert book.sheetnames == ["农户"]
        assert rows == [
            ["农户"],
            ["导出人", "county-0 演示·官员"],
            ["导出时间", rows[2][1]],
            ["区域", "甘肃省 陇南市 宕昌县"],
            ["筛选", "无"],
            ["说明", "演示数据"],
            [],
            HEADING,
            ["石*", "A1", "石磊村", 2, "未脱贫", "因病", 12000, dt.datetime(2016, 12, 31)],
            ["=**", "A2", "坡头村", 1, "已脱贫", "—"],
        ]
        assert book.properties.title == "农户"
        assert "说明: 演示数据" in book.properties.description
        assert [cell.data_type for cell in book.active[10][:2]] == ["s", "s"]

    def test_parquet_holds_typed_columns_and_the_marks_in_its_schema(self, homes, demonstration):
        found = pq.read_table(io.BytesIO(content_of(take(signed_in(Role.COUNTY), "households", kind="parquet"))))
        assert found.to_pylist() == [
            {
                "head": "石*", "number": "A1", "village": "石磊村", "members": 2, "poverty": "未脱贫", "cause": "因病",
                "income": Decimal("12000.00"), "data_as_of": dt.date(2016, 12, 31), "result": "",
            },
            {
                "head": "=**", "number": "A2", "village": "坡头村", "members": 1, "poverty": "已脱贫", "cause": "—",
                "income": None, "data_as_of": None, "result": "",
            },
        ]  # fmt: skip
        about = found.schema.metadata
        told = dict(json.loads(about[b"marks"]))
        assert (about[b"title"].decode(), told.pop("导出时间") != "") == ("农户", True)
        assert told == {
            "导出人": "county-0 演示·官员", "区域": "甘肃省 陇南市 宕昌县", "筛选": "无", "说明": "演示数据",
        }  # fmt: skip
        assert [field.metadata[b"label"].decode() for field in found.schema] == HEADING

    def test_an_unknown_kind_or_list_is_refused(self, homes):
        client = signed_in(Role.COUNTY)
        assert take(client, "households", kind="pdf").status_code == 400
        assert take(client, "nothing").status_code == 404
        assert client.get("/lists/households/take/").status_code == 405
        assert not AuditEntry.objects.filter(action="list.exported").exists()


class TestPersons:
    def test_names_leave_masked_unless_there_is_a_reason(self, homes):
        client = signed_in(Role.COUNTY)
        assert [row[0] for row in lines(take(client, "households"))] == ["石*", "'=**"]
        refused = take(client, "households", personal="yes", reason=" ")
        assert refused.status_code == 422
        assert AuditEntry.objects.filter(action="list.exported").count() == 1

    def test_a_missing_reason_stands_beside_its_field_and_nothing_else_is_lost(self, homes):
        client = signed_in(Role.COUNTY)
        given = {"back": "/households/?sort=-number", "personal": "yes", "reason": "　"}
        refused = take(client, "households", {"sort": "-number"}, kind="parquet", **given)
        form = refused.context["form"]
        assert {name: list(errors) for name, errors in form.errors.items()} == {
            "reason": ["请填写用途，不超过 200 个字。 (COL-030)"]
        }
        assert [form[name].value() for name in ("definition", "kind", "personal")] == ["sort=-number", "parquet", True]
        assert refused.context["back"] == "/households/?sort=-number"
        again = {"definition": "sort=-number", "kind": "csv", "personal": "yes", "reason": "入户核对"}
        assert [row[1] for row in lines(client.post("/lists/households/take/", again))] == ["A2", "A1"]

    def test_the_way_back_leads_nowhere_else(self, homes):
        away = take(signed_in(Role.COUNTY), "households", personal="yes", back="https://example.org/")
        assert (away.status_code, away.context["back"]) == (422, "")

    def test_for_a_reason_names_and_numbers_leave_in_full_and_the_audit_keeps_why(self, homes):
        answer = take(signed_in(Role.COUNTY), "households", personal="yes", reason="入户核对")
        found = table(answer)
        assert [(row[0], row[9], row[10]) for row in found[found.index([]) + 2 :]] == [
            ("石甲", "13800001234", "6228480000000012345"),
            ("'=马乙", "", ""),
        ]
        assert ["用途", "入户核对"] in found
        entry, told = exported()
        assert (entry.reason, entry.county) == ("入户核对", 621223)
        assert told == {
            "list": "households", "division": make.COUNTY, "kind": "csv", "personal": True, "rows": 2, "second": "",
            "columns": [
                *("head", "number", "village", "members", "poverty", "cause", "income", "data_as_of", "result"),
                *("phone", "bank_account"),
            ],
            "poverty": [], "cause": "", "year": 2016, "as_of": None, "untold_since": None, "sort": "number",
            "screened": None, "analysis": None, "named": None,
        }  # fmt: skip

    def test_persons_of_the_list_with_identity_numbers(self, homes):
        make.make_person(homes[1], name="马丙", id_number=IDENTITY)
        client, asked = signed_in(Role.COUNTY), {"poverty": "30"}
        in_full = lines(take(client, "persons", asked, personal="yes", reason="入户核对"))
        assert [(row[0], row[4], row[5]) for row in in_full][1:] == [("马丙", IDENTITY, "A2")]
        assert [(row[0], row[4]) for row in lines(take(client, "persons", asked))] == [("'=**", "A2"), ("马*", "A2")]

    def test_numbers_stay_masked_for_those_who_may_not_reveal_them(self, homes):
        found = lines(take(signed_in(Role.DEPARTMENT), "households", personal="yes", reason="核对"))
        assert [(row[0], row[9], row[10]) for row in found][:1] == [("石甲", "138****1234", "622**************45")]

    def test_who_sees_masks_takes_masks_and_may_not_ask_for_more(self, homes):
        client = signed_in(Role.PREFECTURE)
        assert [(row[0], row[5], row[6]) for row in lines(take(client, "households"))][:1] == [("石*", "无权查看", "")]
        assert take(client, "households", personal="yes", reason="核对").status_code == 403
        page = client.get("/households/").content.decode()
        assert ('data-dialog="export-households"' in page, 'name="personal"' in page) == (True, False)

    def test_a_list_without_persons_cannot_be_asked_for_them(self, homes):
        answer = take(signed_in(Role.COUNTY), "leads", personal="yes", reason="核对")
        assert (answer.status_code, "CON-004" in answer.content.decode()) == (404, True)

    def test_what_a_search_found_leaves_without_the_text(self, homes):
        found = table(take(signed_in(Role.COUNTY), "search", {"text": "石甲"}))
        assert found[found.index([]) + 2 :] == [["按姓名", "石*", "石*", "A1", "石磊村", "未脱贫"]]
        assert "石甲" not in json.dumps([found, exported()[1]], ensure_ascii=False)
        assert exported()[1]["searched"] is True


class TestBulk:
    @pytest.fixture(autouse=True)
    def _one_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, names_alone=1))

    def test_more_names_than_one_may_take_wait_for_a_second_person(self, homes):
        one, two = signed_in(Role.COUNTY), signed_in(Role.COUNTY)
        asked = take(one, "households", {"sort": "-number"}, kind="parquet", personal="yes", reason="年度核对")
        export = Export.objects.get()
        assert (asked.status_code, asked["Location"]) == (302, "/import/exports/")
        assert (export.page, export.definition, export.state, export.rows, export.reason, export.division_code) == (
            "households", "sort=-number", "asked", {"households": 2}, "年度核对", make.COUNTY,
        )  # fmt: skip
        early = agreed_take(one, export)
        assert (early.status_code, "COL-033" in early.content.decode()) == (400, True)
        decide = f"/import/exports/{export.id}/decide/"
        assert one.post(decide, {"decision": "agree"}).status_code == 403
        assert two.post(decide, {"decision": "agree"}).status_code == 302
        assert agreed_take(two, export).status_code == 403
        found = pq.read_table(io.BytesIO(content_of(agreed_take(one, export))))
        assert found.column("head").to_pylist() == ["=马乙", "石甲"]
        assert dict(json.loads(found.schema.metadata[b"marks"]))["同意人"] == "county-1"
        entry, told = exported()
        assert (entry.reason, told["second"], told["rows"], told["personal"]) == ("年度核对", "county-1", 2, True)
        assert Export.objects.get().taken == 1

    def test_a_refusal_of_the_second_person_ends_it(self, homes):
        one, two = signed_in(Role.COUNTY), signed_in(Role.COUNTY)
        take(one, "households", personal="yes", reason="年度核对")
        export = Export.objects.get()
        two.post(f"/import/exports/{export.id}/decide/", {"decision": "refuse"})
        assert (Export.objects.get().state, agreed_take(one, export).status_code) == ("refused", 400)

    def test_an_agreement_holds_for_a_week(self, homes):
        one, two = signed_in(Role.COUNTY), signed_in(Role.COUNTY)
        take(one, "households", personal="yes", reason="年度核对")
        export = Export.objects.get()
        two.post(f"/import/exports/{export.id}/decide/", {"decision": "agree"})
        Export.objects.update(decided_at=timezone.now() - dt.timedelta(days=8))
        late = agreed_take(one, export)
        assert (late.status_code, "COL-035" in late.content.decode()) == (400, True)
        assert f"/lists/agreed/{export.id}/" not in one.get("/import/exports/").content.decode()

    def test_the_page_of_exports_names_the_list_and_offers_it_to_its_asker(self, homes):
        one, two = signed_in(Role.COUNTY), signed_in(Role.COUNTY)
        take(one, "persons", personal="yes", reason="年度核对")
        export = Export.objects.get()
        assert "农户人员名单" in two.get("/import/exports/").content.decode()
        two.post(f"/import/exports/{export.id}/decide/", {"decision": "agree"})
        pages = [client.get("/import/exports/").content.decode() for client in (one, two)]
        assert [f'action="/lists/agreed/{export.id}/"' in page for page in pages] == [True, False]

    def test_who_may_not_export_in_the_area_is_told_what_to_do(self, homes):
        make.make_household(number="A3", head="石丙")
        village = signed_in(Role.VILLAGE)
        answer = take(village, "households", personal="yes", reason="核对")
        assert (answer.status_code, "CON-010" in answer.content.decode()) == (403, True)
        assert (Export.objects.count(), AuditEntry.objects.filter(action="list.exported").count()) == (0, 0)
        assert len(lines(take(village, "households"))) == 2

    def test_one_row_needs_nobody_else(self, homes):
        assert lines(take(signed_in(Role.VILLAGE), "households", personal="yes", reason="核对"))[0][0] == "石甲"


class TestScope:
    def test_a_list_holds_what_its_reader_sees(self, homes):
        village = signed_in(Role.VILLAGE)
        assert [row[1] for row in lines(take(village, "households"))] == ["A1"]
        assert take(village, "households", {"division": make.OTHER_VILLAGE}).status_code == 404

    def test_a_workbook_holds_what_its_format_allows_and_the_other_files_everything(self, homes, monkeypatch):
        """Title, four marks, an empty line and the heading leave one row of eight."""
        monkeypatch.setattr(files, "SHEET_ROWS", 8)
        client = signed_in(Role.COUNTY)
        answer = take(client, "households", kind="xlsx")
        assert (answer.status_code, dict(answer.context["form"].errors)) == (
            422, {"kind": ["Excel工作簿（XLSX）最多容纳本名单1行，本名单共2行。 (CON-003)"]},
        )  # fmt: skip
        assert "请改选CSV或Parquet格式" in answer.content.decode()
        assert not AuditEntry.objects.filter(action="list.exported").exists()
        assert len(lines(take(client, "households"))) == 2
        assert pq.read_table(io.BytesIO(content_of(take(client, "households", kind="parquet")))).num_rows == 2

    def test_each_list_takes_the_permission_of_its_page(self):
        pages = {page: cast(Any, resolve(address).func).permission for page, address in PAGES.items()}
        assert {page: str(wanted.permission) for page, wanted in LISTS.items()} == pages

    @pytest.mark.parametrize("role", Role)
    def test_each_list_opens_to_those_who_hold_its_permission(self, role: Role, homes):
        """What belongs to a record is of none here: it is not found, which tells apart from refused."""
        grants = {"households": homes[:1], "villages": [make.VILLAGE]} if role in {Role.HELPER, Role.EVALUATOR} else {}
        client = signed_in(role, **grants)
        found = {page: status_of(take(client, page, OF_NOTHING)) for page in LISTS}
        held = {page for page, wanted in LISTS.items() if wanted.permission in PERMISSIONS[role]}
        assert {page for page, code in found.items() if code != 403} == held
        assert {page for page, code in found.items() if code not in (200, 403, 404)} == set()


class TestMemory:
    def test_a_long_list_is_read_by_one_cursor_and_a_few_queries_a_block(self, monkeypatch):
        for number in range(7):
            make.make_household(number=f"B{number}")
        client, asked = signed_in(Role.COUNTY), {}
        for size in (7, 2):
            monkeypatch.setitem(listing.household_blocks.__kwdefaults__, "size", size)
            with CaptureQueriesContext(connection) as queries:
                assert [row[1] for row in lines(take(client, "households"))] == [f"B{number}" for number in range(7)]
            asked[size] = [query["sql"] for query in queries]
        assert len(asked[2]) - len(asked[7]) == 3 * A_BLOCK
        assert not any("OFFSET" in sql for sql in asked[2])

    @pytest.mark.parametrize("kind", FileKind)
    def test_no_writer_keeps_more_rows_than_two_blocks(self, kind: FileKind):
        alive = most = 0

        class Line(dict[str, Any]):
            def __del__(self) -> None:
                nonlocal alive
                alive -= 1

        def rows() -> Iterator[Line]:
            nonlocal alive, most
            for number in range(5 * BLOCK):
                alive += 1
                most = max(most, alive)
                yield Line(number=number)

        sheet = Sheet("名单", [("导出人", "county")], [Field("number", "序号", Kind.WHOLE)])
        assert write(io.BytesIO(), kind, sheet, rows()) == 5 * BLOCK
        assert most <= 2 * BLOCK

    def test_every_list_says_how_many_rows_it_will_have(self, homes):
        """The number in the dialog is that of the file."""
        client = signed_in(Role.COUNTY)
        page = client.get("/households/").content.decode()
        assert ("共2行" in page, "共3行" in page) == (True, False)
        assert marks(take(client, "households"))["区域"] == "甘肃省 陇南市 宕昌县"
        assert len(lines(take(client, "persons"))) == 3
