"""The nightly recomputations of the books and what they found."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from hms_ach.money import Money
from ledger.models import BalanceCheck, BalanceDrift


@dataclass(frozen=True, slots=True)
class DriftRow:
    """One figure that differs: money, or a count of postings where there is no currency."""

    kind: str
    subject: str
    kept: Money | int
    should_be: Money | int


@dataclass(frozen=True, slots=True)
class CheckRow:
    """drifts holds the first hundred; n_drifts counts all."""

    entity_name: str
    checked_at: datetime
    n_postings: int
    n_drifts: int
    drifts: list[DriftRow]


def latest_checks(*, legal_entity_ids: Collection[int]) -> list[CheckRow]:
    """The last check of each of these legal entities, by its code. A query, and one for each that drifted."""
    latest = (
        BalanceCheck.objects.filter(legal_entity_id__in=legal_entity_ids)
        .select_related("legal_entity")
        .order_by("legal_entity_id", "-checked_at", "-id")
        .distinct("legal_entity_id")
    )
    return [_row(check) for check in sorted(latest, key=lambda check: check.legal_entity.code)]


def _row(check: BalanceCheck) -> CheckRow:
    found = BalanceDrift.objects.filter(check_run=check).order_by("id")[:100] if check.n_drifts else []
    return CheckRow(
        entity_name=check.legal_entity.name,
        checked_at=check.checked_at,
        n_postings=check.n_postings,
        n_drifts=check.n_drifts,
        drifts=[_drift(drift) for drift in found],
    )


def _drift(found: BalanceDrift) -> DriftRow:
    kept, should_be = int(found.kept_minor), int(found.should_be_minor)
    if not found.currency:
        return DriftRow(found.kind, found.subject, kept, should_be)
    return DriftRow(found.kind, found.subject, Money(kept, found.currency), Money(should_be, found.currency))
