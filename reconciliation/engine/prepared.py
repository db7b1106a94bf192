"""Statements that a connection plans once. Of a small run, more than half would be planning."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

_COMMENT = re.compile(r"--.*")
_ANALYZE = re.compile(r"ANALYZE \w+( \(\w+\))?")
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def prepared(cursor, file: Path, *, takes: str = "", given: str = "") -> str:
    """What executes the statements of a file, by plans of this connection that hold whatever the tables hold.

    takes, given  the type of the one parameter, and its value; the file calls it $1
    """
    known = _known.setdefault(cursor.connection, set())
    statements = _statements(file)
    for name, statement in statements.items():
        if name not in known:
            cursor.execute(f"PREPARE {name} {takes} AS {statement}")
            known.add(name)
    return "; ".join(f"EXECUTE {name} {given}" for name in statements)


@cache
def _statements(file: Path) -> dict[str, str]:
    """By their prepared names. Statistics of a few rows cost more than any plan made without them."""
    parts = (part.strip() for part in _COMMENT.sub("", file.read_text()).split(";"))
    kept = [part for part in parts if part and not _ANALYZE.fullmatch(part)]
    return {f"{file.stem}_{number}": part for number, part in enumerate(kept, start=1)}
