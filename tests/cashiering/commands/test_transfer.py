"""Cash between people moves when the receiver accepts, at both ends and in the book, or not at all."""

import pytest
from django.db import DatabaseError, connection, transaction

from cashiering.commands import (
    accept_handover,
    accept_transfer,
    approve_session,
    ask_change,
    fill_change,
    force_close,
    offer_drop,
    offer_float,
    offer_handover,
    offer_top_up,
    reject_transfer,
    resume_session,
    start_counting,
    suspend_session,
    take_payment,
    withdraw_transfer,
)
from cashiering.commands.change_order import ChangeOrderDone, ChangeUnequal
from cashiering.commands.close import TransferPending
from cashiering.commands.locks import NotYourSession, SessionNotOpen
from cashiering.commands.movement import MovementKeyReused, MovementMalformed
from cashiering.commands.transfer import (
    TransferCountDiffers,
    TransferDrawerClosed,
    TransferNotForYou,
    TransferNotWaiting,
    TransferReasonMissing,
)
from cashiering.commands.transfer_offer import TransferBagTaken
from cashiering.models import CashTransfer, Session
from cashiering.queries import cash_to_bank, expected_cash
from cashiering.queries.expected_cash import float_of
from cashiering.queries.transfer import change_waiting
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def offered_drop(session, minor=50_00, bag="B1") -> CashTransfer:
    return offer_drop(session=session, amount=usd(minor), bag_number=bag, key=bag, actor=session.cashier)


def two_drawers():
    given = make.till()
    other = make.register(given.facility, actor=given.gil)
    return given, make.opened(given), make.opened(given, cashier=given.ben, place=other)


def agrees(given, session) -> int:
    """The counter, the formula and the book, which are one figure."""
    session.refresh_from_db()
    book = make.balance(given, "cash.drawer", session.public_id)
    assert usd(session.cash_minor) == expected_cash(session) == book
    return book.minor


def test_an_offered_bag_moves_nothing_until_a_second_person_accepts():
    given = make.till()
    session = make.opened(given)
    transfer = offered_drop(session)
    before = agrees(given, session)

    accept_transfer(transfer=transfer, actor=given.cora)

    assert (before, agrees(given, session)) == (200_00, 150_00)
    assert make.balance(given, "cash.safe") == usd(-150_00)


@pytest.mark.parametrize("who", ["ana", "stranger"])
def test_neither_the_sender_nor_a_stranger_accepts(who):
    given = make.till()
    transfer = offered_drop(make.opened(given))
    person = given.ana if who == "ana" else access.user("CASHIER")

    with pytest.raises(TransferNotForYou):
        accept_transfer(transfer=transfer, actor=person)


def test_a_bag_larger_than_the_drawer_is_taken_without_a_word():
    given = make.till()
    session = make.opened(given)

    accept_transfer(transfer=offered_drop(session, 900_00), actor=given.cora)
    held = agrees(given, session)
    first = make.counted(session, 200_00)
    result = make.counted_again(session, 200_00)

    assert held == -700_00
    assert (first.needs_recount, first.difference) == (True, None)
    assert (result.session.state, result.difference) == ("VARIANCE_PENDING", usd(900_00))
    assert session.over_shorts.get().needs_finance
    assert make.balance(given, "cash.safe") == usd(700_00)


def test_a_bag_is_in_use_once_and_a_key_is_one_offer():
    given = make.till()
    session = make.opened(given)
    first = offered_drop(session)

    assert offered_drop(session) == first
    with pytest.raises(MovementKeyReused):
        offered_drop(session, 60_00)
    with pytest.raises(TransferBagTaken):
        offer_drop(session=session, amount=usd(1_00), bag_number="B1", key="k2", actor=given.ana)


def test_a_rejected_bag_leaves_everything_as_it_was_and_says_why():
    given = make.till()
    session = make.opened(given)
    transfer = offered_drop(session)

    with pytest.raises(TransferReasonMissing):
        reject_transfer(transfer=transfer, reason=" ", actor=given.cora)
    reject_transfer(transfer=transfer, reason="Seal broken", actor=given.cora)

    assert agrees(given, session) == 200_00
    with pytest.raises(TransferNotWaiting):
        accept_transfer(transfer=transfer, actor=given.cora)


