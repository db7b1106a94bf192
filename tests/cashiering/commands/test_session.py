"""A session is locked and taken up again by its cashier, and ends in one state."""

import pytest

from cashiering.commands import (
    commit_count,
    force_close,
    resume_session,
    start_counting,
    suspend_session,
    take_payment,
)
from cashiering.commands.locks import NotYourSession, SessionNotOpen
from cashiering.commands.session import SessionNotSuspended
from cashiering.models import ZRead
from cashiering.rules.denominations import PiecesMalformed
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_locked_drawer_takes_no_money_until_its_cashier_takes_it_up():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 5_00)
    asked = {
        "session": session,
        "patient": given.patient,
        "allocations": [(bill.pk, Money(5_00, "USD"))],
        "tenders": [make.cash(5_00)],
        "key": "k",
        "actor": given.ana,
    }
    suspend_session(session=session, actor=given.ana)

    with pytest.raises(SessionNotOpen):
        take_payment(**asked)
    with pytest.raises(NotYourSession):
        resume_session(session=session, actor=given.ben)
    resume_session(session=session, actor=given.ana)

    assert take_payment(**asked).total_minor == 5_00
    with pytest.raises(SessionNotSuspended):
        resume_session(session=session, actor=given.ana)


def test_a_locked_drawer_is_counted_without_being_taken_up():
    given = make.till()
    session = make.opened(given)
    suspend_session(session=session, actor=given.ana)

    assert start_counting(session=session, actor=given.ana).state == "COUNTING"


@pytest.mark.parametrize("pieces", [{20_00: -1}, {20_00: 1.5}, {20_00: "ten"}, {20_00: True}])
def test_a_count_with_letters_or_a_negative_note_is_refused_and_counting_goes_on(pieces):
    given = make.till()
    session = make.opened(given)
    start_counting(session=session, actor=given.ana)

    with pytest.raises(PiecesMalformed):
        commit_count(session=session, denominations=pieces, actor=given.ana)

    session.refresh_from_db()
    assert (session.state, session.counts.count()) == ("COUNTING", 1)


def test_each_close_is_a_z_read_numbered_without_gaps_in_its_register():
    given = make.till()
    for _shift in range(2):
        session = make.opened(given)
        make.paid(session, given, make.cash(30_00))
        make.approved(session, given, 230_00)

    reads = list(ZRead.objects.order_by("number"))

    assert [read.number for read in reads] == [1, 2]
    assert reads[0].figures["drawers"][0]["expected"] == {"amount": "230.00", "currency": "USD"}
    assert reads[0].figures["receipts"] == 1


def test_two_tabs_on_one_session_lock_and_take_up_by_the_page():
    given = make.till()
    make.opened(given)
    browser = access.signed_in(given.ana)

    browser.post("/cashiering/my-session/suspension/")
    second_tab = browser.post("/cashiering/my-session/suspension/")
    locked = browser.get("/cashiering/my-session/").content.decode()

    assert second_tab.status_code == 422
    assert "Locked for a break" in locked
    assert browser.post("/cashiering/my-session/resumption/").url == "/cashiering/register/"


@pytest.mark.parametrize(
    "move, said",
    [
        (lambda session, given: suspend_session(session=session, actor=given.ana), "Take it up again first."),
        (lambda session, given: start_counting(session=session, actor=given.ana), "Finish its count."),
        (
            lambda session, given: force_close(session=session, reason="Ill", actor=given.cora),
            "Work in a session of your own.",
        ),
        (lambda session, given: make.approved(session, given, 200_00), "Work in an open session."),
    ],
    ids=["suspended", "counting", "forced", "approved"],
)
def test_a_session_that_takes_no_money_says_why_and_what_to_do(move, said):
    given = make.till()
    session = make.opened(given)
    move(session, given)

    with pytest.raises(SessionNotOpen) as refused:
        make.paid(session, given, make.cash(10_00))

    assert str(refused.value).endswith(said)


@pytest.mark.parametrize("typed", ["two", "-1", "1.5", "1e3", "99999999999"])
def test_a_count_that_is_no_number_of_pieces_is_refused_and_the_drawer_still_waits_for_it(typed):
    given = make.till()
    session = make.opened(given)
    start_counting(session=session, actor=given.ana)

    answer = access.signed_in(given.ana).post(
        "/cashiering/my-session/count/", {"pieces-2000": typed, "pieces-100": "5"}
    )

    session.refresh_from_db()
    assert answer.status_code == 422
    assert "is not a number of pieces of $20.00" in answer.content.decode()
    assert (session.state, session.counted_minor) == ("COUNTING", None)
