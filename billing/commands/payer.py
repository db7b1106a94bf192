"""Payers, and which patients they cover."""

from datetime import date

from django.db import transaction

from billing.commands.price import CodeTaken
from billing.models import Coverage, Payer
from hms_ach import audit
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class CoverageOverlaps(Refusal):
    code = "coverage_overlaps"
    sentence = "The patient already has a coverage of priority {priority} on these days. End that one first."


@transaction.atomic
def register_payer(*, code: str, name: str, payer_class: str, actor: User, address: str = "") -> Payer:
    """Add an insurer or a third party. Raises CodeTaken."""
    if Payer.objects.filter(code=code).exists():
        raise CodeTaken(code=code)
    payer = Payer(code=code, name=name, payer_class=payer_class, address=address)
    audit.attribute(payer, actor)
    payer.save()
    audit.record("billing.register_payer", actor=actor, subject=payer, after={"code": code})
    return payer


@transaction.atomic
def record_coverage(
    *,
    patient_id: int,
    payer_id: int,
    starts_on: date,
    actor: User,
    member_id: str = "",
    ends_on: date | None = None,
    priority: int = 1,
) -> Coverage:
    """Note that a payer covers a patient from a day on; priority 1 pays first. Raises CoverageOverlaps."""
    same = Coverage.objects.filter(patient_id=patient_id, priority=priority)
    for other in same.order_by("starts_on", "id"):
        begins_later = ends_on is not None and other.starts_on > ends_on
        ended_before = other.ends_on is not None and other.ends_on < starts_on
        if not (begins_later or ended_before):
            raise CoverageOverlaps(priority=priority)
    coverage = Coverage(
        patient_id=patient_id,
        payer_id=payer_id,
        member_id=member_id,
        priority=priority,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    audit.attribute(coverage, actor)
    coverage.save()
    audit.record("billing.record_coverage", actor=actor, subject=coverage)
    return coverage
