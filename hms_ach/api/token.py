"""Where clients get their tokens (RFC 6749 section 4.4)."""

import base64
import binascii

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.views import TokenView

WINDOW_SECONDS = 60
MAX_FAILURES = 10


class ClientToken(TokenView):
    """POST with grant_type=client_credentials, the client id and its secret: a token for ten minutes.

    After ten wrong secrets for a client from one source in a minute, that source waits for the rest of it.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        counter = f"token-failures:{request.META.get('REMOTE_ADDR')}:{_client_id(request)}"
        if cache.get(counter, 0) >= MAX_FAILURES:
            detail = {
                "error": "slow_down",
                "error_description": "Too many wrong secrets. Wait a minute and try again.",
            }
            return JsonResponse(detail, status=429, headers={"Retry-After": str(WINDOW_SECONDS)})
        response = super().post(request, *args, **kwargs)
        if response.status_code == 401:
            cache.add(counter, 0, WINDOW_SECONDS)
            cache.incr(counter)
        return response


def _client_id(request: HttpRequest) -> str:
    """The client id that is tried, whether it stands in the header or in the form; "" for none."""
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.POST.get("client_id", "")[:40]
    try:
        return base64.b64decode(credentials).decode().partition(":")[0][:40]
    except (binascii.Error, UnicodeDecodeError):
        return ""
