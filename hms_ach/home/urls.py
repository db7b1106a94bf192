"""Addresses of the home page, the choice of theme, the gallery and the health check."""

from django.urls import path

from hms_ach.home import health, screens, shell

app_name = "home"

urlpatterns = [
    path("", screens.home, name="home"),
    path("healthz", health.health, name="health"),
    path("theme/", shell.choose_theme, name="theme"),
    path("gallery/", screens.gallery, name="gallery"),
]
