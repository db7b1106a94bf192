"""Administration of API clients."""

import re

import pytest

from hms_ach.access.models import ApiClient
from tests.make import access as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    return make.signed_in(make.user("ADMINISTRATOR"))


def token_status(client, client_id, secret):
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return client.post("/oauth/token/", form).status_code


def test_a_secret_is_shown_once_and_works(browser, client):
    make.facility("NORTH")
    form = {"client_id": "lab", "name": "Laboratory", "scopes": ["gl:read"], "facilities": ["NORTH"]}

    answer = browser.post("/access/api-clients/new/", form)

    secret = re.search(r"<code>([\w-]{48})</code>", answer.content.decode())[1]
    assert answer["Cache-Control"] == "no-store"
    assert token_status(client, "lab", secret) == 200
    assert secret not in browser.get("/access/api-clients/lab/").content.decode()


def test_a_new_secret_ends_the_old_one(browser, client):
    make.api_client("gl:read", client_id="lab")

    answer = browser.post("/access/api-clients/lab/secret/")

    secret = re.search(r"<code>([\w-]{48})</code>", answer.content.decode())[1]
    assert token_status(client, "lab", "secret") == 401
    assert token_status(client, "lab", secret) == 200


def test_scopes_are_changed_and_the_client_suspended(browser, client):
    lab = make.api_client("gl:read", client_id="lab")

    browser.post("/access/api-clients/lab/scopes/", {"scopes": ["gl:read", "gl:ack"]})
    browser.post("/access/api-clients/lab/suspension/", {"reason": "leaked"})

    lab = ApiClient.objects.get(pk=lab.pk)
    assert lab.scopes == ["gl:ack", "gl:read"]
    assert not lab.user.is_active
    assert token_status(client, "lab", "secret") == 400


@pytest.mark.parametrize("scope", ["GL:read", "gl:*", "admin"])
def test_an_unknown_scope_is_refused(browser, scope):
    make.facility("NORTH")
    form = {"client_id": "lab", "name": "Laboratory", "scopes": [scope], "facilities": ["NORTH"]}

    answer = browser.post("/access/api-clients/new/", form)

    assert answer.status_code == 200
    assert not ApiClient.objects.exists()


def test_a_client_id_that_is_taken_is_refused_at_its_field(browser):
    make.facility("NORTH")
    make.api_client("gl:read", client_id="lab")
    form = {"client_id": "lab", "name": "Laboratory", "scopes": ["gl:read"], "facilities": ["NORTH"]}

    answer = browser.post("/access/api-clients/new/", form)

    assert "already used" in answer.content.decode()
