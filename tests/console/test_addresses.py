"""Addresses that nobody would type: they are answered, never with a traceback. 演示数据"""

import pytest
from django.http import HttpRequest, QueryDict
from django.test import Client

from lika.accounts.choices import Role
from lika.core.pages import page_of
from tests import factories as make
from tests.console.officials import signed_in

pytestmark = pytest.mark.django_db


def asked(page: str) -> HttpRequest:
    request = HttpRequest()
    request.GET = QueryDict(mutable=True)
    request.GET["page"] = page
    return request


@pytest.mark.parametrize(
    ("text", "page"),
    [("2", 2), ("0", 1), ("", 1), ("-3", 1), ("²", 1), ("٣", 1), ("9" * 5000, 1), ("1.5", 1), ("12345678", 12345678)],
)
def test_a_page_is_a_number_of_few_digits_or_the_first(text: str, page: int) -> None:
    assert page_of(asked(text)) == page


@pytest.mark.parametrize("page", ["²", "9" * 5000, "12345678", "x"])
@pytest.mark.parametrize("address", ["/households/", "/screenings/"])
def test_no_page_number_breaks_a_list(address: str, page: str) -> None:
    make.make_household(number="A1")
    assert signed_in(Role.COUNTY).get(address, {"page": page}).status_code == 200


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "pack"),
        ("/households/", "criterion"),
        ("/households/", "sort"),
        ("/households/", "na\0me"),
        ("/policy/", "version"),
        ("/map.json", "division"),
    ],
)
def test_a_character_that_no_text_has_is_refused_with_a_code(address: str, name: str) -> None:
    response = signed_in(Role.COUNTY).get(address, {name: "a\0b"})
    assert (response.status_code, "ACC-012" in response.content.decode()) == (400, True)


def test_it_is_refused_to_strangers_too() -> None:
    assert Client().get("/accounts/login/", {"next": "/\0"}).status_code == 400
