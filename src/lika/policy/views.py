"""Which rules apply: the list of packs, and one pack with its criteria, clauses and parameters."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lika.accounts.access import requires
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.policy import queries
from lika.policy.models import PackVersion


@requires(Permission.POLICY_VIEW)
def packs(request: HttpRequest) -> HttpResponse:
    """All packs: of each the active version, or the one loaded last."""
    shown: dict[str, PackVersion] = {}
    for row in queries.list_packs():
        shown.setdefault(row.pack_id, row)
    places = divisions.path_labels({row.jurisdiction for row in shown.values()})
    lines = [(row, places.get(row.jurisdiction.ljust(12, "0"), row.jurisdiction)) for row in shown.values()]
    return render(request, "policy/packs.html", {"lines": lines})


@requires(Permission.POLICY_VIEW)
def pack(request: HttpRequest, pack_id: str) -> HttpResponse:
    """One pack: the active version, or `?version=`; parameters today, or on the pack's last day."""
    version = request.GET.get("version", "")
    row = queries.get(f"{pack_id}@{version}" if version else pack_id)
    view = queries.view(row.pack(), at=_day_within(row))
    place = divisions.path_labels([row.jurisdiction]).get(row.jurisdiction.ljust(12, "0"), row.jurisdiction)
    context = {"row": row, "pack": view, "place": place, "versions": queries.versions(row.pack_id)}
    return render(request, "policy/pack.html", context)


def _day_within(row: PackVersion) -> dt.date:
    """Today, or the nearest day on which the pack is in force: an old pack shows its own values."""
    today = timezone.localdate()
    if row.valid_to is not None:
        today = min(today, row.valid_to)
    return max(today, row.valid_from)
