"""Background work: send what is owed."""

from celery import shared_task


@shared_task(acks_late=True, ignore_result=True)
def sweep(**_newer_arguments) -> None:
    """Send every delivery that is due. Safe to run twice and at the same time."""
