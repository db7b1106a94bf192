"""Voids: in the open session only, with a reason, above the limit by two people."""

import pytest

from cashiering.commands import (
    TenderGiven,
    approve_void,
    close_card_batch,
    confirm_bank_receipt,
    reopen_bank_receipt,
    request_void,
    void_payment,
)
from cashiering.commands.card_batch import CardBatchClosed
from cashiering.commands.locks import NotYourSession, SessionNotOpen
from cashiering.commands.void_refusal import (
    PaymentVoided,
    TransferConfirmed,
    VoidByRequester,
    VoidNeedsSecondPerson,
    VoidReasonMissing,
)
from cashiering.models import CardBatch
from cashiering.queries import expected_cash
from hms_ach.audit.models import Event as AuditEvent
from hms_ach.money import Money
from ledger.rules.roles import CLEARING_ROLES
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_void_reverses_the_entry_and_opens_the_invoice_again():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(50_00), minor=40_00)

    void_payment(payment=payment, reason="Wrong patient", actor=given.ana)

    session.refresh_from_db()
    assert make.balance(given, "cash.drawer", session.public_id) == Money(200_00, "USD")
    assert make.balance(given, "receivable.patient") == Money(40_00, "USD")
    assert expected_cash(session).minor == session.cash_minor == 200_00
    assert payment.allocations.get().invoice.settled_minor == 0


def test_a_void_is_refused_without_reason_twice_by_others_and_after_the_count():
    given = make.till()
    session = make.opened(given)
    first = make.paid(session, given, make.cash(40_00))
    second = make.paid(session, given, make.cash(30_00))

    with pytest.raises(VoidReasonMissing):
        void_payment(payment=first, reason=" ", actor=given.ana)
    with pytest.raises(NotYourSession):
        void_payment(payment=first, reason="Wrong", actor=given.ben)
    void_payment(payment=first, reason="Wrong", actor=given.ana)
    with pytest.raises(PaymentVoided):
        void_payment(payment=first, reason="Wrong", actor=given.ana)
    make.counted(session, 230_00)
    with pytest.raises(SessionNotOpen):
        void_payment(payment=second, reason="Wrong", actor=given.ana)


def test_a_large_void_takes_another_person():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(100_01))

    with pytest.raises(VoidNeedsSecondPerson):
        void_payment(payment=payment, reason="Wrong", actor=given.ana)
    request_void(payment=payment, reason="Wrong", actor=given.ana)
    with pytest.raises(VoidByRequester):
        approve_void(payment=payment, actor=given.ana)
    void = approve_void(payment=payment, actor=given.cora)

    assert (void.voided_by, void.approved_by) == (given.ana, given.cora)


def test_a_card_in_a_closed_batch_is_not_voided():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.card(40_00))
    close_card_batch(batch=CardBatch.objects.get(), actor=given.cora)

    with pytest.raises(CardBatchClosed):
        void_payment(payment=payment, reason="Wrong", actor=given.ana)


def test_what_the_bank_confirmed_is_in_the_audit_trail_of_its_facility():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, TenderGiven("TRANSFER", Money(40_00, "USD"), reference="E1"))
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=session.business_on, actor=given.dan)
    reopen_bank_receipt(kind="payment", public_id=payment.public_id, actor=given.dan, reason="Other payer")

    told = AuditEvent.objects.filter(action__endswith="_bank_receipt").values_list("facility", flat=True)
    assert list(told) == [given.facility.pk] * 2


def test_a_transfer_that_the_bank_has_paid_is_not_voided():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, TenderGiven("TRANSFER", Money(40_00, "USD"), reference="E1"))
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=session.business_on, actor=None)

    with pytest.raises(TransferConfirmed):
        void_payment(payment=payment, reason="Wrong", actor=given.ana)


@pytest.mark.parametrize("kind", ["CASH", "CARD", "CHEQUE", "TRANSFER"])
def test_a_void_returns_the_clearing_account_of_each_tender_to_zero(kind):
    given = make.till()
    session = make.opened(given)
    tender = TenderGiven(kind, Money(40_00, "USD"), reference="1001", cheque_bank="First Bank")
    before = {role: make.balance(given, role) for role in CLEARING_ROLES}
    payment = make.paid(session, given, tender)

    void_payment(payment=payment, reason="Wrong", actor=given.ana)

    assert {role: make.balance(given, role) for role in CLEARING_ROLES} == before
