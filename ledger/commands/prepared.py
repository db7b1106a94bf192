"""Statements that the database prepares once for each connection."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


class Statement(NamedTuple):
    """SQL with $1, $2, … and the names of what goes there.

    Numbered once here, because the driver would look for its %(name)s in the text at each run.
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
        ours.ensure_connection()
        ours.validate_no_broken_transaction()
        driver = ours.connection
        with ours.wrap_database_errors, psycopg.RawCursor(driver) as cursor:
            # Switched on for this statement alone: the texts of others carry their values, and the driver
            # would remember the last hundred of them, files and all.
            driver.prepare_threshold = 0
            try:
                cursor.execute(self.text, [params[name] for name in self.names], prepare=True, binary=True)
            finally:
                driver.prepare_threshold = None
            return cursor.fetchall()


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
