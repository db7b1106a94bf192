"""Refusals become pages; what nothing can keep is refused; pages of signed-in people stay out of caches."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hms_ach.refusal import FileRejected, Refusal

Answer = Callable[[HttpRequest], HttpResponse]


class RefusalPages:
    """Turns a Refusal that no screen caught into a page that says what is wrong and what to do."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if request.method == "GET" and getattr(request, "htmx", None):
            # htmx would drop the answer, and nobody would see why; as a page it is shown.
            return HttpResponse(status=204, headers={"HX-Redirect": request.get_full_path()})
        findings = exception.findings if isinstance(exception, FileRejected) else ()
        context = {"refusal": exception, "findings": findings, "back": request.headers.get("Referer", "")}
        return render(request, "errors/refused.html", context, status=exception.status)


class NoZeroCharacters:
    """Answers 400 to a screen's address or form with a zero character, which the database cannot keep."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        is_api = request.path.startswith("/api/")
        return HttpResponse(status=400) if not is_api and _has_zero_character(request) else None


def _has_zero_character(request: HttpRequest) -> bool:
    typed = [values for form in (request.GET, request.POST) for _name, values in form.lists()]
    return "\0" in request.path or any("\0" in value for values in typed for value in values)


class NoStore:
    """Cache-Control: no-store on every answer but files that are the same for everybody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
