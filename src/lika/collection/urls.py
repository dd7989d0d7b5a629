"""Addresses of the import pages."""

from django.urls import path

from lika.collection import views, views_export, views_profiles, views_sending

app_name = "collection"

urlpatterns = [
    path("", views.import_page, name="import"),
    path("template.xlsx", views.template_file, name="template"),
    path("exports/", views_export.export_page, name="exports"),
    path("exports/<uuid:export_id>/decide/", views_export.decide, name="export-decide"),
    path("exports/<uuid:export_id>/file/", views_export.take, name="export-take"),
    path("exports/<uuid:export_id>/receipt/", views_sending.receipt, name="receipt"),
    path("sending/", views_sending.queue_page, name="sending"),
    path("comparisons/", views_sending.comparisons_page, name="comparisons"),
    path("comparisons/<uuid:comparison_id>/", views_sending.comparison_page, name="comparison"),
    path("profiles/", views_profiles.profiles_page, name="profiles"),
    path("profiles/<str:label>/", views_profiles.profile_page, name="profile"),
    path("<uuid:batch_id>/columns/", views_profiles.columns_page, name="columns"),
    path("<uuid:batch_id>/", views.batch_page, name="batch"),
    path("<uuid:batch_id>/progress/", views.progress, name="progress"),
    path("<uuid:batch_id>/run/", views.run, name="run"),
    path("<uuid:batch_id>/discard/", views.discard, name="discard"),
    path("<uuid:batch_id>/marked.xlsx", views.marked_file, name="marked"),
]
