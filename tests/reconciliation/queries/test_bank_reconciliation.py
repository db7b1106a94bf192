"""Balance at the bank = balance in the book and all that lies between, whatever happened to the account."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from hms_ach import clock
from hms_ach.audit.models import Event
from hms_ach.money import Money
from ledger.commands import Posting, open_period, post_entry, soft_close
from ledger.models import Period
from reconciliation.commands import approve, create_bank_account, propose, reconcile_account, undo_match
from reconciliation.models import Discrepancy, Match, Proposal
from reconciliation.queries import bank_reconciliation
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_clearing import LATER

pytestmark = pytest.mark.django_db
DAY = LATER.date()
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def eve(north):
    return make.reviewer(north)


@pytest.fixture
def account(north):
    """250.00 stood there before; two deposits came, one unknown credit, and a deposit is on its way."""
    account = make.bank_account(north)
    bags = [make.deposit_in_transit(north, minor, on=DAY).bag_number for minor in (100_00, 40_00, 7_00)]
    lines = [make.line(100_00, bags[0], on=DAY), make.line(40_00, bags[1], on=DAY), make.line(9_99, on=DAY)]
    make.statement(account, *lines, opening=250_00, on=DAY)
    with clock.at(LATER + timedelta(hours=1)):
        reconcile_account(account=account)
    return account


def between(found) -> list[tuple[str, int]]:
    return [(each.what, each.amount.minor) for each in found.between]


def by_hand(north, minor: int, on: date, key: str = "opening") -> None:
    rows = [Posting("bank.operating", Money(minor, "USD")), Posting("income.other", Money(-minor, "USD"))]
    post_entry(key=key, facility=north, effective_on=on, memo=key, source=("journal", key), postings=rows)


def test_bank_and_book_agree_by_the_items_that_only_one_of_them_has(north, account):
    by_hand(north, 250_00, DAY)

    found = bank_reconciliation(account, on=DAY)

    assert (found.at_bank, found.before) == (Money(399_99, "USD"), Money(250_00, "USD"))
    assert between(found) == [
        ("At the bank, not in the book", -9_99),
        ("In the book, not at the bank", 250_00),
    ]
    assert (found.in_book, found.difference, found.agrees) == (Money(390_00, "USD"), Money(0, "USD"), True)
    assert found.on_the_way == [("Deposit", 1, Money(7_00, "USD"))]


def test_the_day_before_knows_of_nothing_and_a_day_without_a_statement_is_not_zero(account):
    found = bank_reconciliation(account, on=DAY - timedelta(days=1))

    assert (found.at_bank, found.difference, found.agrees) == (None, None, False)


def test_a_day_that_no_statement_covers_yet_is_told(account):
    assert bank_reconciliation(account, on=DAY).missing is None
    assert bank_reconciliation(account, on=DAY + timedelta(days=9)).missing == date(2026, 3, 23)


def test_what_is_taken_back_or_cleared_later_lies_between_on_the_day_and_not_after(north, account, eve):
    with clock.at(LATER + timedelta(days=1)):
        reconcile_account(account=account)
        undo_match(match_id=Match.objects.get(lines__line__amount_minor=40_00).pk, reason="Not it", actor=eve)
        row = Discrepancy.objects.get(line__amount_minor=9_99)
        propose(discrepancy_id=row.pk, action="SUSPENSE", reason="Nobody knows", actor=eve)
        approve(proposal_id=Proposal.objects.get().pk, actor=make.approver(north))

    found = bank_reconciliation(account, on=DAY)

    assert found.agrees
    assert between(found) == [("At the bank, not in the book", -40_00)]


def test_what_is_taken_back_once_its_month_is_closed_lies_between_on_the_day(north, account, eve):
    """The book's entry of the day stays; its reversal is of the next month."""
    march = Period.objects.get()
    open_period(legal_entity=north.legal_entity, starts_on=march.ends_on + timedelta(days=1), actor=None)
    soft_close(period_id=march.pk, actor=eve)
    with clock.at(LATER + timedelta(days=20)):
        undo_match(match_id=Match.objects.get(lines__line__amount_minor=40_00).pk, reason="Not it", actor=eve)

    found = bank_reconciliation(account, on=DAY)

    assert found.agrees
    assert between(found) == [
        ("At the bank, not in the book", -40_00),
        ("At the bank, not in the book", -9_99),
        ("Matched on other days", 40_00),
    ]


