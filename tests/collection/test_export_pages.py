"""The export page: ask, agree as the second person, take."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from lika.collection.actions import import_register
from lika.collection.choices import ExportState
from lika.collection.exporting import actions
from lika.collection.models import Export
from lika.core.actors import Actor
from tests.collection import workbooks
from tests.collection.workbooks import clean
from tests.console.officials import Role, signed_in
from tests.factories import COUNTY

PAGE = "/import/exports/"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, officer: Actor, tmp_path: Path) -> None:
    """A register to export; the file is made here and not by a process of its own, which sees no open transaction."""
    import_register(by=officer, path=workbooks.save(tmp_path / "演示.xlsx", clean()))
    monkeypatch.setattr(actions, "begin", lambda export: actions.make(export.id))


def ask(client: Client, **changed: str):
    given = {"division": COUNTY, "data_year": "2016", "kind": "csv", "reason": "年度核对"} | changed
    return client.post(PAGE, {name: value for name, value in given.items() if value})


def words(client: Client) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(PAGE).content.decode()))


def test_asking_without_personal_data_gives_a_file_at_once():
    client = signed_in(Role.COUNTY)
    assert "还没有导出记录" in words(client)
    assert ask(client).status_code == 302
    export = Export.objects.get()
    assert (export.state, export.personal) == (ExportState.READY, False)
    assert "可下载" in words(client)
    answer = client.post(reverse("collection:export-take", args=[export.id]))
    assert (answer.status_code, answer["Content-Type"], answer.content[:2]) == (200, "application/zip", b"PK")
    assert export.file_name in answer["Content-Disposition"]
    assert "已下载 1 次" in words(client)


def test_personal_data_wait_for_the_second_person():
    one, two = signed_in(Role.COUNTY), signed_in(Role.COUNTY)
    ask(one, personal="on")
    export = Export.objects.get()
    decide = reverse("collection:export-decide", args=[export.id])
    assert ("同意 拒绝" in words(one), "同意 拒绝" in words(two)) == (False, True)
    assert "有 1 项含个人信息的数据导出待您办理" in two.get("/").content.decode()
    assert one.post(decide, {"decision": "agree"}).status_code == 403
    assert two.post(decide, {"decision": "agree"}).status_code == 302
    assert Export.objects.get().state == ExportState.READY
    assert two.post(reverse("collection:export-take", args=[export.id])).status_code == 403
    assert one.post(reverse("collection:export-take", args=[export.id])).status_code == 200


def test_refusing_ends_it():
    one, two = signed_in(Role.COUNTY), signed_in(Role.COUNTY)
    ask(one, personal="on")
    two.post(reverse("collection:export-decide", args=[Export.objects.get().id]), {"decision": "refuse"})
    assert Export.objects.get().state == ExportState.REFUSED
    assert "拒绝人" in words(one)


@pytest.mark.parametrize("changed", [{"reason": ""}, {"data_year": "1999"}, {"division": "620100000000"}])
def test_what_is_missing_or_outside_is_said_on_the_form(changed: dict[str, str]):
    client = signed_in(Role.COUNTY)
    assert (ask(client, **changed).status_code, Export.objects.count()) == (422, 0)
