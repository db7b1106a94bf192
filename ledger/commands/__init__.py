"""Every change of the book.

entries    post_entry, reverse_entry, and the Posting they take; post_entries, copy_entries of NewEntry
journals   prepare_journal, prepare_reversal, approve_journal, reject_journal, withdraw_journal,
           save_template, retire_template, prepare_recurring, propose_journal_limit, approve_journal_limit,
           reverse_due
accounts   create_account, ensure_chart, plan_chart, import_chart
roles      assign_role, propose_role_change, decide_role_change
periods    set_calendar, open_period, soft_close, hard_close, request_reopening, reopen
mapping    draft_mapping, replace_rules, set_rule, remove_rule, write_mapping_note, import_gl_accounts,
           set_gl_settings, submit_mapping, approve_mapping, return_mapping, withdraw_mapping
GL         build_gl_batch, rebuild_gl_batch, reverse_gl_batch, approve_gl_batch, reject_gl_batch,
           export_gl_batch, acknowledge_gl_batch
closing    set_checklist, propose_checklist, approve_checklist, decline_checklist, start_close, finish_task,
           take_tie_outs, sign_tie_out, sign_agreeing, request_year_close, close_year, decline_year_close,
           register_sub_ledger
rates      record_rate, import_rates, take_rates, revalue
affiliates receive_for_affiliate, settle_affiliate; by hand propose_affiliate_settlement and, by another
           person, approve_affiliate_settlement
clearing   watch_clearing, set_clearing_limit, explain_item
statements export_statement
counted    define_statistic, record_statistics, reverse_statistic, and the Counted they take
profiles   write_profile, approve_profile, try_profile, write_profile_file
delivery   write_delivery_profile, approve_delivery_profile, retire_delivery_profile, try_delivery_profile,
           queue_delivery, queue_automatic_deliveries, deliver
"""

from ledger.commands.account import create_account, ensure_chart
from ledger.commands.account_role import (
    RoleChangeDecided,
    RoleChangeDoesNotFit,
    RoleChangeNotByProposer,
    RoleChangeWithoutReason,
    RolePlayed,
    RoleUnknown,
    assign_role,
    decide_role_change,
    propose_role_change,
)
from ledger.commands.affiliate import receive_for_affiliate, settle_affiliate
from ledger.commands.affiliate_settlement import approve_affiliate_settlement, propose_affiliate_settlement
from ledger.commands.balance_check import check_balances
from ledger.commands.chart import import_chart, plan_chart
from ledger.commands.checklist import approve_checklist, decline_checklist, propose_checklist, set_checklist
from ledger.commands.clearing import explain_item, set_clearing_limit, watch_clearing
from ledger.commands.close import (
    ChecklistUnfinished,
    StepDoneAlready,
    StepNeedsEvidence,
    StepOutOfOrder,
    finish_task,
    start_close,
)
from ledger.commands.delivery import queue_automatic_deliveries, queue_delivery
from ledger.commands.delivery_profile import (
    approve_delivery_profile,
    retire_delivery_profile,
    try_delivery_profile,
    write_delivery_profile,
)
from ledger.commands.delivery_try import deliver
from ledger.commands.entry import post_entry, reverse_entry
from ledger.commands.entry_copy import copy_entries
from ledger.commands.entry_refusal import (
    AccountInactive,
    EntryAlreadyReversed,
    EntryKeyReused,
    EntryOfSetRefused,
    EntryRefused,
    PeriodClosed,
    RateMissing,
    RoleUnassigned,
)
from ledger.commands.entry_set import post_entries
from ledger.commands.exchange_rate import RateUnusable, import_rates, record_rate, take_rates
from ledger.commands.export_profile import approve_profile, try_profile, write_profile, write_profile_file
from ledger.commands.fiscal_calendar import CalendarOverlaps, set_calendar
from ledger.commands.gl_batch import build_gl_batch, rebuild_gl_batch, reverse_gl_batch
from ledger.commands.gl_batch_step import (
    GlBatchByBuilder,
    GlBatchStateWrong,
    acknowledge_gl_batch,
    approve_gl_batch,
    export_gl_batch,
    reject_gl_batch,
)
from ledger.commands.journal import (
    EntryNotFinances,
    JournalAboveLimit,
    JournalNotAwaiting,
    JournalNotByPreparer,
    JournalOnlyByPreparer,
    approve_journal,
    prepare_journal,
    prepare_reversal,
    reject_journal,
    withdraw_journal,
)
from ledger.commands.journal_limit import approve_journal_limit, propose_journal_limit
from ledger.commands.journal_refusal import (
    ControlAccountByHand,
    ForeignAccount,
)
from ledger.commands.journal_template import (
    TemplateIncomplete,
    TemplateNameTaken,
    prepare_recurring,
    retire_template,
    save_template,
)
from ledger.commands.mapping import (
    MappingNotDraft,
    draft_mapping,
    import_gl_accounts,
    set_gl_settings,
    write_mapping_note,
)
from ledger.commands.mapping_rule import MappingRuleOverlaps, remove_rule, replace_rules, set_rule
from ledger.commands.mapping_step import (
    MappingByWriter,
    MappingStateWrong,
    MappingUnsound,
    approve_mapping,
    return_mapping,
    submit_mapping,
    withdraw_mapping,
)
from ledger.commands.period import (
    PeriodStateWrong,
    ReopeningNotAwaiting,
    ReopeningNotByRequester,
    hard_close,
    open_period,
    reopen,
    request_reopening,
    soft_close,
)
from ledger.commands.revaluation import revalue
from ledger.commands.scheduled_reversal import reverse_due
from ledger.commands.statement import export_statement
from ledger.commands.statistic import Counted, define_statistic, record_statistics, reverse_statistic
from ledger.commands.tie_out import (
    TieOutNotByTaker,
    TieOutSigned,
    TieOutUnexplained,
    sign_agreeing,
    sign_tie_out,
    take_tie_outs,
)
from ledger.commands.year_close import YearNotWhole, close_year, decline_year_close, request_year_close
from ledger.queries.batch_lines import MappingIncomplete
from ledger.rules.close import STANDARD_CHECKLIST, StepAsked
from ledger.rules.journal import JournalLineAsked, JournalTooShort, JournalUnbalanced
from ledger.rules.posting import EntryUnbalanced, NewEntry, Posting
from ledger.rules.sub_ledger import OpenDocument, SubLedger, register_sub_ledger

