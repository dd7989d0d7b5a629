"""Addresses that everyone may open, without an account."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from lika.accounts.access import public
from lika.disclosure import views_open, views_open_notices

app_name = "open"
urlpatterns = [
    path("", views_open.publications, name="publications"),
    path("help/", views_open.help_page, name="help"),
    path("notices/", views_open_notices.notices, name="notices"),
    path("receipt/", views_open_notices.receipt, name="receipt"),
    path("notices/<uuid:pk>/", views_open_notices.notice, name="notice"),
    path("<uuid:pk>/", views_open.publication, name="publication"),
    path("<uuid:pk>.json", views_open.content_file, name="content"),
    # Without the token, and so without its cookie: another site could at most change the language of a page.
    path("language/", public(csrf_exempt(set_language)), name="language"),
]
