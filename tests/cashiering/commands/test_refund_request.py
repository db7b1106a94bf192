"""What a refund is asked and decided on: by whom, in which pieces, under which key, beside which terminal."""

import pytest
from django.db import DatabaseError, transaction

from cashiering.commands import (
    approve_refund,
    ask_card_refund,
    call_terminal,
    cancel_refund,
    close_card_batch,
    correct_tenders,
    count_forced,
    force_close,
    pay_refund,
    query_terminal,
    reject_refund,
    request_refund,
    set_till_policy,
    take_payment,
)
from cashiering.commands.receipt import PaymentKeyReused
from cashiering.commands.refund import CardBatchTooSmall
from cashiering.commands.refund_refusal import (
    CardRefundAsked,
    RefundBySamePerson,
    RefundKeyReused,
    RefundNeedsFinance,
    RefundReasonMissing,
    RefundStateWrong,
)
from cashiering.models import CardBatch, Payment, Refund, TerminalRequest
from cashiering.rules.refunds import RefundTooLarge
from hms_ach import clock
from hms_ach.money import CurrencyMismatch, Money
from tests.cashiering.commands.test_refund import approved, asked, usd
from tests.cashiering.gateways.test_terminal import terminal
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_key_stands_for_one_refund_only():
    till = make.till()
    session = make.opened(till)
    payment = make.paid(session, till, make.cash(40_00))
    first = asked(payment, 10_00, actor=till.ana)

    assert asked(payment, 10_00, actor=till.ana) == first
    with pytest.raises(RefundKeyReused):
        asked(payment, 20_00, actor=till.ana)
    with pytest.raises(RefundKeyReused):
        asked(make.paid(session, till, make.cash(10_00)), 10_00, actor=till.ana)


