"""The console's pages."""

from django.urls import path

from lika.console.views import (
    audit,
    export,
    home,
    household,
    households,
    lists,
    maps,
    official_changes,
    officials,
    pages,
)

app_name = "console"

urlpatterns = [
    path("", home.home, name="home"),
    path("map.json", maps.area_map_json, name="map"),
    path("households/", households.households, name="households"),
    path("households/search/", households.search, name="household-search"),
    path("households/<uuid:pk>/", household.household, name="household"),
    path("households/<uuid:pk>/reveal/", household.reveal, name="household-reveal"),
    path("households/export.<str:kind>", export.households, name="households-export"),
    path("officials/", officials.officials, name="officials"),
    path("officials/add/", official_changes.add, name="official-add"),
    path("officials/<uuid:pk>/", officials.official, name="official"),
    path("officials/<uuid:pk>/posts/", official_changes.give_post, name="official-post"),
    path("officials/<uuid:pk>/posts/<uuid:post>/end/", official_changes.end_post, name="official-post-end"),
    path("officials/<uuid:pk>/grants/", official_changes.give_grant, name="official-grant"),
    path("officials/<uuid:pk>/grants/<uuid:grant>/end/", official_changes.end_grant, name="official-grant-end"),
    path("officials/<uuid:pk>/account/", official_changes.open_account, name="official-account"),
    path("officials/<uuid:pk>/password/", official_changes.reset_password, name="official-password"),
    path("officials/<uuid:pk>/lock/", official_changes.lock, name="official-lock"),
    path("officials/<uuid:pk>/unlock/", official_changes.unlock, name="official-unlock"),
    path("views/<slug:page>/save/", lists.save, name="view-save"),
    path("views/<uuid:pk>/", lists.open_view, name="view"),
    path("views/<uuid:pk>/change/", lists.change, name="view-change"),
    path("views/<uuid:pk>/delete/", lists.delete, name="view-delete"),
    path("audit/", audit.chains, name="audit"),
    path("audit/<int:county>/verify/", audit.verify, name="audit-verify"),
    path("audit/<int:county>/progress/", audit.progress, name="audit-progress"),
    path("help/", pages.help_page, name="help"),
    path("help/glossary/", pages.glossary, name="glossary"),
    path("help/<slug:role>/", pages.role_help, name="help-role"),
    path("design/", pages.design, name="design"),
]
