"""Tables and their constraints."""

from ledger.models.account import Account, AccountRole
from ledger.models.entry import Entry, Posting
from ledger.models.exchange_rate import ExchangeRate
from ledger.models.gl_batch import GlBatch, GlBatchEntry, GlBatchFile, GlBatchLine
from ledger.models.period import FiscalCalendar, Period, PeriodReopening

__all__ = [
    "Account",
    "AccountRole",
    "Entry",
    "ExchangeRate",
    "FiscalCalendar",
    "GlBatch",
    "GlBatchEntry",
    "GlBatchFile",
    "GlBatchLine",
    "Period",
    "PeriodReopening",
    "Posting",
]
