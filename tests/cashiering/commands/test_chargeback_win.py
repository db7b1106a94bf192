"""A chargeback that was won: two people, what it opened is paid again, and the bank's credit is awaited."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from cashiering.commands import (
    close_card_batch,
    confirm_chargeback_win,
    confirm_payment_return,
    receive_payment,
    reject_chargeback_win,
    report_chargeback_win,
    report_payment_return,
    void_payment,
)
from cashiering.commands.chargeback_win import (
    ChargebackWinBySamePerson,
    ChargebackWinDecided,
    ChargebackWinMalformed,
    NotWinnable,
)
from cashiering.models import ChargebackWin, Credit, PaymentReturn
from cashiering.queries import awaiting_bank
from cashiering.rules.tenders import TenderGiven
from hms_ach import clock
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from ledger.queries import control_totals
from reconciliation.commands import propose_clearing, reconcile_account
from reconciliation.commands.clearing import SuspenseKey
from reconciliation.models import Match
from tests.make import cashiering as make
from tests.make import reconciliation as bank

NOON = datetime(2026, 3, 12, 17, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
def till():
    with clock.at(NOON):
        till = make.till()
        till.session, till.eve = make.opened(till), bank.reviewer(till.facility)
        yield till


def charged_back(till, minor: int = 60_00, *also: TenderGiven, bill: int | None = None) -> PaymentReturn:
    payment = make.paid(till.session, till, make.card(60_00), *also, minor=bill)
    sale = payment.tenders.get(kind="CARD")
    close_card_batch(batch=sale.card_batch, actor=till.gil)
    found = report_payment_return(
        tender=sale, reason="FRAUD", amount=usd(minor), returned_on=bank.DAY,
        bank_reference="CB-2201", actor=till.eve,
    )  # fmt: skip
    return confirm_payment_return(payment_return=found, actor=till.gil)


def won(till, taken: PaymentReturn, **more) -> ChargebackWin:
    win = report_chargeback_win(chargeback=taken, won_on=bank.DAY, actor=till.eve, **more)
    return confirm_chargeback_win(win=win, actor=till.gil)


def bill_of(taken: PaymentReturn):
    return taken.payment.allocations.get().invoice


def test_the_invoice_is_paid_again_and_the_credit_finds_the_win(till):
    taken = charged_back(till, 25_00)
    assert bill_of(taken).state == "ISSUED"

    win = won(till, taken)

    assert bill_of(taken).state == "PAID"
    assert make.balance(till, "card.clearing", win.public_id) == usd(25_00)
    assert {(one.kind, one.amount.minor) for one in awaiting_bank()} == {
        ("card_batch", 60_00), ("chargeback", -25_00), ("chargeback_win", 25_00),
    }  # fmt: skip
    account = bank.bank_account(till.facility)
    bank.statement(account, bank.line(-25_00, "CB-2201"), bank.line(25_00, "CB-2201"))
    reconcile_account(account=account)
    win.refresh_from_db()
    taken.refresh_from_db()
    assert (win.bank_confirmed_on, taken.bank_confirmed_on) == (bank.DAY, bank.DAY)
    assert set(Match.objects.values_list("pass_name", flat=True)) == {"reference"}
    for part in (win, taken):
        assert make.balance(till, "card.clearing", part.public_id) == usd(0)
    told = Event.objects.get(type="chargeback.won").data
    assert (told["chargeback"], told["amount"]["amount"]) == (taken.public_id, "25.00")


def test_what_was_taken_from_the_account_goes_back_there(till):
    taken = charged_back(till, 60_00, make.cheque(50_00), bill=90_00)
    credit = Credit.objects.get()
    assert credit.used_minor == 20_00

    won(till, taken)

    credit.refresh_from_db()
    assert (credit.used_minor, bill_of(taken).state) == (0, "PAID")
    assert make.balance(till, "liability.patient_deposits") == usd(-20_00)


def test_what_was_paid_otherwise_meanwhile_lies_in_suspense(till):
    taken = charged_back(till)
    bill = bill_of(taken)
    receive_payment(
        facility=till.facility, patient=taken.payment.patient_id, allocations=[(bill.pk, usd(45_00))],
        tenders=[TenderGiven("TRANSFER", usd(45_00), reference="E2E-9")], key="again", actor=till.gil,
    )  # fmt: skip

    win = won(till, taken)

    assert bill_of(taken).state == "PAID"
    assert win.suspense_minor == 45_00
    assert make.balance(till, "suspense.unidentified", win.public_id) == usd(-45_00)
    roles = ("card.clearing", "suspense.unidentified")
    totals = control_totals(legal_entity=till.facility.legal_entity, on=bank.DAY, roles=roles)
    assert not any(each.difference for each in totals)
    propose_clearing(
        item=SuspenseKey(till.facility, win.public_id, "USD"), purpose="INCOME", amount=usd(45_00),
        reason="the patient waived it", actor=till.eve,
    )  # fmt: skip


def test_what_the_patient_took_from_the_account_is_not_given_back_by_a_win(till):
    taken = charged_back(till, 60_00, make.cheque(50_00), bill=90_00)
    won(till, taken)
    spent = make.paid(till.session, till, TenderGiven("ACCOUNT", usd(12_00)))
    again = report_payment_return(
        tender=taken.tender, reason="DISPUTED", returned_on=bank.DAY, bank_reference="CB-2290", actor=till.eve
    )
    again = confirm_payment_return(payment_return=again, actor=till.gil)
    bill = bill_of(taken)
    receive_payment(
        facility=till.facility, patient=taken.payment.patient_id, allocations=[(bill.pk, usd(45_00))],
        tenders=[TenderGiven("TRANSFER", usd(45_00), reference="E2E-9")], key="again", actor=till.gil,
    )  # fmt: skip

    win = won(till, again)

    # The chargeback took 8.00 from the account and 52.00 from the invoice, of which 45.00 was paid otherwise.
    assert (Credit.objects.get().used_minor, win.suspense_minor) == (12_00, 45_00)
    void_payment(payment=spent, reason="Wrong patient", actor=till.ana)
    assert Credit.objects.get().used_minor == 0


def test_a_sale_that_was_won_back_may_be_charged_back_once_more(till):
    taken = charged_back(till)
    won(till, taken)

    again = report_payment_return(
        tender=taken.tender, reason="DISPUTED", returned_on=bank.DAY, bank_reference="CB-2290", actor=till.eve
    )

    assert confirm_payment_return(payment_return=again, actor=till.gil).state == "CONFIRMED"


def test_who_reported_it_does_not_confirm_it_and_it_is_decided_once(till):
    taken = charged_back(till)
    win = report_chargeback_win(chargeback=taken, won_on=bank.DAY, actor=till.eve)
    assert {one.kind for one in awaiting_bank()} == {"card_batch", "chargeback"}
    with pytest.raises(ChargebackWinBySamePerson):
        confirm_chargeback_win(win=win, actor=till.eve)
    with pytest.raises(NotWinnable):
        report_chargeback_win(chargeback=taken, won_on=bank.DAY, actor=till.gil)

    reject_chargeback_win(win=win, actor=till.gil)

    with pytest.raises(ChargebackWinDecided):
        confirm_chargeback_win(win=win, actor=till.gil)
    assert report_chargeback_win(chargeback=taken, won_on=bank.DAY, actor=till.eve).state == "REPORTED"


@pytest.mark.parametrize("amount", [0, 60_01])
def test_more_than_was_charged_back_is_never_won(till, amount):
    taken = charged_back(till)

    with pytest.raises(ChargebackWinMalformed):
        report_chargeback_win(chargeback=taken, won_on=bank.DAY, amount=usd(amount), actor=till.eve)


def test_the_database_keeps_who_won_how_much(till):
    win = won(till, charged_back(till))

    for change in ({"amount_minor": 1}, {"state": "REPORTED"}, {"decided_by": till.eve}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ChargebackWin.objects.filter(pk=win.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ChargebackWin.objects.all().delete()
