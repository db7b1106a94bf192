"""Many cashiers at once, on real connections. Each test commits, in a database of its own."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, connections, transaction

from billing.models import Invoice
from cashiering.commands import (
    close_card_batch,
    commit_count,
    force_close,
    offer_drop,
    offer_float,
    open_session,
    pay_refund,
    prepare_deposit,
    receive_payment,
    start_counting,
    take_payment,
)
from cashiering.commands.locks import lock_refund, share_card_batches
from cashiering.models import CardBatch, Payment, Register, Session, ZRead
from cashiering.queries import expected_cash
from cashiering.rules.tenders import TenderGiven
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from tests.cashiering.commands.test_refund import approved
from tests.cashiering.commands.test_rescue import lost_sale, settle
from tests.cashiering.gateways.test_terminal import terminal
from tests.cashiering.screens.test_register import Browser
from tests.make import cashiering as make

pytestmark = pytest.mark.usefixtures("own_database")


def together(*acts):
    """Run all acts at one moment; each answers its value, or the code of its refusal."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait()
            return act()
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def test_sixteen_payers_of_one_invoice_never_overpay_it():
    given = make.till()
    bill = make.invoice(given, 100_00)

    def pay(number: int):
        return lambda: receive_payment(
            facility=given.facility,
            patient=None,
            allocations=[(bill.pk, usd(30_00))],
            tenders=[TenderGiven("TRANSFER", usd(30_00), reference=f"E{number}")],
            key=f"race{number}",
            actor=given.dan,
        )

    results = together(*(pay(number) for number in range(16)))

    bill.refresh_from_db()
    receipts = sorted(Payment.objects.values_list("receipt_number", flat=True))
    assert bill.settled_minor == 90_00
    assert results.count("over_settled") == 13
    assert [number[-6:] for number in receipts] == ["000001", "000002", "000003"]
    assert make.balance(given, "transfer.clearing") == usd(90_00)


def test_cashiers_who_offer_each_other_a_float_never_wait_in_a_ring():
    given = make.till()
    other = make.register(given.facility, actor=given.gil)
    ana, ben = make.opened(given), make.opened(given, cashier=given.ben, place=other)

    def offers(mine, to, who):
        return lambda: [
            offer_float(
                session=mine, to=to, denominations={1_00: 1}, key=f"{mine.pk}-{number}", actor=who
            ).state
            for number in range(25)
        ]

    results = together(offers(ana, ben, given.ana), offers(ben, ana, given.ben))

    assert results == [["OFFERED"] * 25] * 2


def test_two_drops_in_one_bag_number_at_once_are_one():
    given = make.till()
    other = make.register(given.facility, actor=given.gil)
    sessions = [make.opened(given), make.opened(given, cashier=given.ben, place=other)]

    def drop(session):
        return lambda: (
            offer_drop(
                session=session,
                amount=usd(10_00),
                bag_number="B7",
                key=f"b{session.pk}",
                actor=session.cashier,
            ).state
        )

    results = together(*(drop(session) for session in sessions))

    assert sorted(results) == ["OFFERED", "transfer_bag_taken"]


def test_the_same_key_in_many_tabs_takes_the_money_once():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 50_00)

    def pay():
        return take_payment(
            session=session,
            patient=given.patient,
            allocations=[(bill.pk, usd(50_00))],
            tenders=[make.cash(50_00)],
            key="one tender",
            actor=given.ana,
        ).receipt_number

    results = together(*[pay] * 8)

    assert len(set(results)) == 1
    assert Payment.objects.count() == 1


def test_a_close_while_payments_are_in_flight_counts_each_of_them_or_refuses_it():
    given = make.till()
    session = make.opened(given)
    bills = [make.invoice(given, 10_00) for _ in range(8)]

    def pay(bill: Invoice):
        return lambda: (
            take_payment(
                session=session,
                patient=given.patient,
                allocations=[(bill.pk, usd(10_00))],
                tenders=[make.cash(10_00)],
                key=f"pay{bill.pk}",
                actor=given.ana,
            ).receipt_number
        )

    acts = [pay(bill) for bill in bills]
    results = together(*acts[:4], lambda: start_counting(session=session, actor=given.ana).state, *acts[4:])

    taken = Payment.objects.count()
    assert results.count("session_not_open") == 8 - taken
    assert Session.objects.get().state == "COUNTING"
    assert expected_cash(session) == usd(200_00 + 10_00 * taken)
    assert make.balance(given, "cash.drawer", session.public_id) == expected_cash(session)


def test_two_tabs_that_commit_a_count_at_once_close_the_drawer_once_by_one_of_them():
    given = make.till()
    session = make.opened(given)
    start_counting(session=session, actor=given.ana)

    def commit(minor: int):
        return lambda: (
            commit_count(session=session, denominations=make.pieces(minor), actor=given.ana).counted.minor
        )

    results = together(commit(200_00), commit(199_00), commit(201_00))

    [counted] = [one for one in results if one != "count_not_awaited"]
    session.refresh_from_db()
    assert results.count("count_not_awaited") == 2
    assert (session.state, session.counted_minor) == ("BALANCED", counted)
    assert session.counts.filter(kind="CLOSING").count() == ZRead.objects.count() == 1


