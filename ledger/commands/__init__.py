"""Every change of the book.

entries    post_entry, reverse_entry, and the Posting they take
accounts   create_account, assign_role, ensure_chart
periods    set_calendar, open_period, soft_close, hard_close, request_reopening, reopen
rates      record_rate
mapping    draft_mapping, replace_rules, set_rule, remove_rule, write_mapping_note, import_gl_accounts,
           set_gl_settings, submit_mapping, approve_mapping, return_mapping, withdraw_mapping
GL         build_gl_batch, rebuild_gl_batch, reverse_gl_batch, approve_gl_batch, reject_gl_batch,
           export_gl_batch, acknowledge_gl_batch
"""

from ledger.commands.account import RoleUnknown, assign_role, create_account, ensure_chart
from ledger.commands.entry import post_entry, reverse_entry
from ledger.commands.entry_refusal import (
    AccountInactive,
    EntryAlreadyReversed,
    EntryKeyReused,
    EntryRefused,
    EntryUnknown,
    PeriodClosed,
    RateMissing,
    RoleUnassigned,
)
from ledger.commands.exchange_rate import record_rate
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
from ledger.commands.mapping import (
    MappingNotDraft,
    draft_mapping,
    import_gl_accounts,
    remove_rule,
    replace_rules,
    set_gl_settings,
    set_rule,
    write_mapping_note,
)
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
    ReopeningAwaiting,
    ReopeningNotAwaiting,
    ReopeningNotByRequester,
    ReopeningWithoutReason,
    hard_close,
    open_period,
    reopen,
    request_reopening,
    soft_close,
)
from ledger.queries.batch_lines import MappingIncomplete
from ledger.rules.posting import EntryUnbalanced, Posting

__all__ = [
    "AccountInactive",
    "CalendarOverlaps",
    "EntryAlreadyReversed",
    "EntryKeyReused",
    "EntryRefused",
    "EntryUnbalanced",
    "EntryUnknown",
    "GlBatchByBuilder",
    "GlBatchStateWrong",
    "MappingByWriter",
    "MappingIncomplete",
    "MappingNotDraft",
    "MappingStateWrong",
    "MappingUnsound",
    "PeriodClosed",
    "PeriodStateWrong",
    "Posting",
    "RateMissing",
    "ReopeningAwaiting",
    "ReopeningNotAwaiting",
    "ReopeningNotByRequester",
    "ReopeningWithoutReason",
    "RoleUnassigned",
    "RoleUnknown",
    "acknowledge_gl_batch",
    "approve_gl_batch",
    "approve_mapping",
    "assign_role",
    "build_gl_batch",
    "create_account",
    "draft_mapping",
    "ensure_chart",
    "export_gl_batch",
    "hard_close",
    "import_gl_accounts",
    "open_period",
    "post_entry",
    "rebuild_gl_batch",
    "record_rate",
    "reject_gl_batch",
    "remove_rule",
    "reopen",
    "replace_rules",
    "request_reopening",
    "return_mapping",
    "reverse_entry",
    "reverse_gl_batch",
    "set_calendar",
    "set_gl_settings",
    "set_rule",
    "soft_close",
    "submit_mapping",
    "withdraw_mapping",
    "write_mapping_note",
]
