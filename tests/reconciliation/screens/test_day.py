"""The day's board: tiles, what stands behind them, and the control totals."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import Posting, post_entry
from ledger.models import Period
from reconciliation.commands import close_day, reconcile_account
from reconciliation.models import Discrepancy
from tests.make import access
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 13, 15, tzinfo=UTC)
DAY = make.DAY.isoformat()


@pytest.fixture
def account(db):
    with clock.at(LATER):
        yield make.bank_account(make.hospital())


@pytest.fixture
def finn(account):
    return make.approver(account.facility)


def _page(person, name="day-detail", query="") -> str:
    address = reverse(f"reconciliation:{name}", args=["NORTH", DAY])
    return access.signed_in(person).get(f"{address}{query}").content.decode()


def _tile(page: str, label: str) -> str:
    return page.split('<p class="stat__label">' + label)[1].split("</div>")[0]


def test_a_tile_opens_the_rows_that_hold_the_day_up(account, finn):
    make.statement(account, make.line(77_00, "E2E-9"))
    reconcile_account(account=account)
    found = Discrepancy.objects.get(kind="UNMATCHED_CREDIT")

    page = _page(finn, query="?tile=bank")

    assert "still open" in _tile(page, "Bank")
    assert "E2E-9" in page.split("What stands behind it")[-1]
    assert reverse("reconciliation:discrepancy-detail", args=[found.public_id]) in page


def test_a_statement_that_did_not_come_stands_behind_the_bank_with_its_discrepancy(account, finn):
    before = _page(finn, query="?tile=bank").split("What stands behind it")[-1]
    with clock.at(LATER + timedelta(days=3)):
        reconcile_account(account=account)
    found = Discrepancy.objects.get(kind="STATEMENT_MISSING", due_on=make.DAY)
    after = _page(finn, query="?tile=bank").split("What stands behind it")[-1]

    assert "Statement of NORTH-OP" in before
    assert "Did not come" in after
    assert reverse("reconciliation:discrepancy-detail", args=[found.public_id]) in after


@pytest.mark.parametrize(
    ("day", "says"),
    [("1999-01-01", "The book has no period for this day."), ("2099-01-01", "The day has not begun.")],
)
def test_a_day_without_a_period_or_to_come_says_so_and_offers_no_close(account, finn, day, says):
    address = reverse("reconciliation:day-detail", args=["NORTH", day])
    page = access.signed_in(finn).get(address).content.decode()

    assert says in page
    assert "Close the day" not in page


def test_a_line_that_no_matching_has_seen_leads_to_its_statement(account, finn):
    kept = make.statement(account, make.line(77_00, "E2E-9"))

    assert reverse("reconciliation:statement-detail", args=[kept.public_id]) in _page(
        finn, query="?tile=bank"
    )


def test_what_nobody_knows_is_not_green(account, finn):
    page = _page(finn, query="?tile=remittances")

    assert "unknown" in _tile(page, "Remittances")
    assert "does not hold the day up" in page


def test_a_closed_day_keeps_its_tiles(account, finn):
    make.statement(account)
    reconcile_account(account=account)
    close_day(facility=account.facility, business_on=make.DAY, actor=finn)

    page = _page(finn)
    address = f"{reverse('reconciliation:day-list')}?day={DAY}"
    final = access.signed_in(finn).get(address).content.decode()
    Period.objects.update(state="SOFT")
    locked = access.signed_in(finn).get(address).content.decode()

    assert "all done" in _tile(page, "Bank")
    assert ">Final<" in final
    assert ">Locked<" not in final
    assert ">Locked<" in locked
    assert ">Final<" not in locked


def test_control_totals_show_what_differs_to_the_cent(account, finn):
    make.deposit_in_transit(account.facility, 1_000_00)
    even = _page(finn, "day-totals")
    amount = Money(1, "USD")
    post_entry(
        key="test.stray",
        facility=account.facility,
        effective_on=make.DAY,
        source=("journal", "x"),
        memo="stray",
        postings=[Posting("deposit.in_transit", amount, reference="stray"), Posting("cash.safe", -amount)],
    )

    odd = _page(finn, "day-totals")

    assert "Everything ties to the cent" in even
    assert "−$0.01" in odd
    assert "Something does not tie" in odd


def test_who_may_not_see_the_book_sees_no_control_totals(account):
    head = access.user("HEAD_CASHIER", facilities=[account.facility], username="cora")

    board = _page(head)
    answer = access.signed_in(head).get(reverse("reconciliation:day-totals", args=["NORTH", DAY]))

    assert "Control totals" not in board
    assert answer.status_code == 403
