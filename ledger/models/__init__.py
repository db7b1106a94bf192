"""Tables and their constraints."""

from ledger.models.account import Account, AccountRole
from ledger.models.entry import Entry, Posting
from ledger.models.exchange_rate import ExchangeRate
from ledger.models.gl_batch import (
    GlBatch,
    GlBatchChunk,
    GlBatchEntry,
    GlBatchFile,
    GlBatchLine,
    GlBatchStep,
)
from ledger.models.mapping import (
    GlAccount,
    GlSetting,
    MappingNote,
    MappingRule,
    MappingStep,
    MappingVersion,
)
from ledger.models.period import FiscalCalendar, Period, PeriodReopening

__all__ = [
    "Account",
    "AccountRole",
    "Entry",
    "ExchangeRate",
    "FiscalCalendar",
    "GlAccount",
    "GlBatch",
    "GlBatchChunk",
    "GlBatchEntry",
    "GlBatchFile",
    "GlBatchLine",
    "GlBatchStep",
    "GlSetting",
    "MappingNote",
    "MappingRule",
    "MappingStep",
    "MappingVersion",
    "Period",
    "PeriodReopening",
    "Posting",
]
