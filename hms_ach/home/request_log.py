"""One line for each request: who by id, which route, how it ended, how long it took."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from hms_ach.audit.request_id import request_id

log = structlog.get_logger("hms_ach.request")
_SILENT_ROUTES = {"healthz"}


class RequestLog:
    """Logs the pattern of the address, never the address: what people search for stays out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started_at = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else ""
        if route not in _SILENT_ROUTES:
            log.info(
                "request",
                method=request.method,
                route=route,
                status=response.status_code,
                duration_ms=round((time.perf_counter() - started_at) * 1000, 1),
                user_id=self._user_id(request),
                request_id=request_id(),
            )
        return response

    def _user_id(self, request: HttpRequest) -> int | None:
        user = getattr(request, "_cached_user", None)
        return user.pk if user is not None else None