__all__ = [
    "STANDARD_CHECKLIST",
    "AccountInactive",
    "CalendarOverlaps",
    "ChecklistUnfinished",
    "ControlAccountByHand",
    "Counted",
    "EntryAlreadyReversed",
    "EntryKeyReused",
    "EntryNotFinances",
    "EntryOfSetRefused",
    "EntryRefused",
    "EntryUnbalanced",
    "ForeignAccount",
    "GlBatchByBuilder",
    "GlBatchStateWrong",
    "JournalAboveLimit",
    "JournalLineAsked",
    "JournalNotAwaiting",
    "JournalNotByPreparer",
    "JournalOnlyByPreparer",
    "JournalTooShort",
    "JournalUnbalanced",
    "MappingByWriter",
    "MappingIncomplete",
    "MappingNotDraft",
    "MappingRuleOverlaps",
    "MappingStateWrong",
    "MappingUnsound",
    "NewEntry",
    "OpenDocument",
    "PeriodClosed",
    "PeriodStateWrong",
    "Posting",
    "RateMissing",
    "RateUnusable",
    "ReopeningNotAwaiting",
    "ReopeningNotByRequester",
    "RoleChangeDecided",
    "RoleChangeDoesNotFit",
    "RoleChangeNotByProposer",
    "RoleChangeWithoutReason",
    "RolePlayed",
    "RoleUnassigned",
    "RoleUnknown",
    "StepAsked",
    "StepDoneAlready",
    "StepNeedsEvidence",
    "StepOutOfOrder",
    "SubLedger",
    "TemplateIncomplete",
    "TemplateNameTaken",
    "TieOutNotByTaker",
    "TieOutSigned",
    "TieOutUnexplained",
    "YearNotWhole",
    "acknowledge_gl_batch",
    "approve_affiliate_settlement",
    "approve_checklist",
    "approve_delivery_profile",
    "approve_gl_batch",
    "approve_journal",
    "approve_journal_limit",
    "approve_mapping",
    "approve_profile",
    "assign_role",
    "build_gl_batch",
    "check_balances",
    "close_year",
    "copy_entries",
    "create_account",
    "decide_role_change",
    "decline_checklist",
    "decline_year_close",
    "define_statistic",
    "deliver",
    "draft_mapping",
    "ensure_chart",
    "explain_item",
    "export_gl_batch",
    "export_statement",
    "finish_task",
    "hard_close",
    "import_chart",
    "import_gl_accounts",
    "import_rates",
    "open_period",
    "plan_chart",
    "post_entries",
    "post_entry",
    "prepare_journal",
    "prepare_recurring",
    "prepare_reversal",
    "propose_affiliate_settlement",
    "propose_checklist",
    "propose_journal_limit",
    "propose_role_change",
    "queue_automatic_deliveries",
    "queue_delivery",
    "rebuild_gl_batch",
    "receive_for_affiliate",
    "record_rate",
    "record_statistics",
    "register_sub_ledger",
    "reject_gl_batch",
    "reject_journal",
    "remove_rule",
    "reopen",
    "replace_rules",
    "request_reopening",
    "request_year_close",
    "retire_delivery_profile",
    "retire_template",
    "return_mapping",
    "revalue",
    "reverse_due",
    "reverse_entry",
    "reverse_gl_batch",
    "reverse_statistic",
    "save_template",
    "set_calendar",
    "set_checklist",
    "set_clearing_limit",
    "set_gl_settings",
    "set_rule",
    "settle_affiliate",
    "sign_agreeing",
    "sign_tie_out",
    "soft_close",
    "start_close",
    "submit_mapping",
    "take_rates",
    "take_tie_outs",
    "try_delivery_profile",
    "try_profile",
    "watch_clearing",
    "withdraw_journal",
    "withdraw_mapping",
    "write_delivery_profile",
    "write_mapping_note",
    "write_profile",
    "write_profile_file",
]
