"""Addresses of governance."""

from django.urls import path

from lika.governance.views import common, duties, requests, surveys

app_name = "governance"
urlpatterns = [
    path("work/", common.work, name="work"),
    path("duties/", duties.duties, name="duties"),
    path("duties/appoint/", duties.appoint, name="duty-appoint"),
    path("duties/carry-over/", duties.carry_over, name="duty-carry"),
    path("duties/<uuid:pk>/end/", duties.end, name="duty-end"),
    path("service/", requests.requests, name="requests"),
    path("service/new/", requests.register, name="request-new"),
    path("service/<uuid:pk>/", requests.service_request, name="request"),
    path("service/<uuid:pk>/receipt/", requests.receipt, name="request-receipt"),
    path("service/<uuid:pk>/assign/", requests.assign, name="request-assign"),
    path("service/<uuid:pk>/reply/", requests.reply, name="request-reply"),
    path("service/<uuid:pk>/return/", requests.send_back, name="request-return"),
    path("service/<uuid:pk>/close/", requests.close, name="request-close"),
    path("service/<uuid:pk>/withdraw/", requests.withdraw, name="request-withdraw"),
    path("service/<uuid:pk>/phone/", requests.phone, name="request-phone"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new/", surveys.open_survey, name="survey-new"),
    path("surveys/<uuid:pk>/", surveys.survey, name="survey"),
    path("surveys/<uuid:pk>/close/", surveys.close, name="survey-close"),
    path("surveys/lists/<uuid:pk>/", surveys.task, name="survey-task"),
    path("surveys/lists/<uuid:pk>/paper/", surveys.paper, name="survey-paper"),
    path("surveys/lists/<uuid:pk>/sheets/", surveys.sheets, name="survey-sheets"),
    path("surveys/lists/<uuid:pk>/sign/<uuid:surveyor>/", surveys.sign, name="survey-sign"),
    path("surveys/visits/<uuid:pk>/", surveys.visit, name="survey-visit"),
]
