"""Addresses of data quality."""

from django.urls import path

from lika.monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("", views.quality, name="quality"),
    path("faults/", views.faults, name="faults"),
    path("faults/<uuid:pk>/", views.fault, name="fault"),
    path("faults/<uuid:pk>/assign/", views.assign, name="assign"),
    path("faults/<uuid:pk>/fix/", views.fix, name="fix"),
    path("faults/<uuid:pk>/explain/", views.explain, name="explain"),
    path("faults/<uuid:pk>/recheck/", views.recheck, name="recheck"),
]
