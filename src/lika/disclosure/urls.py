"""Addresses of the staff pages of disclosure."""

from django.urls import path

from lika.disclosure import views, views_notices

app_name = "disclosure"
urlpatterns = [
    path("", views.publications, name="publications"),
    path("propose/", views.propose, name="propose"),
    path("notices/<uuid:pk>/page/", views_notices.notice_page, name="notice-page"),
    path("inbox/", views_notices.inbox, name="inbox"),
    path("<uuid:pk>/", views.proposal, name="proposal"),
    path("<uuid:pk>/publish/", views.publish, name="publish"),
    path("<uuid:pk>/decline/", views.decline, name="decline"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
