"""Addresses of help."""

app_name = "assistance"
urlpatterns: list = []
