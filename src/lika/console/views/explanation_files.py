"""Explanations as files: the buttons that offer them, and the answer that gives one."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from lika.console.explaining import ExplanationFormat
from lika.core.papers import pdf_answer

_LABELS = {ExplanationFormat.PDF: _("Explanation as PDF"), ExplanationFormat.JSON: _("Explanation as JSON")}


def files(address: str, *of: Any) -> list[tuple[str, Any]]:
    """Where each kind of file is asked for, and what the button says."""
    return [(reverse(address, args=[*of, kind.value]), label) for kind, label in _LABELS.items()]


def file_answer(name: str, content: bytes) -> HttpResponse:
    """The file to keep; no cache holds what may name people."""
    if name.endswith(f".{ExplanationFormat.PDF}"):
        return pdf_answer(content, name)
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/json", headers=headers)
