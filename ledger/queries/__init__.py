"""Every question to the book.

balances   balances, account_balance, balance_of, held_for, trial_balance, account_by_number,
           account_statement, statement_rows, role_name, latest_checks,
           control_totals: every sub-ledger beside the book
clearing   open_items, clearing_items, clearing_limits, alarms_of, item_postings, item_notes, latest_notes,
           overdue_items
owed       receivables_roll_forward, affiliate_pairs
counted    statistics, statistic_entries, statistic_accounts, statistics_of, quantities_of
lines      posting_lines, lines_total, movement_of, postings_of: what stands behind a figure
journal    entries_of, entry_detail, journal
mapping    mapping_versions, mapping_version, mapping_in_force, mapping_to_copy, rules_of, check_mapping,
           changes_between, notes_of, steps_of, open_questions, categories_of, gl_accounts, gl_settings
GL         gl_batches, gl_batch, gl_batch_lines, gl_batch_steps, gl_batch_files, gl_batch_file, released_file,
           file_bytes, standing_reversal, unbatched
journals   journals, journal_of, journal_templates, journal_limits, limits_awaiting, above_limit,
           limits_of, surely_above, evidence_of, evidence_kept_by, finance_entry (what people write by hand)
chart      chart, chart_rows, accounts_in_use, control_accounts, account_roles, role_changes, rule_uses
rates      exchange_rates, rates_on
periods    periods, period_of, is_period_closed, is_in_a_period, days_in_closed_periods, checklist,
           checklists_awaiting, close_lines, closing_round, moved_since, is_to_sign, late_entries,
           year_result, year_close_requests, year_closes, waiting
tie-outs   tie_outs, tie_out_named, documents_kept, documents_now
exports    export_profiles, profiles_in_force, delivery_profiles, delivery_profiles_in_force, deliveries,
           deliveries_of, deliveries_owed
"""

from ledger.queries.account import account_by_number, accounts_of
from ledger.queries.affiliates import AffiliatePair, affiliate_pairs, place_of_item, settlements
from ledger.queries.balance import Balance, account_balance, balance_of, balances, held_for
from ledger.queries.balance_check import CheckRow, DriftRow, latest_checks
from ledger.queries.chart import (
    ChartLine,
    RoleLine,
    account_roles,
    accounts_in_use,
    chart,
    chart_rows,
    control_accounts,
    role_changes,
)
from ledger.queries.checklist import checklist, checklists_awaiting
from ledger.queries.clearing import (
    ItemPosting,
    Overdue,
    alarmed_items,
    alarms_of,
    clearing_limits,
    item_notes,
    item_postings,
    key_of,
    latest_notes,
    overdue_items,
)
from ledger.queries.close import CloseLine, close_lines, late_entries
from ledger.queries.control_total import ControlTotal, control_totals
from ledger.queries.delivery import (
    deliveries,
    deliveries_of,
    deliveries_owed,
    delivery_profiles,
    delivery_profiles_in_force,
)
from ledger.queries.document import DocumentEntry, document_entries
from ledger.queries.entry import EntryDetail, EntryLine, EntryRow, entries_of, entry_detail, journal
from ledger.queries.exchange_rate import RateKnown, exchange_rates, rates_on
from ledger.queries.export_profile import export_profiles, profiles_in_force
from ledger.queries.gl_batch import (
    GlBatchNotReleased,
    Unbatched,
    file_bytes,
    gl_batch,
    gl_batch_file,
    gl_batch_files,
    gl_batch_lines,
    gl_batch_steps,
    gl_batches,
    released_file,
    standing_reversal,
    unbatched,
)
from ledger.queries.journal_evidence import evidence_kept_by, evidence_of
from ledger.queries.journal_limit import (
    AboveLimit,
    LimitLine,
    above_limit,
    journal_limits,
    limits_awaiting,
    limits_of,
    surely_above,
)
from ledger.queries.journals import finance_entry, journal_of, journal_templates, journals
from ledger.queries.lines import LineFilter, LinesTotal, lines_total, movement_of, posting_lines, postings_of
from ledger.queries.mapping import (
    MappingCheck,
    RuleChange,
    account_categories,
    categories_of,
    changes_between,
    check_mapping,
    gl_accounts,
    gl_settings,
    mapping_in_force,
    mapping_to_copy,
    mapping_version,
    mapping_versions,
    notes_of,
    open_questions,
    rules_of,
    steps_of,
    writers_of,
)
from ledger.queries.open_document import DocumentsBehind, documents_kept, documents_now, tie_out_named
from ledger.queries.open_items import OpenItem, clearing_items, open_items
from ledger.queries.period import (
    PeriodRow,
    closing_round,
    days_in_closed_periods,
    is_in_a_period,
    is_period_closed,
    period_of,
    periods,
)
from ledger.queries.posting_rules import RuleUse, rule_uses
from ledger.queries.receivables import RollForward, RollForwardRow, receivables_roll_forward
from ledger.queries.scope import Scope
from ledger.queries.statement import AccountStatement, StatementRow, account_statement, statement_rows
from ledger.queries.statistic import (
    StatisticRow,
    quantities_of,
    statistic_accounts,
    statistic_entries,
    statistics,
    statistics_of,
)
from ledger.queries.tie_out import is_to_sign, moved_since, tie_outs
from ledger.queries.trial_balance import TrialBalance, TrialBalanceRow, trial_balance
from ledger.queries.waiting import waiting
from ledger.queries.year_close import YearResult, year_close_requests, year_closes, year_result
from ledger.rules.roles import role_name

