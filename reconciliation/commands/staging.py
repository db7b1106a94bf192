"""The way of a file's entries into the database: a COPY beside the reader, then one set-based insert."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hms_ach import files
from hms_ach.refusal import FileRejected, Finding
from reconciliation.formats.file import Opened, read_file
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.models import BankAccount, InterimReport, Statement
from reconciliation.rules.references import keys_of

_STAGE = """
    CREATE TEMP TABLE bank_staging (
        statement_no int, position int, status text, source_line int, bank_reference text,
        booked_on date, value_on date,
        amount_minor bigint, currency text, refs text[], keys text[], counterparty text,
        description text, code text, is_reversal boolean, details jsonb
    ) ON COMMIT DROP
"""
# Where the balances prove that a statement repeats nothing, its equals are numbered on from those here.
_NUMBERED = """
    SELECT staged.*, row_number() OVER (
        PARTITION BY booked_on, amount_minor, bank_reference ORDER BY position) + CASE WHEN %(proved)s THEN
            coalesce((SELECT max(line.ordinal) FROM reconciliation_statementline line
                       WHERE line.account_id = %(account)s AND line.booked_on = staged.booked_on
                         AND line.amount_minor = staged.amount_minor
                         AND line.bank_reference = staged.bank_reference), 0) ELSE 0 END AS ordinal
      FROM bank_staging staged WHERE statement_no = %(number)s AND status = 'BOOK'
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


_INTERIM = """
    INSERT INTO reconciliation_interimentry (
        account_id, report_id, position, source_line, bank_reference, seen_on, amount_minor, currency,
        ordinal, "references", counterparty, description, status)
    SELECT %(account)s, %(report)s, position, source_line, bank_reference, coalesce(booked_on, %(to_on)s),
           amount_minor, currency, row_number() OVER (
             PARTITION BY coalesce(booked_on, %(to_on)s), amount_minor, bank_reference ORDER BY position),
           refs, counterparty, description, status
      FROM bank_staging
     WHERE statement_no = %(number)s AND (%(is_pending)s = false OR status <> 'BOOK')
     ORDER BY position
    ON CONFLICT ON CONSTRAINT reconciliation_interimentry_identity DO NOTHING
"""


_NEVER_CAME = """
    SELECT report.report_id, entry.amount_minor, entry.bank_reference
      FROM reconciliation_interimentry entry
      JOIN reconciliation_interimreport report ON report.id = entry.report_id
     WHERE entry.account_id = %(account)s AND entry.status = 'BOOK'
       AND entry.seen_on BETWEEN %(from_on)s AND %(to_on)s
       AND NOT EXISTS (
        SELECT FROM bank_staging staged
         WHERE staged.statement_no = %(number)s AND staged.amount_minor = entry.amount_minor
           AND (staged.bank_reference = entry.bank_reference OR staged.refs && entry."references"::text[]))
       AND NOT EXISTS (
        SELECT FROM reconciliation_statementline line
         WHERE line.account_id = entry.account_id AND line.amount_minor = entry.amount_minor
           AND (line.bank_reference = entry.bank_reference OR line."references" && entry."references"))
     ORDER BY entry.id LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Staged:
    """What a kept file says; format is None only of an empty archive."""

    statements: list[ReadStatement]
    findings: list[Finding]
    format: str


def read_into_staging(stored, opened: Opened) -> Staged:
    """Read a kept file; its entries stand in the staging table of this transaction.

    Raises FileRejected, with the findings so far, where reading cannot go on.
    """
    reading = Reading()
    statements: list[ReadStatement] = []
    with connection.cursor() as cursor, files.open_file(stored.public_id) as source:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("DROP TABLE IF EXISTS bank_staging")
        cursor.execute(_STAGE)
        try:
            _copy(cursor, read_file(source, reading, opened), statements)
        except FileRejected as stopped:
            rule = reading.standard or "file"
            line, problem = stopped.params["line"], stopped.params["problem"]
            last = Finding(line, reading.part, "", rule, problem)
            raise FileRejected(line, problem, [*reading.findings, last]) from None
        cursor.execute("ANALYZE bank_staging")
    return Staged(statements, reading.findings, str(opened.format or ""))


def hold_file(sha256: str) -> None:
    """Let nobody else take in the same bytes until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bank_file:{sha256}"])


