"""Money in suspense finds its place: two people, never more than it holds, invoices settled by it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from billing.models import Invoice
from cashiering.commands import TenderGiven, open_session, record_opening_count, take_payment
from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import Posting, post_entry, record_rate, take_tie_outs
from ledger.models import Period
from ledger.queries import balance_of, held_for
from reconciliation.commands import (
    ClearedBySamePerson,
    ClearingAboveLimit,
    ClearingDecided,
    ClearingWaits,
    DocumentNotFound,
    MoreThanInSuspense,
    NothingInSuspense,
    PurposeUnfit,
    SuspenseKey,
    approve_clearing,
    propose_clearing,
    send_back_clearing,
    withdraw_clearing,
)
from reconciliation.queries import suspense_balance, suspense_items
from tests.make import access, billing, ledger
from tests.make import cashiering as till
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db

ITEM = "dis_found"
LATER = datetime(2026, 3, 20, 15, tzinfo=UTC)


def in_suspense(facility, minor: int, currency: str = "USD") -> SuspenseKey:
    """Money that came in (or is missing, when below zero) and that nobody could place."""
    amount = Money(minor, currency)
    post_entry(
        key=f"test.suspense:{minor}",
        facility=facility,
        effective_on=ledger.DAY,
        source=("match", "mat_1"),
        memo="unknown",
        postings=[
            Posting("bank.operating", amount),
            Posting("suspense.unidentified", -amount, reference=ITEM),
        ],
        actor=None,
    )
    return SuspenseKey(facility, ITEM, currency)


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def eve(north):
    return make.reviewer(north)


@pytest.fixture
def finn(north):
    return make.approver(north)


def proposed(item, eve, purpose="INCOME", minor=77_00, currency="USD", **more):
    amount = Money(minor, currency)
    return propose_clearing(item=item, purpose=purpose, amount=amount, reason="looked up", actor=eve, **more)


def left(item) -> int:
    return suspense_balance(item.facility, reference=item.reference, currency=item.currency).minor


def on(role, facility) -> int:
    return balance_of(role, legal_entity=facility.legal_entity, currency="USD").minor


def untied(facility) -> list[str]:
    """The roles on which the documents of the till and of the bank differ from the book."""
    taken = take_tie_outs(
        period_id=Period.objects.get().pk, today=LATER.date(), actor=make.reviewer(facility, username="tia")
    )
    return [row.role for row in taken if row.sub_ledger in ("till", "clearing") and row.difference_minor]


def drawn_from_account(facility, patient, invoice):
    """The invoice is paid at a register with what the patient has on account."""
    ana = access.user("CASHIER", facilities=[facility])
    place = till.register(facility, actor=access.user("CONTROLLER", facilities=[facility]))
    session = open_session(register=place, actor=ana)
    record_opening_count(session=session, denominations=till.FLOAT, actor=ana)
    return take_payment(
        session=session,
        patient=patient,
        allocations=[(invoice.pk, invoice.balance)],
        tenders=[TenderGiven("ACCOUNT", invoice.balance)],
        key="use",
        actor=ana,
    )


def test_income_leaves_suspense_when_another_person_agrees(north, eve, finn):
    item = in_suspense(north, 77_00)
    clearing = proposed(item, eve)
    assert left(item) == -77_00

    approve_clearing(clearing_id=clearing.pk, actor=finn)

    assert left(item) == 0
    assert on("income.other", north) == -77_00
    assert suspense_items([north], today=ledger.DAY.replace(year=2099)) == []


def test_an_invoice_is_settled_by_it(north, eve, finn):
    clerk = billing.clerk(north)
    invoice = billing.issued(north, billing.patient(north, clerk), clerk, 50_00)
    item = in_suspense(north, 77_00)
    owed = on("receivable.patient", north)
    clearing = proposed(item, eve, "INVOICE", 50_00, document=invoice.number)

    approve_clearing(clearing_id=clearing.pk, actor=finn)

    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID
    assert on("receivable.patient", north) == owed - 50_00
    assert left(item) == -27_00
    assert invoice.settlements.get().source == clearing.public_id


def test_it_may_stay_on_a_patients_account(north, eve, finn):
    patient = billing.patient(north, billing.clerk(north))
    item = in_suspense(north, 77_00)

    approve_clearing(clearing_id=proposed(item, eve, "ON_ACCOUNT", document=patient.mrn).pk, actor=finn)

    assert held_for(patient.public_id, facility_ids=[north.pk]) == [Money(77_00, "USD")]
    assert left(item) == 0
    assert untied(north) == []


def test_what_stays_on_account_is_a_receipt_that_pays_the_patients_next_bill(north, eve, finn):
    clerk = billing.clerk(north)
    patient = billing.patient(north, clerk)
    invoice = billing.issued(north, patient, clerk, 50_00)
    item = in_suspense(north, 77_00)
    approve_clearing(clearing_id=proposed(item, eve, "ON_ACCOUNT", document=patient.mrn).pk, actor=finn)

    drawn_from_account(north, patient, invoice)

    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID
    assert held_for(patient.public_id, facility_ids=[north.pk]) == [Money(27_00, "USD")]
    assert on("transfer.clearing", north) == 0
    assert untied(north) == []


def test_only_money_of_the_facilitys_currency_stays_on_account(north, eve):
    patient = billing.patient(north, billing.clerk(north))
    record_rate(base="EUR", quote="USD", on=ledger.DAY, rate=Decimal("1.10"), source="ECB", actor=eve)
    item = in_suspense(north, 77_00, "EUR")

    with pytest.raises(PurposeUnfit):
        proposed(item, eve, "ON_ACCOUNT", currency="EUR", document=patient.mrn)


def test_what_is_missing_is_written_off_within_both_limits(north, eve, finn):
    item = in_suspense(north, -250_00)
    with pytest.raises(ClearingAboveLimit):
        proposed(item, eve, "WRITE_OFF", 250_00)

    clearing = proposed(item, eve, "WRITE_OFF", 100_00)
    approve_clearing(clearing_id=clearing.pk, actor=finn)

    assert left(item) == 150_00
    assert on("write_off.bank_difference", north) == 100_00


@pytest.mark.parametrize("minor", [0, -1, 77_01])
def test_no_more_than_it_holds(north, eve, minor):
    with pytest.raises(MoreThanInSuspense):
        proposed(in_suspense(north, 77_00), eve, minor=minor)


def test_a_purpose_fits_the_side(north, eve):
    with pytest.raises(PurposeUnfit):
        proposed(in_suspense(north, 77_00), eve, "FEE")
    with pytest.raises(NothingInSuspense):
        proposed(SuspenseKey(north, "dis_unknown", "USD"), eve)


@pytest.mark.parametrize("purpose", ["INVOICE", "ON_ACCOUNT"])
@pytest.mark.parametrize("document", ["", "NO-SUCH-1"])
def test_a_document_that_is_not_there_is_refused(north, eve, purpose, document):
    with pytest.raises(DocumentNotFound):
        proposed(in_suspense(north, 77_00), eve, purpose, document=document)


def test_one_proposal_at_a_time(north, eve):
    item = in_suspense(north, 77_00)
    proposed(item, eve, minor=10_00)

    with pytest.raises(ClearingWaits):
        proposed(item, eve, minor=10_00)


def test_nobody_approves_or_sends_back_their_own(north):
    finn = make.approver(north)
    clearing = proposed(in_suspense(north, 77_00), finn)

    for decide in (
        lambda: approve_clearing(clearing_id=clearing.pk, actor=finn),
        lambda: send_back_clearing(clearing_id=clearing.pk, reason="no", actor=finn),
    ):
        with pytest.raises(ClearedBySamePerson):
            decide()


def test_it_is_decided_once(north, eve, finn):
    item = in_suspense(north, 77_00)
    withdrawn, sent_back = proposed(item, eve), None
    withdraw_clearing(clearing_id=withdrawn.pk, actor=eve)
    sent_back = proposed(item, eve)
    send_back_clearing(clearing_id=sent_back.pk, reason="which invoice?", actor=finn)

    for clearing in (withdrawn, sent_back):
        with pytest.raises(ClearingDecided):
            approve_clearing(clearing_id=clearing.pk, actor=finn)
    assert left(item) == -77_00


def test_what_was_posted_meanwhile_is_seen_at_approval(north, eve, finn):
    item = in_suspense(north, 77_00)
    clearing = proposed(item, eve)
    in_suspense(north, -50_00)

    with pytest.raises(MoreThanInSuspense):
        approve_clearing(clearing_id=clearing.pk, actor=finn)

    assert left(item) == -27_00


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reconciliation_suspenseclearing SET amount_minor = 1",
        "UPDATE reconciliation_suspenseclearing SET verdict = 'APPROVED', decided_by_id = proposed_by_id",
        "DELETE FROM reconciliation_suspenseclearing",
        "TRUNCATE reconciliation_suspenseclearing",
    ],
)
def test_the_database_keeps_what_was_proposed(north, eve, statement):
    proposed(in_suspense(north, 77_00), eve)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
