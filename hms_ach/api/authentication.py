"""Who calls the API: a bearer token of a registered client, acting as its service account."""

from typing import Any

from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.oauth2_backends import OAuthLibCore
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class HeadersAlone(OAuthLibCore):
    """Reads the token endpoint's form, but no body of an API request: that belongs to its view's parser."""

    def extract_body(self, request: Any) -> list[tuple[str, str]]:
        return [] if isinstance(request, Request) else super().extract_body(request)


class ClientAuthentication(OAuth2Authentication):
    """A valid token of an active client; `request.user` is the client's service account.

    The token row is read at each request, so a revoked token, a suspended client and a suspended
    service account are refused at once.
    """

    def authenticate(self, request):
        found = super().authenticate(request)
        if found is None:
            return None
        _, token = found
        client = getattr(token.application, "api_client", None)
        if client is None or not client.user.is_active:
            raise AuthenticationFailed("This client is suspended. Ask the hospital's administrator.")
        request.api_client = client
        return client.user, token