def _copy(cursor, found_in_file: Iterator[Entry | ReadStatement], statements: list[ReadStatement]) -> None:
    """One network direction at a time: rows are gathered by the thousand between the reads of chunks."""
    rows: list[tuple] = []
    position = 0
    for found in found_in_file:
        if isinstance(found, ReadStatement):
            statements.append(found)
            position = 0
        else:
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
        [detail.amount_minor, list(detail.references), detail.counterparty, detail.description]
        for detail in entry.details
    ]
    return (
        number,
        position,
        entry.status,
        entry.source_line,
        _bank_reference(entry),
        entry.booked_on,
        entry.value_on,
        entry.amount_minor,
        entry.currency,
        list(entry.references),
        _keys(entry),
        entry.counterparty,
        entry.description,
        entry.code[:40],
        entry.is_reversal,
        json.dumps(details) if details else "[]",
    )


def _keys(entry: Entry) -> list[str]:
    """The keys of the entry, and of the words of each transaction in it: its own text may be cut."""
    keys = dict.fromkeys(keys_of(entry.references, entry.description))
    for detail in entry.details:
        keys |= dict.fromkeys(keys_of((), detail.description))
    return list(keys)


def _bank_reference(entry: Entry) -> str:
    """The bank's reference; where the bank gives none, a digest of what else the entry says."""
    if entry.bank_reference:
        return entry.bank_reference[:70]
    said = "\n".join([*entry.references, entry.counterparty, entry.description, entry.code])
    return "~" + hashlib.sha256(said.encode()).hexdigest()[:24]


def date_open_entries(number: int, on: date) -> None:
    """Booked entries without a day, as the profile allows, count on the statement's last one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bank_staging SET booked_on = %(on)s, value_on = coalesce(value_on, %(on)s) "
            "WHERE statement_no = %(number)s AND booked_on IS NULL AND status = 'BOOK'",
            {"number": number, "on": on},
        )


def booked_after(number: int, day: date) -> list[tuple[int, date]]:
    """(source line, day) of the booked entries of a statement that are dated after a day; at most twenty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source_line, booked_on FROM bank_staging WHERE statement_no = %(number)s "
            "AND status = 'BOOK' AND booked_on > %(day)s ORDER BY position LIMIT 20",
            {"number": number, "day": day},
        )
        return cursor.fetchall()


def never_came(number: int, account: BankAccount, said: ReadStatement) -> list[tuple[str, int, str]]:
    """(report, amount, bank reference) of entries announced for these days that do not come."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NEVER_CAME,
            {"number": number, "account": account.pk, "from_on": said.from_on, "to_on": said.to_on},
        )
        return cursor.fetchall()


def count_new(number: int, account: BankAccount, *, is_proved: bool = False) -> int:
    """How many staged booked lines of a statement no earlier file has brought. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_NEW, {"number": number, "account": account.pk, "proved": is_proved})
        return cursor.fetchone()[0]


def keep_lines(number: int, statement: Statement, *, is_proved: bool = False) -> None:
    with connection.cursor() as cursor:
        params = {"number": number, "account": statement.account_id, "statement": statement.pk}
        cursor.execute(_KEEP, params | {"proved": is_proved})


def keep_announced(number: int, report: InterimReport) -> int:
    """Keep what a report announces; how many entries no earlier report had announced."""
    with connection.cursor() as cursor:
        params: dict[str, int | bool | date] = {
            "number": number,
            "account": report.account_id,
            "report": report.pk,
            "to_on": report.to_on,
            "is_pending": report.kind == InterimReport.Kind.PENDING,
        }
        cursor.execute(_INTERIM, params)
        return cursor.rowcount
