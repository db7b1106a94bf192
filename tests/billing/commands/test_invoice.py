"""Drafting, issuing and cancelling."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from billing.commands import (
    Party,
    Share,
    cancel_invoice,
    discard_draft,
    draft_bill,
    draft_invoice,
    issue_invoice,
    lock_invoice,
    settle_invoice,
    unlock_invoice,
    withdraw_charge,
)
from billing.commands.charge import ChargeNotBillable
from billing.commands.draft import InvoiceNotDraft, NothingToBill, PayerDoesNotFit
from billing.commands.invoice import FreeCancelOver, InvoiceHasSettlements, InvoiceLocked
from billing.models import Charge
from hms_ach import clock
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from ledger.queries import balance_of
from tests.make import billing as make

pytestmark = pytest.mark.django_db

WHY = {"reason_code": "DUPLICATE", "reason": "Billed twice", "on": make.DAY}


@pytest.fixture
def north():
    return make.hospital()


@pytest.fixture
def dan(north):
    return make.clerk(north)


@pytest.fixture
def maya(north, dan):
    return make.patient(north, dan)


def owed(role: str, facility, reference=None) -> str:
    return str(balance_of(role, legal_entity=facility.legal_entity, currency="USD", reference=reference))


def test_issuing_numbers_without_gaps_and_moves_the_receivable(north, dan, maya):
    first = make.issued(north, maya, dan, 100_00, 25_00)
    second = make.issued(north, maya, dan, 10_00)

    assert (first.number, second.number) == ("NORTH-2026-000001", "NORTH-2026-000002")
    assert first.due_on == make.DAY + timedelta(days=30)
    assert owed("receivable.patient", north, first.public_id) == "125.00"
    assert owed("receivable.unbilled", north) == "0.00"
    assert owed("revenue.patient_services", north) == "-135.00"
    assert Event.objects.filter(type="invoice.issued").count() == 2


def test_a_rolled_back_issue_gives_its_number_back(north, dan, maya):
    draft = make.draft(north, maya, dan)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issue_invoice(invoice_id=draft.pk, on=make.DAY, actor=dan).total_minor // 0

    assert make.issued(north, maya, dan).number == "NORTH-2026-000001"


def test_issuing_twice_is_refused(north, dan, maya):
    issued = make.issued(north, maya, dan)

    with pytest.raises(InvoiceNotDraft):
        issue_invoice(invoice_id=issued.pk, on=make.DAY, actor=dan)


def test_a_charge_is_billed_once(north, dan, maya):
    charge = make.charge(north, maya, dan)
    asked = {"patient_id": maya.pk, "facility": north, "charge_ids": [charge.pk], "actor": dan}
    draft_invoice(**asked)

    with pytest.raises(NothingToBill):
        draft_invoice(**asked)
    with pytest.raises(ChargeNotBillable):
        withdraw_charge(charge_id=charge.pk, on=make.DAY, actor=dan, reason="mistake")


def test_three_parties_share_the_charges_to_the_cent(north, dan, maya):
    insurer = make.payer(dan)
    employer = make.payer(dan, code="ACME", payer_class="EMPLOYER")
    charges = [make.charge(north, maya, dan, minor) for minor in (33_33, 66_68)]
    parties = [
        Party("PATIENT", share=Share(amount=Money(20_00, "USD"))),
        Party("INSURER", insurer.pk, Share(weight=2)),
        Party("THIRD_PARTY", employer.pk, Share(weight=1)),
    ]

    invoices = draft_bill(
        patient_id=maya.pk, facility=north, charge_ids=[c.pk for c in charges], parties=parties, actor=dan
    )
    for invoice in invoices:
        issue_invoice(invoice_id=invoice.pk, on=make.DAY, actor=dan)

    assert [invoice.total_minor for invoice in invoices] == [20_00, 53_34, 26_67]
    assert owed("receivable.unbilled", north) == "0.00"
    assert owed("receivable.insurer", north, invoices[1].public_id) == "53.34"
    assert owed("receivable.third_party", north, invoices[2].public_id) == "26.67"


def test_an_employer_receives_no_insurer_invoice(north, dan, maya):
    employer = make.payer(dan, code="ACME", payer_class="EMPLOYER")
    charge = make.charge(north, maya, dan)

    with pytest.raises(PayerDoesNotFit):
        draft_invoice(
            patient_id=maya.pk,
            facility=north,
            charge_ids=[charge.pk],
            actor=dan,
            kind="INSURER",
            payer_id=employer.pk,
        )


def test_the_guarantor_answers_for_the_child(north, dan, maya):
    child = make.patient(north, dan, name="Tim Okafor", guarantor_id=maya.pk)

    invoice = make.issued(north, child, dan)

    assert invoice.debtor == maya
    assert (invoice.bill_to_name, invoice.patient_name) == ("Maya Okafor", "Tim Okafor")


def test_cancelling_reverses_and_frees_the_charges(north, dan, maya):
    invoice = make.issued(north, maya, dan, 100_00)

    cancel_invoice(invoice_id=invoice.pk, actor=dan, **WHY)

    charge = Charge.objects.get()
    assert (charge.state, charge.invoiced_minor) == ("BILLABLE", 0)
    assert owed("receivable.patient", north) == "0.00"
    assert owed("receivable.unbilled", north, charge.public_id) == "100.00"
    assert Event.objects.filter(type="invoice.cancelled").exists()


def test_a_settled_invoice_is_not_cancelled(north, dan, maya):
    invoice = make.issued(north, maya, dan)
    settle_invoice(invoice_id=invoice.pk, amount=Money(1, "USD"), source="pay_1", on=make.DAY, actor=dan)

    with pytest.raises(InvoiceHasSettlements):
        cancel_invoice(invoice_id=invoice.pk, actor=dan, **WHY)


def test_after_half_an_hour_a_clerk_cannot_cancel_but_the_controller_can(north, dan, maya):
    invoice = make.issued(north, maya, dan)
    gil = make.clerk(north, name="gil", role="CONTROLLER")

    with clock.at(clock.now() + timedelta(minutes=31)):
        with pytest.raises(FreeCancelOver):
            cancel_invoice(invoice_id=invoice.pk, actor=dan, **WHY)
        cancelled = cancel_invoice(invoice_id=invoice.pk, actor=gil, **WHY)

    assert cancelled.state == "CANCELLED"


def test_a_locked_invoice_stays_until_unlocked(north, dan, maya):
    invoice = make.issued(north, maya, dan)
    lock_invoice(invoice_id=invoice.pk, actor=dan, reason="Court case 12")

    with pytest.raises(InvoiceLocked, match="Court case 12"):
        cancel_invoice(invoice_id=invoice.pk, actor=dan, **WHY)
    unlock_invoice(invoice_id=invoice.pk, actor=dan, reason="Case closed")
    assert cancel_invoice(invoice_id=invoice.pk, actor=dan, **WHY).state == "CANCELLED"


def test_a_discarded_draft_frees_its_charges(north, dan, maya):
    draft = make.draft(north, maya, dan)

    discard_draft(invoice_id=draft.pk, actor=dan)

    assert Charge.objects.get().state == "BILLABLE"


LINE_AGAIN = """INSERT INTO billing_invoiceline
    SELECT (jsonb_populate_record(l, '{"id": 99, "line": 9}')).* FROM billing_invoiceline l"""
INVOICE_AGAIN = """INSERT INTO billing_invoice
    SELECT (jsonb_populate_record(i, '{"id": 99, "public_id": "inv_9", "number": "N9"}')).*
    FROM billing_invoice i"""


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE billing_invoice SET total_minor = 1", "issued invoice never changes"),
        ("UPDATE billing_invoice SET issued_on = issued_on - 1", "issued invoice never changes"),
        ("UPDATE billing_invoice SET state = 'DRAFT'", "does not go from ISSUED to DRAFT"),
        ("DELETE FROM billing_invoice", "never deleted"),
        (INVOICE_AGAIN, "starts as a draft"),
        ("UPDATE billing_invoiceline SET amount_minor = 1", "never change once it is issued"),
        ("DELETE FROM billing_invoiceline", "never change once it is issued"),
        (LINE_AGAIN, "never change once it is issued"),
        ("UPDATE billing_charge SET unit_price_minor = 1", "a charge never changes"),
        ("UPDATE billing_charge SET state = 'PLANNED'", "does not go from BILLED to PLANNED"),
        ("UPDATE billing_charge SET invoiced_minor = 1", "billed_when_all_invoiced"),
        ("DELETE FROM billing_charge", "never deleted"),
    ],
)
def test_the_database_never_changes_what_was_issued(north, dan, maya, statement, refusal):
    make.issued(north, maya, dan)

    with pytest.raises(DatabaseError, match=refusal), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_a_total_that_is_not_the_sum_of_the_lines(north, dan, maya):
    draft = make.draft(north, maya, dan)
    draft.total_minor = 1
    draft.save()

    with pytest.raises(DatabaseError, match="is not the sum"):
        issue_invoice(invoice_id=draft.pk, on=make.DAY, actor=dan)
