"""A drawer is counted by surprise, and its cashier works on, none the wiser."""

import pytest

from cashiering.commands import audit_till, record_movement, suspend_session
from cashiering.commands.approval import ApproverIsCashier
from cashiering.commands.locks import SessionNotOpen
from cashiering.commands.till_audit import AuditWithoutRemark
from cashiering.queries.till_audit import overdrawn_steps
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def audited(session, actor, minor=190_00, remarks="Ana stood by"):
    return audit_till(session=session, denominations=make.pieces(minor), remarks=remarks, actor=actor)


def test_an_audit_keeps_what_was_found_and_the_session_goes_on():
    given = make.till()
    session = make.opened(given)

    found = audited(session, given.gil)

    session.refresh_from_db()
    assert (found.expected_minor, found.difference_minor, session.state) == (200_00, -10_00, "OPEN")
    assert make.paid(session, given, make.cash(5_00)).receipt_number


def test_a_locked_drawer_is_audited_too_and_nobody_audits_their_own():
    given = make.till()
    session = make.opened(given)
    suspend_session(session=session, actor=given.ana)

    audited(session, given.gil)

    with pytest.raises(ApproverIsCashier):
        audited(session, given.ana)
    with pytest.raises(AuditWithoutRemark):
        audited(session, given.gil, remarks="")


def test_a_counted_drawer_is_not_audited():
    given = make.till()
    session = make.opened(given)
    make.counted(session, 200_00)

    with pytest.raises(SessionNotOpen):
        audited(session, given.gil)


def test_the_cashier_sees_no_audit_before_the_own_count():
    given = make.till()
    session = make.opened(given)
    audited(session, given.gil)
    page = f"/cashiering/sessions/{session.public_id}/"

    before = access.signed_in(given.ana).get(page).content.decode()
    make.counted(session, 200_00)
    after = access.signed_in(given.ana).get(page).content.decode()

    assert "Ana stood by" not in before
    assert "Ana stood by" in after


def test_what_left_beyond_the_expectation_is_shown_to_who_approves():
    given = make.till()
    session = make.opened(given)
    for number in range(3):
        record_movement(
            session=session,
            kind="PAID_OUT",
            amount=Money(90_00, "USD"),
            reason="Stamps",
            key=f"k{number}",
            actor=given.ana,
        )
    make.counted(session, 0)
    make.counted_again(session, 0)
    page = f"/cashiering/sessions/{session.public_id}/"

    steps = overdrawn_steps(session)
    shown = access.signed_in(given.cora).get(page).content.decode()

    assert [(step.amount.minor, step.beyond.minor) for step in steps] == [(90_00, 70_00)]
    assert "More left this drawer than it should have held" in shown
