"""Every control account is explained by documents, at every step that money takes."""

from datetime import UTC, datetime

import pytest

from cashiering.commands import (
    TenderGiven,
    approve_refund,
    confirm_bank_receipt,
    fail_refund,
    release_refund,
    request_refund,
    send_refund,
    take_advice_file,
    take_lockbox_file,
)
from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import Posting, post_entry
from ledger.queries import control_totals
from ledger.rules.roles import CLEARING_ROLES, CONTROL_ROLES
from ledger.rules.sub_ledger import REGISTERED
from reconciliation.commands import SuspenseKey, approve_clearing, propose_clearing, reconcile_account
from tests.cashiering.formats.lockbox_files import cheque, lockbox_file
from tests.make import access, billing
from tests.make import cashiering as make
from tests.make import reconciliation as bank
from tests.make.advice import Entry, Payment, ach_file, remittances

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 3, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_march():
    with clock.at(LATER):
        yield


def differing(facility) -> list[tuple[str, Money, Money]]:
    """The roles whose documents and book differ, with both sides."""
    totals = control_totals(legal_entity=facility.legal_entity, on=clock.today(facility.timezone))
    return [(each.role, each.documents, each.booked) for each in totals if not each.ties]


def on_refund_clearing(facility) -> int:
    totals = control_totals(legal_entity=facility.legal_entity, on=clock.today(facility.timezone))
    return next(each.documents.minor for each in totals if each.role == "refund.clearing")


def test_every_control_account_belongs_to_a_sub_ledger():
    explained = {role for sub_ledger in REGISTERED.values() for role in sub_ledger.roles}

    assert explained >= CONTROL_ROLES
    assert explained >= set(CLEARING_ROLES)


@pytest.mark.parametrize("is_on_account", [True, False])
def test_a_refund_is_explained_from_its_request_until_the_bank_paid_it(is_on_account):
    till = make.till()
    eve = access.user("FINANCE_REVIEWER", facilities=[till.facility])
    paid = TenderGiven("TRANSFER", Money(40_00, "USD"), reference="E1")
    session = make.opened(till)
    payment = make.paid(session, till, paid, minor=25_00 if is_on_account else 40_00)
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=session.business_on, actor=None)
    post_entry(
        key="bank",
        facility=till.facility,
        effective_on=session.business_on,
        source=("match", "mat_1"),
        memo="The transfer came",
        postings=[
            Posting("bank.operating", Money(40_00, "USD")),
            Posting("transfer.clearing", Money(-40_00, "USD"), reference=payment.public_id),
        ],
        actor=None,
    )
    steps = []

    def step(minor):
        steps.append((differing(till.facility), on_refund_clearing(till.facility)))
        assert steps[-1] == ([], minor)

    step(0)
    ask = {"payment": payment, "tender": None, "amount": Money(15_00, "USD"), "reason": "Paid twice"}
    refund = request_refund(**ask, key="r1", actor=till.ana)
    approve_refund(refund=refund, actor=till.cora)
    step(0)
    for _try in range(2):
        release_refund(refund=refund, actor=eve)
        step(-15_00 if _try else 0)
        send_refund(refund=refund, reference="E9", actor=eve)
        step(-15_00)
        fail_refund(refund=refund, reason="Account closed", actor=eve)
        step(-15_00)

    assert len(steps) == 8


def test_cheques_are_explained_until_they_leave():
    till = make.till()
    session = make.opened(till)

    make.paid(session, till, make.cash(10_00))
    make.paid(session, till, make.cheque(40_00))

    assert differing(till.facility) == []


def test_what_is_to_be_billed_is_explained_beside_drafts_and_invoices():
    till = make.till()
    billing.charge(till.facility, till.patient, till.dan, 3_00)
    billing.draft(till.facility, till.patient, till.dan, 20_00)
    billing.issued(till.facility, till.patient, till.dan, 50_00)

    totals = control_totals(legal_entity=till.facility.legal_entity, on=LATER.date())

    assert differing(till.facility) == []
    assert [each.documents.minor for each in totals if each.role == "receivable.unbilled"] == [23_00]


def test_what_was_announced_is_explained_once_the_bank_shows_it():
    north = bank.hospital()
    account = bank.bank_account(north)
    batch = ach_file(Entry(500_00), on=LATER.date(), created_on=LATER.date())
    for content in (remittances(Payment("000012345", amount="700.00", on=LATER.date())), batch):
        take_advice_file(content=content, name="file", facility=north, actor=access.user())
    assert differing(north) == []

    lines = [(700_00, "TRN*1*000012345*1512345678"), (500_00, "091000010000001")]
    bank.statement(account, *(bank.line(*each, on=LATER.date()) for each in lines), on=LATER.date())
    reconcile_account(account=account)

    totals = control_totals(legal_entity=north.legal_entity, on=LATER.date())
    found = {each.role: each.documents.minor for each in totals if each.documents}
    assert found == {"remittance.clearing": -700_00, "transfer.clearing": -500_00}
    assert differing(north) == []


def test_cheques_of_a_lockbox_are_explained_in_suspense_until_two_people_placed_them():
    till = make.till()
    bill = make.invoice(till, 100_00)
    box = lockbox_file(cheque(1, 100_00), cheque(2, 70_00))
    taken = take_lockbox_file(content=box, name="lbx.txt", facility=till.facility, actor=till.gil)
    assert differing(till.facility) == []

    first = taken.deposits[0].cheques.order_by("item").first()
    bank.bank_account(till.facility)
    clearing = propose_clearing(
        item=SuspenseKey(till.facility, first.public_id, "USD"),
        purpose="INVOICE",
        amount=Money(100_00, "USD"),
        reason="told by telephone",
        document=bill.number,
        actor=bank.reviewer(till.facility),
    )
    approve_clearing(clearing_id=clearing.pk, actor=bank.approver(till.facility))
    assert differing(till.facility) == []
