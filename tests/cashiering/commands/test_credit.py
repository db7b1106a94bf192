"""Money on account: kept, taken again, never twice."""

import pytest
from django.db import DatabaseError, connection, transaction

from cashiering.commands import take_payment, void_payment
from cashiering.commands.credit import AccountOfNobody, CreditUsed, OnAccountTooLittle
from cashiering.models import Credit, Payment
from cashiering.rules.tenders import AccountAboveDue, TenderGiven
from hms_ach.money import Money
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def account(minor: int) -> TenderGiven:
    return TenderGiven("ACCOUNT", usd(minor))


def kept(session, given: make.Till, minor: int, key: str = "keep") -> Payment:
    """A prepayment in cash."""
    return take_payment(
        session=session,
        patient=given.patient,
        allocations=[],
        tenders=[make.cash(minor)],
        prepayment=usd(minor),
        key=key,
        actor=session.cashier,
    )


def pay(session, given: make.Till, minor: int, *tenders: TenderGiven, key: str = "use") -> Payment:
    bill = make.invoice(given, minor)
    return take_payment(
        session=session,
        patient=given.patient,
        allocations=[(bill.pk, usd(minor))],
        tenders=tenders,
        key=key,
        actor=session.cashier,
    )


def test_money_on_account_pays_oldest_first_and_each_credit_is_a_line():
    given = make.till()
    session = make.opened(given)
    first, second = kept(session, given, 30_00, "a"), kept(session, given, 50_00, "b")

    payment = pay(session, given, 70_00, account(45_00), make.cash(25_00))

    lines = [(row.kind, row.amount_minor) for row in payment.tenders.order_by("line")]
    assert lines == [("CASH", 25_00), ("ACCOUNT", 30_00), ("ACCOUNT", 15_00)]
    assert make.balance(given, "liability.patient_deposits", first.public_id) == usd(0)
    assert make.balance(given, "liability.patient_deposits", second.public_id) == usd(-35_00)
    assert make.balance(given, "cash.drawer", session.public_id) == usd(305_00)


def test_more_than_is_on_account_is_refused_and_nothing_moves():
    given = make.till()
    session = make.opened(given)
    kept(session, given, 30_00)

    with pytest.raises(OnAccountTooLittle) as refused:
        pay(session, given, 70_00, account(31_00), make.cash(39_00))

    assert "30.00" in str(refused.value)
    assert Credit.objects.get().used_minor == 0


def test_money_on_account_gives_no_change_and_belongs_to_somebody():
    given = make.till()
    session = make.opened(given)
    kept(session, given, 30_00)
    bill = make.invoice(given, 20_00)

    with pytest.raises(AccountAboveDue):
        pay(session, given, 20_00, account(30_00))
    with pytest.raises(AccountOfNobody):
        take_payment(
            session=session,
            patient=None,
            allocations=[(bill.pk, usd(20_00))],
            tenders=[account(20_00)],
            key="nobody",
            actor=given.ana,
        )


def test_a_void_gives_back_what_was_drawn_and_a_used_credit_cannot_be_voided_away():
    given = make.till()
    session = make.opened(given)
    source = kept(session, given, 30_00)
    payment = pay(session, given, 20_00, account(20_00))

    with pytest.raises(CreditUsed):
        void_payment(payment=source, reason="Wrong patient", actor=given.ana)
    void_payment(payment=payment, reason="Wrong invoice", actor=given.ana)
    void_payment(payment=source, reason="Wrong patient", actor=given.ana)

    assert make.balance(given, "liability.patient_deposits") == usd(0)
    assert make.balance(given, "cash.drawer", session.public_id) == usd(200_00)
    with pytest.raises(OnAccountTooLittle):
        pay(session, given, 10_00, account(10_00), key="again")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cashiering_credit SET amount_minor = amount_minor + 1",
        "UPDATE cashiering_credit SET used_minor = amount_minor + 1",
        "DELETE FROM cashiering_credit",
    ],
)
def test_a_credit_is_not_changed_by_hand(sql):
    given = make.till()
    kept(make.opened(given), given, 30_00)

    by_hand = pytest.raises(DatabaseError, match=r"denied|keeps its|never deleted|used_within")
    with by_hand, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