__all__ = [
    "AboveLimit",
    "AccountStatement",
    "AffiliatePair",
    "Balance",
    "ChartLine",
    "CheckRow",
    "CloseLine",
    "ControlTotal",
    "DocumentEntry",
    "DocumentsBehind",
    "DriftRow",
    "EntryDetail",
    "EntryLine",
    "EntryRow",
    "GlBatchNotReleased",
    "ItemPosting",
    "LimitLine",
    "LineFilter",
    "LinesTotal",
    "MappingCheck",
    "OpenItem",
    "Overdue",
    "PeriodRow",
    "RateKnown",
    "RoleLine",
    "RollForward",
    "RollForwardRow",
    "RuleChange",
    "RuleUse",
    "Scope",
    "StatementRow",
    "StatisticRow",
    "TrialBalance",
    "TrialBalanceRow",
    "Unbatched",
    "YearResult",
    "above_limit",
    "account_balance",
    "account_by_number",
    "account_categories",
    "account_roles",
    "account_statement",
    "accounts_in_use",
    "accounts_of",
    "affiliate_pairs",
    "alarmed_items",
    "alarms_of",
    "balance_of",
    "balances",
    "categories_of",
    "changes_between",
    "chart",
    "chart_rows",
    "check_mapping",
    "checklist",
    "checklists_awaiting",
    "clearing_items",
    "clearing_limits",
    "close_lines",
    "closing_round",
    "control_accounts",
    "control_totals",
    "days_in_closed_periods",
    "deliveries",
    "deliveries_of",
    "deliveries_owed",
    "delivery_profiles",
    "delivery_profiles_in_force",
    "document_entries",
    "documents_kept",
    "documents_now",
    "entries_of",
    "entry_detail",
    "evidence_kept_by",
    "evidence_of",
    "exchange_rates",
    "export_profiles",
    "file_bytes",
    "finance_entry",
    "gl_accounts",
    "gl_batch",
    "gl_batch_file",
    "gl_batch_files",
    "gl_batch_lines",
    "gl_batch_steps",
    "gl_batches",
    "gl_settings",
    "held_for",
    "is_in_a_period",
    "is_period_closed",
    "is_to_sign",
    "item_notes",
    "item_postings",
    "journal",
    "journal_limits",
    "journal_of",
    "journal_templates",
    "journals",
    "key_of",
    "late_entries",
    "latest_checks",
    "latest_notes",
    "limits_awaiting",
    "limits_of",
    "lines_total",
    "mapping_in_force",
    "mapping_to_copy",
    "mapping_version",
    "mapping_versions",
    "moved_since",
    "movement_of",
    "notes_of",
    "open_items",
    "open_questions",
    "overdue_items",
    "period_of",
    "periods",
    "place_of_item",
    "posting_lines",
    "postings_of",
    "profiles_in_force",
    "quantities_of",
    "rates_on",
    "receivables_roll_forward",
    "released_file",
    "role_changes",
    "role_name",
    "rule_uses",
    "rules_of",
    "settlements",
    "standing_reversal",
    "statement_rows",
    "statistic_accounts",
    "statistic_entries",
    "statistics",
    "statistics_of",
    "steps_of",
    "surely_above",
    "tie_out_named",
    "tie_outs",
    "trial_balance",
    "unbatched",
    "waiting",
    "writers_of",
    "year_close_requests",
    "year_closes",
    "year_result",
]
