"""Addresses of the home page and of the choice of theme."""

from django.urls import path

from hms_ach.home import shell

app_name = "home"

urlpatterns = [
    path("theme/", shell.choose_theme, name="theme"),
]
