"""The pages of mapping profiles: upload, assign, confirm, save, import; and who may. 演示数据"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lika.collection.actions import import_register
from lika.collection.choices import BatchState
from lika.collection.layouts import queries
from lika.collection.models import ImportBatch, MappingProfile
from lika.core.actors import Actor
from lika.register.models import Household, HouseholdYear
from tests.collection import national, workbooks
from tests.collection.workbooks import H1, H2
from tests.conftest import OwnProcesses
from tests.console.officials import Role, signed_in
from tests.factories import COUNTY, OTHER_VILLAGE, VILLAGE

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = [
    *("户编号", "行政村代码", "脱贫属性", "何日起", "工资收入(万元)"),
    *("主要致贫原因", "标准时期起", "标准时期止", "内部备注"),
]


@pytest.fixture(autouse=True)
def data_folder(transactional_db: None, own_processes: OwnProcesses, tmp_path: Path) -> None:
    """Uploads of a test lie in its own folder, and their processes find them there."""
    own_processes(tmp_path / "data")


@pytest.fixture
def client(corner: None) -> Client:
    return signed_in(Role.COUNTY, COUNTY)


def ledger(tmp_path: Path) -> bytes:
    cells = ["3", "2014-12-31", "0.9", "7", "2016-01-01", "2016-12-31", "李秘密"]
    rows = [[H1, VILLAGE, *cells], [H2, OTHER_VILLAGE, *cells]]
    return national.save(tmp_path / "台账.xlsx", {"台账": [HEAD, *rows]}).read_bytes()


def sent(client: Client, content: bytes, **more: Any) -> HttpResponse:
    file = SimpleUploadedFile("台账.xlsx", content)
    return client.post(reverse("collection:import"), {"file": file, **more})


@pytest.fixture
def assigning(client: Client, tmp_path: Path) -> ImportBatch:
    """An uploaded file whose columns wait to be assigned."""
    answer = sent(client, ledger(tmp_path), profile="assign")
    batch = ImportBatch.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("collection:columns", args=[batch.id]))
    return batch


def page(client: Client, batch: ImportBatch) -> str:
    return client.get(reverse("collection:columns", args=[batch.id])).content.decode()


def fields(text: str) -> dict[str, str]:
    """What the page's inputs and chosen options hold."""
    inputs = dict(re.findall(r'name="(field-[\d-]+)" value="([^"]*)"', text))
    selects = re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', text, re.DOTALL)
    for name, options in selects:
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        inputs[name] = (chosen[1] if chosen[1] is not None else chosen[2]) if chosen else ""
    return inputs


ABOUT = {"name": "县台账", "title": "县扶贫台账", "system": "县台账系统", "year": "2016", "division": COUNTY}
CHOSEN = {
    "field-0-3": "户信息 · 脱贫属性日期",
    "take-0-4": "on",
    "factor-0-4": "10000",
    "fixed-0-households.kind": "registered",
    "fixed-0-household_years.data_year": "2016",
    "code-0-2-0": "20",
    "code-0-5-0": "07",
}


def test_what_the_headings_say_is_proposed_and_what_resembles_waits(client: Client, assigning: ImportBatch) -> None:
    text = page(client, assigning)
    assert assigning.state == BatchState.ASSIGNING
    got = {name: value for name, value in fields(text).items() if name.startswith("field-")}
    assert got == {
        "field-0-0": "户信息 · 户编号", "field-0-1": "户信息 · 行政村代码", "field-0-2": "户信息 · 脱贫属性",
        "field-0-3": "", "field-0-4": "", "field-0-5": "户年度数据 · 主要致贫原因",
        "field-0-6": "户年度数据 · 标准时期起", "field-0-7": "户年度数据 · 标准时期止", "field-0-8": "",
    }  # fmt: skip
    assert "可能是：户年度数据 · 工资性收入" in text
    assert ("李秘密" in text, "李**" in text) == (False, True)
    assert [
        label for label in ("户信息 · 登记类别", "户年度数据 · 数据年度") if 'for="' in text and label in text
    ] != []
    assert "内部备注" in text


def test_numbers_of_codes_are_never_guessed(client: Client, assigning: ImportBatch) -> None:
    got = fields(page(client, assigning))
    assert (got["code-0-2-0"], got["code-0-5-0"]) == ("", "")


