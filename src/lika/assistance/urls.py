"""Addresses of help."""

from django.urls import path

from lika.assistance.views import pairing, papers, proposals, units

app_name = "assistance"
urlpatterns = [
    path("pairing/", pairing.coverage, name="coverage"),
    path("pairing/unpaired/", pairing.unpaired, name="unpaired"),
    path("pairing/list/", pairing.pairings, name="pairings"),
    path("pairing/households/<uuid:pk>/", pairing.household, name="household"),
    path("pairing/statistics/", papers.statistics, name="statistics"),
    path("pairing/suggestion/", proposals.suggestion, name="suggestion"),
    path("pairing/proposals/", proposals.proposals, name="proposals"),
    path("pairing/proposals/<uuid:pk>/", proposals.proposal, name="proposal"),
    path("pairing/proposals/<uuid:pk>/pass/", proposals.proposal_pass, name="proposal-pass"),
    path("pairing/proposals/<uuid:pk>/agree/", proposals.proposal_agree, name="proposal-agree"),
    path("pairing/proposals/<uuid:pk>/return/", proposals.proposal_return, name="proposal-return"),
    path("pairing/proposals/<uuid:pk>/withdraw/", proposals.proposal_withdraw, name="proposal-withdraw"),
    path("pairing/units/", units.units, name="units"),
    path("pairing/units/new/", units.unit_new, name="unit-new"),
    path("pairing/units/<uuid:pk>/", units.unit, name="unit"),
    path("pairing/units/<uuid:pk>/villages/", units.villages, name="unit-villages"),
    path("pairing/units/<uuid:pk>/helpers/", units.helper_new, name="helper-new"),
    path("pairing/units/<uuid:pk>/end/", units.unit_end, name="unit-end"),
    path("pairing/helpers/<uuid:pk>/end/", units.helper_end, name="helper-end"),
]
