"""A session's page: what a refused count leaves on it, and who is offered a decision."""

import re

import pytest

from cashiering.commands import count_forced, explain_variance, force_close
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


@pytest.mark.parametrize(("short", "is_offered"), [(10_00, True), (90_00, False)])
def test_only_who_may_approve_a_difference_is_offered_it(short, is_offered):
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(100_00))
    make.counted(session, 300_00 - short)
    make.counted_again(session, 300_00 - short)
    explain_variance(session=session, reason="Change given twice", actor=given.ana)

    at, button = f"/cashiering/sessions/{session.public_id}/", "Approve the difference of"
    head = access.signed_in(given.cora).get(at).content.decode()

    assert (button in head) is is_offered
    assert ("A controller approves it." in head) is not is_offered
    assert button in access.signed_in(given.gil).get(at).content.decode()


def test_who_counted_a_drawer_is_told_who_approves_it():
    given = make.till()
    session = make.opened(given)
    force_close(session=session, reason="Left ill", actor=given.cora)
    count_forced(session=session, denominations=make.pieces(200_00), actor=given.cora)

    at, button = f"/cashiering/sessions/{session.public_id}/", "Approve the session"
    own = access.signed_in(given.cora).get(at).content.decode()

    assert button not in own
    assert "You had a hand in this drawer." in own
    assert button in access.signed_in(given.gil).get(at).content.decode()


def test_whose_session_was_closed_by_force_is_told_by_whom_and_why():
    given = make.till()
    force_close(session=make.opened(given), reason="Left ill", actor=given.cora)

    shown = access.signed_in(given.ana).get("/cashiering/my-session/").content.decode()

    assert "Your session was closed for you:" in shown
    assert f"Left ill. By {given.cora.get_full_name()}" in shown
