"""Changes; the only code that writes.

accounts       create_bank_account, propose_account_number, approve_account_number, refuse_account_number,
               change_account_profile
certification  claim_certification, confirm_certification, send_back_…, withdraw_…, reopen_certification
tolerances     propose_tolerance, approve_tolerance, send_back_tolerance, withdraw_tolerance, end_tolerance
files          import_statement, take_in
connections    create_bank_connection, change_bank_secret, pause_…, resume_bank_connection, fetch_files
expectations   pull_expectations: what the till awaits at the bank
the trial      trial_match: the engine on past files; stores nothing
matching       match_account, pair_sweeps, post_matches, undo_match, reconcile_account (all of it, in order)
learning       propose_rules, ask_for_try, answer_request, try_rule, approve_rule, send_back_rule, retire_rule
discrepancies  open_discrepancies, assign_discrepancy, write_note, attach_file
review         hold_discrepancy, release_discrepancy, reject_suggestion, restore_…, assign_discrepancies
proposals      propose, approve, approve_all, send_back, withdraw
the truth      draw_sample, judge_match: matches looked at again, to measure the engine
suspense       try_suspense (nightly), propose_clearing, approve_clearing, send_back_clearing,
               withdraw_clearing, propose_clearing_undo, approve_clearing_undo, refuse_clearing_undo
the account    prepare_bank_reconciliation, review_bank_reconciliation
the day        close_day, propose_day_correction, approve_day_correction, refuse_day_correction
cut-off        export_cut_off
"""

from reconciliation.commands.account_number import (
    AccountNumberBySamePerson,
    AccountNumberDecided,
    AccountNumberUnlike,
    AccountNumberWaits,
    BankAccountExists,
    approve_account_number,
    propose_account_number,
    refuse_account_number,
)
from reconciliation.commands.account_profile import change_account_profile
from reconciliation.commands.account_tolerance import (
    approve_tolerance,
    end_tolerance,
    propose_tolerance,
    send_back_tolerance,
    withdraw_tolerance,
)
from reconciliation.commands.approved_match import PlanOutdated
from reconciliation.commands.bank_account import create_bank_account
from reconciliation.commands.bank_connection import (
    ConnectionNameTaken,
    ConnectionWrong,
    change_bank_secret,
    create_bank_connection,
    pause_bank_connection,
    resume_bank_connection,
)
from reconciliation.commands.bank_reconciliation import (
    prepare_bank_reconciliation,
    review_bank_reconciliation,
)
from reconciliation.commands.certification import (
    claim_certification,
    confirm_certification,
    reopen_certification,
    send_back_certification,
    withdraw_certification,
)
from reconciliation.commands.clearing import (
    ClearedBySamePerson,
    ClearingAboveLimit,
    ClearingDecided,
    ClearingWaits,
    MoreThanInSuspense,
    NothingInSuspense,
    PurposeUnfit,
    SuspenseKey,
    approve_clearing,
    propose_clearing,
    send_back_clearing,
    withdraw_clearing,
)
from reconciliation.commands.clearing_subject import DocumentNotFound, OwnerUnfit
from reconciliation.commands.clearing_undo import (
    ClearingNotPosted,
    ClearingUndoDecided,
    ClearingUndoWaits,
    ClearingUsed,
    UndoneBySamePerson,
    approve_clearing_undo,
    propose_clearing_undo,
    refuse_clearing_undo,
)
from reconciliation.commands.cut_off import export_cut_off
from reconciliation.commands.day import (
    DayClosedAlready,
    DayNotOver,
    DayNotReady,
    DayOutsidePeriods,
    close_day,
)
from reconciliation.commands.day_correction import (
    CorrectedBySamePerson,
    DayCorrectionDecided,
    DayCorrectionWaits,
    DayLocked,
    DayNotFinal,
    approve_day_correction,
    propose_day_correction,
    refuse_day_correction,
)
from reconciliation.commands.delivery import fetch_files
from reconciliation.commands.discrepancy import (
    assign_discrepancy,
    attach_file,
    open_discrepancies,
    write_note,
)
from reconciliation.commands.expectation import pull_expectations
from reconciliation.commands.learnt_rule import (
    approve_rule,
    propose_rules,
    retire_rule,
    send_back_rule,
)
from reconciliation.commands.match import match_account
from reconciliation.commands.night import reconcile_account
from reconciliation.commands.plan import (
    NothingToPropose,
    OneSideMissing,
    PlanNotOfAccount,
    PlanUnbalanced,
    TransferNotChosen,
    items_of,
    plan_for,
)
from reconciliation.commands.posting import (
    MatchFromSuspense,
    MatchInClosedDay,
    MatchUndone,
    post_matches,
    undo_match,
)
from reconciliation.commands.proposal import (
    ApprovalBySamePerson,
    DiscrepancyClosed,
    ProposalDecided,
    ScoreBelowThreshold,
    WriteOffAboveLimit,
    approve,
    approve_all,
    check_write_off,
    propose,
    send_back,
    withdraw,
)
from reconciliation.commands.review import (
    assign_discrepancies,
    hold_discrepancy,
    reject_suggestion,
    release_discrepancy,
    restore_suggestion,
)
from reconciliation.commands.rule_request import answer_request, ask_for_try
from reconciliation.commands.rule_try import (
    try_rule,
)
from reconciliation.commands.sample import (
    SampleJudged,
    SampleOfOwnWork,
    WrongWithoutReason,
    draw_sample,
    judge_match,
)
from reconciliation.commands.statement import Imported, StatementContradicts, import_statement, take_in
from reconciliation.commands.suspense_retry import try_suspense
from reconciliation.commands.sweep import pair_sweeps
from reconciliation.commands.sweep_half import OtherSideElsewhere
from reconciliation.commands.taken_back import MatchTakenBack
from reconciliation.commands.trial import Trial, trial_match

