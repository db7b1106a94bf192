"""Documents in words, for files of any length: a few queries for each piece of rows."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from hms_ach.web.names import names_of

Row = TypeVar("Row")
_PIECE = 500


def in_pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows in lists of some hundred."""
    source = iter(rows)
    while piece := list(islice(source, _PIECE)):
        yield piece


def named(subjects: Iterable[str]) -> Callable[..., str]:
    """What to call each of these subjects: "Invoice NORTH-2026-000123", or its kind and id."""
    names = names_of(set(subjects))

    def call(subject: str, kind: str = "") -> str:
        name = names[subject]
        return str(name) if name.word or not kind else f"{kind} {subject}"

    return call
