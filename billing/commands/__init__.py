"""Changes of the bill; the only code that writes.

patients       register_patient, correct_patient, note_account_opened, raise_alert, end_alert
arrivals       tell_arrival
payers         register_payer, change_payer, record_coverage, end_coverage
prices         register_service, ensure_service, change_service, create_price_list, set_price
charges        record_charge, withdraw_charge
bills          bill_services, patient_given: patient, charges and invoices in one step
drafts         draft_invoice, draft_bill (several parties), discard_draft
invoices       issue_invoice, cancel_invoice
locks          lock_invoice, unlock_invoice
settlements    settle_invoice, unsettle_invoice, pass_settlement_on
"""

from billing.commands.arrival import tell_arrival
from billing.commands.bill import Line, LineRefused, PatientGiven, bill_services, patient_given
from billing.commands.charge import record_charge, withdraw_charge
from billing.commands.draft import Party, discard_draft, draft_bill, draft_invoice
from billing.commands.invoice import cancel_invoice, issue_invoice
from billing.commands.lock import lock_invoice, unlock_invoice
from billing.commands.patient import (
    correct_patient,
    end_alert,
    note_account_opened,
    raise_alert,
    register_patient,
)
from billing.commands.payer import (
    CoverageEndsTooEarly,
    CoverageOverlaps,
    change_payer,
    end_coverage,
    record_coverage,
    register_payer,
)
from billing.commands.price import (
    change_service,
    create_price_list,
    ensure_service,
    register_service,
    set_price,
)
from billing.commands.settlement import (
    InvoiceNotOpen,
    NothingSettled,
    OverSettled,
    Settled,
    pass_settlement_on,
    settle_invoice,
    unsettle_invoice,
)
from billing.rules.shares import Share

__all__ = [
    "CoverageEndsTooEarly",
    "CoverageOverlaps",
    "InvoiceNotOpen",
    "Line",
    "LineRefused",
    "NothingSettled",
    "OverSettled",
    "Party",
    "PatientGiven",
    "Settled",
    "Share",
    "bill_services",
    "cancel_invoice",
    "change_payer",
    "change_service",
    "correct_patient",
    "create_price_list",
    "discard_draft",
    "draft_bill",
    "draft_invoice",
    "end_alert",
    "end_coverage",
    "ensure_service",
    "issue_invoice",
    "lock_invoice",
    "note_account_opened",
    "pass_settlement_on",
    "patient_given",
    "raise_alert",
    "record_charge",
    "record_coverage",
    "register_patient",
    "register_payer",
    "register_service",
    "set_price",
    "settle_invoice",
    "tell_arrival",
    "unlock_invoice",
    "unsettle_invoice",
    "withdraw_charge",
]
