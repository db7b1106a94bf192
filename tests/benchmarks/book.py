"""The book that the ledger's benchmarks post to."""

from datetime import date
from typing import Any

from django.db import connection, connections, transaction

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.commands import Posting, ensure_chart, open_period, post_entry

DAY = date(2026, 3, 12)
_ROLES = ("cash.drawer", "receivable.patient", "revenue.patient_services", "receivable.insurer", "cash.safe")

_FILL = """
    WITH entry AS (
        INSERT INTO ledger_entry (public_id, key, legal_entity_id, facility_id, period_id, effective_on,
            posted_at, source_kind, source_id, memo, content_hash, n_postings, total_functional_minor)
        SELECT 'ent_' || %(name)s || lpad(n::text, 16, '0'), %(name)s || n, period.legal_entity_id,
            %(facility)s, period.id, %(day)s, now(), 'bench', n::text, '', '', 2, 12500
        FROM generate_series(1, %(entries)s) AS n, ledger_period period
        WHERE period.legal_entity_id = %(entity)s AND %(day)s BETWEEN period.starts_on AND period.ends_on
        RETURNING *
    )
    INSERT INTO ledger_posting (entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role,
        amount_minor, currency, functional_minor, payer_class, payer, tender, reference)
    SELECT entry.id, side.line, entry.legal_entity_id, entry.facility_id, entry.effective_on, role.account_id,
        role.role, side.amount, 'USD', side.amount, '',
        CASE side.line WHEN 2 THEN 'PAYER' || entry.id %% 20 ELSE '' END,
        (ARRAY['CASH', 'CARD', 'CHEQUE'])[1 + entry.id %% 3], ''
    FROM entry
    CROSS JOIN (VALUES (1::smallint, 'cash.drawer', 12500), (2::smallint, 'receivable.patient', -12500))
        AS side (line, role, amount)
    JOIN ledger_accountrole role ON role.role = side.role AND role.legal_entity_id = entry.legal_entity_id
"""


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


def fill(facility: Facility, n_entries: int, on: date = DAY) -> None:
    """Entries of two postings, effective on a day of an open period, by one statement under every guard.

    20 payers owe in turns. A day of a facility is filled once.
    """
    values = {
        "name": f"{facility.code}{on:%y%m%d}",
        "entity": facility.legal_entity_id,
        "facility": facility.pk,
        "day": on,
        "entries": n_entries,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FILL, values)


def maintain() -> None:
    """What autovacuum does in time: statistics, and pages known to be visible to all."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) ledger_entry, ledger_posting, ledger_period, ledger_snapshotline")
