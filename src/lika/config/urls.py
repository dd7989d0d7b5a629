"""The addresses of the site. Each app keeps its own; the console has the root."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from lika.config.health import healthz

urlpatterns = [
    path("", include("lika.console.urls")),
    path("policy/", include("lika.policy.urls")),
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    # The language can be chosen on the sign-in page too.
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
]
