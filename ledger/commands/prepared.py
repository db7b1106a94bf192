"""Statements that the database prepares once for each connection."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from django.db import connection


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
        """Its one row, in one round trip. Raises DatabaseError."""
        connection.ensure_connection()
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
            cursor.execute(self.text, [params[name] for name in self.names], prepare=True)
            return cursor.fetchone()
