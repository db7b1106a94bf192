"""What entries and postings point at exists and stays: no foreign key says so, the triggers do."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, OperationalError

from ledger.models import Account, Entry, Period
from tests.ledger.models.test_entry import header, lines, refused
from tests.make import ledger as make

pytestmark = pytest.mark.django_db

TABLES = ["ledger_account", "ledger_period", "access_facility", "access_legalentity"]
NOBODY = 2**40


@pytest.mark.parametrize(
    "of_header, of_lines, match",
    [
        ({"facility_id": NOBODY}, {}, "another legal entity"),
        ({"legal_entity_id": NOBODY}, {}, "another legal entity"),
        ({"period_id": NOBODY}, {}, "another legal entity"),
        ({}, {"account_id": NOBODY}, "does not fit"),
        ({}, {"exchange_rate_id": NOBODY}, "does not fit"),
        ({}, {"facility_id": NOBODY}, "does not fit"),
        ({}, {"department_id": NOBODY}, "does not fit"),
    ],
)
def test_what_does_not_exist_is_refused(of_header, of_lines, match):
    facility = make.book()

    refused(lambda c: lines(c, facility, header(c, facility, **of_header), **of_lines), match)


def test_postings_of_no_entry_are_refused():
    facility = make.book()

    refused(lambda cursor: lines(cursor, facility, NOBODY), "lines it announces")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("sql", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_application_may_not_remove_what_the_book_points_at(table, sql):
    make.book()

    refused(lambda cursor: cursor.execute(sql.format(table)), "permission denied")


def test_the_owner_too_is_refused(own_database, owner_connection):
    make.entry(make.book())

    for table in TABLES:
        with pytest.raises(DatabaseError, match="never changed"), owner_connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE access_legalentity SET functional_currency = 'EUR'",
        "UPDATE access_facility SET legal_entity_id = (SELECT max(id) FROM access_legalentity)",
        "UPDATE ledger_account SET id = id + 1000000",
        "UPDATE access_facility SET id = id + 1000000",
    ],
)
def test_numbers_entities_and_currencies_are_kept(sql):
    make.book(), make.book()

    refused(lambda cursor: cursor.execute(sql), "keeps its number, legal entity and functional currency")


def test_an_old_snapshot_cannot_post_into_a_period_that_was_closed_since(own_database, owner_connection):
    facility = make.book()

    with pytest.raises(OperationalError, match="could not serialize"):
        _post_after_a_close(facility, owner_connection)

    assert not Entry.objects.exists()


@transaction.atomic
def _post_after_a_close(facility, owner_connection):
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT state FROM ledger_period")
    with owner_connection.cursor() as other:
        other.execute("UPDATE ledger_period SET state = 'HARD'")
    make.entry(facility)


def test_a_posting_writes_to_no_row_that_others_share():
    facility = make.book()
    check_what_was_deferred()
    before = _versions(facility)

    make.entry(facility)
    check_what_was_deferred()

    assert _versions(facility) == before


def check_what_was_deferred():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _versions(facility):
    """The lock marks of the rows that every posting looks up."""
    found = []
    for model in (Account, Period, type(facility), type(facility.legal_entity)):
        found += model.objects.order_by("pk").extra(select={"mark": "xmax::text"}).values_list("pk", "mark")
    return found
