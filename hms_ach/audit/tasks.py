"""Background work: seal, verify."""

import structlog
from celery import shared_task
from django.conf import settings

from hms_ach.audit.commands import record, seal_all
from hms_ach.audit.keys import public_keys, read_anchors
from hms_ach.audit.queries import CHECKED
from hms_ach.audit.reports import verify

_FINDINGS_KEPT = 10

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True)
def seal(**_newer_arguments) -> None:
    """Seal every finished event. Safe to run twice and at the same time."""
    seal_all()


@shared_task(ignore_result=True)
def check(**_newer_arguments) -> None:
    """Verify the whole trail, and write into it what was found; a finding is an error in the log."""
    result = verify(public_keys=public_keys(), anchors=read_anchors(settings.AUDIT_ANCHOR_FILE))
    found = [f"{each.where}: {each.problem}" for each in result.findings[:_FINDINGS_KEPT]]
    event = record(
        CHECKED,
        actor=None,
        subject="audit trail",
        after={
            "events": result.events,
            "seals": result.seals,
            "findings": len(result.findings),
            "first_findings": found,
        },
    )
    if result.findings:
        log.error("the audit trail does not verify", count=len(result.findings), subject=event.public_id)