def test_what_waits_stops_the_close_until_it_is_withdrawn():
    given = make.till()
    session = make.opened(given)
    transfer = offered_drop(session)

    with pytest.raises(TransferPending):
        start_counting(session=session, actor=given.ana)
    with pytest.raises(NotYourSession):
        withdraw_transfer(transfer=transfer, actor=given.ben)
    withdraw_transfer(transfer=transfer, actor=given.ana)

    assert start_counting(session=session, actor=given.ana).state == "COUNTING"


def test_a_float_moves_between_two_drawers_and_with_it_the_duty_to_give_it_back():
    given, ana, ben = two_drawers()
    transfer = offer_float(session=ana, to=ben, denominations={10_00: 3}, key="f", actor=given.ana)

    with pytest.raises(TransferNotForYou):
        accept_transfer(transfer=transfer, denominations={10_00: 3}, actor=given.cora)
    with pytest.raises(TransferCountDiffers, match=r"count of \$\d+\.\d\d"):
        accept_transfer(transfer=transfer, denominations={10_00: 2}, actor=given.ben)
    accept_transfer(transfer=transfer, denominations={10_00: 2, 5_00: 2}, actor=given.ben)

    assert (agrees(given, ana), agrees(given, ben)) == (170_00, 230_00)
    assert (float_of(ana).minor, float_of(ben).minor) == (170_00, 230_00)


def test_a_pending_float_stops_the_close_at_both_ends():
    given, ana, ben = two_drawers()
    offer_float(session=ana, to=ben, denominations={10_00: 3}, key="f", actor=given.ana)

    for session in (ana, ben):
        with pytest.raises(TransferPending):
            start_counting(session=session, actor=session.cashier)


def test_a_float_to_oneself_or_of_nothing_is_refused():
    given, ana, ben = two_drawers()

    with pytest.raises(MovementMalformed):
        offer_float(session=ana, to=ana, denominations={10_00: 3}, key="f", actor=given.ana)
    with pytest.raises(MovementMalformed):
        offer_float(session=ana, to=ben, denominations={}, key="g", actor=given.ana)


def test_a_top_up_comes_from_the_safe_by_another_person():
    given = make.till()
    session = make.opened(given)

    with pytest.raises(TransferNotForYou):
        offer_top_up(session=session, denominations={20_00: 2}, key="t", actor=given.ana)
    transfer = offer_top_up(session=session, denominations={20_00: 2}, key="t", actor=given.cora)
    accept_transfer(transfer=transfer, denominations={20_00: 2}, actor=given.ana)

    assert agrees(given, session) == 240_00
    assert make.balance(given, "cash.safe") == usd(-240_00)


def handed(given, session, minor, to=None) -> CashTransfer:
    return offer_handover(
        session=session,
        to=to or given.ben,
        denominations=make.pieces(minor),
        key=f"h{minor}",
        actor=session.cashier,
    )


def test_a_handover_closes_the_sender_and_opens_the_receiver_with_the_same_cash():
    given = make.till()
    ana = make.opened(given)
    make.paid(ana, given, make.cash(60_00))
    transfer = handed(given, ana, 260_00)

    ben = accept_handover(transfer=transfer, denominations=make.pieces(260_00), actor=given.ben)

    ana.refresh_from_db()
    assert (ana.state, agrees(given, ana)) == ("BALANCED", 0)
    assert (ben.state, agrees(given, ben)) == ("OPEN", 260_00)
    approve_session(session=ana, actor=given.cora)
    make.paid(ben, given, make.cash(40_00))
    make.approved(ben, given, 300_00)
    assert (cash_to_bank(ana).minor, cash_to_bank(Session.objects.get(pk=ben.pk)).minor) == (0, 100_00)


def test_a_short_drawer_that_is_handed_over_is_the_senders_difference():
    given = make.till()
    ana = make.opened(given)
    transfer = handed(given, ana, 185_00)

    ben = accept_handover(transfer=transfer, denominations=make.pieces(185_00), actor=given.ben)

    ana.refresh_from_db()
    assert ana.state == "VARIANCE_PENDING"
    assert ana.over_shorts.get().difference_minor == -15_00
    assert agrees(given, ben) == 185_00


