"""Every no of the API as application/problem+json (RFC 9457), from one place."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from hms_ach.refusal import FileRejected, Refusal

MEDIA_TYPE = "application/problem+json"


def problem(*, status: int, code: str, title: str, detail: str, **more: Any) -> dict[str, Any]:
    """The members of a problem: `type` names it for machines, `detail` says what to do."""
    return {
        "type": f"urn:hms-ach:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's exception handler. Anything not expected stays an error and crashes."""
    if isinstance(exc, Refusal):
        body = _of_refusal(exc)
    elif isinstance(exc, Http404):
        body = _of_api_exception(exceptions.NotFound())
    elif isinstance(exc, PermissionDenied):
        body = _of_api_exception(exceptions.PermissionDenied())
    elif isinstance(exc, exceptions.ValidationError):
        body = _of_validation(exc)
    elif isinstance(exc, exceptions.APIException):
        body = _of_api_exception(exc)
    else:
        return None
    set_rollback()
    return Response(body, status=body["status"], headers=_headers(exc), content_type=MEDIA_TYPE)


def problem_response(status: int) -> JsonResponse:
    """A problem outside of API views: an unknown address under /api/ (404), an error of ours (500)."""
    code, detail = _OUTSIDE[status]
    body = problem(status=status, code=code, title=_TITLES[status], detail=detail)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def _of_refusal(refusal: Refusal) -> dict[str, Any]:
    more = {}
    if isinstance(refusal, FileRejected):
        more["findings"] = [
            {
                "line": finding.line,
                "field": finding.field,
                "problem": finding.problem,
                "rule": finding.rule,
                "is_fatal": finding.is_fatal,
            }
            for finding in refusal.findings
        ]
    return problem(
        status=refusal.status, code=refusal.code, title=refusal.heading, detail=str(refusal), **more
    )


def _of_validation(exc: exceptions.ValidationError) -> dict[str, Any]:
    return problem(
        status=422,
        code="invalid_request",
        title="Some values cannot be used",
        detail="Correct the values named in errors and send the request again.",
        errors=list(_errors(exc.detail, "")),
    )


def _errors(detail: Any, pointer: str):
    """Flatten nested errors to JSON pointers (RFC 6901), such as /lines/0/amount."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else f"/{name}"
            yield from _errors(inner, pointer + step)
    elif isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        for index, inner in enumerate(detail):
            yield from _errors(inner, f"{pointer}/{index}")
    elif isinstance(detail, list):
        for inner in detail:
            yield {"pointer": pointer, "code": inner.code, "detail": str(inner)}
    else:
        yield {"pointer": pointer, "code": detail.code, "detail": str(detail)}


_TITLES = {
    400: "The request cannot be read",
    401: "No valid access token",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Only JSON is served",
    415: "Only JSON is read",
    429: "Too many requests",
    500: "Something failed on our side",
}
_DETAILS = {
    "not_authenticated": "Get a token from /oauth/token/ and send it as a Bearer token.",
    "not_found": "There is nothing at this address that your client may see. Check the id.",
}
_OUTSIDE = {
    400: (
        "bad_request",
        "The request's head or address cannot be read. Check it and send the request again.",
    ),
    403: ("permission_denied", "This is not open to your client."),
    404: ("not_found", "There is nothing at this address. Check it against the description of the API."),
    500: (
        "failed",
        "Repeat the request with the same Idempotency-Key; if it fails again, tell the X-Request-ID.",
    ),
}


def _of_api_exception(exc: exceptions.APIException) -> dict[str, Any]:
    code = str(exc.get_codes())
    return problem(
        status=exc.status_code,
        code=code,
        title=_TITLES.get(exc.status_code, "The request was refused"),
        detail=_DETAILS.get(code, str(exc.detail)),
    )


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if seconds := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(seconds) + 1)
    return headers
