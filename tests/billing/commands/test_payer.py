"""Payers and coverages: codes are unique, days of one priority do not overlap, documents keep their word."""

from datetime import date

import pytest

from billing.commands import (
    CoverageEndsTooEarly,
    CoverageOverlaps,
    change_payer,
    change_service,
    end_coverage,
    record_coverage,
)
from billing.models import Coverage, Payer, Service
from tests.make import billing as make

pytestmark = pytest.mark.django_db

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 31)


@pytest.fixture
def clerk():
    return make.clerk(make.hospital())


@pytest.fixture
def cover(clerk):
    """A coverage of priority 1 from January on."""
    patient = make.patient(make.hospital(code="LAKE"), clerk)
    return record_coverage(
        patient_id=patient.pk, payer_id=make.payer(clerk).pk, starts_on=JANUARY, actor=clerk
    )


def test_a_coverage_ends_and_another_may_follow(clerk, cover):
    with pytest.raises(CoverageOverlaps):
        record_coverage(
            patient_id=cover.patient_id, payer_id=cover.payer_id, starts_on=date(2026, 4, 1), actor=clerk
        )

    end_coverage(coverage_id=cover.pk, ends_on=MARCH, actor=clerk)
    record_coverage(
        patient_id=cover.patient_id, payer_id=cover.payer_id, starts_on=date(2026, 4, 1), actor=clerk
    )

    assert list(Coverage.objects.order_by("id").values_list("ends_on", flat=True)) == [MARCH, None]


def test_a_coverage_cannot_end_before_it_begins(clerk, cover):
    with pytest.raises(CoverageEndsTooEarly):
        end_coverage(coverage_id=cover.pk, ends_on=date(2025, 12, 31), actor=clerk)
    with pytest.raises(CoverageEndsTooEarly):
        record_coverage(
            patient_id=cover.patient_id,
            payer_id=cover.payer_id,
            starts_on=MARCH,
            ends_on=JANUARY,
            priority=2,
            actor=clerk,
        )

    assert Coverage.objects.get().ends_on is None


def test_changes_leave_their_history(clerk):
    payer, service = make.payer(clerk), make.service(clerk)

    change_payer(payer_id=payer.pk, name="Aetna", address="Hartford", is_active=False, actor=clerk)
    change_service(
        service_id=service.pk,
        name="Visit",
        revenue_code="0510",
        department_code="",
        is_active=False,
        actor=clerk,
    )

    assert [row.name for row in Payer.history.order_by("history_id")] == ["AETN Health", "Aetna"]
    assert Service.history.latest("history_id").history_user == clerk
    assert not Service.objects.get().is_active
