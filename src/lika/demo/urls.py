"""Addresses of the demonstration; everywhere else they answer 404."""

from django.urls import path

from lika.demo import views

app_name = "demo"
urlpatterns = [
    path("enter/", views.enter, name="enter"),
    path("guide/<int:number>/", views.step, name="step"),
    path("guide/dismiss/", views.dismiss, name="dismiss"),
    path("workbooks/<str:name>", views.workbook, name="workbook"),
]
