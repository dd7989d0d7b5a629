"""Addresses of the statistics."""

from django.urls import path

from lika.reports import views, views_reports

app_name = "reports"
urlpatterns = [
    path("", views.analysis_page, name="analysis"),
    path("villages/", views.villages, name="villages"),
    path("views/save/", views.save, name="save"),
    path("views/<uuid:pk>/", views.open_view, name="view"),
    path("views/<uuid:pk>/delete/", views.delete, name="delete"),
    path("reports/", views_reports.reports, name="reports"),
    path("reports/ask/", views_reports.ask, name="report-ask"),
    path("reports/<uuid:pk>/", views_reports.report, name="report"),
    path("reports/<uuid:pk>/progress/", views_reports.progress, name="report-progress"),
]
