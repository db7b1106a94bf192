"""Questions of the bank; never write.

accounts    accounts_of, account_by_code, account_by_number, numbers_of
            profile_of, table_profile_of: how their files are read
            tolerances_of, tolerances_in_force, tolerance_use: what may differ
            certification_of, certifications_of, claims_of, proof_of: what of it is certified
statements  statements_of, statement_of, lines_of, statement_matters, is_original_open
connections connections_of, deliveries_of
account     bank_reconciliation: at the bank beside the book, at the end of a day;
            reconciliations_prepared: who answers for it
announced   announced, reports_of: what interim reports say and no statement yet
matches     matches_of, plan_of, original_of (what a line takes back), other_side (of a sweep)
learning    rules_of, rules_in_force, evidence_of, teachers_of, may_approve
discrepancies  queue, totals_of_queue, progress, discrepancy_detail, journal_of,
            scores_to_approve
review      hold_of, is_held, rejections_of: what was put aside
the truth   samples_to_judge, makers_of, measured_precision
suspense    suspense_items, tries_of, suspense_balance, clearings_of, owed_back, affiliate_receipts
cut-off     receipts_tested, credits_unrecorded: around a period's end
the day     day_board, tiles_of, rows_of_tile, closed_days, days_to_close; day_corrections, is_day_locked,
            is_in_closed_day: what is final, and put right since
the book    clearing_documents, suspense_documents; the till: with_bank_states
home        waiting
"""

from reconciliation.queries.account import (
    BankAccountUnknown,
    account_by_code,
    account_by_number,
    accounts_of,
    numbers_of,
)
from reconciliation.queries.account_profile import profile_of, table_profile_of
from reconciliation.queries.account_tolerance import (
    ToleranceUse,
    rows_in_force,
    tolerance_use,
    tolerances_in_force,
    tolerances_of,
)
from reconciliation.queries.affiliate import affiliate_receipts
from reconciliation.queries.bank_connection import connections_of, deliveries_of
from reconciliation.queries.bank_reconciliation import BankReconciliation, bank_reconciliation
from reconciliation.queries.bank_state import with_bank_states
from reconciliation.queries.certification import (
    Certification,
    ItemStanding,
    certification_of,
    certifications_of,
    claims_of,
)
from reconciliation.queries.certification_proof import Proof, proof_of
from reconciliation.queries.cut_off import (
    CreditUnrecorded,
    ReceiptTested,
    credits_unrecorded,
    receipts_tested,
)
from reconciliation.queries.day import SHOWN_DAYS, Board, Check, closed_days, day_board, days_to_close
from reconciliation.queries.day_correction import day_corrections, is_day_locked, is_in_closed_day
from reconciliation.queries.day_tile import TILES, Tile, rows_of_tile, tiles_of
from reconciliation.queries.discrepancy import (
    Chosen,
    DiscrepancyDetail,
    discrepancy_detail,
    journal_of,
)
from reconciliation.queries.give_back import owed_back
from reconciliation.queries.interim import announced, reports_of
from reconciliation.queries.learnt_rule import (
    evidence_of,
    may_approve,
    rules_in_force,
    rules_of,
    teachers_of,
)
from reconciliation.queries.match import matches_of, plan_of
from reconciliation.queries.original import Original, original_of
from reconciliation.queries.prepared_reconciliation import reconciliations_prepared
from reconciliation.queries.queue import (
    Asked,
    Group,
    progress,
    queue,
    scores_to_approve,
    totals_of_queue,
)
from reconciliation.queries.review import (
    hold_of,
    is_held,
    rejections_of,
)
from reconciliation.queries.sample import Measured, makers_of, measured_precision, samples_to_judge
from reconciliation.queries.side import sides_of
from reconciliation.queries.statement import (
    StatementUnknown,
    is_original_open,
    lines_of,
    statement_matters,
    statement_of,
    statements_of,
)
from reconciliation.queries.sub_ledger import clearing_documents, suspense_documents
from reconciliation.queries.suspense import (
    SuspenseItem,
    clearings_of,
    suspense_balance,
    suspense_items,
    tries_of,
)
from reconciliation.queries.sweep import other_side
from reconciliation.queries.waiting import waiting

__all__ = [
    "SHOWN_DAYS",
    "TILES",
    "Asked",
    "BankAccountUnknown",
    "BankReconciliation",
    "Board",
    "Certification",
    "Check",
    "Chosen",
    "CreditUnrecorded",
    "DiscrepancyDetail",
    "Group",
    "ItemStanding",
    "Measured",
    "Original",
    "Proof",
    "ReceiptTested",
    "StatementUnknown",
    "SuspenseItem",
    "Tile",
    "ToleranceUse",
    "account_by_code",
    "account_by_number",
    "accounts_of",
    "affiliate_receipts",
    "announced",
    "bank_reconciliation",
    "certification_of",
    "certifications_of",
    "claims_of",
    "clearing_documents",
    "clearings_of",
    "closed_days",
    "connections_of",
    "credits_unrecorded",
    "day_board",
    "day_corrections",
    "days_to_close",
    "deliveries_of",
    "discrepancy_detail",
    "evidence_of",
    "hold_of",
    "is_day_locked",
    "is_held",
    "is_in_closed_day",
    "is_original_open",
    "journal_of",
    "lines_of",
    "makers_of",
    "matches_of",
    "may_approve",
    "measured_precision",
    "numbers_of",
    "original_of",
    "other_side",
    "owed_back",
    "plan_of",
    "profile_of",
    "progress",
    "proof_of",
    "queue",
    "receipts_tested",
    "reconciliations_prepared",
    "rejections_of",
    "reports_of",
    "rows_in_force",
    "rows_of_tile",
    "rules_in_force",
    "rules_of",
    "samples_to_judge",
    "scores_to_approve",
    "sides_of",
    "statement_matters",
    "statement_of",
    "statements_of",
    "suspense_balance",
    "suspense_documents",
    "suspense_items",
    "table_profile_of",
    "teachers_of",
    "tiles_of",
    "tolerance_use",
    "tolerances_in_force",
    "tolerances_of",
    "totals_of_queue",
    "tries_of",
    "waiting",
    "with_bank_states",
]
