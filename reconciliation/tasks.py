"""Background work of the bank."""

from celery import shared_task

from reconciliation.commands import reconcile_account
from reconciliation.models import BankAccount


@shared_task(acks_late=True)
def reconcile_accounts(**_newer_arguments) -> None:
    """Every night: queue each open account on its own, so that one cannot hold up the others."""
    for account_id in BankAccount.objects.filter(closed_on=None).order_by("id").values_list("id", flat=True):
        reconcile_one_account.delay(account_id=account_id)


@shared_task(acks_late=True, autoretry_for=(ConnectionError,), retry_backoff=True, max_retries=5)
def reconcile_one_account(*, account_id: int, **_newer_arguments) -> None:
    """Pull, match, post and open for one account. Safe to run twice and at once: a run waits for another."""
    reconcile_account(account=BankAccount.objects.select_related("facility").get(pk=account_id))
