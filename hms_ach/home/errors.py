"""Pages for answers that are not what was asked for: 400 to 503, in our look.

An answer without a body of its own gets one; API clients (/api/) and htmx keep theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader

from hms_ach.api.problems import problem_response


@dataclass(frozen=True, slots=True)
class Problem:
    """What happened, and what the person can do now."""

    title: str
    advice: str


PROBLEMS = {
    400: Problem("The request could not be read", "Go back, check what was entered and send it again."),
    403: Problem(
        "This is not open to you",
        "Your roles do not include it. If your work needs it, ask an administrator to grant the role.",
    ),
    404: Problem(
        "Not found",
        "There is nothing at this address, or it belongs to a facility that you do not work in. "
        "Check the address, or search from the menu.",
    ),
    405: Problem("This address does not take that", "Open the page from the menu and use its buttons."),
    413: Problem("That file is too large", "Send a smaller file. Nothing of it was kept."),
    429: Problem("Too many tries", "Wait a few minutes, then try once more. Nothing was changed."),
    503: Problem(
        "Briefly not available",
        "The service is starting or under maintenance. Your last saved work is safe; try again in a minute.",
    ),
}
STALE = Problem(
    "This form is out of date",
    "You signed in or out in another tab, or the page was open for long. Nothing was changed. "
    "Go back, load the page again and repeat the last step.",
)


class ErrorPages:
    """Gives every bodiless error answer of a screen its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_ours = response.status_code in PROBLEMS and not response.streaming and not response.content
        if not is_ours or request.path.startswith("/api/") or getattr(request, "htmx", False):
            return response
        told = _page(request, response.status_code)
        if response.has_header("Allow"):
            told["Allow"] = response["Allow"]
        if response.has_header("Retry-After"):
            told["Retry-After"] = response["Retry-After"]
        return told


def _page(request: HttpRequest, status: int, problem: Problem | None = None) -> HttpResponse:
    user = getattr(request, "user", None)
    context = {
        "layout": "base.html" if user is not None and user.is_authenticated else "door.html",
        "problem": problem or PROBLEMS[status],
        "status": status,
    }
    return render(request, "errors/problem.html", context, status=status)


def _told_to_program(request: HttpRequest, status: int) -> HttpResponse | None:
    """What the API's own views did not answer, as a problem (RFC 9457); None for a screen."""
    return problem_response(status) if request.path.startswith("/api/") else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told_to_program(request, 400) or _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told_to_program(request, 403) or _page(request, 403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page of CSRF_FAILURE_VIEW."""
    return _page(request, 403, STALE)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told_to_program(request, 404) or _page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """A page that needs neither database nor session: they may be what failed."""
    if told := _told_to_program(request, 500):
        return told
    return HttpResponseServerError(loader.render_to_string("errors/500.html"))
