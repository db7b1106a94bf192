"""Background work: send what is owed."""

from celery import shared_task

from hms_ach import clock
from hms_ach.outbox import commands
from hms_ach.outbox.queries import due_deliveries


@shared_task(acks_late=True, ignore_result=True)
def sweep(**_newer_arguments) -> None:
    """Queue every delivery that is due. Run by the clock, and woken after a commit.

    Safe to run twice and at the same time: a delivery is claimed in its row before it is sent.
    """
    for delivery_id in due_deliveries(now=clock.now()):
        deliver.delay(delivery_id=delivery_id)


@shared_task(acks_late=True, ignore_result=True, soft_time_limit=60, time_limit=90)
def deliver(*, delivery_id: int, **_newer_arguments) -> None:
    """Try one delivery, and queue the next event of the same subject behind it."""
    following = commands.deliver(delivery_id=delivery_id)
    if following is not None:
        deliver.delay(delivery_id=following)
