"""Statements that the database prepares once for each connection."""

import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus

# What each connection has prepared: the names there, by the statements' texts.
_prepared: WeakKeyDictionary[psycopg.Connection, dict[str, bytes]] = WeakKeyDictionary()
_numbers = count(1)


class Statement(NamedTuple):
    """SQL with $1, $2, … and the names of what goes there; each of them is cast to its type.

    Numbered once here, and sent by libpq itself: a cursor of the driver takes five times as long. The driver
    prepares nothing (Django's default); once it did, it would take ours away too after each rollback.
    """

    text: str
    names: tuple[str, ...]

    @classmethod
    def read(cls, name: str) -> "Statement":
        text = (Path(__file__).parent / "sql" / name).read_text()
        names = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
        return cls(re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", text), names)

    def run(self, params: dict[str, Any]) -> tuple | None:
        """Its first row, in one round trip. Raises DatabaseError."""
        rows = self.rows(params)
        return rows[0] if rows else None

    def rows(self, params: dict[str, Any]) -> list[tuple]:
        """All its rows, in one round trip. Raises DatabaseError."""
        # The connection itself, because each word to its stand-in looks it up again.
        ours = connections[DEFAULT_DB_ALIAS]
        ours.close_if_health_check_failed()
        ours.ensure_connection()
        ours.validate_no_broken_transaction()
        with ours.wrap_database_errors:
            return self._rows(ours.connection, [params[name] for name in self.names])

    def _rows(self, driver: psycopg.Connection, values: list[Any]) -> list[tuple]:
        if not driver.autocommit and driver.pgconn.transaction_status == TransactionStatus.IDLE:
            driver.execute("SELECT")  # The driver begins the block's transaction with a statement of its own.
        converter = Transformer(driver)
        texts: Any = converter.dump_sequence(values, [PyFormat.TEXT] * len(values))
        result = driver.pgconn.exec_prepared(self._name_at(driver), texts, None, Format.BINARY)
        if result.status != ExecStatus.TUPLES_OK:
            raise _failure(driver, result)
        converter.set_pgresult(result)
        return converter.load_rows(0, result.ntuples, tuple)

    def _name_at(self, driver: psycopg.Connection) -> bytes:
        """The statement's name on this connection; prepared when it has none."""
        names = _prepared.setdefault(driver, {})
        if self.text not in names:
            name = b"ledger_%d" % next(_numbers)
            result = driver.pgconn.prepare(name, self.text.encode())
            if result.status != ExecStatus.COMMAND_OK:
                raise _failure(driver, result)
            names[self.text] = name
        return names[self.text]


def _failure(driver: psycopg.Connection, result: Any) -> psycopg.Error:
    """The error that the driver's own cursor would raise.

    What somebody took away, or what fits its tables no longer, is prepared anew by the next call.
    """
    error = error_from_result(result)
    if isinstance(error, InvalidSqlStatementName | FeatureNotSupported):
        _prepared.pop(driver, None)
    return psycopg.OperationalError(str(error)) if driver.closed else error


def array(values: Iterable[str | int | None]) -> str:
    """PostgreSQL's text of an array, for a $n that is cast to one.

    The driver's own way looks up a type for each array and each element: a fifth of the time of a posting.
    """
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
