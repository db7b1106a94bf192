"""How much one client may ask for."""

from rest_framework.throttling import SimpleRateThrottle


class ClientThrottle(SimpleRateThrottle):
    """So many requests a minute for one client (API_RATE in settings); then 429 with Retry-After."""

    scope = "client"

    def get_cache_key(self, request, view) -> str | None:
        if request.auth is None:
            return self.cache_format % {"scope": "anonymous", "ident": self.get_ident(request)}
        return self.cache_format % {"scope": self.scope, "ident": request.api_client.pk}
