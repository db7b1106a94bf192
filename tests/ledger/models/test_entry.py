"""Raw SQL as the application: everything the book refuses."""

from datetime import date

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from ledger.models import Account, Entry, Period, Posting
from tests.make import ledger as make

pytestmark = pytest.mark.django_db

ENTRY = {
    "public_id": "ent_raw",
    "key": "raw",
    "effective_on": make.DAY,
    "source_kind": "test",
    "source_id": "1",
    "memo": "",
    "content_hash": b"",
    "n_postings": 2,
    "total_functional_minor": 100,
}
LINES = [(1, 100), (2, -100)]


def insert(cursor, table, **values):
    columns, holes = ", ".join(values), ", ".join(["%s"] * len(values))
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({holes})", list(values.values()))


def header(cursor, facility, **more) -> int:
    values = {
        **ENTRY,
        "legal_entity_id": facility.legal_entity_id,
        "facility_id": facility.pk,
        "period_id": Period.objects.get(legal_entity=facility.legal_entity).pk,
        "posted_at": "2026-03-12T10:00:00Z",
        **more,
    }
    insert(cursor, "ledger_entry", **values)
    cursor.execute("SELECT id FROM ledger_entry WHERE key = %s", [values["key"]])
    return cursor.fetchone()[0]


def lines(cursor, facility, entry_id, amounts=LINES, **more):
    """All lines in one statement."""
    account = Account.objects.get(legal_entity=facility.legal_entity, number="1005")
    rows = []
    for line, minor in amounts:
        values = {
            "entry_id": entry_id,
            "line": line,
            "legal_entity_id": facility.legal_entity_id,
            "facility_id": facility.pk,
            "effective_on": make.DAY,
            "account_id": account.pk,
            "role": "cash.drawer",
            "amount_minor": minor,
            "currency": "USD",
            "functional_minor": minor,
            "payer_class": "",
            "payer": "",
            "tender": "",
            "reference": "",
            **more,
        }
        rows.append(values)
    names = ", ".join(rows[0])
    holes = ", ".join(["(" + ", ".join(["%s"] * len(rows[0])) + ")"] * len(rows))
    cursor.execute(
        f"INSERT INTO ledger_posting ({names}) VALUES {holes}",
        [value for row in rows for value in row.values()],
    )


def refused(steps, match):
    """The database says no to these steps, at the latest when they commit, with these words."""
    with pytest.raises((DatabaseError, psycopg.Error), match=match):
        committed(steps)


@transaction.atomic
def committed(steps):
    with connection.cursor() as cursor:
        steps(cursor)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_right_entry_written_by_hand_is_taken():
    facility = make.book()

    committed(lambda cursor: lines(cursor, facility, header(cursor, facility)))

    assert Posting.objects.count() == 2


@pytest.mark.parametrize(
    "of_header, amounts, of_lines, match",
    [
        ({}, [(1, 100), (2, -99)], {}, "debits and credits differ"),
        ({}, [(1, 100)], {}, "lines it announces"),
        ({}, [(1, 100), (3, -100)], {}, "lines it announces"),
        ({}, [(0, 100), (1, -100)], {}, "lines it announces"),
        ({}, [(1, 100), (2, -50), (3, -50)], {}, "lines it announces"),
        ({"total_functional_minor": 99}, LINES, {}, "total it announces"),
        ({"n_postings": 1}, [(1, 100)], {}, "debits and credits differ"),
        ({}, [(1, 0), (2, 0)], {}, "is zero"),
        ({}, LINES, {"effective_on": date(2026, 3, 11)}, "does not fit"),
        ({}, LINES, {"currency": "EUR"}, "does not fit"),
        ({}, LINES, {"functional_minor": 1}, "differs by 2|does not fit"),
        ({"effective_on": date(2026, 4, 1)}, LINES, {}, "outside its period"),
        ({"source_id": ""}, LINES, {}, "no key or no source"),
    ],
)
def test_a_wrong_entry_is_refused(of_header, amounts, of_lines, match):
    facility = make.book()

    refused(lambda c: lines(c, facility, header(c, facility, **of_header), amounts, **of_lines), match)


def test_an_entry_without_lines_is_refused_at_commit():
    facility = make.book()

    refused(lambda cursor: header(cursor, facility), "has no postings")


def test_lines_in_two_statements_of_one_transaction_are_refused():
    facility = make.book()

    def steps(cursor):
        entry_id = header(cursor, facility)
        lines(cursor, facility, entry_id, [(1, 100)])
        lines(cursor, facility, entry_id, [(2, -100)])

    refused(steps, "lines it announces")


@pytest.mark.parametrize("amounts", [[(3, 5), (4, -5)], [(1, 5), (2, -5)]])
def test_late_lines_balanced_among_themselves_are_refused(amounts):
    facility = make.book()
    entry = make.entry(facility)

    refused(
        lambda c: lines(c, facility, entry.pk, amounts), "lines it announces|total it announces|line_once"
    )


