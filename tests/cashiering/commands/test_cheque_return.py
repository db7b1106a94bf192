"""A cheque that comes back: two people, the invoices open again, a fee, a block, and the bank's line."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from billing.models import Invoice
from cashiering.commands import (
    TenderGiven,
    approve_session,
    cancel_deposit,
    confirm_bank_receipt,
    confirm_cheque_return,
    hand_over_deposit,
    lift_cheque_block,
    prepare_deposit,
    reject_cheque_return,
    report_cheque_return,
    request_refund,
    set_till_policy,
    take_payment,
    verify_deposit,
    void_payment,
)
from cashiering.commands.cheque_block import ChequeBlocked, ChequeBlockLifted, ChequeBlockReasonMissing
from cashiering.commands.cheque_return import (
    ChequeInBag,
    ChequeReturnBySamePerson,
    ChequeReturnDecided,
    ChequeReturnedAlready,
    ChequeReturnMalformed,
    ChequeReturnUncovered,
    NotACheque,
)
from cashiering.commands.deposit import ChequeNotDepositable
from cashiering.commands.refund_refusal import RefundTenderWrong
from cashiering.commands.void_refusal import PaymentReturned, PaymentVoided
from cashiering.models import ChequeBlock, ChequeReturn
from cashiering.queries import awaiting_bank
from cashiering.queries.sub_ledger import till_documents
from hms_ach import clock
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from tests.cashiering.commands.test_credit import kept
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def report(till, payment, *, actor=None, **details):
    tender = payment.tenders.filter(kind="CHEQUE").first() or payment.tenders.first()
    ask = {"tender": tender, "reason": "NO_FUNDS", "returned_on": clock.today("America/New_York")}
    return report_cheque_return(actor=actor or till.cora, **ask | details)


def returned(till, payment, **details):
    return confirm_cheque_return(cheque_return=report(till, payment, **details), actor=till.gil)


def test_what_it_paid_is_owed_again_with_a_fee_and_no_more_cheques_are_taken():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cheque(40_00))
    bill = payment.allocations.get().invoice

    found = returned(till, payment)

    bill.refresh_from_db()
    assert (bill.state, bill.settled_minor) == ("ISSUED", 0)
    assert make.balance(till, "receivable.patient", bill.public_id) == usd(40_00)
    assert make.balance(till, "cheque.drawer", session.public_id) == usd(0)
    fee = Invoice.objects.get(pk=found.fee_invoice_id)
    assert (fee.total_minor, fee.state, fee.patient_id) == (25_00, "ISSUED", till.patient.pk)
    assert Event.objects.filter(type="cheque.returned", subject=found.public_id).count() == 1
    with pytest.raises(ChequeBlocked, match="Mar"):
        make.paid(session, till, make.cheque(10_00, "1002"))
    make.paid(session, till, make.cash(10_00))

    lift_cheque_block(block=ChequeBlock.objects.get(), reason="Paid the fee", actor=till.cora)
    make.paid(session, till, make.cheque(10_00, "1003"))
    with pytest.raises(ChequeBlockLifted):
        lift_cheque_block(block=ChequeBlock.objects.get(), reason="Again", actor=till.cora)


def test_two_people_and_once():
    till = make.till()
    payment = make.paid(make.opened(till), till, make.cheque(40_00), make.cash(5_00))
    cash = payment.tenders.get(kind="CASH")

    with pytest.raises(NotACheque):
        report_cheque_return(tender=cash, reason="NO_FUNDS", returned_on=payment.business_on, actor=till.cora)
    with pytest.raises(ChequeReturnMalformed):
        report(till, payment, reason="OTHER")
    with pytest.raises(ChequeReturnMalformed):
        report(till, payment, returned_on=payment.business_on - timedelta(days=1))
    found = report(till, payment)
    with pytest.raises(ChequeReturnedAlready):
        report(till, payment)
    with pytest.raises(ChequeReturnBySamePerson):
        confirm_cheque_return(cheque_return=found, actor=till.cora)
    reject_cheque_return(cheque_return=found, actor=till.gil)
    with pytest.raises(ChequeReturnDecided):
        confirm_cheque_return(cheque_return=found, actor=till.gil)
    assert not ChequeBlock.objects.exists()
    report(till, payment)


def test_a_cheque_at_the_bank_is_taken_from_what_the_bank_pays_and_its_line_confirms_it():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cheque(40_00))
    cheque = payment.tenders.get()
    make.counted(session, 200_00)
    session.refresh_from_db()
    approve_session(session=session, actor=till.cora, found_cheques=[cheque.pk])
    bag = prepare_deposit(
        facility=till.facility,
        sessions=[],
        cheques=[cheque.pk],
        declared_cash=usd(0),
        declared_cheques=usd(40_00),
        bag_number="B1",
        slip_number="S1",
        actor=till.cora,
    )
    verify_deposit(deposit=bag, actor=till.dan)
    hand_over_deposit(deposit=bag, courier="Meadow", actor=till.cora)

    found = returned(till, payment, bank_reference="RTN 55")

    due = {one.kind: one for one in awaiting_bank()}
    assert make.balance(till, "deposit.in_transit", bag.public_id) == usd(40_00)
    assert make.balance(till, "deposit.in_transit", found.public_id) == usd(-40_00)
    assert due["cheque_return"].amount == usd(-40_00)
    assert due["cheque_return"].references == ["RTN 55", "1001"]
    confirm_bank_receipt(kind="cheque_return", public_id=found.public_id, on=bag.business_on, actor=None)
    assert "cheque_return" not in {one.kind for one in awaiting_bank()}


def test_one_that_came_back_goes_into_no_bag_and_is_neither_voided_nor_refunded():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cheque(40_00))
    returned(till, payment)

    with pytest.raises(PaymentReturned):
        void_payment(payment=payment, reason="Wrong", actor=till.ana)
    with pytest.raises(RefundTenderWrong):
        request_refund(payment=payment, tender=None, amount=usd(1), reason="x", key="r", actor=till.ana)
    make.approved(session, till, 200_00)
    with pytest.raises(ChequeNotDepositable):
        prepare_deposit(
            facility=till.facility,
            sessions=[],
            cheques=[payment.tenders.get().pk],
            declared_cash=usd(0),
            declared_cheques=usd(40_00),
            bag_number="B1",
            slip_number="S1",
            actor=till.cora,
        )


def test_what_stayed_on_account_is_taken_first_and_what_was_used_stops_it():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cheque(50_00), minor=40_00)
    second = kept(session, till, 30_00)
    documents = till_documents(till.facility.legal_entity, None)
    kept_for_patients = [one.amount for one in documents if one.role == "liability.patient_deposits"]

    returned(till, payment)

    assert kept_for_patients == [usd(-10_00), usd(-30_00)]
    assert make.balance(till, "liability.patient_deposits") == usd(-30_00)
    assert second.credit.used_minor == 0
    assert payment.allocations.get().invoice.settled_minor == 0


def test_used_money_on_account_is_not_taken_twice():
    till = make.till()
    session = make.opened(till)
    payment = take_payment(
        session=session,
        patient=till.patient,
        allocations=[],
        tenders=[make.cheque(30_00)],
        key="kept",
        actor=till.ana,
        prepayment=usd(30_00),
    )
    make.paid(session, till, TenderGiven("ACCOUNT", usd(20_00)))

    with pytest.raises(ChequeReturnUncovered, match=r"10\.00"):
        returned(till, payment)
    assert ChequeReturn.objects.get().state == "REPORTED"


def test_the_fee_is_the_facilitys_and_may_be_none():
    till = make.till()
    limits = {"variance_free_minor": 0, "variance_supervisor_minor": 0, "void_alone_minor": 0}
    set_till_policy(
        facility=till.facility, paid_out_limit_minor=0, cheque_fee_minor=0, actor=till.gil, **limits
    )
    payment = make.paid(make.opened(till), till, make.cheque(40_00))

    assert returned(till, payment).fee_invoice is None


def test_the_database_keeps_two_people_and_what_was_decided():
    till = make.till()
    payment = make.paid(make.opened(till), till, make.cheque(40_00))
    found = report(till, payment)
    rows = ChequeReturn.objects.filter(pk=found.pk)

    with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
        rows.update(state="CONFIRMED", decided_by=till.cora, decided_at=clock.now(), business_on="2026-03-12")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows.update(amount_minor=1)
    confirm_cheque_return(cheque_return=found, actor=till.gil)
    with pytest.raises(DatabaseError, match="decided already"), transaction.atomic():
        rows.update(state="REPORTED", decided_by=None)
    with pytest.raises(ChequeBlockReasonMissing):
        lift_cheque_block(block=ChequeBlock.objects.get(), reason=" ", actor=till.cora)


def test_a_cheque_in_a_bag_that_has_not_gone_is_not_returned():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cheque(40_00))
    make.counted(session, 200_00)
    approve_session(session=session, actor=till.gil, found_cheques=[payment.tenders.get().pk])
    bag = prepare_deposit(
        facility=till.facility,
        sessions=[],
        cheques=[payment.tenders.get().pk],
        declared_cash=usd(0),
        declared_cheques=usd(40_00),
        bag_number="B1",
        slip_number="S1",
        actor=till.cora,
    )

    with pytest.raises(ChequeInBag):
        returned(till, payment)
    cancel_deposit(deposit=bag, reason="Came back", actor=till.dan)
    confirm_cheque_return(cheque_return=ChequeReturn.objects.get(), actor=till.gil)

    assert make.balance(till, "cheque.drawer") == make.balance(till, "deposit.in_transit") == usd(0)


def test_a_voided_payment_has_no_cheque_that_comes_back_and_the_bank_gives_a_reason_it_knows():
    till = make.till()
    session = make.opened(till)
    voided, live = (make.paid(session, till, make.cheque(40_00, number)) for number in ("1", "2"))
    void_payment(payment=voided, reason="Wrong", actor=till.ana)

    with pytest.raises(PaymentVoided):
        report(till, voided)
    with pytest.raises(ChequeReturnMalformed, match="Choose why the bank did not pay it"):
        report(till, live, reason="WEATHER")

    assert not ChequeReturn.objects.exists()
