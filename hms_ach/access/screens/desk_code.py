"""One's own PIN and badge for other people's screens; an administrator enrols badges."""

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from hms_ach.access.commands import (
    confirm_badge,
    enrol_badge,
    refuse_badge,
    set_pin,
    withdraw_desk_code,
)
from hms_ach.access.models import DeskCode, User
from hms_ach.refusal import Refusal
from hms_ach.web import ANY_SIGNED_IN, Request, page, screen

_NOT_YOUR_PASSWORD = "This is not your password. Type it again."  # noqa: S105


@screen(ANY_SIGNED_IN, methods=("GET", "POST"))
def own_pin(request: Request) -> HttpResponse:
    """Choose one's PIN; the password proves that it is oneself."""
    refusal = ""
    if request.method == "POST":
        refusal = _chosen(request)
        if not refusal:
            messages.success(request, "Your PIN counts from now on.")
            return redirect("access:own-pin")
    return _own(request, refusal)


@screen(ANY_SIGNED_IN, methods=("POST",))
def own_badge(request: Request) -> HttpResponse:
    """Say that the badge that was enrolled is one's own, by scanning it, or that it is not."""
    try:
        if "refuse" in request.POST:
            refuse_badge(user=request.user)
            messages.success(request, "That badge does not count. Tell an administrator who has it.")
        elif not _is_oneself(request):
            return _own(request, _NOT_YOUR_PASSWORD)
        else:
            confirm_badge(user=request.user, code=request.POST.get("code", "")[:64])
            messages.success(request, "Your badge counts from now on.")
    except Refusal as refusal:
        return _own(request, str(refusal))
    return redirect("access:own-pin")


def _own(request: Request, refusal: str) -> HttpResponse:
    context = {
        "code": DeskCode.objects.filter(user=request.user).select_related("enrolled_by").first(),
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    return page(request, full="access/own_pin.html", context=context, status=422 if refusal else 200)


def _is_oneself(request: Request) -> bool:
    name, word = request.user.get_username(), request.POST.get("password", "")
    return authenticate(request, username=name, password=word) == request.user


def _chosen(request: Request) -> str:
    """Why the PIN was not set; empty when it was."""
    pin, again = request.POST.get("pin", ""), request.POST.get("again", "")
    if not _is_oneself(request):
        return _NOT_YOUR_PASSWORD
    if pin != again:
        return "The two PINs differ. Type the same digits twice."
    try:
        set_pin(user=request.user, pin=pin, actor=request.user)
    except Refusal as refusal:
        return str(refusal)
    return ""


@screen("access.enrol_badge", ("POST",))
def badge(request: Request, username: str) -> HttpResponse:
    """Enrol the badge that was scanned, or withdraw PIN and badge."""
    user = get_object_or_404(User, username=username, kind=User.Kind.PERSON)
    try:
        if "withdraw" in request.POST:
            withdraw_desk_code(user=user, reason=request.POST.get("reason", "")[:200], actor=request.user)
            messages.success(request, f"Neither PIN nor badge of {user.get_full_name()} counts any more.")
        else:
            enrol_badge(user=user, code=request.POST.get("code", "")[:64], actor=request.user)
            messages.success(
                request, f"{user.get_full_name()} confirms this badge under My PIN and badge; then it counts."
            )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("access:user-detail", username=username)
