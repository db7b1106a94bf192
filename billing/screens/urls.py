"""Addresses of the billing screens, mounted at /billing/."""

from django.urls import URLPattern

app_name = "billing"

urlpatterns: list[URLPattern] = []
