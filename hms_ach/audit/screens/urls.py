"""Addresses of the audit trail."""

from django.urls import path

from hms_ach.audit.screens import event

app_name = "audit"

urlpatterns = [
    path("", event.event_list, name="event-list"),
    path("events/<str:public_id>/", event.event_detail, name="event-detail"),
    path("subjects/<path:subject>/", event.subject_history, name="subject-history"),
]
