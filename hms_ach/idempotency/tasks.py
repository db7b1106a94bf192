"""Background work: forget old replies."""

from celery import shared_task

from hms_ach import clock
from hms_ach.idempotency.commands import prune_keys


@shared_task(ignore_result=True)
def prune(**_newer_arguments) -> None:
    """Forget the replies older than 90 days. Safe to run twice."""
    prune_keys(now=clock.now())
