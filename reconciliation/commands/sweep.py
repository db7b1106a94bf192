"""Pairing both banks' lines of a movement between our own accounts (zero balance accounts, sweeps)."""

from django.db import transaction

from hms_ach import clock
from hms_ach.access.models import User
from reconciliation.commands.match import hold_account
from reconciliation.commands.opening import close_matched
from reconciliation.commands.posting import post_match
from reconciliation.commands.sweep_half import keep_sweep, write_half
from reconciliation.models import BankAccount, Match, MatchRun, OpenLine, StatementLine
from reconciliation.queries.sweep import Pair, proven_sweeps

SWEEP = "sweep"


def pair_sweeps(*, account: BankAccount, actor: User | None = None) -> int:
    """Match what moved between the account and another own one, on both, and post it; how many.

    Only what a shared reference proves (queries.sweep); the rest stays for people. Each facility posts its
    own bank against what is due from or to the other. Emits `reconciliation.matched` for each half.
    """
    return sum(_pair(pair, actor) for pair in proven_sweeps(account))


@transaction.atomic
def _pair(pair: Pair, actor: User | None) -> bool:
    """Both or neither; the accounts in one order, so that two runs never wait for each other."""
    lines = sorted([pair.outgoing, pair.incoming], key=lambda line: line.account_id)
    for line in lines:
        hold_account(line.account_id)
    if OpenLine.objects.filter(pk__in=[line.pk for line in lines]).count() != 2:
        return False
    one, two = (_half(line, pair) for line in lines)
    keep_sweep(one, lines[0], two)
    close_matched([one.pk, two.pk])
    for match in (one, two):
        post_match(match, actor=actor)
    return True


def _half(line: StatementLine, pair: Pair) -> Match:
    now = clock.now()
    passes = [{"pass": SWEEP, "count": 1, "milliseconds": 0}]
    run = MatchRun.objects.create(account=line.account, started_at=now, finished_at=now, passes=passes)
    return write_half(line, pair.other_of(line.pk), pass_name=SWEEP, reasons=pair.reasons, run=run)
