"""Headers and access rules that hold for every page."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
}


@pytest.mark.parametrize(("path", "status"), [("/accounts/login/", 200), ("/no-such-page", 404)])
def test_every_answer_carries_the_content_security_policy(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_page_wants_a_signed_in_person_by_default(client: Client) -> None:
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/")


@pytest.mark.django_db
def test_nobody_signs_up(client: Client) -> None:
    answer = {"username": "visitor", "password1": "Dangchang-621223", "password2": "Dangchang-621223"}
    assert client.post("/accounts/signup/", answer).status_code == 200
    assert list(get_user_model().objects.all()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["demo-cadre", "cadre@county.example"])
def test_people_sign_in_by_user_name_or_mail(client: Client, given: str) -> None:
    user = get_user_model().objects.create_user("demo-cadre", "cadre@county.example", "Dangchang-621223")
    wrong = client.post("/accounts/login/", {"login": given, "password": "another-password"})
    assert (wrong.status_code, "_auth_user_id" in client.session) == (200, False)
    right = client.post("/accounts/login/", {"login": given, "password": "Dangchang-621223"})
    assert (right.status_code, client.session["_auth_user_id"]) == (302, str(user.pk))


def test_the_language_is_chinese_until_switched_even_before_signing_in(client: Client) -> None:
    assert client.get("/accounts/login/")["Content-Language"] == "zh-hans"
    switched = client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert (switched.status_code, switched["Location"]) == (302, "/accounts/login/")
    assert client.get("/accounts/login/")["Content-Language"] == "en"


@pytest.mark.django_db
def test_health_asks_the_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
