"""Addresses of the reconciliation screens, mounted at /reconciliation/."""

from django.urls import URLPattern

app_name = "reconciliation"

urlpatterns: list[URLPattern] = []
