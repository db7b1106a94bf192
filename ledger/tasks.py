"""Background work of the book."""

import structlog
from celery import shared_task

from hms_ach import clock
from ledger.commands import prepare_recurring, reverse_due

log = structlog.get_logger(__name__)


@shared_task(acks_late=True)
def write_due_journals(**_newer_arguments) -> None:
    """Prepare journals that recur and take back entries whose day has come. Safe to run twice."""
    today = clock.today("UTC")
    _done, waiting = reverse_due(today=today)
    for row in waiting:
        log.warning("a reversal waits for an open period", entry=row.entry.public_id, on=row.on.isoformat())
    prepare_recurring(today=today)
