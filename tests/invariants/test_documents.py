"""Every kind of document that posts leads from its entry to a real page."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cashiering.commands import (
    approve_refund,
    approve_safe_count,
    close_card_batch,
    confirm_bank_receipt,
    confirm_chargeback_win,
    confirm_cheque_return,
    confirm_payment_return,
    confirm_safe_count,
    count_safe,
    pay_refund,
    reallocate_payment,
    report_chargeback_win,
    report_cheque_return,
    report_payment_return,
    request_refund,
    set_merchant_agreement,
    take_lockbox_file,
    take_payout_report,
)
from cashiering.rules.tenders import TenderGiven
from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import (
    Posting,
    approve_journal,
    close_year,
    prepare_journal,
    record_rate,
    request_year_close,
    revalue,
    soft_close,
)
from ledger.commands.journal import JournalLineAsked
from ledger.models import Account, Period
from reconciliation.commands import SuspenseKey, approve_clearing, propose_clearing
from tests.cashiering.formats.lockbox_files import cheque, lockbox_file
from tests.invariants.documents import LIVED, kinds_in_code, opened_documents
from tests.make import access, ledger
from tests.make import cashiering as till
from tests.make import reconciliation as bank

pytestmark = pytest.mark.django_db

TAKEN_OVER = ("opening", "NORTH")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def a_safe_count():
    given = till.till()
    funds = [Posting("cash.safe", usd(100_00)), Posting("equity.opening", usd(-100_00))]
    ledger.entry(given.facility, postings=funds, source=TAKEN_OVER)
    count = count_safe(facility=given.facility, denominations=till.pieces(90_00), bags=[], actor=given.cora)
    confirm_safe_count(count=count, total=usd(90_00), actor=given.ben)
    approve_safe_count(count=count, reason="Lost", actor=given.gil)
    return given.facility


def a_refund():
    given = till.till()
    session = till.opened(given)
    payment = till.paid(session, given, till.cash(50_00), minor=40_00)
    asked = {"tender": None, "amount": usd(15_00), "reason": "Paid twice", "key": "r1"}
    refund = request_refund(payment=payment, actor=given.ana, **asked)
    approved = approve_refund(refund=refund, actor=given.cora)
    pay_refund(refund=approved, session=session, actor=given.ana)
    return given.facility


def a_cheque_that_came_back():
    given = till.till()
    payment = till.paid(till.opened(given), given, till.cheque(40_00))
    asked = {"tender": payment.tenders.get(), "reason": "NO_FUNDS", "returned_on": payment.business_on}
    found = report_cheque_return(actor=given.cora, **asked)
    confirm_cheque_return(cheque_return=found, actor=given.gil)
    return given.facility


def a_transfer_that_came_back():
    given = till.till()
    sent = TenderGiven("TRANSFER", usd(40_00), reference="E2E-1")
    payment = till.paid(till.opened(given), given, sent)
    confirm_bank_receipt(kind="payment", public_id=payment.public_id, on=payment.business_on, actor=None)
    asked = {"tender": payment.tenders.get(), "reason": "RECALLED", "returned_on": payment.business_on}
    found = report_payment_return(actor=given.cora, **asked)
    confirm_payment_return(payment_return=found, actor=given.gil)
    return given.facility


def a_lockbox():
    given = till.till()
    take_lockbox_file(
        content=lockbox_file(cheque(1, 70_00)), name="lbx.txt", facility=given.facility, actor=given.gil
    )
    return given.facility


def _charged_back(given):
    sale = till.paid(till.opened(given), given, till.card(40_00)).tenders.get()
    close_card_batch(batch=sale.card_batch, actor=given.gil)
    asked = {"tender": sale, "reason": "FRAUD", "returned_on": sale.payment.business_on}
    found = report_payment_return(actor=given.cora, **asked)
    return confirm_payment_return(payment_return=found, actor=given.gil)


def a_chargeback_that_was_won():
    given = till.till()
    taken = _charged_back(given)
    win = report_chargeback_win(chargeback=taken, won_on=taken.returned_on, actor=given.cora)
    confirm_chargeback_win(win=win, actor=given.gil)
    return given.facility


def a_card_payout():
    given = till.till()
    day = date(2026, 3, 12)
    set_merchant_agreement(
        facility=given.facility, merchant_id="4455", fee_basis_points=100, fee_fixed_minor=0,
        settlement_days=1, starts_on=day, actor=given.gil,
    )  # fmt: skip
    sale = till.paid(till.opened(given), given, till.card(40_00)).tenders.get()
    batch = close_card_batch(batch=sale.card_batch, actor=given.gil)
    report = (
        f"payout,paid_on,merchant,batch,gross,fee,net\nPO-1,2026-03-13,4455,{batch.number},40.00,0.40,39.60\n"
    )
    take_payout_report(content=report.encode(), name="p.csv", facility=given.facility, actor=given.gil)
    return given.facility


def a_reallocation():
    given = till.till()
    session = till.opened(given)
    payment = till.paid(session, given, till.cash(50_00))
    reallocate_payment(
        key="r1",
        payment=payment,
        from_invoice=payment.allocations.get().invoice_id,
        to_invoice=till.invoice(given, 50_00).pk,
        amount=usd(20_00),
        reason="Wrong invoice",
        actor=given.cora,
    )
    return given.facility


def a_suspense_clearing():
    north = bank.hospital()
    held = [
        Posting("bank.operating", usd(77_00)),
        Posting("suspense.unidentified", usd(-77_00), reference="dis_x"),
    ]
    ledger.entry(north, postings=held, source=TAKEN_OVER)
    item = SuspenseKey(north, "dis_x", "USD")
    asked = {"purpose": "INCOME", "amount": usd(77_00), "reason": "looked up"}
    clearing = propose_clearing(item=item, actor=bank.reviewer(north), **asked)
    approve_clearing(clearing_id=clearing.pk, actor=bank.approver(north))
    return north


def an_affiliates_money():
    north, harbor = bank.hospital(), bank.hospital("HARB")
    eve, finn = bank.reviewer(north, harbor), bank.approver(north, harbor)
    with clock.at(datetime(2026, 3, 20, 15, tzinfo=UTC)):
        item = bank.in_suspense(north, 10_00, eve=eve, finn=finn)
        asked = {"purpose": "AFFILIATE", "owner": harbor, "amount": usd(10_00), "reason": "theirs"}
        approve_clearing(clearing_id=propose_clearing(item=item, actor=eve, **asked).pk, actor=finn)
    return north, harbor


def a_journal():
    facility = ledger.book()
    accounts = {each.number: each for each in Account.objects.all()}
    journal = prepare_journal(
        facility=facility,
        effective_on=ledger.DAY,
        memo="Rent",
        lines=[JournalLineAsked(accounts["8510"], usd(5_00)), JournalLineAsked(accounts["1001"], usd(-5_00))],
        actor=access.user("FINANCE_REVIEWER", facilities=[facility]),
    )
    approve_journal(journal_id=journal.pk, actor=access.user("CONTROLLER", facilities=[facility]))
    return facility


def a_revaluation():
    facility, gil = ledger.book(), ledger.person("gil")
    for on, rate in [(date(2026, 3, 1), "1.10"), (date(2026, 3, 31), "1.20")]:
        record_rate(base="EUR", quote="USD", on=on, rate=Decimal(rate), source="ECB", actor=gil)
    owed = Money(100_00, "EUR")
    lines = [Posting("receivable.patient", owed, reference="inv_1"), Posting("income.other", -owed)]
    ledger.entry(facility, postings=lines, day=date(2026, 3, 2), source=TAKEN_OVER)
    revalue(period_id=Period.objects.get().pk, today=date(2026, 4, 1), actor=gil)
    return facility


def a_year_close():
    december = date(2026, 12, 15)
    facility, gil = ledger.book(day=december), ledger.person("gil")
    lines = ledger.lines(debit="receivable.unbilled", credit="revenue.patient_services")
    ledger.entry(facility, day=december, postings=lines, source=TAKEN_OVER)
    soft_close(period_id=Period.objects.get().pk, actor=gil)
    asked = request_year_close(legal_entity=facility.legal_entity, fiscal_year=2026, actor=gil)
    close_year(request_id=asked.pk, actor=ledger.person("hana"))
    return facility


BUILT = {
    "safe_count": a_safe_count,
    "opening": a_safe_count,
    "payment_return": a_cheque_that_came_back,
    "payment_return of a transfer": a_transfer_that_came_back,
    "lockbox_deposit": a_lockbox,
    "chargeback_win": a_chargeback_that_was_won,
    "payout": a_card_payout,
    "reallocation": a_reallocation,
    "refund": a_refund,
    "refund_payout": a_refund,
    "suspense_clearing": a_suspense_clearing,
    "affiliate": an_affiliates_money,
    "adjustment": a_journal,
    "adjustment of a revaluation": a_revaluation,
    "adjustment of a year's close": a_year_close,
}


def test_no_kind_that_posts_is_left_out():
    assert kinds_in_code() == LIVED | {kind.partition(" ")[0] for kind in BUILT}


@pytest.mark.parametrize("kind", BUILT)
def test_the_document_of_an_entry_opens(kind):
    with clock.at(datetime(2026, 3, 12, 15, tzinfo=UTC)):
        built = BUILT[kind]()
        facilities = built if isinstance(built, tuple) else (built,)

        assert kind.partition(" ")[0] in opened_documents(*facilities)
