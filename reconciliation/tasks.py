"""Background work of the bank."""

from datetime import timedelta

from celery import shared_task

from hms_ach import clock
from hms_ach.access.models import Facility, User
from reconciliation.commands import answer_request, draw_sample, fetch_files, reconcile_account
from reconciliation.models import BankAccount, BankConnection, RuleRequest


@shared_task(acks_late=True)
def reconcile_accounts(**_newer_arguments) -> None:
    """Every night: queue each open account on its own, so that one cannot hold up the others."""
    open_accounts = BankAccount.objects.filter(closed_on=None, is_in_force=True).order_by("id")
    for account_id in open_accounts.values_list("id", flat=True):
        reconcile_one_account.delay(account_id=account_id)


@shared_task(acks_late=True, autoretry_for=(ConnectionError,), retry_backoff=True, max_retries=5)
def reconcile_one_account(*, account_id: int, **_newer_arguments) -> None:
    """Pull, match, post and open for one account. Safe to run twice and at once: a run waits for another."""
    reconcile_account(account=BankAccount.objects.select_related("facility").get(pk=account_id))


@shared_task(acks_late=True)
def draw_samples(**_newer_arguments) -> None:
    """Every night: draw what people check of yesterday's automatic matches. Safe to run twice."""
    for facility in Facility.objects.filter(pk__in=BankAccount.objects.values("facility")).order_by("pk"):
        draw_sample(facility=facility, made_on=clock.today(facility.timezone) - timedelta(days=1))


@shared_task(acks_late=True)
def fetch_from_banks(**_newer_arguments) -> None:
    """Every night, before the accounts are reconciled: queue each active connection on its own."""
    active = BankConnection.objects.filter(state="ACTIVE").order_by("id")
    for connection_id in active.values_list("id", flat=True):
        fetch_from_one_bank.delay(connection_id=connection_id)


@shared_task(acks_late=True, soft_time_limit=1_800, time_limit=1_860)
def fetch_from_one_bank(*, connection_id: int, asked_by_id: int | None = None, **_newer_arguments) -> None:
    """Fetch and take in what is new at one bank. Safe to run twice: known bytes change nothing."""
    actor = User.objects.filter(pk=asked_by_id).first() if asked_by_id else None
    fetch_files(connection_id=connection_id, actor=actor)


@shared_task(acks_late=True)
def sweep_rule_requests(**_newer_arguments) -> None:
    """Queue each try of a learnt rule that is still owed: what the queue lost is found again."""
    owed = RuleRequest.objects.filter(answered_at=None).order_by("id")
    for request_id in owed.values_list("id", flat=True):
        try_learnt_rule.delay(request_id=request_id)


@shared_task(acks_late=True, soft_time_limit=780, time_limit=840)
def try_learnt_rule(*, request_id: int, **_newer_arguments) -> None:
    """Make one try that a person asked for. Safe to run twice and at once."""
    answer_request(request_id=request_id)
