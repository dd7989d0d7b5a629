"""Addresses of data quality, and of what is found across households."""

from django.urls import path

from lika.monitoring import views, views_leads, views_runs

app_name = "monitoring"
urlpatterns = [
    path("", views.quality, name="quality"),
    path("run/", views_runs.run, name="quality-run"),
    path("runs/<uuid:pk>/progress/", views_runs.progress, name="quality-progress"),
    path("faults/", views.faults, name="faults"),
    path("faults/<uuid:pk>/", views.fault, name="fault"),
    path("faults/<uuid:pk>/assign/", views.assign, name="assign"),
    path("faults/<uuid:pk>/fix/", views.fix, name="fix"),
    path("faults/<uuid:pk>/explain/", views.explain, name="explain"),
    path("faults/<uuid:pk>/recheck/", views.recheck, name="recheck"),
    path("duplicates/", views_leads.leads, name="leads"),
    path("duplicates/run/", views_leads.run, name="leads-run"),
    path("duplicates/runs/<uuid:pk>/progress/", views_leads.progress, name="leads-progress"),
    path("duplicates/<uuid:pk>/", views_leads.lead, name="lead"),
    path("duplicates/<uuid:pk>/decide/", views_leads.decide, name="lead-decide"),
    path("duplicates/<uuid:pk>/check/", views_leads.check, name="lead-check"),
]
