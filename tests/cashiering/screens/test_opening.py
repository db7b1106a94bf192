"""Confirming an opening count at the cashier's screen, and the rule that asks for it."""

import re

import pytest

from cashiering.models import Count, OpeningRule, Session
from tests.cashiering.screens.test_register import Browser
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

PIECES = {f"pieces-{face}": number for face, number in make.FLOAT.items()}


def test_a_colleague_scans_a_badge_under_the_count():
    given = make.till()
    make.opening_rule(given)
    access.badge(given.ben, "HMS-0042-77")
    browser = Browser(given.ana)
    browser.post("/cashiering/my-session/opening/", register=given.register.public_id)
    url = "/cashiering/my-session/opening-count/"

    shown = browser.get("/cashiering/my-session/").content.decode()
    alone = browser.post(url, **PIECES)
    opened = browser.post(url, **PIECES, second_badge="HMS-0042-77")

    assert 'name="second_badge"' in shown
    assert "data-early" not in shown
    assert alone.status_code == 422
    assert "another person confirms" in alone.content.decode()
    assert 'value="20"' in alone.content.decode()
    assert re.findall(r'name="([^"]+)"[^>]*data-focus', alone.content.decode()) == ["second_badge"]
    assert opened.status_code in (200, 302)
    assert Count.objects.get().confirmed_by == given.ben
    for page in ("/cashiering/my-session/", f"/cashiering/sessions/{Session.objects.get().public_id}/"):
        said = browser.get(page).content.decode()
        assert given.ben.get_full_name() in said
        assert "by Badge" in said


def test_without_the_rule_the_page_asks_nobody():
    given = make.till()
    browser = Browser(given.ana)
    browser.post("/cashiering/my-session/opening/", register=given.register.public_id)

    shown = browser.get("/cashiering/my-session/").content.decode()
    assert "second_badge" not in shown
    assert "data-early" in shown


def test_training_opens_where_openings_are_confirmed():
    given = make.till()
    make.opening_rule(given)

    page = Browser(given.ana).get(f"/cashiering/training/{given.facility.code}/")

    assert "TRAINING" in page.content.decode()
    assert not Session.objects.exists()


def test_one_person_asks_for_the_rule_and_another_lets_it_count():
    given = make.till()
    code = given.facility.code
    asks, approves = access.signed_in(given.cora), access.signed_in(given.gil)

    asked = asks.post(f"/cashiering/opening-rules/{code}/request/", {"is_confirmed": "yes"})
    rule = OpeningRule.objects.get()
    url = f"/cashiering/opening-rules/{rule.public_id}/approval/"
    own, other = asks.post(url), approves.post(url)

    rule.refresh_from_db()
    assert (asked.status_code, own.status_code, other.status_code) == (302, 403, 302)
    assert (rule.is_confirmed, rule.asked_by, rule.approved_by) == (True, given.cora, given.gil)
    assert "Ask to end it" in approves.get("/cashiering/opening-rules/").content.decode()
