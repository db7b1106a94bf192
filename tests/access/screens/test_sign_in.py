"""Signing in and out, waiting too long, guessing too often, the second step."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client

from hms_ach.access.commands import create_user, revoke_role, suspend_user
from hms_ach.audit.models import Event
from tests.make import access as make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = "/accounts/second-factor/"


@pytest.fixture(autouse=True)
def nobody_has_tried():
    cache.clear()


@pytest.fixture
def ana():
    return make.user("CASHIER", username="ana", password=make.PASSWORD)


def sign_in(client, username="ana", password=make.PASSWORD, **form):
    return client.post("/accounts/login/", {"login": username, "password": password, **form})


def test_signing_in_leads_back_and_changes_the_session_id(client, ana):
    client.get(PAGE)
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["session"] = fixed = session.session_key

    answer = sign_in(client, next=PAGE)

    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert client.cookies["session"].value != fixed


def test_it_never_leads_to_another_site(client, ana):
    assert sign_in(client, next="https://evil.example/")["Location"] == "/"


def test_the_trail_keeps_sign_ins_failures_and_sign_outs(client, ana):
    sign_in(client, password="not the passphrase")
    sign_in(client)
    client.post("/accounts/logout/")

    actions = list(Event.objects.order_by("id").values_list("action", flat=True))
    assert actions[-3:] == ["access.refuse_sign_in", "access.sign_in", "access.sign_out"]


def test_signing_out_clears_the_browser(client, ana):
    sign_in(client)

    answer = client.post("/accounts/logout/")

    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get(PAGE).status_code == 302


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code == 404


def test_fifteen_idle_minutes_end_a_session_and_the_page_says_so(client, ana):
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        assert client.get(PAGE).status_code == 200
        clock.move_to(NOON + timedelta(minutes=15))
        assert client.get(PAGE).status_code == 200
        clock.move_to(NOON + timedelta(minutes=30, seconds=1))

        answer = client.get(PAGE, follow=True)

    assert answer.redirect_chain == [(f"/accounts/login/?next={PAGE}", 302)]
    assert "after 15 minutes without activity" in answer.content.decode()


def test_twelve_hours_end_a_busy_session(client, ana):
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client)
        client.get(PAGE)
        for minutes in range(10, 12 * 60 + 1, 10):
            clock.move_to(NOON + timedelta(minutes=minutes))
            assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(seconds=1))

        assert client.get(PAGE).status_code == 302


def test_a_suspended_person_is_out_at_the_next_request(client, ana):
    sign_in(client)

    suspend_user(user=ana, reason="left", actor=make.user("ADMINISTRATOR"))

    assert client.get(PAGE).status_code == 302


def test_a_role_taken_back_counts_at_the_next_request(client):
    admin, other = make.user("ADMINISTRATOR"), make.user("ADMINISTRATOR")
    client.force_login(admin)
    assert client.get("/access/users/").status_code == 200

    revoke_role(user=admin, role="ADMINISTRATOR", actor=other)

    assert client.get("/access/users/").status_code == 403


def test_what_was_tried_is_not_kept(client, ana):
    sign_in(client, username="oops my passphrase", password="wrong wrong wrong")

    kept = str(AccessAttempt.objects.values().get())
    assert "oops" not in kept
    assert "wrong" not in kept


def test_ten_wrong_passwords_make_one_address_wait_but_not_others(ana):
    guesser, owner = Client(REMOTE_ADDR="10.0.0.1"), Client(REMOTE_ADDR="10.0.0.2")
    for _ in range(10):
        sign_in(guesser, password="wrong wrong wrong")

    assert sign_in(guesser).status_code == 429
    assert sign_in(owner).status_code == 302
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
        assert sign_in(guesser).status_code == 302


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("short", False),
        ("fourteen chars", False),
        ("passwordpassword", True),
        ("пароль из слов и пробелов, 64 знака, с юникодом и без всякой спешки", True),
        ("x" * 129, False),
        ("maximilian.mustermann", False),
    ],
)
def test_passwords_are_long_and_free(password, is_taken):
    try:
        create_user(username="maximilian.mustermann", name="Max", password=password)
        taken = True
    except Exception:
        taken = False

    assert taken == is_taken


def code_for(secret):
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06d}"


def test_an_app_is_set_up_and_then_asked_for(client, ana):
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    page = client.get("/accounts/second-factor/app/").content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)[1]
    assert "<svg" in page
    assert "style=" not in page

    client.post("/accounts/second-factor/app/", {"code": code_for(secret)})

    kept = Authenticator.objects.get(user=ana, type="totp")
    assert secret not in str(kept.data)
    cache.clear()
    fresh = Client()
    assert sign_in(fresh)["Location"].startswith("/accounts/second-factor/authenticate/")
    assert fresh.get(PAGE).status_code == 302
    assert fresh.post("/accounts/second-factor/authenticate/", {"code": "000000"}).status_code == 200
    assert fresh.post("/accounts/second-factor/authenticate/", {"code": code_for(secret)}).status_code == 302
    assert fresh.get(PAGE).status_code == 200


def test_a_secret_of_an_app_can_be_read_back_only_with_the_key():
    from hms_ach.access.screens.sign_in import SecondFactorAdapter

    secret = generate_totp_secret()

    sealed = SecondFactorAdapter().encrypt(secret)

    assert secret not in sealed
    assert SecondFactorAdapter().decrypt(sealed) == secret
