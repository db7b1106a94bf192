"""The id that ties together everything one request or task did."""

import secrets
from collections.abc import Callable
from contextvars import ContextVar

from celery import current_task
from django.http import HttpRequest, HttpResponse

_current: ContextVar[str] = ContextVar("hms_ach_request_id", default="")


def request_id() -> str:
    """The running request's id, or `task:<id>` in a worker, or empty outside both."""
    if found := _current.get():
        return found
    return f"task:{current_task.request.id}" if current_task and current_task.request.id else ""


class RequestIdMiddleware:
    """Names each request with an id of our own and says it in `X-Request-ID`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _current.set(f"req_{secrets.token_hex(12)}")
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = _current.get()
            return response
        finally:
            _current.reset(token)