def test_two_tabs_that_open_two_drawers_at_once_open_one_and_two_cashiers_share_none():
    given = make.till()
    places = [given.register, make.register(given.facility, actor=given.gil)]

    def open_at(place, who):
        return lambda: open_session(register=place, actor=who).cashier_id

    mine = together(*(open_at(place, given.ana) for place in places))
    free = Register.objects.exclude(sessions__cashier=given.ana).get()
    theirs = together(open_at(free, given.ben), open_at(free, given.cora))

    assert sorted(map(str, mine)) == sorted([str(given.ana.pk), "session_already_yours"])
    assert theirs.count("drawer_taken") == 1
    assert Session.objects.count() == 2


def test_a_terminals_answer_and_the_end_of_its_session_at_once_book_the_sale_once():
    with terminal() as address:
        given, session, sale = lost_sale(address)
        browser, url = Browser(given.ana), f"/cashiering/terminal-requests/{sale.public_id}/answer/"

        together(
            lambda: browser.post(url).status_code,
            lambda: force_close(session=session, reason="Ill", actor=given.cora).state,
        )
        booked = Payment.objects.filter(session=session).count()
        settle(given, sale)

    payment = Payment.objects.get()
    session.refresh_from_db()
    assert session.state == "FORCED"
    assert payment.session.is_rescue is (not booked)
    assert make.balance(given, "card.clearing") == usd(45_98)


def test_two_cashiers_begin_one_card_batch():
    given = make.till()
    first, second = make.invoice(given, 10_00), make.invoice(given, 10_00)

    def pay(bill: Invoice):
        return lambda: (
            receive_payment(
                facility=given.facility,
                patient=None,
                allocations=[(bill.pk, usd(10_00))],
                tenders=[make.card(10_00)],
                key=f"card{bill.pk}",
                actor=given.dan,
            )
            .tenders.get()
            .card_batch_id
        )

    batches = together(pay(first), pay(second))

    assert batches[0] == batches[1]


def test_the_same_key_without_a_drawer_is_one_payment_though_the_invoice_could_take_all():
    given = make.till()
    bill = make.invoice(given, 500_00)

    def pay():
        return receive_payment(
            facility=given.facility,
            patient=None,
            allocations=[(bill.pk, usd(50_00))],
            tenders=[TenderGiven("TRANSFER", usd(50_00), reference="E1")],
            key="one transfer",
            actor=given.dan,
        ).receipt_number

    results = together(*[pay] * 6)

    bill.refresh_from_db()
    assert len(set(results)) == 1
    assert (bill.settled_minor, Payment.objects.count()) == (50_00, 1)


def test_two_bags_of_the_same_number_at_once_are_one_deposit():
    given = make.till()
    first, second = (
        make.opened(given, cashier=cashier, place=make.register(given.facility, actor=given.gil))
        for cashier in (given.ana, given.ben)
    )
    for session in (first, second):
        make.paid(session, given, make.cash(40_00))
        make.approved(session, given, 240_00)

    def prepare(session: Session):
        return lambda: (
            prepare_deposit(
                facility=given.facility,
                sessions=[session.pk],
                cheques=[],
                declared_cash=usd(40_00),
                declared_cheques=usd(0),
                bag_number="B1",
                slip_number=f"S{session.pk}",
                actor=given.cora,
            ).bag_number
        )

    results = together(prepare(first), prepare(second))

    assert sorted(results) == ["B1", "deposit_number_taken"]


def test_two_registers_use_one_credit_once():
    given = make.till()
    mine = make.opened(given)
    other = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    take_payment(
        session=mine,
        patient=given.patient,
        allocations=[],
        tenders=[make.cash(30_00)],
        prepayment=usd(30_00),
        key="keep",
        actor=given.ana,
    )

    def apply(session, bill):
        return lambda: take_payment(
            session=session,
            patient=given.patient,
            allocations=[(bill.pk, usd(30_00))],
            tenders=[TenderGiven("ACCOUNT", usd(30_00))],
            key=f"race{bill.pk}",
            actor=session.cashier,
        )

    results = together(*(apply(session, make.invoice(given, 30_00)) for session in (mine, other)))

    assert results.count("on_account_too_little") == 1
    assert make.balance(given, "liability.patient_deposits") == usd(0)


def test_who_holds_a_refund_of_a_batch_and_then_needs_the_batch_never_waits_in_a_ring_with_its_close():
    till = make.till()
    session = make.opened(till)
    old = make.paid(session, till, make.card(40_00))
    close_card_batch(batch=CardBatch.objects.get(), actor=till.cora)
    make.paid(session, till, make.card(30_00))
    refund = pay_refund(refund=approved(old, till, 30_00), session=session, actor=till.ana)
    batch = CardBatch.objects.get(state="OPEN")
    is_held = Event()

    def pay_another():
        with transaction.atomic():
            lock_refund(refund)
            is_held.set()
            until_somebody_waits()
            return [one.pk for one in share_card_batches([batch.pk])]

    def close():
        is_held.wait()
        return close_card_batch(batch=batch.pk, actor=till.cora).state

    assert together(pay_another, close) == [[batch.pk], "SETTLED"]


def until_somebody_waits():
    """For this transaction."""
    blocked = "pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    waits = f"SELECT count(*) FROM pg_locks WHERE NOT granted AND {blocked}"
    with connection.cursor() as cursor:
        for _try in range(6_000):
            cursor.execute(waits)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.005)
    raise AssertionError("nobody waits")
