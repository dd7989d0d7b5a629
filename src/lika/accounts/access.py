"""The door of every page: a view names its permission, or says that it is public.

`tests/test_architecture.py` refuses a URL that does neither, so forgetting is an error and not a hole.
The actor is read once per request and kept on it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lika.accounts.models import User
from lika.accounts.queries import UserActor, actor_of

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], R]


def actor(request: HttpRequest) -> UserActor:
    """The actor behind a request; posts and grants are read once per request."""
    if not hasattr(request, "_lika_actor"):
        request._lika_actor = actor_of(cast(User, request.user))  # type: ignore[attr-defined]
    return cast(UserActor, request._lika_actor)  # type: ignore[attr-defined]


def requires(permission: str) -> Callable[[View[P, R]], View[P, R]]:
    """Refuse the view (ACC-001, shown as 403) to whoever lacks the permission. Scope is the query's business."""

    def decorate(view: View[P, R]) -> View[P, R]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
            actor(request).require(permission)
            return view(request, *args, **kwargs)

        cast(Any, guarded).permission = str(permission)
        return guarded

    return decorate


def signed_in(view: View[P, R]) -> View[P, R]:
    """Open to everyone who is signed in, whatever their posts."""
    cast(Any, view).permission = "signed-in"
    return view


def public(view: View[P, R]) -> View[P, R]:
    """Open to everyone: the sign-in page, the language switch."""

    @wraps(view)
    def open_view(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
        return view(request, *args, **kwargs)  # a view of its own: the same one may stay closed at another address

    cast(Any, open_view).permission = "public"
    return cast(View[P, R], login_not_required(open_view))
