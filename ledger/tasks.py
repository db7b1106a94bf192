"""Background work of the book."""

from datetime import date

import structlog
from celery import shared_task

from hms_ach import clock
from hms_ach.access.models import LegalEntity
from ledger.commands import (
    check_balances,
    deliver,
    prepare_recurring,
    queue_automatic_deliveries,
    reverse_due,
    watch_clearing,
)
from ledger.queries import deliveries_owed

log = structlog.get_logger(__name__)


@shared_task(acks_late=True)
def write_due_journals(**_newer_arguments) -> None:
    """Prepare journals that recur and take back entries whose day has come. Safe to run twice."""
    today = clock.today("UTC")
    _done, waiting = reverse_due(today=today)
    for row, refusal in waiting:
        on = row.on.isoformat()
        log.warning("a reversal waits", entry=row.entry.public_id, on=on, code=refusal.code)
    _prepared, refused = prepare_recurring(today=today)
    for template, refusal in refused:
        log.warning("a recurring journal is refused", template=template.public_id, code=refusal.code)


@shared_task(acks_late=True)
def check_all_balances(**_newer_arguments) -> None:
    """Recompute the books of every legal entity, beside their documents.

    May run twice: each run keeps its findings.
    """
    for entity in LegalEntity.objects.order_by("pk"):
        check = check_balances(legal_entity=entity, documents_on=_today(entity))
        if check.n_drifts:
            log.error("the book drifted", legal_entity=entity.code, check=check.pk, drifts=check.n_drifts)


@shared_task(acks_late=True)
def watch_clearing_accounts(**_newer_arguments) -> None:
    """Raise an alarm for each item of a clearing account that grew past a limit. Safe to run twice."""
    for entity in LegalEntity.objects.order_by("pk"):
        alarms = watch_clearing(legal_entity=entity, today=_today(entity))
        if alarms:
            log.warning("clearing items grew old", legal_entity=entity.code, alarms=len(alarms))


def _today(entity: LegalEntity) -> date:
    """The day at the entity's first facility."""
    first = entity.facilities.order_by("code").first()
    return clock.today(first.timezone if first else "UTC")


@shared_task(acks_late=True)
def sweep_deliveries(**_newer_arguments) -> None:
    """Queue what goes to a general ledger by itself, and hand on what is owed, each on its own."""
    _queued, refused = queue_automatic_deliveries()
    for batch, refusal in refused:
        log.warning("a batch does not go by itself", batch=batch.public_id, code=refusal.code)
    for delivery_id in deliveries_owed():
        deliver_one.delay(delivery_id=delivery_id)


@shared_task(acks_late=True, soft_time_limit=780, time_limit=840)
def deliver_one(*, delivery_id: int, **_newer_arguments) -> None:
    """Try one delivery. Safe to run twice and at once: whoever claims it first tries it."""
    deliver(delivery_id=delivery_id)
