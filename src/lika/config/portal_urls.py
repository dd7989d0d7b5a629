"""The addresses of the public pages in a process of their own."""

from django.urls import include, path
from django.views.generic import RedirectView

from lika.config.health import healthz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="open:publications")),
    path("open/", include("lika.disclosure.urls_open")),
    path("healthz", healthz, name="healthz"),
]
handler404 = "lika.disclosure.views_open.not_found"
handler500 = "lika.disclosure.views_open.failed"
