"""The console's pages."""

from django.urls import path

from lika.console.views import home, pages

app_name = "console"

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", pages.help_page, name="help"),
]
