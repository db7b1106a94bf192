"""A receipt with the wrong tender: voided and issued again in one step."""

import pytest
from django.db import DatabaseError, transaction

from cashiering.commands import TenderGiven, close_card_batch, correct_tenders, void_payment
from cashiering.commands.card_batch import CardBatchClosed
from cashiering.commands.correction import TendersUnchanged
from cashiering.commands.locks import SessionNotOpen
from cashiering.commands.void_refusal import PaymentVoided, VoidNeedsSecondPerson
from cashiering.models import CardBatch, Payment, TenderCorrection
from cashiering.queries import expected_cash
from cashiering.rules.tenders import TendersTooSmall
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from ledger.rules.roles import CLEARING_ROLES
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def correct(payment, given, *tenders, key="again", reason="It was a cheque"):
    return correct_tenders(payment=payment, tenders=tenders, reason=reason, key=key, actor=given.ana)


def test_the_drawer_moves_and_what_is_owed_does_not():
    given = make.till()
    session = make.opened(given)
    wrong = make.paid(session, given, make.cash(50_00), minor=40_00)
    before = Event.objects.filter(type="invoice.paid").count()

    right = correct(wrong, given, make.cheque(40_00))

    session.refresh_from_db()
    bill = wrong.allocations.get().invoice
    assert bill.state == "PAID"
    assert expected_cash(session).minor == session.cash_minor == 200_00
    assert make.balance(given, "cheque.drawer", session.public_id) == Money(40_00, "USD")
    assert make.balance(given, "receivable.patient", bill.public_id) == Money(0, "USD")
    assert Event.objects.filter(type="invoice.paid").count() == before == 1
    assert right.corrects.void.payment == wrong
    assert wrong.void.correction.replacement == right
    assert right.receipt_number > wrong.receipt_number


def test_a_corrected_receipt_is_voided_like_any_other_and_leaves_nothing():
    given = make.till()
    session = make.opened(given)
    before = {role: make.balance(given, role) for role in CLEARING_ROLES}
    wrong = make.paid(session, given, make.cash(40_00))
    right = correct(wrong, given, make.card(30_00), make.cash(10_00))

    void_payment(payment=right, reason="Wrong patient", actor=given.ana)

    assert {role: make.balance(given, role) for role in CLEARING_ROLES} == before
    assert wrong.allocations.get().invoice.settled_minor == 0


def test_the_same_key_corrects_once():
    given = make.till()
    wrong = make.paid(make.opened(given), given, make.cash(40_00))

    first = correct(wrong, given, make.cheque(40_00))
    second = correct(wrong, given, make.cheque(40_00))

    assert first == second
    assert Payment.objects.count() == 2
    with pytest.raises(PaymentVoided):
        correct(wrong, given, make.card(40_00), key="other")


def test_what_stayed_on_account_stays_on_account():
    given = make.till()
    session = make.opened(given)
    wrong = make.paid(session, given, make.cheque(50_00), minor=40_00)

    right = correct(wrong, given, TenderGiven("TRANSFER", Money(50_00, "USD"), reference="E1"))

    assert right.unapplied_minor == 10_00
    assert make.balance(given, "liability.patient_deposits") == Money(-10_00, "USD")


def test_a_correction_is_refused_as_a_void_is_and_changes_nothing_then():
    given = make.till()
    session = make.opened(given)
    large = make.paid(session, given, make.cash(100_01))
    carded = make.paid(session, given, make.card(40_00))
    small = make.paid(session, given, make.cash(40_00))

    with pytest.raises(VoidNeedsSecondPerson):
        correct(large, given, make.cheque(100_01))
    with pytest.raises(TendersUnchanged):
        correct(small, given, make.cash(40_00))
    with pytest.raises(TendersTooSmall):
        correct(small, given, make.cheque(39_99))
    close_card_batch(batch=CardBatch.objects.get(), actor=given.cora)
    with pytest.raises(CardBatchClosed):
        correct(carded, given, make.cash(40_00))
    make.counted(session, 200_00 + 140_01)
    with pytest.raises(SessionNotOpen):
        correct(small, given, make.cheque(40_00))
    assert not TenderCorrection.objects.exists()
    assert not hasattr(Payment.objects.get(pk=small.pk), "void")


def test_a_correction_is_never_changed():
    given = make.till()
    wrong = make.paid(make.opened(given), given, make.cash(40_00))
    other = make.paid(wrong.session, given, make.cash(40_00))
    correct(wrong, given, make.cheque(40_00))

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        TenderCorrection.objects.update(replacement=other)
