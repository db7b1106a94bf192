"""What a refused count leaves on the page: all that was typed and ticked."""

import re

import pytest

from cashiering.commands import force_close
from cashiering.models import Session
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def tag(text: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
    assert found is not None
    return found[0]


def test_a_refused_audit_keeps_the_lines_that_were_counted():
    given = make.till()
    session = make.opened(given)
    typed = {"pieces-2000": "5", "pieces-100": "twenty", "remarks": "Ben stood by"}

    answer = access.signed_in(given.gil).post(f"/cashiering/sessions/{session.public_id}/audit/", typed)
    said = answer.content.decode()

    assert answer.status_code == 422
    assert "is not a number of pieces" in said
    assert 'value="5"' in tag(said, "pieces-2000")
    assert 'value="Ben stood by"' in tag(said, "remarks")


def test_a_refused_count_of_a_drawer_left_behind_keeps_its_ticks():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cheque(30_00))
    force_close(session=session, reason="Left ill", actor=given.cora)
    ticked = payment.tenders.get().pk

    address = f"/cashiering/sessions/{session.public_id}/forced-count/"
    answer = access.signed_in(given.cora).post(address, {"cheque": [ticked], "pieces-100": "-1"})

    assert answer.status_code == 422
    assert "checked" in tag(answer.content.decode(), "cheque")
    session.refresh_from_db()
    assert session.state == Session.State.FORCED


def test_a_refused_count_at_the_end_keeps_its_ticks():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cheque(30_00))
    browser = access.signed_in(given.ana)
    browser.post("/cashiering/my-session/counting/")

    typed = {"cheque": [payment.tenders.get().pk], "pieces-100": "x"}
    said = browser.post("/cashiering/my-session/count/", typed).content.decode()

    assert "checked" in tag(said, "cheque")


def test_a_drawer_offered_wrongly_keeps_its_ticks():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cheque(30_00))

    typed = {"cheque": [payment.tenders.get().pk], "to": str(given.ben.pk), "pieces-100": "x"}
    answer = access.signed_in(given.ana).post("/cashiering/my-session/handover/", typed)

    assert answer.status_code == 422
    assert "checked" in tag(answer.content.decode(), "cheque")
