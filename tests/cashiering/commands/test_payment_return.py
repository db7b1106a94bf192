"""What a bank or processor takes back: two people, the invoice open again, and the line awaited."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from billing.commands import unsettle_invoice
from cashiering.commands import (
    close_card_batch,
    confirm_bank_receipt,
    confirm_payment_return,
    reject_payment_return,
    report_payment_return,
    request_refund,
    void_payment,
)
from cashiering.commands.payment_return import (
    NotPaidYet,
    NotReturnable,
    PaymentReturnBySamePerson,
    PaymentReturnDecided,
    PaymentReturnedAlready,
    PaymentReturnMalformed,
    PaymentReturnUncovered,
)
from cashiering.commands.refund_refusal import RefundTenderWrong
from cashiering.commands.void_refusal import PaymentReturned, PaymentVoided
from cashiering.models import PaymentReturn
from cashiering.queries import awaiting_bank
from cashiering.rules.tenders import TenderGiven
from hms_ach import clock
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
def till():
    return make.till()


def transfer(minor: int) -> TenderGiven:
    return TenderGiven("TRANSFER", usd(minor), reference="E2E-77001")


def arrived(till, minor: int = 80_00, **more):
    """A transfer that the bank has paid."""
    payment = make.paid(make.opened(till), till, transfer(minor), **more)
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=payment.business_on, actor=None)
    return payment


def carded(till, minor: int = 60_00, *, is_closed: bool = True):
    payment = make.paid(make.opened(till), till, make.card(minor))
    if is_closed:
        close_card_batch(batch=payment.tenders.get().card_batch, actor=till.gil)
    return payment


def report(till, payment, *, actor=None, **said) -> PaymentReturn:
    ask = {"reason": "RECALLED", "returned_on": clock.today("America/New_York")} | said
    tender = ask.pop("tender", None) or payment.tenders.first()
    return report_payment_return(tender=tender, actor=actor or till.cora, **ask)


def due(kind: str):
    return next(one for one in awaiting_bank() if one.kind == kind)


def test_a_transfer_taken_back_is_owed_again_and_its_line_is_awaited(till):
    payment = arrived(till)
    bill = payment.allocations.get().invoice

    found = confirm_payment_return(
        payment_return=report(till, payment, bank_reference="R03-99"), actor=till.gil
    )

    bill.refresh_from_db()
    assert (bill.state, bill.settled_minor) == ("ISSUED", 0)
    assert make.balance(till, "receivable.patient", bill.public_id) == usd(80_00)
    assert make.balance(till, "transfer.clearing", found.public_id) == usd(-80_00)
    assert due("transfer_return").amount == usd(-80_00)
    assert due("transfer_return").references == ["R03-99", "E2E-77001", payment.receipt_number]
    told = Event.objects.get(type="payment.returned", subject=found.public_id)
    assert told.data["method"] == "transfer"

    confirm_bank_receipt(kind="transfer_return", public_id=found.public_id, on=found.returned_on, actor=None)
    assert "transfer_return" not in {one.kind for one in awaiting_bank()}


def test_a_chargeback_may_be_of_a_part(till):
    payment = carded(till)
    bill = payment.allocations.get().invoice

    found = confirm_payment_return(
        payment_return=report(till, payment, reason="DISPUTED", amount=usd(25_00)), actor=till.gil
    )

    bill.refresh_from_db()
    assert (bill.state, bill.settled_minor) == ("ISSUED", 35_00)
    assert make.balance(till, "card.clearing", found.public_id) == usd(-25_00)
    assert due("chargeback").amount == usd(-25_00)


def test_two_people_and_once(till):
    payment = arrived(till)
    found = report(till, payment)

    with pytest.raises(PaymentReturnBySamePerson):
        confirm_payment_return(payment_return=found, actor=till.cora)
    with pytest.raises(PaymentReturnedAlready):
        report(till, payment)
    reject_payment_return(payment_return=found, actor=till.gil)
    with pytest.raises(PaymentReturnDecided):
        confirm_payment_return(payment_return=found, actor=till.gil)
    assert report(till, payment).state == "REPORTED"


@pytest.mark.parametrize(
    "said",
    [
        {"reason": "FRAUD"},
        {"reason": "OTHER"},
        {"amount": usd(79_99)},
        {"amount": Money(80_00, "EUR")},
        {"amount": usd(0)},
    ],
)
def test_what_cannot_be_of_a_transfer_is_refused(till, said):
    payment = arrived(till)

    with pytest.raises(PaymentReturnMalformed):
        report(till, payment, **said)
    with pytest.raises(PaymentReturnMalformed):
        report(till, payment, returned_on=payment.business_on - timedelta(days=1))


def test_what_the_bank_has_not_paid_is_voided_instead(till):
    waiting = make.paid(make.opened(till), till, transfer(80_00))
    with pytest.raises(NotPaidYet):
        report(till, waiting)

    void_payment(payment=waiting, reason="Never sent", actor=till.ana)
    with pytest.raises(PaymentVoided):
        report(till, waiting)


def test_an_open_card_batch_and_cash_are_not_charged_back(till):
    with pytest.raises(NotPaidYet):
        report(till, carded(till, is_closed=False), reason="FRAUD")

    other = make.till()
    with pytest.raises(NotReturnable):
        report(other, make.paid(make.opened(other), other, make.cash(5_00)))


def test_what_came_back_is_neither_refunded_nor_voided(till):
    payment = arrived(till)
    report(till, payment)

    with pytest.raises(RefundTenderWrong):
        request_refund(
            payment=payment, tender=None, amount=usd(10_00), reason="Too much", key="k1", actor=till.cora
        )
    with pytest.raises(PaymentReturned):
        void_payment(payment=payment, reason="Wrong", actor=till.ana)


@pytest.mark.parametrize("amount", [80_01, 79_99])
def test_the_database_takes_a_transfer_back_whole_only(till, amount):
    payment = arrived(till)
    found = report(till, payment)

    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentReturn.objects.create(
            tender=found.tender, payment=payment, facility=payment.facility, currency="USD",
            amount_minor=amount, reason="RECALLED", returned_on=found.returned_on,
            reported_by=till.cora, reported_at=clock.now(),
        )  # fmt: skip


def test_the_database_changes_nothing_of_what_was_said(till):
    found = report(till, arrived(till))

    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentReturn.objects.filter(pk=found.pk).update(amount_minor=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentReturn.objects.filter(pk=found.pk).delete()


def test_what_was_given_back_meanwhile_is_not_taken_back_twice(till):
    payment = arrived(till)
    found = report(till, payment)
    bill = payment.allocations.get().invoice
    unsettle_invoice(
        source=payment.public_id, invoice_id=bill.pk, amount=usd(30_00), on=payment.business_on,
        actor=till.gil, reason="given back",
    )  # fmt: skip

    with pytest.raises(PaymentReturnUncovered, match=r"Only \$50\.00"):
        confirm_payment_return(payment_return=found, actor=till.gil)
