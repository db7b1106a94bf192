"""Background work: seal, verify."""

from celery import shared_task

from hms_ach.audit.commands import seal_all


@shared_task(ignore_result=True)
def seal(**_newer_arguments) -> None:
    """Seal every finished event. Safe to run twice and at the same time."""
    seal_all()
