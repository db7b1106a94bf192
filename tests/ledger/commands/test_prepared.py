"""What is prepared once for each connection works in every state that the connection can be in."""

import pytest
from django.db import (
    DatabaseError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
    transaction,
)

from ledger.commands.prepared import Statement
from ledger.models import Entry
from tests.make import ledger as make

DOUBLED = Statement("SELECT $1::bigint * 2", ("number",))


class TurnedBack(Exception):
    pass


@transaction.atomic
def turned_back(work):
    work()
    raise TurnedBack


def _n_prepared() -> int:
    return _one("SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", DOUBLED.text)


def _one(sql: str, *params: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def test_an_entry_that_begins_a_transaction_goes_with_it(own_database):
    facility = make.book()

    with pytest.raises(TurnedBack):
        turned_back(lambda: make.entry(facility))

    assert Entry.objects.count() == 0


def test_a_rollback_takes_away_nothing_that_is_prepared(own_database):
    DOUBLED.run({"number": 1})

    with pytest.raises(TurnedBack):
        turned_back(lambda: DOUBLED.run({"number": 2}))

    assert _n_prepared() == 1
    assert DOUBLED.run({"number": 3}) == (6,)
    assert _n_prepared() == 1


def test_what_somebody_took_away_is_prepared_again_by_the_next_call(own_database):
    DOUBLED.run({"number": 1})
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    with pytest.raises(DatabaseError, match="does not exist"):
        DOUBLED.run({"number": 2})

    assert DOUBLED.run({"number": 3}) == (6,)


def test_a_refused_statement_leaves_the_connection_usable(own_database):
    with pytest.raises(DatabaseError, match="out of range"):
        DOUBLED.run({"number": 2**62})

    assert DOUBLED.run({"number": 4}) == (8,)


def test_a_connection_that_broke_says_so_and_the_next_is_prepared_anew(own_database):
    DOUBLED.run({"number": 1})
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        DOUBLED.run({"number": 2})

    connection.close()
    assert DOUBLED.run({"number": 3}) == (6,)


def test_a_connection_that_broke_between_two_requests_is_made_anew(own_database):
    DOUBLED.run({"number": 1})
    pid = _one("SELECT pg_backend_pid()")
    another = connections.create_connection("default")
    with another.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    another.close()

    connection.close_at = None  # It lives on between requests, as the settings let it do outside tests.
    close_old_connections()

    assert DOUBLED.run({"number": 2}) == (4,)
