"""Taking money."""

import pytest

from billing.models import Invoice
from cashiering.commands import AllocationAsked, receive_payment, take_payment
from cashiering.commands.locks import NotYourSession, SessionNotOpen
from cashiering.commands.payer import InvoiceElsewhere
from cashiering.commands.payment import TenderNotHere
from cashiering.commands.receipt import PaymentKeyReused
from cashiering.models import Payment, Session
from cashiering.rules.allocation import AllocationNotPositive, AllocationTwice, BalanceChanged
from cashiering.rules.tenders import TenderGiven
from hms_ach.audit.models import Event as AuditEvent
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def take(session: Session, given: make.Till, allocations, *tenders, key: str = "k1", **more) -> Payment:
    return take_payment(
        session=session,
        patient=given.patient,
        allocations=allocations,
        tenders=tenders,
        key=key,
        actor=more.pop("actor", given.ana),
        **more,
    )


def test_cash_with_change_settles_the_invoice_and_posts_what_stays_in_the_drawer():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 85_00)

    payment = take(session, given, [(bill.pk, usd(85_00))], make.cash(100_00))

    bill.refresh_from_db()
    tender = payment.tenders.get()
    assert (tender.amount_minor, tender.tendered_minor, tender.change_minor) == (85_00, 100_00, 15_00)
    assert bill.state == Invoice.State.PAID
    assert make.balance(given, "cash.drawer", session.public_id) == usd(285_00)
    assert make.balance(given, "receivable.patient") == usd(0)


def test_receipts_of_a_register_are_numbered_without_gaps():
    given = make.till()
    session = make.opened(given)

    numbers = [make.paid(session, given, make.cash(10_00)).receipt_number for _ in range(3)]

    prefix = f"{given.facility.code}-{given.register.code}-2026-"
    assert numbers == [f"{prefix}{n:06d}" for n in (1, 2, 3)]


def test_one_payment_pays_several_invoices_by_several_tenders():
    given = make.till()
    session = make.opened(given)
    first, second = make.invoice(given, 60_00), make.invoice(given, 90_00)

    payment = take(
        session, given, [(second.pk, usd(90_00)), (first.pk, usd(60_00))], make.card(100_00), make.cash(60_00)
    )

    assert [t.amount_minor for t in payment.tenders.order_by("line")] == [100_00, 50_00]
    assert make.balance(given, "card.clearing") == usd(100_00)
    assert payment.allocations.count() == 2


def test_a_cheque_above_what_is_due_leaves_a_credit_of_the_patient():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 80_00)

    payment = take(session, given, [(bill.pk, usd(80_00))], make.cheque(100_00))

    assert payment.unapplied_minor == 20_00
    assert make.balance(given, "liability.patient_deposits", payment.public_id) == usd(-20_00)
    assert make.balance(given, "cheque.drawer", session.public_id) == usd(100_00)


def test_the_same_key_gives_the_same_receipt_and_other_content_is_refused():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 80_00)
    first = take(session, given, [(bill.pk, usd(30_00))], make.cash(30_00))

    again = take(session, given, [(bill.pk, usd(30_00))], make.cash(30_00))
    with pytest.raises(PaymentKeyReused):
        take(session, given, [(bill.pk, usd(40_00))], make.cash(40_00))

    assert again.pk == first.pk
    assert Payment.objects.count() == 1


def test_a_balance_that_changed_is_refused_with_the_old_and_the_new_amount():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 80_00)
    take(session, given, [(bill.pk, usd(30_00))], make.cash(30_00))

    with pytest.raises(BalanceChanged) as smaller:
        take(session, given, [AllocationAsked(bill.pk, usd(80_00), usd(80_00))], make.cash(80_00), key="k2")
    with pytest.raises(BalanceChanged) as still_enough:
        take(session, given, [AllocationAsked(bill.pk, usd(10_00), usd(80_00))], make.cash(10_00), key="k3")

    assert "80.00" in str(smaller.value)
    assert "50.00" in str(smaller.value)
    assert "50.00" in str(still_enough.value)


def test_malformed_allocations_are_refused_and_nothing_is_written():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 80_00)

    with pytest.raises(AllocationNotPositive):
        take(session, given, [(bill.pk, usd(-5_00))], make.cash(5_00))
    with pytest.raises(AllocationTwice):
        take(session, given, [(bill.pk, usd(5_00)), (bill.pk, usd(5_00))], make.cash(10_00))

    assert not Payment.objects.exists()


def test_an_invoice_of_another_facility_is_refused():
    given, elsewhere = make.till(), make.till()
    session = make.opened(given)
    bill = make.invoice(elsewhere, 80_00)

    with pytest.raises(InvoiceElsewhere):
        take(session, given, [(bill.pk, usd(80_00))], make.cash(80_00))

    bill.refresh_from_db()
    assert bill.settled_minor == 0


def test_only_the_cashier_of_an_open_session_takes_money():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 80_00)

    with pytest.raises(NotYourSession):
        take(session, given, [(bill.pk, usd(80_00))], make.cash(80_00), actor=given.ben)
    make.counted(session, 200_00)
    with pytest.raises(SessionNotOpen):
        take(session, given, [(bill.pk, usd(80_00))], make.cash(80_00))


def test_a_prepayment_stays_on_account():
    given = make.till()
    session = make.opened(given)

    payment = take(session, given, [], make.cash(50_00), prepayment=usd(50_00))

    assert payment.unapplied_minor == 50_00
    assert make.balance(given, "liability.patient_deposits") == usd(-50_00)


def test_a_payment_without_drawer_takes_transfers_and_cards_only():
    given = make.till()
    bill = make.invoice(given, 80_00)
    ask = {
        "facility": given.facility,
        "patient": None,
        "allocations": [(bill.pk, usd(80_00))],
        "actor": given.dan,
    }

    with pytest.raises(TenderNotHere):
        receive_payment(**ask, tenders=[make.cash(80_00)], key="k1")
    payment = receive_payment(
        **ask, tenders=[TenderGiven("TRANSFER", usd(80_00), reference="E2E-1")], key="k2"
    )

    assert payment.receipt_number == f"{given.facility.code}-API-2026-000001"
    assert make.balance(given, "transfer.clearing", payment.public_id) == usd(80_00)


def test_a_payment_is_audited_and_told():
    given = make.till()

    payment = make.paid(make.opened(given), given, make.cash(25_00))

    assert AuditEvent.objects.filter(action="cashiering.take_payment", subject=payment.public_id).exists()
    event = Event.objects.get(type="payment.received", subject=payment.public_id)
    assert event.data["allocations"][0]["remaining"] == {"amount": "0.00", "currency": "USD"}
