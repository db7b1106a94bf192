"""After any days of business the books agree: with themselves, with every counter, with every document."""

from collections import defaultdict

import pytest
from django.db.models import Sum

from billing.models import Invoice
from cashiering.models import Allocation, CardBatch, Deposit, Payment, Session, Tender
from cashiering.queries import expected_cash
from ledger.commands import open_period, take_tie_outs
from ledger.models import Posting
from ledger.queries import rule_uses, tie_outs
from ledger.rules.sub_ledger import REGISTERED
from reconciliation.models import MatchLine
from tests.invariants.documents import LIVED, opened_documents
from tests.invariants.life import DAYS, Life, at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [11, pytest.param(2026, marks=pytest.mark.nightly)])
def test_the_books_agree_after_days_of_business(seed):
    """Slow, because it lives three whole days; a failure names its seed."""
    life = Life(seed)
    for day, later in zip(DAYS, [*DAYS[1:], DAYS[-1].replace(day=17)], strict=True):
        life.day(day, _drawer_agrees)
        life.banked(day, later)
    with at(DAYS[-1].replace(day=27)):
        life.resolved()

    assert life.refused
    assert life.undone
    assert Payment.objects.filter(void__isnull=False).exists()
    _entries_balance()
    _every_entry_follows_a_posting_rule(life)
    _sub_ledgers_tie_out(life)
    _clearing_accounts_hold_what_is_not_finished()
    _invoices_agree_with_settlements_payments_and_the_book()
    _receipts_have_no_gaps()
    _the_bank_account_is_what_was_matched()
    assert opened_documents(life.given.facility) >= LIVED


def _book(role: str) -> dict[str, int]:
    """Balance by reference, without what is zero."""
    rows = Posting.objects.filter(role=role).values("reference").annotate(sum=Sum("amount_minor")).order_by()
    return {row["reference"]: int(row["sum"]) for row in rows if row["sum"]}


def _drawer_agrees(session: Session) -> None:
    session.refresh_from_db()
    if session.state != "OPEN":
        return
    cash = Posting.objects.filter(role="cash.drawer", reference=session.public_id)
    book = cash.aggregate(sum=Sum("amount_minor"))["sum"]
    assert session.cash_minor == expected_cash(session).minor == book


def _entries_balance() -> None:
    by_entity = Posting.objects.values("legal_entity", "currency").order_by()
    sums = by_entity.annotate(sum=Sum("amount_minor"), functional=Sum("functional_minor"))
    assert {(row["sum"], row["functional"]) for row in sums} == {(0, 0)}


def _every_entry_follows_a_posting_rule(life: Life) -> None:
    uses = rule_uses(since=DAYS[0], until=DAYS[-1].replace(day=31), facility_ids=[life.given.facility.pk])
    assert [use for use in uses if use.rule is None] == []
    assert {"payment", "deposit", "match", "session"} <= {use.source for use in uses}


def _clearing_accounts_hold_what_is_not_finished() -> None:
    live = Tender.objects.filter(payment__void__isnull=True)
    paper: dict[str, int] = defaultdict(int)
    for tender in live.filter(kind="CHEQUE").exclude(deposit__state__in=["IN_TRANSIT", "CONFIRMED"]):
        paper[tender.payment.session.public_id] += tender.amount_minor
    transit = Deposit.objects.filter(state="IN_TRANSIT")
    batches = CardBatch.objects.exclude(state="SETTLED").exclude(gross_minor=0)
    transfers = live.filter(kind="TRANSFER", bank_confirmed_on=None)

    assert _book("cash.drawer") == {}
    assert _book("cheque.drawer") == paper
    assert _book("deposit.in_transit") == {
        bag.public_id: bag.cash_minor + bag.cheques_minor for bag in transit
    }
    assert _book("card.clearing") == {batch.public_id: batch.gross_minor for batch in batches}
    assert _book("transfer.clearing") == {one.payment.public_id: one.amount_minor for one in transfers}
    kept = Payment.objects.filter(void__isnull=True, unapplied_minor__gt=0)
    assert _book("liability.patient_deposits") == {one.public_id: -one.unapplied_minor for one in kept}


def _invoices_agree_with_settlements_payments_and_the_book() -> None:
    book = _book("receivable.patient")
    for invoice in Invoice.objects.exclude(state="DRAFT"):
        settled = invoice.settlements.aggregate(sum=Sum("amount_minor"))["sum"] or 0
        paid = Allocation.objects.filter(invoice=invoice, payment__void__isnull=True)
        assert invoice.settled_minor == settled == (paid.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
        assert invoice.total_minor - invoice.settled_minor == book.get(invoice.public_id, 0)


def _receipts_have_no_gaps() -> None:
    series: dict[str, list[int]] = defaultdict(list)
    for receipt in Payment.objects.order_by("id").values_list("receipt_number", flat=True):
        prefix, _dash, number = receipt.rpartition("-")
        series[prefix].append(int(number))
    assert len(series) >= 2
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in series.values())


def _the_bank_account_is_what_was_matched() -> None:
    matched = MatchLine.objects.filter(undo=None).aggregate(sum=Sum("line__amount_minor"))["sum"]
    assert sum(_book("bank.operating").values()) == matched


def _sub_ledgers_tie_out(life: Life) -> None:
    entity = life.given.facility.legal_entity
    period = open_period(legal_entity=entity, starts_on=DAYS[-1], actor=None)
    take_tie_outs(period_id=period.pk, today=DAYS[-1].replace(day=31), actor=life.given.gil)
    rows = tie_outs(period)
    assert [(row.role, row.difference_minor) for row in rows if row.difference_minor] == []
    assert {row.role for row in rows} == {role for each in REGISTERED.values() for role in each.roles}
