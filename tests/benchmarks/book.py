"""The book that the ledger's benchmarks post to."""

from datetime import date
from typing import Any

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.commands import Posting, ensure_chart, open_period, post_entry

DAY = date(2026, 3, 12)
_ROLES = ("cash.drawer", "receivable.patient", "revenue.patient_services", "receivable.insurer", "cash.safe")


def make(code: str = "BENCH") -> Facility:
    """A facility with the seed chart and the open month of DAY."""
    entity = LegalEntity.objects.create(code=code, name=code.title(), functional_currency="USD")
    ensure_chart(entity)
    open_period(legal_entity=entity, starts_on=DAY, actor=None)
    return Facility.objects.create(legal_entity=entity, code=code, name=code.title())


def postings(n: int) -> list[Posting]:
    """One debit and n - 1 credits of the same account roles, for one cash session."""
    credits = [Posting(role, Money(-125_00, "USD"), reference="ses_1") for role in _ROLES[1:n]]
    return [Posting(_ROLES[0], Money(125_00 * (n - 1), "USD"), reference="ses_1"), *credits]


def post(facility: Any, key: str, lines: list[Posting]) -> None:
    """What every contestant does once."""
    post_entry(
        key=key, facility=facility, effective_on=DAY, source=("bench", "1"), memo="Bench", postings=lines
    )
