"""Addresses of the statistics."""

from django.urls import path

from lika.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.analysis_page, name="analysis"),
    path("villages/", views.villages, name="villages"),
    path("views/save/", views.save, name="save"),
    path("views/<uuid:pk>/", views.open_view, name="view"),
    path("views/<uuid:pk>/delete/", views.delete, name="delete"),
]
