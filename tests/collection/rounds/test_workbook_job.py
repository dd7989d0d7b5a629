"""A workbook that comes back is taken in by a process of its own, with progress and a result that stays. 演示数据"""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from lika.accounts.choices import Role
from lika.collection.rounds import actions
from lika.collection.rounds.actions import workbooks
from lika.collection.rounds.brought import brought_of
from lika.collection.rounds.choices import EntryState, WorkbookState
from lika.collection.rounds.models import BroughtWorkbook
from tests.collection.rounds.conftest import Township, fill_all
from tests.collection.rounds.test_workbook import HOMES, cell, entries, taken
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The work that a process was begun for; it is done by the tests: another process sees no open transaction."""
    monkeypatch.setattr(settings, "LIKA", replace(settings.LIKA, data_dir=tmp_path))
    words: list[str] = []
    monkeypatch.setattr(workbooks.processes, "begin", lambda *given: words.extend(given))
    return words


@pytest.fixture
def client(township: Township) -> Client:
    return signed_in(Role.VILLAGE)


def page_of(township: Township) -> str:
    return f"/rounds/village/{township.submission().pk}/workbook/"


def bring(client: Client, township: Township, book: openpyxl.Workbook, **more: str) -> HttpResponse:
    memory = io.BytesIO()
    book.save(memory)
    return client.post(page_of(township), {"file": SimpleUploadedFile("采集.xlsx", memory.getvalue()), **more})


def shown(client: Client, township: Township) -> dict[str, Any]:
    """What the page says of the last workbook."""
    answer = client.get(page_of(township))
    assert answer.status_code == 200
    return {name: answer.context[name] for name in ("going", "failed", "brought")} | {
        "page": " ".join(answer.content.decode().split())
    }


def test_it_is_taken_in_elsewhere_and_its_result_stays_on_the_page(client, township, village, begun):
    answer = bring(client, township, taken(village, township), finish="on")
    kept = BroughtWorkbook.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(township))
    assert begun == ["import", "collected", str(kept.pk)]
    waits = shown(client, township)
    assert (waits["going"], waits["brought"], 'hx-select="#brought"' in waits["page"]) == (True, None, True)
    call_command("import", "collected", str(kept.pk))
    told = shown(client, township)
    assert (told["going"], told["failed"], told["brought"].finished, told["brought"].problems) == (False, False, 2, [])
    assert (entries(township)["R1"][0], 'hx-select="#brought"' in told["page"]) == (EntryState.FILLED, False)
    assert "采集.xlsx" in told["page"]
    assert list((settings.LIKA.data_dir / "workbooks").iterdir()) == []


def test_its_faults_are_kept_and_shown_again(client, township, village):
    book = taken(village, township)
    cell(book, HOMES, 2, "工资性收入").value = "很多"
    bring(client, township, book)
    done = actions.do_workbook(workbook=BroughtWorkbook.objects.get().pk)
    found = [(each.sheet, each.row, each.household, each.code) for each in brought_of(done.told).problems]
    assert found == [(HOMES, 2, "R1", "COL-106")]
    for _time in range(2):
        told = shown(client, township)
        assert [each.code for each in told["brought"].problems] == ["COL-106"]
        assert [word for word in ("R1", "COL-106", "采集.xlsx") if word not in told["page"]] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM collection_broughtworkbook")
        assert b"COL-106" not in bytes(
            cursor.fetchone()[0]
        )  # what is told, numbers of households in it, lies encrypted


def test_while_one_is_taken_in_no_other_is(client, township, village):
    bring(client, township, taken(village, township))
    again = bring(client, township, taken(village, township))
    assert (again.status_code, "RND-046" in str(again.context["workbook_form"].errors)) == (422, True)
    assert BroughtWorkbook.objects.count() == 1


def test_what_is_no_workbook_is_refused_at_once(client, township, begun):
    file = SimpleUploadedFile("采集.xlsx", b"PK\x03\x04 no workbook")
    refused = client.post(page_of(township), {"file": file})
    assert (refused.status_code, bool(refused.context["workbook_form"].errors)) == (422, True)
    assert (BroughtWorkbook.objects.count(), begun) == (0, [])


def test_a_refusal_of_the_whole_is_told_with_what_to_do(client, township, village):
    bring(client, township, taken(village, township))
    actions.submit(by=village, submission=fill_all(village, township).pk)
    done = actions.do_workbook(workbook=BroughtWorkbook.objects.get().pk)
    assert (done.state, [each.code for each in brought_of(done.told).problems]) == (WorkbookState.FAILED, ["RND-010"])
    told = shown(client, township)
    assert (told["failed"], "RND-010" in told["page"], "工作簿未能读入" in told["page"]) == (True, True, True)


def test_a_process_that_died_is_told_and_the_workbook_may_come_again(client, township, village):
    bring(client, township, taken(village, township))
    BroughtWorkbook.objects.update(state=WorkbookState.RUNNING)
    told = shown(client, township)
    assert (told["going"], told["failed"], "请重新上传：已读入的内容保持不变。" in told["page"]) == (False, True, True)
    assert bring(client, township, taken(village, township)).status_code == 302


def test_it_tells_how_far_it_is_and_goes_on_where_it_broke_off(township, village):
    memory, steps = io.BytesIO(), []
    taken(village, township).save(memory)
    given = {"by": village, "submission": township.submission().pk, "content": memory.getvalue(), "name": "采集.xlsx"}

    def stop(done: int, total: int) -> None:
        steps.append((done, total))
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.bring_workbook(**given, tell=stop)
    assert (steps, sorted(entries(township))) == ([(0, 2), (1, 2)], ["R1"])
    done = actions.bring_workbook(**given)
    assert (done.same, done.drafts, sorted(entries(township))) == (1, 1, ["R1", "R2"])
