"""Changes; the only code that writes.

accounts       create_bank_account
files          import_statement, take_in
expectations   pull_expectations: what the till awaits at the bank
the trial      trial_match: the engine on past files; stores nothing
matching       match_account, post_matches, undo_match, reconcile_account (all of it, in order)
discrepancies  open_discrepancies, assign_discrepancy, write_note
proposals      propose, approve, approve_all, send_back, withdraw
suspense       propose_clearing, approve_clearing, send_back_clearing, withdraw_clearing
the day        close_day
"""

from reconciliation.commands.approved_match import PlanOutdated
from reconciliation.commands.bank_account import BankAccountExists, create_bank_account
from reconciliation.commands.clearing import (
    ClearedBySamePerson,
    ClearingAboveLimit,
    ClearingDecided,
    ClearingWaits,
    DocumentNotFound,
    MoreThanInSuspense,
    NothingInSuspense,
    PurposeUnfit,
    SuspenseKey,
    approve_clearing,
    propose_clearing,
    send_back_clearing,
    withdraw_clearing,
)
from reconciliation.commands.day import DayClosedAlready, DayNotOver, DayNotReady, close_day
from reconciliation.commands.discrepancy import assign_discrepancy, open_discrepancies, write_note
from reconciliation.commands.expectation import pull_expectations
from reconciliation.commands.match import match_account
from reconciliation.commands.night import reconcile_account
from reconciliation.commands.posting import MatchInClosedDay, MatchUndone, post_matches, undo_match
from reconciliation.commands.proposal import (
    ApprovalBySamePerson,
    DiscrepancyClosed,
    NothingToPropose,
    PlanNotOfAccount,
    PlanUnbalanced,
    ProposalDecided,
    WriteOffAboveLimit,
    approve,
    approve_all,
    plan_for,
    propose,
    send_back,
    withdraw,
)
from reconciliation.commands.statement import Imported, StatementContradicts, import_statement, take_in
from reconciliation.commands.trial import Trial, trial_match

__all__ = [
    "ApprovalBySamePerson",
    "BankAccountExists",
    "ClearedBySamePerson",
    "ClearingAboveLimit",
    "ClearingDecided",
    "ClearingWaits",
    "DayClosedAlready",
    "DayNotOver",
    "DayNotReady",
    "DiscrepancyClosed",
    "DocumentNotFound",
    "Imported",
    "MatchInClosedDay",
    "MatchUndone",
    "MoreThanInSuspense",
    "NothingInSuspense",
    "NothingToPropose",
    "PlanNotOfAccount",
    "PlanOutdated",
    "PlanUnbalanced",
    "ProposalDecided",
    "PurposeUnfit",
    "StatementContradicts",
    "SuspenseKey",
    "Trial",
    "WriteOffAboveLimit",
    "approve",
    "approve_all",
    "approve_clearing",
    "assign_discrepancy",
    "close_day",
    "create_bank_account",
    "import_statement",
    "match_account",
    "open_discrepancies",
    "plan_for",
    "post_matches",
    "propose",
    "propose_clearing",
    "pull_expectations",
    "reconcile_account",
    "send_back",
    "send_back_clearing",
    "take_in",
    "trial_match",
    "undo_match",
    "withdraw",
    "withdraw_clearing",
    "write_note",
]
