"""Getting a token: scopes letter by letter, wrong secrets, rotation, ten minutes."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from hms_ach.access.commands import rotate_api_secret, suspend_api_client
from tests.make import access as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_failures_yet():
    cache.clear()


def ask(client, *, secret="secret", **form):
    form = {"grant_type": "client_credentials", "client_id": str(client), "client_secret": secret, **form}
    return Client().post("/oauth/token/", form)


def test_a_token_lives_ten_minutes_and_only_its_hash_is_kept():
    client = make.api_client("invoices:read")

    answer = ask(client).json()

    kept = AccessToken.objects.get(application=client.application)
    assert answer["scope"] == "invoices:read"
    assert kept.token != answer["access_token"]
    assert kept.expires <= timezone.now() + timedelta(minutes=10)


@pytest.mark.parametrize(
    "scope",
    [
        "Invoices:Read",
        "invoices:write",
        "invoices:read invoices:write",
        "invoices/read",
        "invoices:read ",
        "invoices:read  payments:read",
        "invoices:*",
        "openid",
        "invoices:re\u0430d",
        "invoices:read\u00a0payments:read",
    ],
)
def test_a_scope_that_is_not_the_clients_own_is_not_issued(scope):
    client = make.api_client("invoices:read", "payments:read")

    answer = ask(client, scope=scope)

    if scope.strip() == "invoices:read":
        assert answer.json()["scope"] == "invoices:read"
    else:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize("grant_type", ["password", "authorization_code", "refresh_token", "implicit"])
def test_no_other_way_to_a_token_is_open(grant_type):
    answer = ask(
        make.api_client("invoices:read"), grant_type=grant_type, username="a", password="b", code="c"
    )

    assert answer.status_code in (400, 401)


def test_a_suspended_client_gets_no_token():
    client = make.api_client("invoices:read")

    suspend_api_client(client=client, reason="leaked", actor=make.user("ADMINISTRATOR"))

    assert ask(client).status_code == 400


def test_the_old_secret_and_its_tokens_end_with_a_new_one():
    client = make.api_client("invoices:read")
    ask(client)

    new = rotate_api_secret(client=client, actor=make.user("ADMINISTRATOR"))

    assert not AccessToken.objects.exists()
    assert ask(client).status_code == 401
    assert ask(client, secret=new.secret).status_code == 200


def test_after_ten_wrong_secrets_the_source_waits():
    client = make.api_client("invoices:read")
    for _ in range(10):
        assert ask(client, secret="wrong").status_code == 401

    answer = ask(client)

    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
