"""Many rows in one statement: the same rows as `bulk_create` writes, and a refusal of what is not plain. 演示数据"""

import datetime as dt

import pytest
from django.db import DataError, connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from lika.casework.models import Case, Step
from lika.core.inserting import insert_many
from lika.policy.models import PackVersion
from tests import factories as make
from tests.casework import going

pytestmark = pytest.mark.django_db

ODD = "引号'\"、反斜线\\、逗号,、花括号{}、百分号%s、NULL"


def packs(count: int) -> list[PackVersion]:
    """Texts with signs that mean something to the database; null, days and truth beside them."""
    return [
        PackVersion(
            pack_id=f"test/{n}", version="1", sha256="0" * 64, canonical=ODD, title_zh=ODD, title_en="",
            jurisdiction="", valid_from=dt.date(2014, 1, 1), valid_to=[None, dt.date(2014, 12, 31)][n % 2], demo=n == 1,
            loaded_by="x",
        )
        for n in range(count)
    ]  # fmt: skip


def kept(row: Model) -> dict[str, object]:
    """What the database holds of a row."""
    return type(row).objects.filter(pk=row.pk).values().get()


def test_the_rows_are_those_that_were_given():
    rows = packs(3)
    with CaptureQueriesContext(connection) as captured:
        insert_many(rows)
    assert len(captured) == 1
    assert [kept(each) for each in rows] == [
        {name: getattr(each, name) for name in kept(each)} for each in rows
    ]  # the moment that the field gives stands in the row too
    assert None not in {each.loaded_at for each in rows}


def test_one_row_and_none_are_written_like_many():
    (row,) = packs(1)
    insert_many([row])
    insert_many([])
    assert (kept(row)["title_zh"], PackVersion.objects.count()) == (ODD, 1)


def test_what_is_too_long_is_refused_and_not_cut():
    rows = packs(2)
    rows[1].version = "1" * 21
    with pytest.raises(DataError, match="too long"):
        insert_many(rows)


def test_columns_that_are_not_plain_are_refused():
    household = make.make_household()
    with pytest.raises(ValueError, match="not plain: "):
        insert_many([household])


def test_json_is_written_out_for_each_row():
    case, other = going.begun(going.place(2)).cases.order_by("number")
    Step.objects.all().delete()
    Case.objects.all().delete()
    case.verdicts, other.verdicts = {"识别": None, "a'b": 1}, {}
    insert_many([case, other])
    assert [kept(each)["verdicts"] for each in (case, other)] == [{"识别": None, "a'b": 1}, {}]
