"""Addresses of the webhooks."""

from django.urls import path

from hms_ach.outbox.screens import delivery, endpoint

app_name = "outbox"

urlpatterns = [
    path("", endpoint.endpoint_list, name="endpoint-list"),
    path("new/", endpoint.endpoint_new, name="endpoint-new"),
    path("<str:public_id>/", endpoint.endpoint_detail, name="endpoint-detail"),
    path("<str:public_id>/secret/", endpoint.secret_rotation, name="secret-rotation"),
    path("<str:public_id>/state/", endpoint.endpoint_state, name="endpoint-state"),
    path("<str:public_id>/replay/", delivery.replay, name="replay"),
    path("<str:public_id>/deliveries/<int:delivery_id>/", delivery.delivery_detail, name="delivery-detail"),
]
