"""Tables and their constraints."""

from reconciliation.models.account_number import AccountNumber
from reconciliation.models.account_profile import AccountProfile
from reconciliation.models.account_tolerance import AccountTolerance
from reconciliation.models.bank_account import BankAccount
from reconciliation.models.bank_connection import BankConnection, BankDelivery
from reconciliation.models.bank_reconciliation import PreparedReconciliation, ReconciliationReview
from reconciliation.models.certification import CertificationClaim
from reconciliation.models.clearing import SuspenseClearing
from reconciliation.models.clearing_undo import ClearingUndo
from reconciliation.models.day import DayClose
from reconciliation.models.day_correction import DayCorrection
from reconciliation.models.discrepancy import Discrepancy, DiscrepancyFile, Note, Proposal
from reconciliation.models.expectation import Expectation
from reconciliation.models.interim import InterimEntry, InterimReport
from reconciliation.models.known_party import KnownParty
from reconciliation.models.learnt_rule import (
    LearntRule,
    RuleEvidence,
    RuleTry,
    RuleUse,
)
from reconciliation.models.line import StatementLine
from reconciliation.models.match import (
    Match,
    MatchAdjustment,
    MatchItem,
    MatchLine,
    MatchPosting,
    MatchRun,
    MatchUndo,
    Suggestion,
)
from reconciliation.models.match_fact import MatchFact
from reconciliation.models.open_part import OpenItem, OpenLine
from reconciliation.models.review import (
    DiscrepancyHold,
    SuggestionRejection,
)
from reconciliation.models.rule_request import RuleRequest
from reconciliation.models.sample import MatchSample, SampledMatch
from reconciliation.models.statement import Statement
from reconciliation.models.suspense_try import SuspenseTry
from reconciliation.models.sweep import Sweep
from reconciliation.models.taken_back import TakenBack

__all__ = [
    "AccountNumber",
    "AccountProfile",
    "AccountTolerance",
    "BankAccount",
    "BankConnection",
    "BankDelivery",
    "CertificationClaim",
    "ClearingUndo",
    "DayClose",
    "DayCorrection",
    "Discrepancy",
    "DiscrepancyFile",
    "DiscrepancyHold",
    "Expectation",
    "InterimEntry",
    "InterimReport",
    "KnownParty",
    "LearntRule",
    "Match",
    "MatchAdjustment",
    "MatchFact",
    "MatchItem",
    "MatchLine",
    "MatchPosting",
    "MatchRun",
    "MatchSample",
    "MatchUndo",
    "Note",
    "OpenItem",
    "OpenLine",
    "PreparedReconciliation",
    "Proposal",
    "ReconciliationReview",
    "RuleEvidence",
    "RuleRequest",
    "RuleTry",
    "RuleUse",
    "SampledMatch",
    "Statement",
    "StatementLine",
    "Suggestion",
    "SuggestionRejection",
    "SuspenseClearing",
    "SuspenseTry",
    "Sweep",
    "TakenBack",
]
