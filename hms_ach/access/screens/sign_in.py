"""Signing in and out: what differs from django-allauth's own ways."""

from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import logout
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import Http404, HttpRequest, HttpResponse

from hms_ach import audit
from hms_ach.access.models import User
from hms_ach.vault.second_factor import seal_secret, unseal_secret


class SignInAdapter(DefaultAccountAdapter):
    """Nobody signs up; every sign-in, sign-out and failure is in the audit trail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        audit.record("access.sign_in", actor=user, subject=user)
        return super().post_login(request, user, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            audit.record("access.sign_out", actor=request.user, subject=request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # What was typed is not kept: people type passwords into the wrong field.
        user = User.objects.filter(username=credentials.get("username", "")).first()
        audit.record("access.refuse_sign_in", actor=None, subject=user or "unknown user")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No congratulations for signing in; the page that follows says enough."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are kept encrypted, and their QR code is drawn without inline style."""

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_secret(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        drawing = BytesIO()
        segno.make(url).save(drawing, kind="svg", scale=4, xmldecl=False, light="white", title="QR code")
        return drawing.getvalue().decode()


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and have the browser forget what it kept of it."""
    response = logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def not_offered(request: HttpRequest) -> HttpResponse:
    """Accounts are made by an administrator only; allauth wants the address to exist."""
    raise Http404
