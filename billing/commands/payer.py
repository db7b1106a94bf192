"""Payers, and which patients they cover."""

from datetime import date

from django.db import transaction

from billing.commands.price import CodeTaken
from billing.models import Coverage, Payer
from hms_ach import audit
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class CoverageEndsTooEarly(Refusal):
    code = "coverage_ends_too_early"
    status = 422
    sentence = "The coverage begins on {starts_on}. Give that day or a later one."


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
def change_payer(*, payer_id: int, name: str, address: str, is_active: bool, actor: User) -> Payer:
    """Change what a payer is called and whether it is offered; its class and code stay.

    Invoices already issued keep the name that they say.
    """
    payer = Payer.objects.select_for_update().get(pk=payer_id)
    before = {"name": payer.name, "is_active": payer.is_active}
    payer.name, payer.address, payer.is_active = name, address, is_active
    audit.attribute(payer, actor)
    payer.save()
    audit.record(
        "billing.change_payer",
        actor=actor,
        subject=payer,
        before=before,
        after={"name": name, "is_active": is_active},
    )
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
    """Note that a payer covers a patient from a day on; priority 1 pays first.

    Raises CoverageOverlaps, CoverageEndsTooEarly.
    """
    if ends_on is not None and ends_on < starts_on:
        raise CoverageEndsTooEarly(starts_on=starts_on)
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


@transaction.atomic
def end_coverage(*, coverage_id: int, ends_on: date, actor: User) -> Coverage:
    """Note the last day of a coverage. Raises CoverageEndsTooEarly."""
    coverage = Coverage.objects.select_for_update().get(pk=coverage_id)
    if ends_on < coverage.starts_on:
        raise CoverageEndsTooEarly(starts_on=coverage.starts_on)
    before = {"ends_on": str(coverage.ends_on or "")}
    coverage.ends_on = ends_on
    audit.attribute(coverage, actor)
    coverage.save()
    audit.record(
        "billing.end_coverage", actor=actor, subject=coverage, before=before, after={"ends_on": str(ends_on)}
    )
    return coverage