def test_assigned_saved_and_checked_and_imported_with_it(
    officer: Actor, client: Client, assigning: ImportBatch, tmp_path: Path
) -> None:
    import_register(by=officer, path=workbooks.save(tmp_path / "演示.xlsx", workbooks.clean()))
    given = fields(page(client, assigning)) | CHOSEN | ABOUT
    answer = client.post(reverse("collection:columns", args=[assigning.id]), given | {"action": "save"})
    assert (answer.status_code, answer.get("Location")) == (302, reverse("collection:batch", args=[assigning.id]))
    assigning.refresh_from_db()
    assert (assigning.profile, assigning.state, assigning.errors) == ("县台账@1", BatchState.CHECKED, 0)
    table = queries.profile("县台账").tables[0]
    assert table.ignored == ("内部备注",)
    assert {column.heading: column.codes for column in table.columns if column.codes} == {
        "脱贫属性": {"20": ("3",)}, "主要致贫原因": {"07": ("7",)},
    }  # fmt: skip
    client.post(reverse("collection:run", args=[assigning.id]), {"mode": "import"})
    year = HouseholdYear.objects.get(household__number=H1)
    assert (year.main_cause, year.wage, year.operating) == ("07", Decimal(9000), Decimal(4000))


def test_what_is_required_and_missing_is_told_and_nothing_is_saved(client: Client, assigning: ImportBatch) -> None:
    given = fields(page(client, assigning)) | ABOUT
    text = client.post(reverse("collection:columns", args=[assigning.id]), given | {"action": "save"}).content.decode()
    assert "必填项尚未对应" in text
    assert re.findall(r"<li>台账: ([^<]+)</li>", text) == ["户信息 · 登记类别", "户年度数据 · 数据年度"]
    assert not MappingProfile.objects.exists()


@pytest.mark.parametrize("field", ["没有的字段", "户信息 · 户编号"])
def test_a_field_that_there_is_not_or_twice_is_refused(field: str, client: Client, assigning: ImportBatch) -> None:
    given = fields(page(client, assigning)) | CHOSEN | ABOUT | {"field-0-8": field}
    answer = client.post(reverse("collection:columns", args=[assigning.id]), given | {"action": "save"})
    assert (answer.status_code, "COL-054" in answer.content.decode()) == (422, True)
    assert not MappingProfile.objects.exists()


def test_the_list_and_a_version_are_shown(client: Client, assigning: ImportBatch) -> None:
    given = fields(page(client, assigning)) | CHOSEN | ABOUT
    client.post(reverse("collection:columns", args=[assigning.id]), given | {"action": "save"})
    listed = client.get(reverse("collection:profiles")).content.decode()
    assert re.findall(r'text-break" href="/import/profiles/([^/]+)/"', listed) == [
        "national-2018@1",
        "%E5%8E%BF%E5%8F%B0%E8%B4%A6@1",
    ]
    shown = client.get(reverse("collection:profile", args=["县台账@1"])).content.decode()
    assert [word for word in ("工资收入(万元)", "10000", "7 = 缺技术", "内部备注") if word in shown] == [
        "工资收入(万元)", "10000", "7 = 缺技术", "内部备注",
    ]  # fmt: skip
    assert client.get(reverse("collection:profile", args=["县台账@9"])).status_code == 404


def test_a_village_officer_uses_profiles_and_makes_none(corner: None, tmp_path: Path) -> None:
    client = signed_in(Role.VILLAGE, VILLAGE)
    text = client.get(reverse("collection:import")).content.decode()
    assert ('value="national-2018@1"' in text, 'value="assign"' in text) == (True, False)
    assert sent(client, ledger(tmp_path), profile="assign").status_code == 422
    assert not ImportBatch.objects.exists()


def test_the_import_page_imports_with_a_profile(client: Client, tmp_path: Path) -> None:
    found = national.tables(queries.profile("national-2018"), workbooks.clean())
    path = national.save(tmp_path / "国家.xlsx", found)
    sent(client, path.read_bytes(), profile="national-2018@1", at_once="on")
    batch = ImportBatch.objects.get()
    assert (batch.profile, batch.state, Household.objects.count()) == ("national-2018@1", BatchState.PUBLISHED, 2)
    assert "national-2018@1" in client.get(reverse("collection:batch", args=[batch.id])).content.decode()
