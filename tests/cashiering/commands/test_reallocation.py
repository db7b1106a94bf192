"""Money laid against another invoice: dated today, by another person, the receipt unchanged."""

import pytest
from django.db import IntegrityError, transaction

from billing.commands import OverSettled
from billing.commands.settlement import NothingSettled, TooLittleSettled
from billing.queries import settled_by
from cashiering.commands import correct_tenders, reallocate_payment, void_payment
from cashiering.commands.payer import InvoiceElsewhere
from cashiering.commands.reallocation import (
    ReallocationByCashier,
    ReallocationNowhere,
    ReallocationReasonMissing,
)
from cashiering.commands.void_refusal import PaymentVoided
from cashiering.models import Reallocation
from hms_ach.money import Money
from ledger.rules.roles import CLEARING_ROLES
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def lay(payment, given, to, minor=40_00, *, key="one", actor=None, reason="Wrong patient", source=None):
    return reallocate_payment(
        payment=payment,
        from_invoice=source or payment.allocations.get().invoice_id,
        to_invoice=to.pk,
        amount=Money(minor, "USD"),
        reason=reason,
        key=key,
        actor=actor or given.cora,
    )


def test_money_moves_between_invoices_and_the_receipt_stays():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(40_00))
    wrong, right = payment.allocations.get().invoice, make.invoice(given, 60_00)

    lay(payment, given, right, 15_00)

    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.state, wrong.settled_minor) == ("ISSUED", 25_00)
    assert (right.state, right.settled_minor) == ("ISSUED", 15_00)
    assert make.balance(given, "receivable.patient", wrong.public_id) == Money(15_00, "USD")
    assert make.balance(given, "receivable.patient", right.public_id) == Money(45_00, "USD")
    assert payment.allocations.get().amount_minor == 40_00
    assert make.balance(given, "cash.drawer", session.public_id) == Money(240_00, "USD")


def test_after_the_close_it_is_still_possible():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(40_00))
    make.approved(session, given, 240_00)

    lay(payment, given, make.invoice(given, 40_00))

    assert [one.amount for one in settled_by(payment.public_id)] == [Money(40_00, "USD")]


def test_it_is_refused_to_the_cashier_without_reason_and_where_nothing_fits():
    given, elsewhere = make.till(), make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    right, foreign = make.invoice(given, 30_00), make.invoice(elsewhere, 40_00)

    with pytest.raises(ReallocationByCashier):
        lay(payment, given, right, actor=given.ana)
    with pytest.raises(ReallocationReasonMissing):
        lay(payment, given, right, reason=" ")
    with pytest.raises(ReallocationNowhere):
        lay(payment, given, payment.allocations.get().invoice)
    with pytest.raises(InvoiceElsewhere):
        lay(payment, given, foreign)
    with pytest.raises(OverSettled):
        lay(payment, given, right, 40_00)
    with pytest.raises(TooLittleSettled):
        lay(payment, given, make.invoice(given, 90_00), 40_01)
    with pytest.raises(NothingSettled):
        lay(payment, given, make.invoice(given, 90_00), 10_00, source=right.pk)
    assert not Reallocation.objects.exists()


@pytest.mark.parametrize("is_corrected", [False, True])
def test_a_void_afterwards_takes_everything_back(is_corrected):
    given = make.till()
    session = make.opened(given)
    before = {role: make.balance(given, role) for role in CLEARING_ROLES}
    payment = make.paid(session, given, make.cash(40_00))
    wrong, right = payment.allocations.get().invoice, make.invoice(given, 60_00)
    lay(payment, given, right, 15_00)
    if is_corrected:
        payment = correct_tenders(
            payment=payment, tenders=[make.cheque(40_00)], reason="Cheque", key="c", actor=given.ana
        )

    void_payment(payment=payment, reason="Wrong", actor=given.ana)

    for bill, minor in ((wrong, 40_00), (right, 60_00)):
        bill.refresh_from_db()
        assert bill.settled_minor == 0
        assert make.balance(given, "receivable.patient", bill.public_id) == Money(minor, "USD")
    assert {role: make.balance(given, role) for role in CLEARING_ROLES} == before
    with pytest.raises(PaymentVoided):
        lay(payment, given, right, key="two", source=wrong.pk)


def test_the_database_knows_that_a_cashier_does_not_move_the_own_payments():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    moved = lay(payment, given, make.invoice(given, 40_00))
    moved.pk, moved.public_id, moved.key, moved.made_by = None, "ral_x", "k", given.ana

    with pytest.raises(IntegrityError, match="not_by_cashier"), transaction.atomic():
        moved.save(force_insert=True)