def test_another_entitys_account_facility_or_period_is_refused():
    facility, other = make.book(), make.book()
    account = Account.objects.get(legal_entity=other.legal_entity, number="1005")
    period = Period.objects.get(legal_entity=other.legal_entity)

    refused(lambda c: lines(c, facility, header(c, facility), account_id=account.pk), "does not fit")
    refused(lambda c: lines(c, facility, header(c, facility), facility_id=other.pk), "does not fit")
    refused(lambda c: lines(c, facility, header(c, facility, facility_id=other.pk)), "another legal entity")
    refused(lambda c: lines(c, facility, header(c, facility, period_id=period.pk)), "another legal entity")


def test_an_inactive_account_and_a_closed_period_are_refused():
    facility = make.book()
    Account.objects.filter(number="1005").update(active_until=make.DAY)
    refused(lambda c: lines(c, facility, header(c, facility)), "does not fit")
    Account.objects.filter(number="1005").update(active_until=None)
    Period.objects.update(state="HARD")

    refused(lambda c: lines(c, facility, header(c, facility)), "closed period")


def test_copy_is_checked_like_insert():
    facility = make.book()

    def steps(cursor):
        entry_id = header(cursor, facility)
        account = Account.objects.get(legal_entity=facility.legal_entity, number="1005").pk
        names = (
            "entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role, amount_minor,"
            " currency, functional_minor, payer_class, payer, tender, reference"
        )
        with cursor.copy(f"COPY ledger_posting ({names}) FROM STDIN") as copy:
            for line, minor in [(1, 100), (2, -90)]:
                where = [entry_id, line, facility.legal_entity_id, facility.pk, make.DAY, account]
                copy.write_row([*where, "cash.drawer", minor, "USD", minor, "", "", "", ""])

    refused(steps, "debits and credits differ")


def test_a_temporary_table_cannot_stand_in_for_the_books_own():
    facility = make.book()
    Period.objects.update(state="HARD")

    def steps(cursor):
        cursor.execute("CREATE TEMP TABLE ledger_period AS SELECT * FROM public.ledger_period")
        cursor.execute("UPDATE pg_temp.ledger_period SET state = 'OPEN'")
        lines(cursor, facility, header(cursor, facility))

    refused(steps, "closed period")


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_posting", "ledger_exchangerate"])
@pytest.mark.parametrize(
    "sql",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE", "ALTER TABLE {} DISABLE TRIGGER ALL"],
)
def test_posted_rows_are_never_changed(table, sql):
    make.entry(make.book())

    refused(lambda cursor: cursor.execute(sql.format(table)), "permission denied|must be owner")


def test_triggers_cannot_be_switched_off_for_a_session():
    refused(lambda c: c.execute("SET session_replication_role = replica"), "permission denied")


def test_a_reversal_is_an_exact_mirror_and_the_only_one():
    facility = make.book()
    original = make.entry(facility, postings=make.lines(100, debit="cash.drawer", credit="cash.drawer"))
    mirror = [(1, -100), (2, 100)]

    refused(lambda c: lines(c, facility, header(c, facility, reverses_id=original.pk)), "exact mirror")
    refused(
        lambda c: lines(c, facility, header(c, facility, reverses_id=original.pk), mirror, tender="CASH"),
        "exact mirror",
    )

    committed(lambda c: lines(c, facility, header(c, facility, reverses_id=original.pk), mirror))
    refused(
        lambda c: lines(
            c, facility, header(c, facility, reverses_id=original.pk, key="2", public_id="ent_2"), mirror
        ),
        "reverses_id",
    )
    assert Entry.objects.count() == 2


def test_the_owner_too_is_refused_by_the_triggers(own_database, owner_connection):
    make.entry(make.book())

    for sql in ["UPDATE ledger_posting SET id = id", "DELETE FROM ledger_entry", "TRUNCATE ledger_posting"]:
        with pytest.raises(DatabaseError, match="never changed"), owner_connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize("moment", ["2020-01-01 00:00Z", "yesterday", "tomorrow", "infinity"])
def test_a_moment_of_posting_other_than_the_present_is_refused(owner_connection, moment):
    facility = make.book()
    with owner_connection.cursor() as owner:
        owner.execute("DELETE FROM ledger_standingclock")

    refused(lambda cursor: header(cursor, facility, posted_at=moment), "was not posted at")
    make.entry(facility)

    assert Entry.objects.count() == 1


def test_the_application_never_lets_the_clock_stand(db):
    for sql in (
        "INSERT INTO ledger_standingclock VALUES ('infinity')",
        "UPDATE ledger_standingclock SET until = 'infinity'",
    ):
        refused(lambda cursor, sql=sql: cursor.execute(sql), "permission denied")
