"""A machine's count on its way into a person's."""

import re

import pytest

from cashiering.models import Count, Session
from tests.cashiering.screens.test_register import Browser
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db
REPORT = "USD\n20 x 5 = 100.00\n10 x 5\n5 x 6\nREJECT 1\nTOTAL 16 180.00"


def test_a_report_fills_the_count_in_and_the_person_adds_the_coins_and_commits_it():
    given = make.till()
    ana = Browser(given.ana)
    ana.post("/cashiering/my-session/opening/", register=given.register.public_id)
    page = ana.get("/cashiering/my-session/").content.decode()
    link = re.search(r'href="(/cashiering/note-counter/[^"]+)"', page)[1].replace("&amp;", "&")

    asked = ana.get(link).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(currency|prefix|back)" value="([^"]*)"', asked))
    filled = ana.post("/cashiering/note-counter/", report=REPORT, **hidden)
    shown = filled.content.decode()
    pieces = dict(re.findall(r'name="(pieces-\d+)"\s+value="(\d+)"', shown))
    state = Session.objects.get().state
    ana.post("/cashiering/my-session/opening-count/", **pieces, **{"pieces-100": "20"})

    assert pieces == {"pieces-2000": "5", "pieces-1000": "5", "pieces-500": "6"}
    assert "16 pieces are filled in" in shown
    assert "the 1 that it rejected" in shown
    assert state == "OPENING"
    assert Count.objects.get().total_minor == 200_00


def test_a_damaged_report_fills_nothing_in_and_stays_to_be_looked_at():
    given = make.till()
    make.opened(given)
    ask = {"currency": "USD", "prefix": "pieces", "back": "/cashiering/my-session/"}

    answer = Browser(given.ana).post("/cashiering/note-counter/", report="20 x 5\nTOTAL 5 90.00", **ask)

    assert answer.status_code == 422
    assert "Line 2: the total is not what the lines above it add up to" in answer.content.decode()
    assert "TOTAL 5 90.00" in answer.content.decode()


def test_it_leads_back_to_our_own_counts_only_and_fills_in_digits_only():
    given = make.till()
    make.opened(given)
    ana, ask = Browser(given.ana), {"currency": "USD", "prefix": "pieces", "report": "20 x 5\nTOTAL 5 100"}

    for elsewhere in ("https://evil.example/", "//evil.example/", "/evil/", "javascript:evil()"):
        answer = ana.post("/cashiering/note-counter/", back=elsewhere, **ask)
        assert answer.redirect_chain[0][0].startswith("/")
        assert "evil" not in answer.redirect_chain[0][0]
    ana.post("/cashiering/my-session/counting/")
    shown = ana.get('/cashiering/my-session/?pieces-2000=7&pieces-1000="><b>').content.decode()
    assert 'value="7"' in shown
    assert "<b>" not in shown
