"""Every address declares who may use it, and answers strangers, the unentitled and foreigners alike."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver, resolve

from hms_ach.access.roles import PERMISSIONS, Role
from hms_ach.access.scopes import SCOPES
from hms_ach.api import ApiView
from hms_ach.api.views import ANY_SCOPE
from hms_ach.web import ANY_SIGNED_IN
from tests.make import access as make

# Open to everybody on purpose: signing in, getting a token, the health check, a receipt whose link one holds.
PUBLIC = {
    "healthz",
    "cashiering/receipts/<str:public_id>/<str:mark>/",
    "accounts/login/",
    "accounts/logout/",
    "accounts/inactive/",
    "accounts/password/set/",
    "accounts/signup/",
    "accounts/second-factor/authenticate/",
    "oauth/token/",
    "oauth/revocation/",
}
OF_ALLAUTH = ("allauth.",)
METHODS = ("get", "post", "put", "patch", "delete")


def routes(resolver=None, prefix=""):
    """Every address of ours, as (pattern, view)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, address)
        else:
            yield address, pattern.callback


def ours():
    return [
        (address, view)
        for address, view in routes()
        if address not in PUBLIC and not view.__module__.startswith(OF_ALLAUTH)
    ]


def api_class(view):
    return getattr(view, "cls", None) or getattr(view, "view_class", None)


def is_api(view):
    return isinstance(api_class(view), type) and issubclass(api_class(view), ApiView)


def screens():
    return [(address, view) for address, view in ours() if not is_api(view)]


def filled(address):
    """The address with something in each place that fits its converter."""

    def value(match):
        return {"int": "1", "date": "2026-01-02", "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12}.get(
            match[1] or "", "x"
        )

    return "/" + re.sub(r"<(?:(\w+):)?\w+>", value, address)


def declared(of_view):
    return {of_view} if isinstance(of_view, str) else set(of_view.values())


def test_every_screen_declares_a_permission_that_some_role_has():
    known = frozenset().union(*PERMISSIONS.values()) | {ANY_SIGNED_IN}

    for address, view in screens():
        assert getattr(view, "required_permission", None) in known, address


def test_every_api_view_declares_scope_and_permission_for_each_method():
    known = frozenset().union(*PERMISSIONS.values())
    for address, view in ours():
        if not is_api(view):
            continue
        cls = api_class(view)
        offered = {method.upper() for method in METHODS if hasattr(cls, method)}
        assert declared(cls.required_scope) <= {*SCOPES, ANY_SCOPE}, address
        assert declared(cls.required_permission) <= known, address
        for of_view in (cls.required_scope, cls.required_permission):
            assert isinstance(of_view, str) or offered <= set(of_view), address


def test_every_address_under_the_api_is_an_api_view():
    for address, view in ours():
        assert is_api(view) or not address.startswith("api/"), address


@pytest.mark.django_db
def test_strangers_are_sent_to_sign_in_or_refused():
    stranger = Client()
    for address, view in ours():
        answer = stranger.get(filled(address))
        if is_api(view):
            assert answer.status_code in (401, 405), address
        else:
            assert answer.status_code == 302, address
            assert answer["Location"].startswith("/accounts/login/?next="), address


@pytest.mark.django_db
def test_somebody_without_a_role_is_refused_everywhere():
    nobody = make.signed_in(make.user())
    for address, view in screens():
        if view.required_permission != ANY_SIGNED_IN:
            assert nobody.get(filled(address)).status_code == 403, address


@pytest.mark.django_db
def test_the_address_of_a_form_leads_to_the_page_above_it_with_what_was_asked():
    browsers = {role: make.signed_in(make.user(role)) for role in Role if role != Role.INTEGRATOR}
    for address, view in screens():
        if "GET" not in view.methods:
            may = (
                role for role in browsers if view.required_permission in {ANY_SIGNED_IN, *PERMISSIONS[role]}
            )
            answer = browsers[next(may)].get(f"{filled(address)}?kind=a%20b")
            page, _, asked = answer["Location"].partition("?")
            assert (answer.status_code, asked) == (302, "kind=a%20b"), address
            assert filled(address).startswith(page), address
            assert "GET" in resolve(page).func.methods, address


@pytest.mark.django_db
def test_a_token_without_the_scope_is_refused_everywhere():
    narrow = make.api("ach:read")
    for address, view in ours():
        if is_api(view) and ANY_SCOPE not in declared(api_class(view).required_scope):
            for method in METHODS:
                if hasattr(api_class(view), method):
                    answer = getattr(narrow, method)(filled(address), content_type="application/json")
                    assert answer.status_code == 403, (method, address)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_every_answer_carries_the_headers(who):
    browser = Client() if who == "stranger" else make.signed_in(make.user())
    for address, _ in routes():
        answer = browser.get(filled(address))
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy, address
        assert "default-src 'none'" in policy, address
        assert "frame-ancestors 'none'" in policy, address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert answer["X-Frame-Options"] == "DENY", address
        assert answer["Referrer-Policy"] == "same-origin", address
        assert "no-store" in answer["Cache-Control"], address
