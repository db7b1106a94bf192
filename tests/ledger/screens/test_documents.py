"""Every document that posts shows its entries with their GL batches and the general ledger's journals."""

from pathlib import Path

import pytest

from ledger.rules.posting_rules import RULES

TEMPLATES = Path(__file__).parents[3] / "templates"
# Where people look at the document that a source of entries names (hms_ach/web/names.py).
PAGES = {
    "charge": ["billing/invoice/_body.html"],
    "invoice": ["billing/invoice/_body.html"],
    "payment": ["cashiering/payment/detail.html"],
    "payment_void": ["cashiering/payment/detail.html"],
    "reallocation": ["cashiering/payment/detail.html"],
    "payment_return": ["cashiering/payment_return/detail.html", "cashiering/cheque/return.html"],
    "refund": ["cashiering/refund/detail.html"],
    "refund_payout": ["cashiering/refund/detail.html"],
    "deposit": ["cashiering/deposit/detail.html"],
    "session": ["cashiering/session/detail.html"],
    "cash_movement": ["cashiering/session/detail.html"],
    "over_short": ["cashiering/session/detail.html"],
    "cash_transfer": ["cashiering/transfer/detail.html"],
    "safe_count": ["cashiering/safe/detail.html"],
    "lockbox_deposit": ["cashiering/lockbox/detail.html"],
    "payout": ["cashiering/payout/detail.html"],
    "chargeback_win": ["cashiering/chargeback_win/detail.html"],
    "match": ["reconciliation/match/detail.html"],
    "suspense_clearing": ["reconciliation/suspense/detail.html"],
    "adjustment": ["ledger/journal/detail.html"],
    "affiliate": ["reconciliation/affiliate/detail.html"],
}
# No document of these kinds has a page.
NO_PAGE = {"opening", "remittance", "concession"}


def test_each_source_of_entries_has_its_page_here():
    assert {rule.source for rule in RULES} - NO_PAGE - set(PAGES) == set()


@pytest.mark.parametrize("template", sorted({page for pages in PAGES.values() for page in pages}))
def test_the_page_of_a_document_shows_what_the_general_ledger_made_of_it(template):
    assert "ledger/entry/_of_document.html" in (TEMPLATES / template).read_text()
