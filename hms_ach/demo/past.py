"""Telling the past: the book takes entries of other moments than the present only while its owner lets it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

MOST_MINUTES = 60


@contextmanager
def past_told() -> Iterator[None]:
    """Inside the block entries may be posted as of days gone by: for an hour at most, however it ends."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_standingclock VALUES (now() + make_interval(mins => %s))", [MOST_MINUTES]
        )
    try:
        yield
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM ledger_standingclock")
