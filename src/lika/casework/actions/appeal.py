"""The appeal file of a case, made for a reason that is kept."""

import hashlib
import json
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from lika.casework import appeal
from lika.casework.models import Case
from lika.casework.queries import cases as reads
from lika.casework.queries.appeal import ATTACHED, Dossier, dossier_of, parts_of
from lika.casework.queries.record import records_of
from lika.collection.exporting.actions import purpose_of
from lika.core import audit
from lika.core.actors import Actor
from lika.core.permissions import Permission

LANGUAGES = {"zh": "zh-hans", "en": "en"}


@transaction.atomic
def make_appeal_file(*, by: Actor, case: UUID, reason: str) -> tuple[str, bytes]:
    """The name and the signed ZIP of a case's appeal file; the audit keeps who made it what for, and its SHA-256.

    Raises ACC-001, ACC-002 (nobody takes names away from where they may not read them), CAS-031, COL-030 (no reason),
    COR-010 (nothing was sealed yet, so there is no signing key).
    """
    found = reads.case_in_sight(by, case)
    for needed in (Permission.REGISTER_PERSONAL, Permission.SCREENING_VIEW):
        by.require(needed, division=f"{found.division:012d}")
    words = purpose_of(reason)
    content = appeal.write(found.number, _entries(dossier_of(by, found)))
    new = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    change = audit.Change("case", found.pk, audit.chain_of(found.division), found.number, new=new)
    audit.record(by=by, action="case.appeal_file_made", change=change, reason=words)
    return f"{found.number}.zip", content


def _entries(of: Dossier) -> dict[str, bytes]:
    """Both languages, each for people and for programs; the record that proves itself; the documents."""
    documents = {each.name: each.content for provider in ATTACHED for each in provider(of)}
    records = records_of([of.case], of.procedure)
    entries = {f"documents/{name}": content for name, content in documents.items()}
    entries |= {f"{appeal.RECORDS}{number}.json": content for number, content in records.items()}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            entries |= _told(of.case, short, of, documents)
    return entries


def _told(case: Case, short: str, of: Dossier, documents: Collection[str]) -> dict[str, bytes]:
    parts = parts_of(of)
    title = _("Appeal file of case %(number)s") % {"number": case.number}
    page = {"language": short, "title": title, "demo": settings.LIKA.demo, "parts": parts, "documents": documents}
    tables = {
        part.key: {"title": part.title, "heads": part.heads, "rows": part.rows, "note": part.note} for part in parts
    }
    return {
        f"case.{short}.html": render_to_string("casework/appeal_file.html", page).encode(),
        f"case.{short}.json": json.dumps(tables, ensure_ascii=False, indent=1).encode(),
    }