def test_a_statement_that_comes_late_changes_the_day_and_one_with_a_gap_is_not_explained(account):
    certified = bank_reconciliation(account, on=NEXT)
    late = make.line(5_00, on=NEXT)
    make.statement(account, late, statement_id="S2", opening=399_99, on=NEXT)
    after = bank_reconciliation(account, on=NEXT)
    make.statement(account, statement_id="S3", opening=400_00, on=NEXT + timedelta(days=1))
    broken = bank_reconciliation(account, on=NEXT + timedelta(days=1))

    assert (certified.agrees, after.agrees, broken.agrees) == (True, True, False)
    assert after.at_bank == Money(404_99, "USD")
    assert between(after) == [*between(certified), ("At the bank, not in the book", -5_00)]
    assert broken.difference == Money(4_99, "USD")
    assert "STATEMENT_GAP" in {row.kind for row in broken.matters}


def test_a_deposit_in_lines_of_two_days_lies_between_on_the_first(north, account):
    bag = make.deposit_in_transit(north, 60_00, on=DAY).bag_number
    make.statement(account, make.line(20_00, bag, on=DAY), statement_id="S2", opening=399_99, on=DAY)
    make.statement(account, make.line(40_00, bag, on=NEXT), statement_id="S3", opening=419_99, on=NEXT)
    with clock.at(LATER + timedelta(days=1)):
        reconcile_account(account=account)

    first, second = bank_reconciliation(account, on=DAY), bank_reconciliation(account, on=NEXT)

    unknown = ("At the bank, not in the book", -9_99)
    assert (between(first), first.agrees) == ([unknown, ("Matched on other days", -20_00)], True)
    assert (between(second), second.agrees) == ([unknown], True)


def test_each_currency_has_its_own(north, account):
    euros = create_bank_account(
        facility=north,
        code="NORTH-EUR",
        name="Euros",
        number="DE-1",
        currency="EUR",
        opened_on=make.DAY,
        actor=access.user(),
    )
    euros = make.in_force(euros, "DE-1")
    line = make.line(3_00, on=DAY)._replace(currency="EUR")
    make.statement(euros, line, statement_id="E1", number="DE-1", currency="EUR", on=DAY)
    by_hand(north, 250_00, DAY)

    found = bank_reconciliation(euros, on=DAY)

    assert (found.at_bank, found.in_book) == (Money(3_00, "EUR"), Money(0, "EUR"))
    assert (between(found), found.agrees) == ([("At the bank, not in the book", -3_00)], True)


def test_the_page_and_its_files_say_the_same_and_who_took_them(north, account, eve):
    browser = access.signed_in(eve)
    page = reverse("reconciliation:bank-reconciliation", args=[account.code])
    shown = browser.get(f"{page}?day={DAY}").content.decode()
    files = {
        form: browser.get(
            f"{reverse('reconciliation:bank-reconciliation-file', args=[account.code, form])}?day={DAY}"
        )
        for form in ("csv", "xlsx", "pdf")
    }

    assert "Bank and book agree" in shown
    csv = b"".join(files["csv"].streaming_content).decode()
    assert "At the bank, not in the book" in csv
    assert "-9.99" in csv
    assert files["pdf"].content.startswith(b"%PDF")
    assert Event.objects.filter(action="reconciliation.export_bank_reconciliation").count() == 3
    assert browser.get(f"{page}?day=soon").status_code == 422
    assert access.signed_in(access.user("FINANCE_REVIEWER")).get(page).status_code == 404
    assert access.signed_in(access.user("CASHIER", facilities=[north])).get(page).status_code == 403
    assert (
        browser.get(
            reverse("reconciliation:bank-reconciliation-file", args=[account.code, "exe"])
        ).status_code
        == 404
    )
