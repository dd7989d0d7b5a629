"""Addresses of the screening pages."""

from django.urls import path

from lika.snapshots import views, views_against, views_scenario_units, views_scenarios, views_try

app_name = "snapshots"
urlpatterns = [
    path("", views.screenings, name="screenings"),
    path("try/", views_try.try_it, name="try"),
    path("scenarios/", views_scenarios.scenarios, name="scenarios"),
    path("scenarios/beside/", views_scenarios.scenarios_beside, name="scenarios-beside"),
    path("scenarios/<uuid:pk>/", views_scenarios.scenario, name="scenario"),
    path("scenarios/<uuid:pk>/run/", views_scenarios.run, name="scenario-run"),
    path("scenarios/<uuid:pk>/progress/", views_scenarios.progress, name="scenario-progress"),
    path("scenarios/<uuid:pk>/units/", views_scenario_units.units, name="scenario-units"),
    path("scenarios/<uuid:pk>/draft/", views_scenarios.draft, name="scenario-draft"),
    path("<uuid:pk>/scenario/", views_scenarios.scenario_new, name="scenario-new"),
    path("<uuid:pk>/", views.screening, name="screening"),
    path("<uuid:pk>/units/", views.units, name="units"),
    path("<uuid:pk>/against/", views_against.against, name="against"),
    path("<uuid:pk>/against/units/", views_against.units, name="against-units"),
    path("<uuid:pk>/against/changes/", views_against.changes, name="against-changes"),
]
