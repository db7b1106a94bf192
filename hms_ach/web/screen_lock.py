"""A locked screen shows nothing and does nothing until its person unlocks it; decided on the server."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

# The session keeps under this name where the person was.
LOCKED = "locked_at_path"
_OPEN = ("unlock", "account_logout", "home:theme", "home:health")


class ScreenLock:
    """Sends every request of a locked session to the page that unlocks it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.session.session_key or LOCKED not in request.session:
            return self.get_response(request)
        if request.path in {reverse(name) for name in _OPEN}:
            return self.get_response(request)
        if getattr(request, "htmx", None):
            return HttpResponse(status=401, headers={"HX-Redirect": reverse("unlock")})
        return HttpResponseRedirect(reverse("unlock"))
