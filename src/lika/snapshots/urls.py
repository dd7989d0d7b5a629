"""Addresses of the screening pages."""

from django.urls import path

from lika.snapshots import views, views_try

app_name = "snapshots"
urlpatterns = [
    path("", views.screenings, name="screenings"),
    path("try/", views_try.try_it, name="try"),
    path("<uuid:pk>/", views.screening, name="screening"),
    path("<uuid:pk>/units/", views.units, name="units"),
]
