"""Every change of the book.

entries    post_entry, reverse_entry, and the Posting they take
accounts   create_account, assign_role, ensure_chart
periods    set_calendar, open_period, soft_close, hard_close, request_reopening, reopen
rates      record_rate
GL         build_gl_batch
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
from ledger.commands.gl_batch import build_gl_batch
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
from ledger.rules.posting import EntryUnbalanced, Posting

__all__ = [
    "AccountInactive",
    "CalendarOverlaps",
    "EntryAlreadyReversed",
    "EntryKeyReused",
    "EntryRefused",
    "EntryUnbalanced",
    "EntryUnknown",
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
    "assign_role",
    "build_gl_batch",
    "create_account",
    "ensure_chart",
    "hard_close",
    "open_period",
    "post_entry",
    "record_rate",
    "reopen",
    "request_reopening",
    "reverse_entry",
    "set_calendar",
    "soft_close",
]
