"""One night's reconciliation of an account, in the one order that works."""

from dataclasses import dataclass

from hms_ach import clock
from hms_ach.access.models import User
from reconciliation.commands.discrepancy import open_discrepancies
from reconciliation.commands.expectation import pull_expectations
from reconciliation.commands.learnt_rule import propose_rules
from reconciliation.commands.match import match_account
from reconciliation.commands.posting import post_matches
from reconciliation.commands.suspense_retry import try_suspense
from reconciliation.commands.sweep import pair_sweeps
from reconciliation.models import BankAccount


@dataclass(frozen=True, slots=True)
class Reconciled:
    matched: int
    opened: int


def reconcile_account(*, account: BankAccount, actor: User | None = None) -> Reconciled:
    """Pull what the till awaits, match, post, pair what moved between own accounts, propose what decisions
    taught, try what lies in suspense again, open what is past its window.

    Safe to run at any time.
    """
    facility = account.facility
    pull_expectations(facility_ids=[facility.pk])
    matched = match_account(account=account)
    post_matches(account_id=account.pk, actor=actor)
    pair_sweeps(account=account, actor=actor)
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    propose_rules(account=account)
    try_suspense(account=account)
    opened = open_discrepancies(account=account, today=today, duplicates=matched.duplicate_ids)
    return Reconciled(len(matched.match_ids), opened)
