"""Addresses of the cashiering screens, mounted at /cashiering/."""

from django.urls import URLPattern

app_name = "cashiering"

urlpatterns: list[URLPattern] = []
