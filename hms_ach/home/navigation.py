"""The menu: one readable table, shown to each person as far as their permissions go."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the menu.

    url_name    reversed without arguments; an entry whose screen is not installed is left out
    permission  who sees it; empty for everybody signed in
    icon        a Lucide drawing
    also        the start of other paths that belong to it
    """

    label: str
    url_name: str
    permission: str
    icon: str
    also: str = ""


MENU: dict[str, list[Place]] = {
    "": [Place("Home", "home:home", "", "house")],
    "Till": [
        Place(
            "Register", "cashiering:register", "cashiering.take_payment", "monitor", "/cashiering/my-session/"
        ),
        Place("Sessions", "cashiering:session-list", "cashiering.view_session", "clock"),
        Place("Payments", "cashiering:payment-list", "cashiering.view_payment", "receipt"),
        Place("Refunds", "cashiering:refund-list", "cashiering.view_refund", "undo-2"),
        Place("Cheques", "cashiering:cheque-list", "cashiering.view_payment", "file-text"),
        Place("Returned payments", "cashiering:payment-return-list", "cashiering.view_payment", "undo-2"),
        Place("Control room", "cashiering:control-room", "cashiering.view_control_room", "monitor"),
        Place("Transfers", "cashiering:transfer-list", "cashiering.accept_transfer", "link"),
        Place("Safe", "cashiering:safe-list", "cashiering.view_safe", "vault"),
        Place("Suspect notes", "cashiering:suspect-note-list", "cashiering.view_control_room", "banknote"),
        Place(
            "Not collected", "cashiering:not-collected-list", "cashiering.view_not_collected", "circle-slash"
        ),
        Place("Deposits", "cashiering:deposit-list", "cashiering.view_deposit", "vault"),
        Place("Cash book", "cashiering:cash-book", "cashiering.view_cash_book", "file-text"),
        Place("Registers", "cashiering:register-list", "cashiering.view_register", "settings-2"),
        Place("Cash to report", "cashiering:cash-watch", "cashiering.view_cash_watch", "banknote"),
        Place("Cross-check", "cashiering:cross-check", "cashiering.view_cash_watch", "scale"),
        Place("Card batches", "cashiering:card-batch-list", "cashiering.view_card_batch", "credit-card"),
    ],
    "Bills": [
        Place("Invoices", "billing:invoice-list", "billing.view_invoice", "file-text"),
        Place("Patients", "billing:patient-list", "billing.view_patient", "users"),
        Place("Payers", "billing:payer-list", "billing.view_payer", "building-2"),
        Place("Services", "billing:service-list", "billing.view_price", "stethoscope"),
        Place("Prices", "billing:price-list", "billing.view_price", "tags"),
    ],
    "Bank": [
        Place("Discrepancies", "reconciliation:discrepancy-list", "reconciliation.view_discrepancy", "scale"),
        Place("Approvals", "reconciliation:approvals", "reconciliation.approve", "stamp"),
        Place("Suspense", "reconciliation:suspense-list", "reconciliation.view_discrepancy", "inbox"),
        Place(
            "Affiliates' money",
            "reconciliation:affiliate-receipt-list",
            "reconciliation.view_discrepancy",
            "arrow-right-left",
        ),
        Place("Day board", "reconciliation:day-list", "reconciliation.view_day", "calendar-check"),
        Place("Statements", "reconciliation:statement-list", "reconciliation.view_statement", "landmark"),
        Place(
            "Cut-off test", "reconciliation:cut-off-test", "reconciliation.view_statement", "calendar-range"
        ),
        Place("Matches", "reconciliation:match-list", "reconciliation.view_match", "link"),
        Place("Checks", "reconciliation:sample-list", "reconciliation.judge_match", "clipboard-check"),
        Place("Card payouts", "cashiering:payout-list", "cashiering.view_card_batch", "credit-card"),
        Place("Lockboxes", "cashiering:lockbox-list", "cashiering.view_advice", "vault"),
        Place("Advices", "cashiering:advice-list", "cashiering.view_advice", "megaphone"),
        Place("Learnt rules", "reconciliation:rule-list", "reconciliation.view_match", "graduation-cap"),
        Place("Accounts", "reconciliation:account-list", "reconciliation.view_statement", "wallet"),
        Place(
            "Certification",
            "reconciliation:certification-list",
            "reconciliation.view_statement",
            "badge-check",
        ),
        Place("Tolerances", "reconciliation:tolerance-list", "reconciliation.view_statement", "ruler"),
        Place("Connections", "reconciliation:connection-list", "reconciliation.view_connection", "cable"),
    ],
    "Book": [
        Place("Trial balance", "ledger:trial-balance", "ledger.view_entry", "book-open"),
        Place("Receivables", "ledger:receivable-list", "ledger.view_entry", "hand-coins"),
        Place(
            "Control totals",
            "ledger:control-total-list",
            "ledger.view_account",
            "scale",
            "/ledger/open-documents/",
        ),
        Place("Between entities", "ledger:affiliate-list", "ledger.view_entry", "arrow-right-left"),
        Place("Statistics", "ledger:statistic-list", "ledger.view_entry", "activity"),
        Place("Day book", "ledger:entry-list", "ledger.view_entry", "scroll-text"),
        Place(
            "Journals",
            "ledger:journal-list",
            "ledger.view_journal",
            "notebook-pen",
            "/ledger/journal-templates/",
        ),
        Place(
            "Clearing accounts",
            "ledger:open-item-list",
            "ledger.view_entry",
            "list-checks",
            "/ledger/clearing-limits/",
        ),
        Place("Periods", "ledger:period-list", "ledger.view_period", "calendar-range"),
        Place("Chart of accounts", "ledger:chart-list", "ledger.view_account", "network"),
        Place("Account roles", "ledger:account-role-list", "ledger.view_account", "route"),
        Place("Exchange rates", "ledger:exchange-rate-list", "ledger.view_rate", "arrow-left-right"),
        Place("Posting rules", "ledger:posting-rule-list", "ledger.view_account", "table-properties"),
        Place("GL batches", "ledger:gl-batch-list", "ledger.view_gl_batch", "layers"),
        Place("Mapping", "ledger:mapping-list", "ledger.view_mapping", "map"),
        Place("GL chart", "ledger:gl-account-list", "ledger.view_mapping", "list-tree"),
    ],
    "Control": [
        Place("Audit trail", "audit:event-list", "audit.view_event", "shield-check"),
        Place("People", "access:user-list", "access.view_user", "user-cog"),
        Place("Facilities", "access:facility-list", "access.view_user", "hospital"),
        Place("API clients", "access:api-client-list", "access.view_api_client", "plug"),
        Place("Webhooks", "outbox:endpoint-list", "outbox.view_endpoint", "webhook"),
    ],
}


def menu_of(request: HttpRequest) -> list[tuple[str, list[tuple[Place, str, bool]]]]:
    """The sections this person may open, as (heading, [(place, url, is here)])."""
    open_to = {
        place: url
        for places in MENU.values()
        for place in places
        if (not place.permission or request.user.has_perm(place.permission)) and (url := _url(place))
    }
    within = [place for place, url in open_to.items() if _is_within(request.path, url, place.also)]
    here = max((open_to[place] for place in within), key=len, default="")
    sections = []
    for heading, places in MENU.items():
        shown = [(place, open_to[place], open_to[place] == here) for place in places if place in open_to]
        if shown:
            sections.append((heading, shown))
    return sections


def _url(place: Place) -> str:
    try:
        return reverse(place.url_name)
    except NoReverseMatch:
        return ""


def _is_within(path: str, url: str, also: str) -> bool:
    if also and path.startswith(also):
        return True
    return path == url if url == "/" else path.startswith(url)
