"""Refunds: asked, approved, released and sent by different people; counted only when the money leaves."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cashiering.commands import (
    TenderGiven,
    approve_refund,
    approve_session,
    cancel_refund,
    close_card_batch,
    confirm_bank_receipt,
    correct_tenders,
    fail_refund,
    pay_refund,
    receive_payment,
    reject_refund,
    release_refund,
    reopen_bank_receipt,
    request_refund,
    send_refund,
    set_till_policy,
    take_payment,
    void_payment,
)
from cashiering.commands.refund import CardBatchTooSmall, MoneyNotCleared
from cashiering.commands.refund_cash import CashNotInDrawer
from cashiering.commands.refund_refusal import (
    RefundBySamePerson,
    RefundNeedsFinance,
    RefundReasonMissing,
    RefundStateWrong,
    RefundTenderWrong,
)
from cashiering.commands.void_refusal import PaymentRefunded, PaymentVoided
from cashiering.models import CardBatch, PaymentVoid, Refund, Tender
from cashiering.queries import awaiting_bank, expected_cash, payment_shown
from cashiering.rules.refunds import RefundPartsAmbiguous, RefundTooLarge
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from tests.cashiering.commands.test_credit import kept
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def asked(payment, minor, *, actor, key="r1", **details):
    ask = {"payment": payment, "tender": None, "amount": usd(minor), "reason": "Paid twice", "key": key}
    return request_refund(**ask, actor=actor, **details)


def approved(payment, till, minor, **details):
    refund = asked(payment, minor, actor=till.ana, **details)
    return approve_refund(refund=refund, actor=till.cora)


def test_cash_goes_back_and_only_then_counts():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cash(50_00), minor=40_00)
    bill = payment.allocations.get().invoice

    refund = approved(payment, till, 15_00)
    before = (payment_shown(payment).state, make.balance(till, "receivable.patient", bill.public_id))
    pay_refund(refund=refund, session=session, actor=till.ana)

    session.refresh_from_db()
    bill.refresh_from_db()
    shown = payment_shown(payment)
    assert before == ("RECEIVED", usd(0))
    assert (shown.state, shown.refunded) == ("PARTLY_REFUNDED", usd(15_00))
    assert (bill.state, bill.settled_minor) == ("ISSUED", 25_00)
    assert make.balance(till, "receivable.patient", bill.public_id) == usd(15_00)
    assert make.balance(till, "refund.clearing", refund.public_id) == usd(0)
    assert make.balance(till, "cash.drawer", session.public_id) == usd(225_00)
    assert expected_cash(session).minor == session.cash_minor == 225_00
    told = Event.objects.filter(subject=refund.public_id).order_by("id").values_list("type", flat=True)
    assert list(told) == ["refund.requested", "refund.approved", "refund.sent", "refund.settled"]


def test_another_drawer_gives_back_what_a_closed_one_took_and_closes_exactly():
    till = make.till()
    first = make.opened(till)
    payment = make.paid(first, till, make.cash(40_00))
    make.approved(first, till, 240_00)
    second = make.opened(till, cashier=till.ben)

    pay_refund(refund=approved(payment, till, 40_00), session=second, actor=till.ben)
    result = make.counted(second, 160_00)

    assert result.difference == usd(0)
    assert payment_shown(payment).state == "REFUNDED"
    with pytest.raises(RefundTooLarge):
        asked(payment, 1, actor=till.ana, key="more")


def test_requester_approver_and_releaser_are_three():
    till = make.till()
    eve = access.user("FINANCE_REVIEWER", facilities=[till.facility])
    session = make.opened(till)
    payment = make.paid(session, till, TenderGiven("TRANSFER", usd(40_00), reference="E1"))
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=session.business_on, actor=None)
    refund = asked(payment, 40_00, actor=till.ana)

    with pytest.raises(RefundBySamePerson):
        approve_refund(refund=refund, actor=till.ana)
    with pytest.raises(RefundBySamePerson):
        reject_refund(refund=refund, reason="No", actor=till.ana)
    with pytest.raises(RefundStateWrong):
        release_refund(refund=refund, actor=eve)
    approve_refund(refund=refund, actor=till.cora)
    for person in (till.ana, till.cora):
        with pytest.raises(RefundBySamePerson):
            release_refund(refund=refund, actor=person)
    release_refund(refund=refund, actor=eve)
    with pytest.raises(RefundBySamePerson):
        send_refund(refund=refund, reference="E9", actor=till.cora)
    send_refund(refund=refund, reference="E9", actor=eve)

    due = [one for one in awaiting_bank() if one.kind == "refund"]
    assert [(one.amount, one.references) for one in due] == [(usd(-40_00), ["E9"])]
    assert make.balance(till, "refund.clearing", refund.public_id) == usd(-40_00)


def test_a_failed_refund_is_still_owed_and_is_sent_again_without_a_second_posting():
    till = make.till()
    eve = access.user("FINANCE_REVIEWER", facilities=[till.facility])
    payment = receive_payment(
        facility=till.facility,
        patient=None,
        allocations=[(make.invoice(till, 40_00).pk, usd(40_00))],
        tenders=[TenderGiven("TRANSFER", usd(40_00), reference="E1")],
        key="api",
        actor=till.dan,
    )
    refund = approved(payment, till, 40_00)
    with pytest.raises(MoneyNotCleared):
        release_refund(refund=refund, actor=eve)
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=payment.business_on, actor=None)
    release_refund(refund=refund, actor=eve)
    send_refund(refund=refund, reference="E9", actor=eve)

    fail_refund(refund=refund, reason="Account closed", actor=eve)
    release_refund(refund=refund, actor=eve)
    send_refund(refund=refund, reference="CHQ 7", actor=eve)
    second = f"{refund.public_id}.2"
    confirm_bank_receipt(kind="refund", public_id=second, on=payment.business_on, actor=None)
    settled = Refund.objects.get().state
    reopen_bank_receipt(kind="refund", public_id=second, actor=till.dan, reason="Other cheque")

    assert (settled, Refund.objects.get().state) == ("SETTLED", "SENT")
    assert make.balance(till, "refund.clearing", refund.public_id) == usd(-40_00)
    assert make.balance(till, "receivable.patient") == usd(40_00)


def test_a_cheque_is_held_for_ten_days():
    till = make.till()
    eve = access.user("FINANCE_REVIEWER", facilities=[till.facility])
    payment = make.paid(make.opened(till), till, make.cheque(40_00))

    with pytest.raises(MoneyNotCleared, match="22"):
        release_refund(refund=approved(payment, till, 40_00), actor=eve)


def test_a_card_gets_it_back_in_the_open_batch():
    till = make.till()
    session = make.opened(till)
    old = make.paid(session, till, make.card(40_00))
    close_card_batch(batch=CardBatch.objects.get(), actor=till.cora)
    refund = approved(old, till, 30_00)

    with pytest.raises(CardBatchTooSmall):
        pay_refund(refund=refund, session=session, actor=till.ana)
    make.paid(session, till, make.card(50_00))
    pay_refund(refund=refund, session=session, actor=till.ana)
    batch = close_card_batch(batch=CardBatch.objects.get(state="OPEN"), actor=till.cora)

    assert (batch.gross_minor, batch.sales) == (20_00, 2)
    assert make.balance(till, "card.clearing", batch.public_id) == usd(20_00)
    assert Refund.objects.get().state == "SENT"
    confirm_bank_receipt(kind="card_batch", public_id=batch.public_id, on=session.business_on, actor=None)
    assert Refund.objects.get().state == "SETTLED"


def test_what_is_on_account_goes_back_first_and_is_held_at_once():
    till = make.till()
    session = make.opened(till)
    payment = kept(session, till, 30_00)

    refund = asked(payment, 20_00, actor=till.ana)
    held = payment.credit.__class__.objects.get().used_minor
    reject_refund(refund=refund, reason="Not now", actor=till.cora)
    freed = payment.credit.__class__.objects.get().used_minor
    again = approved(payment, till, 20_00, key="r2")
    pay_refund(refund=again, session=session, actor=till.ana)

    assert (held, freed) == (20_00, 0)
    assert make.balance(till, "liability.patient_deposits") == usd(-10_00)


def test_a_refund_and_a_void_exclude_each_other():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cash(40_00))
    refund = asked(payment, 10_00, actor=till.ana)

    with pytest.raises(PaymentRefunded):
        void_payment(payment=payment, reason="Wrong", actor=till.ana)
    with pytest.raises(PaymentRefunded):
        correct_tenders(
            payment=payment, tenders=[make.cheque(40_00)], reason="Cheque", key="c", actor=till.ana
        )
    with pytest.raises(DatabaseError, match="not voided"), transaction.atomic():
        PaymentVoid.objects.create(
            payment=payment, reason="x", voided_by=till.ana, voided_at=refund.requested_at
        )
    cancel_refund(refund=refund, reason="Mistake", actor=till.ana)
    void_payment(payment=payment, reason="Wrong", actor=till.ana)
    with pytest.raises(PaymentVoided):
        asked(payment, 10_00, actor=till.ana, key="r2")


def test_a_refund_says_no_where_it_must():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cash(30_00), make.card(10_00))
    cash, card = payment.tenders.order_by("line")
    large = make.paid(session, till, make.cheque(501_00))

    with pytest.raises(RefundTenderWrong):
        asked(payment, 10_00, actor=till.ana)
    ask = {"payment": payment, "reason": "Twice", "actor": till.ana}
    with pytest.raises(RefundTooLarge):
        request_refund(tender=card.pk, amount=usd(10_01), key="a", **ask)
    with pytest.raises(RefundReasonMissing):
        request_refund(tender=cash.pk, amount=usd(1), key="b", **ask | {"reason": " "})
    with pytest.raises(RefundNeedsFinance):
        approve_refund(refund=asked(large, 500_01, actor=till.ana), actor=till.cora)
    big = make.paid(session, till, make.cash(400_00))
    refund = approved(big, till, 400_00, key="big")
    make.dropped(session, till.cora, 450_00)
    with pytest.raises(CashNotInDrawer) as refused:
        pay_refund(refund=refund, session=session, actor=till.ana)
    assert "180" not in str(refused.value)
    assert Refund.objects.get(pk=refund.pk).state == "APPROVED"


def test_two_invoices_are_not_guessed_between():
    till = make.till()
    session = make.opened(till)
    first, second = make.invoice(till, 30_00), make.invoice(till, 30_00)
    payment = take_payment(
        session=session,
        patient=till.patient,
        allocations=[(first.pk, usd(30_00)), (second.pk, usd(30_00))],
        tenders=[make.cash(60_00)],
        key="two",
        actor=till.ana,
    )

    with pytest.raises(RefundPartsAmbiguous):
        asked(payment, 10_00, actor=till.ana)
    refund = asked(payment, 10_00, actor=till.ana, key="r2", parts={second.pk: usd(10_00)})
    with pytest.raises(RefundTooLarge):
        asked(payment, 25_00, actor=till.ana, key="r3", parts={second.pk: usd(25_00)})
    approve_refund(refund=refund, actor=till.cora)
    pay_refund(refund=refund, session=session, actor=till.ana)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.settled_minor, second.settled_minor) == (30_00, 20_00)


def test_up_to_the_facilitys_limit_the_cashier_gives_back_alone():
    till = make.till()
    limits = {"variance_free_minor": 0, "variance_supervisor_minor": 0, "void_alone_minor": 0}
    set_till_policy(
        facility=till.facility, paid_out_limit_minor=0, refund_alone_minor=10_00, actor=till.gil, **limits
    )
    session = make.opened(till)
    payment = make.paid(session, till, make.cash(40_00))

    small = asked(payment, 10_00, actor=till.ana)
    larger = asked(payment, 10_01, actor=till.ana, key="r2")

    assert (small.state, larger.state) == ("APPROVED", "REQUESTED")
    assert pay_refund(refund=small, session=session, actor=till.ana).state == "SETTLED"


def test_the_database_keeps_the_three_people_and_the_steps_apart():
    till = make.till()
    payment = make.paid(make.opened(till), till, make.cash(40_00))
    refund = asked(payment, 10_00, actor=till.ana)
    rows = Refund.objects.filter(pk=refund.pk)
    now = refund.requested_at

    for change in (
        {"state": "APPROVED", "approved_by": till.ana, "approved_at": now},
        {"state": "APPROVED"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError, match="does not go from"), transaction.atomic():
        rows.update(state="SENT")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows.update(amount_minor=1)
    with pytest.raises(IntegrityError, match="refunded_within"), transaction.atomic():
        Tender.objects.filter(payment=payment).update(refunded_minor=40_01)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(1, 60_00), st.sampled_from(["pay", "reject", "wait"])), max_size=6))
def test_whatever_is_asked_no_more_goes_back_than_came(wishes):
    with transaction.atomic():
        till = make.till()
        session = make.opened(till)
        payment = make.paid(session, till, make.cash(60_00))
        gone = held = 0
        for number, (minor, end) in enumerate(wishes):
            try:
                refund = asked(payment, minor, actor=till.ana, key=f"k{number}")
            except RefundTooLarge:
                assert held + minor > 60_00
                continue
            held += minor
            if end == "reject":
                reject_refund(refund=refund, reason="No", actor=till.cora)
                held -= minor
            elif end == "pay":
                approve_refund(refund=refund, actor=till.cora)
                pay_refund(refund=refund, session=session, actor=till.ana)
                gone += minor
        session.refresh_from_db()
        assert payment.tenders.get().refunded_minor == held <= 60_00
        assert payment_shown(payment).refunded == usd(gone)
        assert expected_cash(session).minor == session.cash_minor == 260_00 - gone
        assert make.balance(till, "cash.drawer", session.public_id) == usd(260_00 - gone)
        transaction.set_rollback(True)


def test_approving_the_session_takes_what_the_refunds_left():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cash(40_00))
    pay_refund(refund=approved(payment, till, 40_00), session=session, actor=till.ana)

    make.counted(session, 200_00)
    approve_session(session=session, actor=till.gil)

    assert make.balance(till, "cash.drawer") == usd(0)
