"""Addresses of the home page and of the choice of theme."""

from django.urls import path

from hms_ach.home import health, shell

app_name = "home"

urlpatterns = [
    path("healthz", health.health, name="health"),
    path("theme/", shell.choose_theme, name="theme"),
]
