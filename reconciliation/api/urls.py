"""Addresses of the reconciliation API, mounted at /api/ach/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
