"""Addresses of the token and of the API's description."""

from django.urls import path
from oauth2_provider.views import RevokeTokenView

from hms_ach.api import openapi
from hms_ach.api.token import ClientToken

app_name = "api"

urlpatterns = [
    path("oauth/token/", ClientToken.as_view(), name="token"),
    path("oauth/revocation/", RevokeTokenView.as_view(http_method_names=["post"]), name="revocation"),
    path("api/ach/openapi", openapi.Description.as_view(), name="openapi"),
]
