"""Tables and their constraints."""

from ledger.models.account import Account, AccountRole, RoleChange
from ledger.models.affiliate import AffiliateSettlement
from ledger.models.checklist import ChecklistDecision, ChecklistProposal
from ledger.models.clearing import ClearingAlarm, ClearingLimit, ClearingNote
from ledger.models.close import CloseStep, CloseTask, TieOut, TieOutDocument, TieOutSignature
from ledger.models.delivery import (
    DeliveryProfile,
    DeliveryProfileApproval,
    GlBatchDelivery,
    GlBatchDeliveryTry,
)
from ledger.models.entry import Entry, Posting
from ledger.models.exchange_rate import ExchangeRate, Revaluation
from ledger.models.export_profile import ExportProfile, ExportProfileApproval
from ledger.models.gl_batch import (
    GlBatch,
    GlBatchChunk,
    GlBatchEntry,
    GlBatchFile,
    GlBatchLine,
    GlBatchStep,
)
from ledger.models.journal import (
    Journal,
    JournalFile,
    JournalLimit,
    JournalLimitApproval,
    JournalLine,
    JournalTemplate,
    JournalTemplateLine,
    ScheduledReversal,
)
from ledger.models.mapping import (
    GlAccount,
    GlSetting,
    MappingNote,
    MappingRule,
    MappingRuleRemoval,
    MappingStep,
    MappingVersion,
)
from ledger.models.period import FiscalCalendar, Period, PeriodReopening
from ledger.models.snapshot import BalanceCheck, BalanceDrift, Snapshot, SnapshotLine
from ledger.models.statistic import StatisticAccount, StatisticEntry
from ledger.models.year_close import YearClose, YearCloseRequest

__all__ = [
    "Account",
    "AccountRole",
    "AffiliateSettlement",
    "BalanceCheck",
    "BalanceDrift",
    "ChecklistDecision",
    "ChecklistProposal",
    "ClearingAlarm",
    "ClearingLimit",
    "ClearingNote",
    "CloseStep",
    "CloseTask",
    "DeliveryProfile",
    "DeliveryProfileApproval",
    "Entry",
    "ExchangeRate",
    "ExportProfile",
    "ExportProfileApproval",
    "FiscalCalendar",
    "GlAccount",
    "GlBatch",
    "GlBatchChunk",
    "GlBatchDelivery",
    "GlBatchDeliveryTry",
    "GlBatchEntry",
    "GlBatchFile",
    "GlBatchLine",
    "GlBatchStep",
    "GlSetting",
    "Journal",
    "JournalFile",
    "JournalLimit",
    "JournalLimitApproval",
    "JournalLine",
    "JournalTemplate",
    "JournalTemplateLine",
    "MappingNote",
    "MappingRule",
    "MappingRuleRemoval",
    "MappingStep",
    "MappingVersion",
    "Period",
    "PeriodReopening",
    "Posting",
    "Revaluation",
    "RoleChange",
    "ScheduledReversal",
    "Snapshot",
    "SnapshotLine",
    "StatisticAccount",
    "StatisticEntry",
    "TieOut",
    "TieOutDocument",
    "TieOutSignature",
    "YearClose",
    "YearCloseRequest",
]
