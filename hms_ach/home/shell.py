"""What every page is framed with: the menu, the chosen theme, the demo mark."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from hms_ach.home.navigation import menu_of
from hms_ach.web.screen import ANY_SIGNED_IN, screen

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")
YEAR_SECONDS = 365 * 24 * 60 * 60


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. The menu is made only when a template asks for it."""
    user = getattr(request, "user", None)
    is_signed_in = user is not None and user.is_authenticated
    return {
        "theme": theme_of(request),
        "menu": SimpleLazyObject(lambda: menu_of(request)) if is_signed_in else [],
        "is_demo": settings.IS_DEMO,
    }


def theme_of(request: HttpRequest) -> str:
    """The theme the person chose, "auto" (what the device prefers) when none or unknown."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


@screen(ANY_SIGNED_IN, methods=["POST"])
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or auto in a cookie and go back to where the person was."""
    chosen = request.POST.get("theme", "auto")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(
        THEME_COOKIE,
        chosen if chosen in THEMES else "auto",
        max_age=YEAR_SECONDS,
        samesite="Lax",
        secure=settings.IS_HTTPS,
    )
    return response
