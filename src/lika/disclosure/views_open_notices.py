"""The pages of notices for everyone: those that hang now, one of them, the form to object, how far an objection is.

No sign-in, no script.

Unlike publications they are kept by no cache: a page closes when its term is over.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lika.accounts.access import public
from lika.core.errors import NotFound, UserError
from lika.core.pages import page_of
from lika.disclosure import notice_pages, receiving, told
from lika.disclosure.choices import Progress
from lika.disclosure.queries import notices as queries

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

NOTICES_A_PAGE = 20
LARGEST_BODY = 16_384  # bytes of a form; three fields of the longest texts in UTF-8 take less


def _open(view: View[P]) -> View[P]:
    """What is not there is a page of its own (404)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            return render(request, "disclosure/open/error.html", {"error": error}, status=404)

    return answered


@public
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The notices that hang now; `?q=` a village by name or code."""
    text = request.GET.get("q", "").replace("\0", "").strip()[: queries.MOST_LETTERS]
    page = Paginator(queries.running(text), NOTICES_A_PAGE).get_page(page_of(request))
    context = {"text": text, "page": page, "list": {"page": page.number, "pages": page.paginator.num_pages}}
    return render(request, "disclosure/open/notices.html", context)


# Nobody is signed in here, so that there is nothing that another site could do in somebody's name.
@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@_open
def notice(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One notice with the form to object; a closed one keeps its hash alone. What is sent answers with a receipt."""
    shown = queries.page(pk)
    village = shown.page.place.rpartition(" ")[2]
    context = {
        "shown": shown,
        "page": shown.page,
        "village": village,
        "longest": receiving.LONGEST,
        "hotline": told.hotline(),
    }
    if request.method != "POST":
        return render(request, "disclosure/open/notice.html", context)
    said = {}
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise receiving.too_long()
        said = {name: request.POST.get(name, "").replace("\0", "") for name in receiving.LONGEST}
        code = receiving.send(page=pk, address=request.META.get("REMOTE_ADDR", ""), **said)
    except UserError as error:
        status = 429 if error.code == "DIS-033" else 422
        return render(request, "disclosure/open/notice.html", context | {"error": error, "said": said}, status=status)
    return render(request, "disclosure/open/sent.html", context | {"code": code}, status=201)


# The receipt's code comes in the body alone: an address is kept by browsers and logs.
@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def receipt(request: HttpRequest) -> HttpResponse:
    """How far an objection is, for whoever holds its receipt: the steps of the office with their days, nothing else."""
    context: dict[str, Any] = {"hotline": told.hotline()}
    if request.method != "POST":
        return render(request, "disclosure/open/receipt.html", context)
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise receiving.no_receipt()
        found = receiving.told_under(code=request.POST.get("code", ""), address=request.META.get("REMOTE_ADDR", ""))
    except UserError as error:
        status = {"DIS-037": 429, "DIS-039": 404}.get(error.code, 422)
        return render(request, "disclosure/open/receipt.html", context | {"error": error}, status=status)
    steps = [(Progress(each.progress), each.at) for each in found]
    page = found[0].page
    context |= {"steps": steps, "last": steps[-1][0], "page": page, "phone": notice_pages.read(page.content).phone}
    return render(request, "disclosure/open/receipt.html", context)
