"""Which rules apply: the list of packs, and one pack with its criteria, clauses and parameters."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lika.accounts.access import requires
from lika.core.language import language
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.errors import ExpressionError
from lika.policy import queries, resolve
from lika.policy.models import PackVersion
from lika.policy.packs.resolved import ResolvedPack
from lika.policy.words import Said


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
    resolved, day = row.pack(), _day_within(row)
    words, problem = _asked(resolved, day)
    view = queries.view(resolved, at=day)
    place = divisions.path_labels([row.jurisdiction]).get(row.jurisdiction.ljust(12, "0"), row.jurisdiction)
    groups = [(group, [(item, words.get(item.id)) for item in group.criteria]) for group in view.groups]
    context = {"row": row, "pack": view, "groups": groups, "problem": problem, "place": place}
    return render(request, "policy/pack.html", context | {"versions": queries.versions(row.pack_id)})


def _asked(pack: ResolvedPack, day: dt.date) -> tuple[dict[str, Said], str]:
    """What each criterion asks, in words; or why an old version no longer fits the facts of this installation."""
    try:
        words = resolve.in_words(resolve.compiled(pack, at=day))
    except ExpressionError as error:
        return {}, error.describe(language())
    return {name: Said(said.zh, said.en) for name, said in words.items()}, ""


def _day_within(row: PackVersion) -> dt.date:
    """Today, or the nearest day on which the pack is in force: an old pack shows its own values."""
    today = timezone.localdate()
    if row.valid_to is not None:
        today = min(today, row.valid_to)
    return max(today, row.valid_from)
