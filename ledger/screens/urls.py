"""Addresses of the ledger screens, mounted at /ledger/."""

from django.urls import URLPattern

app_name = "ledger"

urlpatterns: list[URLPattern] = []