__all__ = [
    "AccountNumberBySamePerson",
    "AccountNumberDecided",
    "AccountNumberUnlike",
    "AccountNumberWaits",
    "ApprovalBySamePerson",
    "BankAccountExists",
    "ClearedBySamePerson",
    "ClearingAboveLimit",
    "ClearingDecided",
    "ClearingNotPosted",
    "ClearingUndoDecided",
    "ClearingUndoWaits",
    "ClearingUsed",
    "ClearingWaits",
    "ConnectionNameTaken",
    "ConnectionWrong",
    "CorrectedBySamePerson",
    "DayClosedAlready",
    "DayCorrectionDecided",
    "DayCorrectionWaits",
    "DayLocked",
    "DayNotFinal",
    "DayNotOver",
    "DayNotReady",
    "DayOutsidePeriods",
    "DiscrepancyClosed",
    "DocumentNotFound",
    "Imported",
    "MatchFromSuspense",
    "MatchInClosedDay",
    "MatchTakenBack",
    "MatchUndone",
    "MoreThanInSuspense",
    "NothingInSuspense",
    "NothingToPropose",
    "OneSideMissing",
    "OtherSideElsewhere",
    "OwnerUnfit",
    "PlanNotOfAccount",
    "PlanOutdated",
    "PlanUnbalanced",
    "ProposalDecided",
    "PurposeUnfit",
    "SampleJudged",
    "SampleOfOwnWork",
    "ScoreBelowThreshold",
    "StatementContradicts",
    "SuspenseKey",
    "TransferNotChosen",
    "Trial",
    "UndoneBySamePerson",
    "WriteOffAboveLimit",
    "WrongWithoutReason",
    "answer_request",
    "approve",
    "approve_account_number",
    "approve_all",
    "approve_clearing",
    "approve_clearing_undo",
    "approve_day_correction",
    "approve_rule",
    "approve_tolerance",
    "ask_for_try",
    "assign_discrepancies",
    "assign_discrepancy",
    "attach_file",
    "change_account_profile",
    "change_bank_secret",
    "check_write_off",
    "claim_certification",
    "close_day",
    "confirm_certification",
    "create_bank_account",
    "create_bank_connection",
    "draw_sample",
    "end_tolerance",
    "export_cut_off",
    "fetch_files",
    "hold_discrepancy",
    "import_statement",
    "items_of",
    "judge_match",
    "match_account",
    "open_discrepancies",
    "pair_sweeps",
    "pause_bank_connection",
    "plan_for",
    "post_matches",
    "prepare_bank_reconciliation",
    "propose",
    "propose_account_number",
    "propose_clearing",
    "propose_clearing_undo",
    "propose_day_correction",
    "propose_rules",
    "propose_tolerance",
    "pull_expectations",
    "reconcile_account",
    "refuse_account_number",
    "refuse_clearing_undo",
    "refuse_day_correction",
    "reject_suggestion",
    "release_discrepancy",
    "reopen_certification",
    "restore_suggestion",
    "resume_bank_connection",
    "retire_rule",
    "review_bank_reconciliation",
    "send_back",
    "send_back_certification",
    "send_back_clearing",
    "send_back_rule",
    "send_back_tolerance",
    "take_in",
    "trial_match",
    "try_rule",
    "try_suspense",
    "undo_match",
    "withdraw",
    "withdraw_certification",
    "withdraw_clearing",
    "withdraw_tolerance",
    "write_note",
]
