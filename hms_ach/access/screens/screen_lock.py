"""Locking one's screen for a moment, and unlocking it."""

from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from hms_ach import audit
from hms_ach.web import ANY_SIGNED_IN, Request, page, screen
from hms_ach.web.screen_lock import LOCKED


@screen(ANY_SIGNED_IN, methods=("POST",))
def lock(request: Request) -> HttpResponse:
    """Hide everything behind the person's password; whoever comes by sees nothing and does nothing."""
    back = request.POST.get("next", "/")
    here = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(back, here, require_https=request.is_secure())
    request.session[LOCKED] = back if is_ours else "/"
    audit.record("access.lock_screen", actor=request.user, subject=request.user)
    return redirect("unlock")


@screen(ANY_SIGNED_IN, methods=("GET", "POST"))
def unlock(request: Request) -> HttpResponse:
    """Ask for the password of the person who locked, then go back to where they were."""
    if LOCKED not in request.session:
        return redirect("/")
    refusal = ""
    if request.method == "POST":
        name, word = request.user.get_username(), request.POST.get("password", "")
        if authenticate(request, username=name, password=word) == request.user:
            audit.record("access.unlock_screen", actor=request.user, subject=request.user)
            return redirect(request.session.pop(LOCKED))
        refusal = "This is not your password. Type it again, or sign out."
    context = {"refusal": refusal, "has_errors": bool(refusal)}
    return page(request, full="access/unlock.html", context=context, status=422 if refusal else 200)