def test_who_took_the_money_does_not_approve_that_it_goes_back():
    till = make.till()
    payment = make.paid(make.opened(till), till, make.cash(40_00))
    refund = asked(payment, 10_00, actor=till.dan)

    with pytest.raises(RefundBySamePerson):
        approve_refund(refund=refund, actor=till.ana)
    change = {"state": "APPROVED", "approved_by": till.ana, "approved_at": clock.now()}
    with pytest.raises(DatabaseError, match="took the payment"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(**change)


def test_pieces_count_together_against_the_limits():
    till = make.till()
    limits = {"variance_free_minor": 0, "variance_supervisor_minor": 0, "void_alone_minor": 0}
    set_till_policy(
        facility=till.facility, paid_out_limit_minor=0, refund_alone_minor=10_00, actor=till.gil, **limits
    )
    session = make.opened(till)
    payments = [make.paid(session, till, make.cash(20_00)) for _ in range(2)]
    large = make.paid(session, till, make.cheque(900_00))

    first = asked(payments[0], 6_00, actor=till.ana, key="a")
    second = asked(payments[1], 6_00, actor=till.ana, key="b")
    approved(large, till, 400_00, key="c")
    with pytest.raises(RefundNeedsFinance):
        approved(large, till, 200_00, key="d")

    assert (first.state, second.state) == ("APPROVED", "REQUESTED")


def test_no_card_is_paid_before_the_refund_may_go():
    with terminal() as address:
        till = make.till(terminal_address=address)
        session = make.opened(till)
        payment = make.paid(session, till, make.card(40_00))
        ask = {"session": session, "actor": till.ana}
        refund = asked(payment, 40_00, actor=till.ana)

        with pytest.raises(RefundStateWrong):
            ask_card_refund(refund=refund, **ask)
        reject_refund(refund=refund, reason="No", actor=till.cora)
        with pytest.raises(RefundStateWrong):
            ask_card_refund(refund=refund, **ask)
        close_card_batch(batch=CardBatch.objects.get(), actor=till.cora)
        with pytest.raises(CardBatchTooSmall):
            ask_card_refund(refund=approved(payment, till, 40_00, key="r2"), **ask)

        assert not TerminalRequest.objects.exists()


def test_what_the_terminal_may_have_paid_is_not_cancelled_and_is_booked_by_a_later_session():
    with terminal() as address:
        till = make.till(terminal_address=address)
        session = make.opened(till)
        make.paid(session, till, make.card(90_00))
        refund = approved(make.paid(session, till, make.card(40_98)), till, 40_98)
        request = call_terminal(ask_card_refund(refund=refund, session=session, actor=till.ana))

        with pytest.raises(CardRefundAsked):
            cancel_refund(refund=refund, reason="Silent", actor=till.cora)
        force_close(session=session, reason="Ill", actor=till.cora)
        count_forced(session=session, denominations=make.pieces(200_00), actor=till.cora)
        later = make.opened(till, cashier=till.ben)
        known = query_terminal(ask_card_refund(refund=refund, session=later, actor=till.ben))
        paid = pay_refund(refund=refund, session=later, actor=till.ben, terminal=known)

        assert (known, paid.state) == (request, "SENT")


def test_a_correction_never_takes_another_receipt_for_its_own():
    till = make.till()
    session = make.opened(till)
    bill = make.invoice(till, 20_00)
    common = {"session": session, "patient": till.patient, "actor": till.ana}
    one, _other = (
        take_payment(allocations=[(bill.pk, usd(10_00))], tenders=[tender], key=key, **common)
        for tender, key in ((make.cash(10_00), "one"), (make.card(10_00), "other"))
    )

    with pytest.raises(PaymentKeyReused):
        correct_tenders(
            payment=one, tenders=[make.card(10_00)], reason="By card", key="other", actor=till.ana
        )
    assert Payment.objects.filter(void__isnull=True).count() == 2


def test_another_currency_goes_not_back():
    till = make.till()
    payment = make.paid(make.opened(till), till, make.cash(40_00))

    with pytest.raises(CurrencyMismatch):
        request_refund(
            payment=payment, tender=None, amount=Money(10_00, "EUR"), reason="Twice", key="r", actor=till.dan
        )

    assert not Refund.objects.exists()


def test_the_parts_make_the_whole_amount_no_more_and_no_less():
    till = make.till()
    session = make.opened(till)
    bills = [make.invoice(till, 20_00) for _ in range(2)]
    payment = take_payment(
        session=session,
        patient=till.patient,
        allocations=[(bill.pk, usd(20_00)) for bill in bills],
        tenders=[make.cash(40_00)],
        key="two",
        actor=till.ana,
    )

    for first, second in ((5_00, 4_00), (5_00, 6_00)):
        parts = {bills[0].pk: usd(first), bills[1].pk: usd(second)}
        with pytest.raises(RefundTooLarge, match="the parts together"):
            asked(payment, 10_00, actor=till.dan, parts=parts)

    assert payment.tenders.get().refunded_minor == 0


def test_who_asked_cancels_and_does_not_reject_and_both_give_a_reason():
    till = make.till()
    payment = make.paid(make.opened(till), till, make.cash(40_00))
    refund = asked(payment, 10_00, actor=till.gil)

    with pytest.raises(RefundBySamePerson, match="asked for"):
        reject_refund(refund=refund, reason="No", actor=till.gil)
    for end, person in ((reject_refund, till.cora), (cancel_refund, till.gil)):
        with pytest.raises(RefundReasonMissing):
            end(refund=refund, reason=" ", actor=person)

    refund.refresh_from_db()
    assert (refund.state, payment.tenders.get().refunded_minor) == ("REQUESTED", 10_00)


def test_who_neither_asked_nor_approves_refunds_cancels_none_and_who_asked_not_after_the_approval():
    till = make.till()
    payment = make.paid(make.opened(till), till, make.cash(40_00))
    refund = asked(payment, 10_00, actor=till.ana)

    with pytest.raises(RefundBySamePerson, match="did not ask for"):
        cancel_refund(refund=refund, reason="No", actor=till.ben)
    approve_refund(refund=refund, actor=till.cora)
    with pytest.raises(RefundBySamePerson, match="asked for"):
        cancel_refund(refund=refund, reason="No", actor=till.ana)

    refund.refresh_from_db()
    assert refund.state == "APPROVED"
