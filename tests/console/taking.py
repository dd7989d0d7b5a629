"""Taking a list away as a file, as the dialog of its page does. 演示数据"""

import csv
import io
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

Address = str | dict[str, Any]


def take(client: Client, page: str, asked: Address = "", kind: str = "csv", **more: str) -> HttpResponse:
    """The answer to the dialog of a list whose page stands at an address; `more`: `personal`, `reason`."""
    definition = asked if isinstance(asked, str) else urlencode(asked)
    return client.post(f"/lists/{page}/take/", {"definition": definition, "kind": kind, **more})


def content_of(answer: HttpResponse) -> bytes:
    """The file. A refusal is no file: it fails here with its page."""
    assert answer.status_code == 200, answer.content.decode()
    return b"".join(answer.streaming_content)


def status_of(answer: HttpResponse) -> int:
    """The status of an answer; a file is read to its end, which closes it."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def table(answer: HttpResponse) -> list[list[str]]:
    """A CSV as rows of cells: title, marks, an empty row, heading, lines."""
    return list(csv.reader(io.StringIO(content_of(answer).decode("utf-8-sig"))))


def lines(answer: HttpResponse) -> list[list[str]]:
    """The lines of a CSV, without what stands above them."""
    rows = table(answer)
    return rows[rows.index([]) + 2 :]


def marks(answer: HttpResponse) -> dict[str, str]:
    """What a CSV says of itself."""
    rows = table(answer)
    return dict(rows[1 : rows.index([])])  # type: ignore[arg-type]