def test_a_rejected_handover_gives_the_drawer_back_exactly_as_it_was():
    given = make.till()
    ana = make.opened(given)
    transfer = handed(given, ana, 185_00)
    bill = make.invoice(given, 5_00)
    with pytest.raises(SessionNotOpen):
        take_payment(
            session=ana,
            patient=given.patient,
            allocations=[(bill.pk, usd(5_00))],
            tenders=[make.cash(5_00)],
            key="while",
            actor=given.ana,
        )

    reject_transfer(transfer=transfer, reason="Ten short", actor=given.ben)

    ana.refresh_from_db()
    assert (ana.state, agrees(given, ana)) == ("OPEN", 200_00)
    assert not ana.counts.filter(kind="CLOSING").exists()


def test_a_handover_goes_to_a_cashier_of_the_facility_only():
    given = make.till()
    ana = make.opened(given)

    for person in (given.ana, given.dan, access.user("CASHIER")):
        with pytest.raises(MovementMalformed):
            handed(given, ana, 200_00, to=person)


def test_a_float_waits_while_either_drawer_has_a_break_and_nothing_moves():
    given, ana, ben = two_drawers()
    transfer = offer_float(session=ana, to=ben, denominations={10_00: 3}, key="f", actor=given.ana)

    for session in (ana, ben):
        suspend_session(session=session, actor=session.cashier)
        with pytest.raises(TransferDrawerClosed):
            accept_transfer(transfer=transfer, denominations={10_00: 3}, actor=given.ben)
        resume_session(session=session, actor=session.cashier)

    assert (agrees(given, ana), agrees(given, ben)) == (200_00, 200_00)
    accept_transfer(transfer=transfer, denominations={10_00: 3}, actor=given.ben)
    assert (agrees(given, ana), agrees(given, ben)) == (170_00, 230_00)


def test_a_forced_close_ends_a_handover_and_says_so():
    given = make.till()
    ana = make.opened(given)
    transfer = handed(given, ana, 200_00)

    force_close(session=ana, reason="Ill", actor=given.cora)

    transfer.refresh_from_db()
    ana.refresh_from_db()
    assert (transfer.state, transfer.decided_by, ana.state) == ("WITHDRAWN", given.cora, "FORCED")
    told = Event.objects.filter(type="cash_transfer.decided", subject=transfer.public_id)
    assert [one.data["state"] for one in told] == ["withdrawn"]


def test_a_forced_close_leaves_bags_to_be_accepted():
    given = make.till()
    ana = make.opened(given)
    bag = offered_drop(ana)
    force_close(session=ana, reason="Ill", actor=given.cora)

    accept_transfer(transfer=bag, actor=given.ben)

    assert agrees(given, ana) == 150_00


def test_change_is_worth_the_same_and_moves_nothing():
    given = make.till()
    session = make.opened(given)
    order = ask_change(session=session, wanted={1_00: 20}, actor=given.ana)

    with pytest.raises(NotYourSession):
        fill_change(order=order, given={20_00: 1}, actor=given.ana)
    with pytest.raises(ChangeUnequal):
        fill_change(order=order, given={10_00: 1}, actor=given.cora)
    fill_change(order=order, given={20_00: 1}, actor=given.cora)

    assert agrees(given, session) == 200_00
    with pytest.raises(ChangeOrderDone):
        fill_change(order=order, given={20_00: 1}, actor=given.cora)


def test_change_that_a_closed_drawer_asked_for_is_neither_brought_nor_waited_for():
    given = make.till()
    session = make.opened(given)
    order = ask_change(session=session, wanted={1_00: 20}, actor=given.ana)
    assert list(change_waiting([given.facility.pk])) == [order]

    start_counting(session=session, actor=given.ana)

    assert list(change_waiting([given.facility.pk])) == []
    with pytest.raises(SessionNotOpen):
        fill_change(order=order, given={20_00: 1}, actor=given.cora)


def test_the_database_keeps_what_was_offered_and_decided():
    given = make.till()
    accept_transfer(transfer=offered_drop(make.opened(given)), actor=given.cora)

    for sql in (
        "UPDATE cashiering_cashtransfer SET amount_minor = 1",
        "UPDATE cashiering_cashtransfer SET state = 'REJECTED', reason = 'x'",
        "DELETE FROM cashiering_cashtransfer",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_database_refuses_a_decision_by_the_one_who_offered():
    given = make.till()
    transfer = offered_drop(make.opened(given))

    with (
        pytest.raises(DatabaseError, match="cashiering_transfer_decided_by_another"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE cashiering_cashtransfer SET state = 'ACCEPTED', decided_by_id = offered_by_id,"
            " decided_at = now() WHERE id = %s",
            [transfer.pk],
        )
