"""Officials and their accounts: the list, and one official."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lika.accounts import keeping
from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.console.official_forms import AccountForm, EndForm, GrantForm, OfficialFilterForm, PostForm
from lika.console.queries.focus import cascade, last_of
from lika.console.queries.keeping import kept_divisions, kept_focus, roles_at
from lika.core.pages import Column, page_of
from lika.core.permissions import Permission
from lika.divisions.choices import Level

_COLUMNS = (
    Column("name", _("Name")),
    Column("organisation", _("Organisation")),
    Column("", _("Posts")),
    Column("username", _("User name")),
    Column("", _("Account")),
    Column("last_login", _("Last sign-in")),
)


def place_of(request: HttpRequest, who: UserActor) -> dict[str, Any]:
    """The division that the address asks for, with the selects that lead to it and the reader's other areas."""
    own = kept_divisions(who)
    focus = kept_focus(who, own, last_of(request.GET.getlist("division")))
    return {
        "focus": focus,
        "cascade": cascade(focus),
        "areas": own if len(own) > 1 else [],
        "roles": roles_at(focus.level),
        "is_village": focus.level == Level.VILLAGE,
    }


@requires(Permission.ACCOUNTS_MANAGE)
def officials(request: HttpRequest) -> HttpResponse:
    """The officials in reach, filtered and sorted by what stands in the address."""
    who = actor(request)
    place = place_of(request, who)
    form = OfficialFilterForm(request.GET)
    wanted = form.wanted(place["focus"].division.code)
    found = keeping.list_officials(by=who, wanted=wanted, page=page_of(request))
    filtered = bool(wanted.division) or any(form.cleaned_data.get(name) for name in form.fields)
    # Whoever keeps the accounts of several areas stays in the one that is open.
    carried = [("division", place["focus"].path[0].code)] if place["areas"] else []
    context = {"carried": carried, "form": form, "list": found, "sort": wanted.sort, "filtered": filtered}
    context["columns"] = [column.sorted_by(wanted.sort) for column in _COLUMNS]
    return render(request, "console/officials.html", place | context)


@requires(Permission.ACCOUNTS_MANAGE)
@never_cache
def official(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One official: the account, the posts, the grants, and what may be done about them."""
    return official_page(request, pk)


def official_page(request: HttpRequest, pk: UUID, **refused: Any) -> HttpResponse:
    """The page; `refused` are forms with what an action said against them. Raises ACC-001, ACC-023."""
    who = actor(request)
    found = keeping.official_kept(by=who, official=pk)
    place = place_of(request, who)
    forms = {
        "post_form": PostForm(roles=place["roles"]),
        "grant_form": GrantForm(),
        "account_form": AccountForm(),
        "end_form": EndForm(),
    }
    status = 422 if refused else 200
    return render(request, "console/official.html", {"found": found} | place | forms | refused, status=status)
