"""Addresses of the policy pages."""

from django.urls import path

from lika.policy import views

app_name = "policy"
urlpatterns = [
    path("", views.packs, name="packs"),
    path("compare/", views.compare, name="compare"),  # no pack has an id without a slash
    path("<path:pack_id>/", views.pack, name="pack"),
]
