"""Annex 9 as a file: the survey form of a household for its helper."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from lika.accounts.access import actor, requires
from lika.console.queries.pairing_paper import pairing_form
from lika.core.papers import file_name, pdf_answer
from lika.core.permissions import Permission
from lika.register import queries as register


@requires(Permission.PAIRING_VIEW)
@never_cache
def form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form, in Chinese whatever the reader's language."""
    who, today = actor(request), timezone.localdate()
    found = register.household_detail(by=who, household=pk)
    with translation.override("zh-hans"):
        return pdf_answer(pairing_form(who, found, today), file_name(found.number, "结对帮扶情况表", today.isoformat()))
