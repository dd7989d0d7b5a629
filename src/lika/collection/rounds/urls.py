"""Addresses of the yearly collection."""

from django.urls import path

from lika.collection.rounds import views, views_acts, views_household, views_workbook

app_name = "rounds"

urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("open/", views.open_page, name="open"),
    path("<uuid:round_id>/", views.progress, name="progress"),
    path("village/<uuid:submission_id>/", views.village, name="village"),
    path("village/<uuid:submission_id>/figures/", views_household.figures, name="figures"),
    path("village/<uuid:submission_id>/household/<uuid:pk>/", views_household.household, name="household"),
    path("village/<uuid:submission_id>/household/<uuid:pk>/unchanged/", views_acts.unchanged, name="unchanged"),
    path("village/<uuid:submission_id>/take-up/", views_acts.take_up, name="take-up"),
    path("village/<uuid:submission_id>/workbook/", views_workbook.bring, name="workbook"),
    path("village/<uuid:submission_id>/workbook.xlsx", views_workbook.take, name="workbook-file"),
    path("village/<uuid:submission_id>/extend/", views_acts.extend, name="extend"),
    path("village/<uuid:submission_id>/stand-in/", views_acts.stand_in, name="stand-in"),
    path("village/<uuid:submission_id>/submit/", views_acts.submit, name="submit"),
    path("village/<uuid:submission_id>/remark/", views_acts.remark, name="remark"),
    path("village/<uuid:submission_id>/remark/<uuid:remark_id>/drop/", views_acts.drop_remark, name="remark-drop"),
    path("village/<uuid:submission_id>/return/", views_acts.give_back, name="return"),
    path("village/<uuid:submission_id>/pass/", views_acts.pass_on, name="pass"),
    path("village/<uuid:submission_id>/send-back/", views_acts.send_back, name="send-back"),
    path("village/<uuid:submission_id>/lock/", views_acts.lock, name="lock"),
]
