"""Addresses of governance."""

from django.urls import path

from lika.governance.views import common, duties

app_name = "governance"
urlpatterns = [
    path("work/", common.work, name="work"),
    path("duties/", duties.duties, name="duties"),
    path("duties/appoint/", duties.appoint, name="duty-appoint"),
    path("duties/carry-over/", duties.carry_over, name="duty-carry"),
    path("duties/<uuid:pk>/end/", duties.end, name="duty-end"),
]
