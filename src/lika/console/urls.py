"""The console's pages."""

from django.urls import path

from lika.console.views import export, home, household, households, maps, pages

app_name = "console"

urlpatterns = [
    path("", home.home, name="home"),
    path("map.json", maps.area_map_json, name="map"),
    path("households/", households.households, name="households"),
    path("households/search/", households.search, name="household-search"),
    path("households/<uuid:pk>/", household.household, name="household"),
    path("households/<uuid:pk>/reveal/", household.reveal, name="household-reveal"),
    path("households/export.<str:kind>", export.households, name="households-export"),
    path("help/", pages.help_page, name="help"),
]
