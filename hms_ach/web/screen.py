"""The declaration that every screen carries."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.utils.http import urlencode

# For the few screens that every signed-in person has: the home page, one's own settings.
ANY_SIGNED_IN = "any signed-in person"

NOT_SENT = "What you sent last was not done, and nothing of it was kept. Sign in, then enter it again."

View = Callable[..., HttpResponseBase]


def screen(permission: str, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """Open a view to signed-in holders of a permission, for the methods named and no others.

    permission  such as "billing.view_invoice", or ANY_SIGNED_IN
    methods     "GET" (HEAD included), "POST" or both

    Anonymous: to the sign-in page and back. Without the permission: 403. Other methods: 405, but GET of an
    address that takes POST alone leads to the page above it, because a refused form's page stands there.
    A test walks all addresses and refuses a view without this declaration.
    """
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if permission != ANY_SIGNED_IN and not request.user.has_perm(permission):
                raise PermissionDenied(permission)
            if request.method in ("GET", "HEAD") and request.method not in allowed:
                return HttpResponseRedirect(_page_above(request))
            if request.method not in allowed:
                return HttpResponseNotAllowed(sorted(allowed))
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        guarded.methods = tuple(methods)  # type: ignore[attr-defined]
        return guarded

    return declare


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and after it back to where the person was.

    A form that was sent is not repeated: the sign-in page says so, and afterwards the page that the
    form stood on is shown again. htmx would put the sign-in page into the middle of another, so it is
    told to leave the page instead.
    """
    htmx = getattr(request, "htmx", None)
    if request.method not in ("GET", "HEAD"):
        messages.warning(request, NOT_SENT)
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _page_of(request, htmx)})}"
    if not htmx:
        return HttpResponseRedirect(address)
    return HttpResponse(status=401, headers={"HX-Redirect": address})


def _page_above(request: HttpRequest) -> str:
    """The nearest address above this one that is a page, with what was asked of this one; at last home."""
    path = request.path.rstrip("/")
    while path := path.rpartition("/")[0]:
        try:
            view = resolve(f"{path}/").func
        except Resolver404:
            continue
        if "GET" in getattr(view, "methods", ()):
            break
    query = request.META["QUERY_STRING"]
    return escape_uri_path(f"{path}/") + (f"?{query}" if query else "")


def _page_of(request: HttpRequest, htmx: Any) -> str:
    """The page that the person was looking at; home when a form was sent and its page is not known."""
    current = getattr(htmx, "current_url_abs_path", None) if htmx else None
    if current or request.method in ("GET", "HEAD"):
        return current or request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return "/"
    return came_from._replace(scheme="", netloc="", fragment="").geturl() or "/"
