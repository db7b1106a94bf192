"""The way of a file's entries into the database: a COPY beside the reader, then one set-based insert."""

import hashlib
import json
from dataclasses import dataclass

from django.db import connection

from hms_ach import files
from hms_ach.refusal import FileRejected, Finding
from reconciliation.formats import camt
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.models import BankAccount, Statement
from reconciliation.rules.references import keys_of

_STAGE = """
    CREATE TEMP TABLE bank_staging (
        statement_no int, position int, source_line int, bank_reference text, booked_on date, value_on date,
        amount_minor bigint, currency text, refs text[], keys text[], counterparty text,
        description text, code text, is_reversal boolean, details jsonb
    ) ON COMMIT DROP
"""
_NUMBERED = """
    SELECT *, row_number() OVER (
        PARTITION BY booked_on, amount_minor, bank_reference ORDER BY position) AS ordinal
      FROM bank_staging WHERE statement_no = %(number)s
"""
_COUNT_NEW = f"""
    SELECT count(*) FROM ({_NUMBERED}) staged
     WHERE NOT EXISTS (
        SELECT FROM reconciliation_statementline line
         WHERE line.account_id = %(account)s AND line.booked_on = staged.booked_on
           AND line.amount_minor = staged.amount_minor AND line.bank_reference = staged.bank_reference
           AND line.ordinal = staged.ordinal)
"""  # noqa: S608 - one constant text within another
_KEEP = f"""
    INSERT INTO reconciliation_statementline (
        account_id, statement_id, position, source_line, bank_reference, booked_on, value_on, amount_minor,
        currency, ordinal, "references", keys, counterparty, description, code, is_reversal, details)
    SELECT %(account)s, %(statement)s, position, source_line, bank_reference, booked_on, value_on,
           amount_minor, currency, ordinal, refs, keys, counterparty, description, code, is_reversal, details
      FROM ({_NUMBERED}) staged
     ORDER BY position
    ON CONFLICT ON CONSTRAINT reconciliation_line_identity DO NOTHING
"""  # noqa: S608 - one constant text within another


@dataclass(frozen=True, slots=True)
class Staged:
    statements: list[ReadStatement]
    findings: list[Finding]


def read_into_staging(stored) -> Staged:
    """Read a kept file; its booked entries stand in the staging table of this transaction.

    Raises FileRejected, with the findings so far, where reading cannot go on.
    """
    reading = Reading()
    statements: list[ReadStatement] = []
    with connection.cursor() as cursor, files.open_file(stored.public_id) as source:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("DROP TABLE IF EXISTS bank_staging")
        cursor.execute(_STAGE)
        chunks = list_free_chunks(source)
        try:
            _copy(cursor, chunks, reading, statements)
        except FileRejected as stopped:
            last = Finding(stopped.params["line"], "", "", "XML 1.0", stopped.params["problem"])
            raise FileRejected(**stopped.params, findings=[*reading.findings, last]) from None
        cursor.execute("ANALYZE bank_staging")
    return Staged(statements, reading.findings)


def hold_file(sha256: str) -> None:
    """Let nobody else take in the same bytes until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bank_file:{sha256}"])


def list_free_chunks(source):
    """The file's pieces one by one."""
    while piece := source.read(65536):
        yield piece


def _copy(cursor, chunks, reading: Reading, statements: list[ReadStatement]) -> None:
    """One network direction at a time: rows are gathered by the thousand between the reads of chunks."""
    rows: list[tuple] = []
    position = 0
    for found in camt.read(chunks, reading):
        if isinstance(found, ReadStatement):
            statements.append(found)
            position = 0
        elif found.status == "BOOK":
            position += 1
            rows.append(_row(len(statements) + 1, position, found))
            if len(rows) >= 2_000:
                _write(cursor, rows)
    _write(cursor, rows)


def _write(cursor, rows: list[tuple]) -> None:
    if not rows:
        return
    with cursor.copy("COPY bank_staging FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    rows.clear()


def _row(number: int, position: int, entry: Entry) -> tuple:
    details = [
        [detail.amount_minor, list(detail.references), detail.counterparty] for detail in entry.details
    ]
    return (
        number,
        position,
        entry.source_line,
        _bank_reference(entry),
        entry.booked_on,
        entry.value_on,
        entry.amount_minor,
        entry.currency,
        list(entry.references),
        keys_of(entry.references, entry.description),
        entry.counterparty,
        entry.description,
        entry.code[:40],
        entry.is_reversal,
        json.dumps(details) if details else "[]",
    )


def _bank_reference(entry: Entry) -> str:
    """The bank's reference; where the bank gives none, a digest of what else the entry says."""
    if entry.bank_reference:
        return entry.bank_reference[:70]
    said = "\n".join([*entry.references, entry.counterparty, entry.description, entry.code])
    return "~" + hashlib.sha256(said.encode()).hexdigest()[:24]


def count_new(number: int, account: BankAccount) -> int:
    """How many staged lines of a statement no earlier file has brought. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_NEW, {"number": number, "account": account.pk})
        return cursor.fetchone()[0]


def keep_lines(number: int, statement: Statement) -> None:
    with connection.cursor() as cursor:
        params = {"number": number, "account": statement.account_id, "statement": statement.pk}
        cursor.execute(_KEEP, params)
