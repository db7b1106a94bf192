"""Who pays, which invoices are payable here, and whose the money is that stays."""

import pytest

from billing.commands import register_patient
from cashiering.commands import take_payment
from cashiering.commands.payer import (
    InvoiceElsewhere,
    MoneyWithoutPatient,
    PatientElsewhere,
    PrepaymentNegative,
)
from cashiering.models import Payment
from cashiering.rules.tenders import TenderGiven, TransferTwice
from hms_ach.money import Money
from ledger.models import Posting
from tests.make import billing
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def pay(given, session, *tenders, patient=None, allocations=(), **more):
    return take_payment(
        session=session,
        patient=patient,
        allocations=allocations,
        tenders=tenders,
        key=more.pop("key", "one"),
        actor=session.cashier,
        **more,
    )


def test_another_facilitys_invoice_is_refused_alike_whether_it_exists_or_not():
    given, other = make.till(), make.till()
    session = make.opened(given)
    foreign = make.invoice(other, 40_00)

    said = set()
    for invoice_id in (foreign.pk, 999_999_999, 10**30):
        with pytest.raises(InvoiceElsewhere) as refused:
            pay(given, session, make.cash(90_00), allocations=[(invoice_id, Money(90_00, "USD"))])
        said.add(str(refused.value))

    assert len(said) == 1
    assert foreign.number not in said.pop()


def test_another_networks_patient_is_refused():
    given, other = make.till(), make.till()
    session = make.opened(given)
    bill = make.invoice(given, 40_00)

    with pytest.raises(PatientElsewhere):
        pay(
            given,
            session,
            make.cash(40_00),
            patient=other.patient,
            allocations=[(bill.pk, Money(40_00, "USD"))],
        )


def test_money_on_account_is_somebodys_and_not_below_zero():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 40_00)
    due = [(bill.pk, Money(40_00, "USD"))]

    with pytest.raises(MoneyWithoutPatient):
        pay(given, session, make.cheque(50_00), allocations=due)
    with pytest.raises(PrepaymentNegative):
        pay(given, session, make.cash(40_00), allocations=due, prepayment=Money(-5_00, "USD"))

    assert not Payment.objects.exists()


def test_money_on_account_names_its_patient_in_the_book_and_a_void_takes_it_back():
    given = make.till()
    session = make.opened(given)

    pay(given, session, make.cash(30_00), patient=given.patient, prepayment=Money(30_00, "USD"))

    kept = Posting.objects.get(role="liability.patient_deposits")
    assert (kept.payer, kept.amount_minor) == (given.patient.public_id, -30_00)


def test_a_payment_is_one_transfer_at_most():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 40_00)
    transfers = [TenderGiven("TRANSFER", Money(20_00, "USD"), reference=f"E{n}") for n in (1, 2)]

    with pytest.raises(TransferTwice):
        pay(given, session, *transfers, allocations=[(bill.pk, Money(40_00, "USD"))])


def test_the_same_key_after_the_register_stopped_still_gives_its_receipt():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 40_00)
    due = [(bill.pk, Money(40_00, "USD"))]
    first = pay(given, session, make.cash(40_00), patient=given.patient, allocations=due)
    make.counted(session, 240_00)

    again = pay(given, session, make.cash(40_00), patient=given.patient, allocations=due)

    assert again == first


def test_patients_of_the_same_network_pay_at_each_of_its_facilities():
    given = make.till()
    guest = register_patient(
        facility=given.facility, mrn="GUEST1", family_name="Guest", given_name="A", actor=given.dan
    )
    session = make.opened(given)
    bill = billing.issued(given.facility, given.patient, given.dan, 40_00)

    payment = pay(
        given, session, make.cash(40_00), patient=guest, allocations=[(bill.pk, Money(40_00, "USD"))]
    )

    assert payment.patient == guest
