"""A paper as an answer to a browser, under a name that says what it is."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def file_name(*parts: str) -> str:
    """`("621223100201", "公示", "2016-11-07")` -> `621223100201-公示-2016-11-07.pdf`. No part names a person."""
    return "-".join(_NOT_IN_NAMES.sub("_", part) for part in parts if part) + ".pdf"


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """The paper to keep or to print; no cache holds what may name people."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
