"""Addresses of the administration, mounted at /access/."""

from django.urls import path

from hms_ach.access.screens import api_client, desk_code, facility, user

app_name = "access"

urlpatterns = [
    path("users/", user.user_list, name="user-list"),
    path("users/new/", user.user_create, name="user-create"),
    path("users/<str:username>/", user.user_detail, name="user-detail"),
    path("users/<str:username>/roles/", user.role_grant, name="role-grant"),
    path("users/<str:username>/roles/<str:role>/revocation/", user.role_revocation, name="role-revocation"),
    path("users/<str:username>/facilities/", user.facility_grant, name="facility-grant"),
    path(
        "users/<str:username>/facilities/<str:code>/revocation/",
        user.facility_revocation,
        name="facility-revocation",
    ),
    path("users/<str:username>/suspension/", user.suspension, name="suspension"),
    path("my-pin/", desk_code.own_pin, name="own-pin"),
    path("my-badge/", desk_code.own_badge, name="own-badge"),
    path("users/<str:username>/badge/", desk_code.badge, name="user-badge"),
    path("facilities/", facility.facility_list, name="facility-list"),
    path("legal-entities/new/", facility.legal_entity_create, name="legal-entity-create"),
    path("facilities/new/", facility.facility_create, name="facility-create"),
    path("facilities/<str:code>/departments/", facility.department_create, name="department-create"),
    path("api-clients/", api_client.api_client_list, name="api-client-list"),
    path("api-clients/new/", api_client.api_client_create, name="api-client-create"),
    path("api-clients/<str:client_id>/", api_client.api_client_detail, name="api-client-detail"),
    path("api-clients/<str:client_id>/secret/", api_client.api_client_secret, name="api-client-secret"),
    path("api-clients/<str:client_id>/scopes/", api_client.api_client_scopes, name="api-client-scopes"),
    path(
        "api-clients/<str:client_id>/suspension/",
        api_client.api_client_suspension,
        name="api-client-suspension",
    ),
]
