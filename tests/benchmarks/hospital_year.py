"""One year of a hospital behind the till, loaded by a dozen statements; as large as its beds."""

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import connection, connections

from ledger.commands import open_period
from tests.make import billing
from tests.make import cashiering as make

BEDS = int(os.environ.get("HMS_ACH_BENCH_BEDS", "15"))
PATIENTS_A_BED, VISITS_A_BED, REGISTERS_A_BED = 300, 767, 14 / 300

_TABLES = (
    "billing_patient", "billing_invoice", "cashiering_session", "cashiering_payment", "cashiering_tender",
    "cashiering_allocation", "billing_settlement", "ledger_entry", "ledger_posting",
)  # fmt: skip
_SQL = Path(__file__).parent / "sql" / "hospital_year.sql"
_BASE = 10_000_000


@dataclass(frozen=True, slots=True)
class Year:
    """What was loaded: how many there are, and how to ask for one of them."""

    patients: int
    invoices: int

    def search(self, number: int) -> str:
        """What a cashier types: an invoice, an MRN, or the first letters of a name, in turns."""
        if number % 3 == 0:
            return f"Y-{1 + number * 7919 % self.invoices}"
        if number % 3 == 1:
            return f"Y{_BASE + 1 + number * 104729 % self.patients}"
        return ("Okafor", "Lindbe", "Garcia", "Nguyen", "Haddad", "Pereir")[number // 3 % 6]


def load(given: make.Till, *, day: date, beds: int = BEDS) -> Year:
    """The year before `day`, in the facility of `given`, for so many beds."""
    _open_months(given, day)
    registers = [make.register(given.facility, actor=given.gil).pk for _ in range(_registers(beds))]
    values = {
        "base": _BASE,
        "entity": given.facility.legal_entity_id,
        "facility": given.facility.pk,
        "user": given.dan.pk,
        "approver": given.gil.pk,
        "payer": billing.payer(given.dan, code="BENCHPAY").pk,
        "patients": PATIENTS_A_BED * beds,
        "visits": VISITS_A_BED * beds,
        "first_day": day - timedelta(days=365),
        "registers": registers,
        "n_registers": len(registers),
    }
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in _SQL.read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Year(patients=values["patients"], invoices=2 * values["visits"])


def _registers(beds: int) -> int:
    return max(1, round(REGISTERS_A_BED * beds))


def _open_months(given: make.Till, day: date) -> None:
    """Every month that the year touches, oldest first."""
    month = (day - timedelta(days=365)).replace(day=1)
    while month <= day:
        open_period(legal_entity=given.facility.legal_entity, starts_on=month, actor=None)
        month = (month + timedelta(days=32)).replace(day=1)
