"""Background work of the bill."""

import structlog
from celery import shared_task

from billing.reports.control_totals import control_totals
from hms_ach import clock

log = structlog.get_logger(__name__)


class ControlTotalsDiffer(Exception):
    """Counters, rows and book disagree; each difference was logged just before."""


@shared_task(acks_late=True)
def check_control_totals(**_newer_arguments) -> int:
    """Compare counters, rows and the book; fail loudly where they disagree. Changes nothing."""
    drifts = control_totals(today=clock.today("UTC"))
    for drift in drifts:
        log.error(
            "control total differs",
            check=drift.check,
            subject=drift.subject,
            says=str(drift.says),
            should_be=str(drift.should_be),
        )
    if drifts:
        raise ControlTotalsDiffer(f"{len(drifts)} documents of the bill disagree with their rows or the book")
    return 0
