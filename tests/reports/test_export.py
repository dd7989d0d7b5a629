"""The table as a workbook: what stands in it, and what the audit keeps. 演示数据"""

import io
from decimal import Decimal

import openpyxl
import pytest

from lika.accounts.choices import Role
from lika.core import audit
from lika.core.models import AuditEntry
from tests.console.officials import signed_in
from tests.reports.conftest import County

pytestmark = pytest.mark.django_db

EXPORT = "/analysis/export.xlsx"


def sheets(query: str, role: Role = Role.COUNTY) -> dict[str, list[list]]:
    response = signed_in(role).get(f"{EXPORT}?{query}")
    assert response.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_a_cross_table_with_its_day_and_filters(county: County):
    found = sheets("r=causes&c=attribute&f=poverty:poor&w=members < 9")
    table = [[cell for cell in row if cell is not None] for row in found["统计表"]]
    snapshot = table[2][0]
    assert snapshot.startswith("快照：20161231-621223-")
    assert table == [
        ["户数，按致贫原因（主要和其他）、贫困户属性"],
        ["截至2016-12-31"],
        [snapshot],
        ["政策包：test/exit@1"],
        ["筛选：贫困状态：贫困"],
        ["筛选：members < 9"],
        ["一户有多个致贫原因的，在各原因中分别计数；合计只计一次。"],
        [],
        ["致贫原因（主要和其他）", "一般贫困户", "低保贫困户", "未知", "合计"],
        ["合计", 1, 1, 1, 3],
        ["因病", 1, 0, 0, 1],
        ["因学", 1, 1, 0, 2],
        ["未知", 0, 0, 1, 1],
    ]


def test_every_cell_with_what_it_is_made_of(county: County):
    found = sheets("m=share&v=safe_water&r=village")
    assert found["明细"] == [
        ["村", "列", "数值", "对象数", "已知", "未知", "人数"],
        ["合计", "合计", 0.75, 5, 4, 1, 9],
        ["石磊村", "合计", 0.5, 3, 2, 1, 6],
        ["坡头村", "合计", 1, 2, 2, 0, 3],
    ]


def test_amounts_are_numbers_and_nothing_stays_empty(county: County):
    found = sheets("m=mean&v=net_income_per_capita&r=causes")["统计表"]
    values = {row[0]: row[1] for row in found if row[0] in {"合计", "缺劳动力", "未知"}}
    assert values == {"合计": 3368.05, "缺劳动力": 2736.11, "未知": None}


def test_the_audit_says_who_took_which_table(county: County):
    sheets("r=village&f=poverty:poor")
    entry = AuditEntry.objects.get(action="statistics.exported")
    kept = audit.told(entry)[1]
    assert (kept["definition"], kept["units"], kept["kind"]) == ("r=village&f=poverty%3Apoor", 3, "xlsx")
    assert Decimal(entry.county) == 0


def test_a_file_holds_what_its_reader_sees(county: County):
    found = sheets("r=village", Role.VILLAGE)["统计表"]
    assert [row for row in found if row[0] in {"合计", "石磊村", "坡头村"}] == [["合计", 3], ["石磊村", 3]]
    refused = signed_in(Role.PREFECTURE).get(f"{EXPORT}?m=max&v=net_income_per_capita")
    assert refused.status_code == 403
    assert not AuditEntry.objects.filter(action="statistics.exported", actor__contains="prefecture").exists()
