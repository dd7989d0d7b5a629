"""Counted tables as files: what stands in them, and what the audit keeps. 演示数据"""

import io
import json
from urllib.parse import urlencode

import openpyxl
import pyarrow.parquet as pq
import pytest

from lika.accounts.choices import Role
from lika.core import audit
from lika.core.models import AuditEntry
from tests.console.officials import signed_in
from tests.console.taking import content_of, table, take
from tests.reports.conftest import County

pytestmark = pytest.mark.django_db

COUNTED_ONCE = "一户有多个致贫原因的，在各原因中分别计数；合计只计一次。"


def taken(page: str, query: str, role: Role = Role.COUNTY) -> list[list[str]]:
    """Heading and lines."""
    rows = table(take(signed_in(role), page, query))
    return rows[rows.index([]) + 1 :]


def test_a_cross_table_with_its_day_and_filters(county: County):
    answer = take(signed_in(Role.COUNTY), "analysis", "r=causes&c=attribute&f=poverty:poor&w=members < 9")
    found = table(answer)
    snapshot = found[4][1].split("、")[1]
    assert snapshot.startswith("快照：20161231-621223-")
    assert found == [
        ["户数，按致贫原因（主要和其他）、贫困户属性"],
        ["导出人", "county-0 演示·官员"],
        ["导出时间", found[2][1]],
        ["区域", "甘肃省 陇南市 宕昌县"],
        [
            "筛选",
            f"截至2016-12-31、{snapshot}、政策包：test/exit@1、贫困状态：贫困、members < 9、{COUNTED_ONCE}",
        ],
        [],
        ["致贫原因（主要和其他）", "一般贫困户", "低保贫困户", "未知", "合计"],
        ["合计", "1", "1", "1", "3"],
        ["因病", "1", "0", "0", "1"],
        ["因学", "1", "1", "0", "2"],
        ["未知", "0", "0", "1", "1"],
    ]


def test_every_cell_with_what_it_is_made_of(county: County):
    content = content_of(take(signed_in(Role.COUNTY), "cells", "m=share&v=safe_water&r=village", "parquet"))
    found = pq.read_table(io.BytesIO(content))
    labels = [field.metadata[b"label"].decode() for field in found.schema]
    assert labels == ["村", "列", "数值", "对象数", "已知", "未知", "人数"]
    assert [list(row.values()) for row in found.to_pylist()] == [
        ["合计", "合计", 0.75, 5, 4, 1, 9],
        ["石磊村", "合计", 0.5, 3, 2, 1, 6],
        ["坡头村", "合计", 1.0, 2, 2, 0, 3],
    ]
    assert found.schema.metadata[b"title"].decode() == "饮水是否安全：占比，按村"
    assert dict(json.loads(found.schema.metadata[b"marks"]))["导出人"] == "county-0 演示·官员"


def test_amounts_are_numbers_and_nothing_stays_empty(county: County):
    answer = take(signed_in(Role.COUNTY), "analysis", "m=mean&v=net_income_per_capita&r=causes", "xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(content_of(answer))).active.iter_rows(values_only=True))
    values = {row[0]: row[1] for row in rows if row[0] in {"合计", "缺劳动力", "未知"}}
    assert values == {"合计": 3368.05, "缺劳动力": 2736.11, "未知": None}


def test_the_audit_says_who_took_which_table(county: County):
    taken("analysis", "r=village&f=poverty:poor")
    entry = AuditEntry.objects.get(action="list.exported")
    kept = audit.told(entry)[1]
    assert kept is not None
    assert (kept["list"], kept["definition"], kept["units"], kept["kind"], entry.county) == (
        "analysis", "r=village&f=poverty%3Apoor", 3, "csv", 0,
    )  # fmt: skip


def test_a_file_holds_what_its_reader_sees(county: County):
    assert taken("analysis", "r=village", Role.VILLAGE) == [["村", "合计"], ["合计", "3"], ["石磊村", "3"]]
    refused = take(signed_in(Role.PREFECTURE), "analysis", "m=max&v=net_income_per_capita")
    assert refused.status_code == 403
    assert AuditEntry.objects.filter(action="list.exported").count() == 1


def test_the_villages_behind_a_number(county: County):
    assert taken("villages", urlencode({"analysis": "u=village&m=count", "part": "all"})) == [
        ["行政村", "乡镇"], ["石磊村", "城关镇"], ["坡头村", "城关镇"],
    ]  # fmt: skip
