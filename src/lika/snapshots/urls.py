"""Addresses of the screening pages."""

from django.urls import path

from lika.snapshots import views

app_name = "snapshots"
urlpatterns = [
    path("", views.screenings, name="screenings"),
    path("<uuid:pk>/", views.screening, name="screening"),
    path("<uuid:pk>/units/", views.units, name="units"),
]
