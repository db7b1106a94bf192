"""Numbers without gaps, also when many ask and some give up."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach.sql import next_number, run_sql_file
from tests.make import trust as make


@pytest.mark.django_db
def test_each_series_facility_and_year_counts_alone():
    north, lake = make.facility().pk, make.facility().pk

    numbers = [
        next_number(series=series, facility_id=facility, year=year)
        for series, facility, year in [
            ("invoice", north, 2026),
            ("invoice", north, 2026),
            ("receipt", north, 2026),
            ("invoice", lake, 2026),
            ("invoice", north, 2027),
        ]
    ]

    assert numbers == [1, 2, 1, 1, 1]


def test_rolled_back_numbers_are_given_again(own_database):
    """Eight threads, every third transaction rolled back: the kept numbers are 1 to n."""
    facility = make.facility().pk

    def take(turn: int) -> int | None:
        with transaction.atomic():
            number = next_number(series="receipt", facility_id=facility, year=2026)
            transaction.set_rollback(turn % 3 == 0)
        return None if turn % 3 == 0 else number

    def take_all(first: int) -> list[int | None]:
        try:
            return [take(turn) for turn in range(first, 60, 8)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        kept = sorted(number for taken in pool.map(take_all, range(8)) for number in taken if number)

    assert kept == list(range(1, 41))


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["files_storedfile", "outbox_event", "outbox_attempt", "audit_event"])
def test_append_only_tables_refuse_the_application(table, verb):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


@pytest.mark.django_db
def test_every_append_only_table_has_both_the_trigger_and_no_grant():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT tgrelid::regclass::text, has_table_privilege(tgrelid, 'UPDATE, DELETE, TRUNCATE')
               FROM pg_trigger WHERE tgname LIKE '%\\_append\\_only' AND tgenabled = 'O'"""
        )
        found = dict(cursor.fetchall())

    assert {"audit_event", "audit_seal", "outbox_event", "files_chunk"} <= set(found)
    assert {table for table, may_change in found.items() if may_change} == set()


def test_a_way_back_names_a_function_where_it_stands(tmp_path):
    body = "FUNCTION one() RETURNS int LANGUAGE sql AS $$\n    SELECT 1;\n$$;"
    (tmp_path / "0001_rules.up.sql").write_text(f"CREATE {body}\n\nCREATE FUNCTION two() AS $$ $$;\n")
    (tmp_path / "0002_other.up.sql").write_text("CREATE OR REPLACE FUNCTION one() AS $$ $$;\n")
    (tmp_path / "0002_other.down.sql").write_text("-- As before.\n{function one of 0001_rules}\nSELECT 2;\n")

    way = run_sql_file(tmp_path / "0002_other.up.sql")

    assert way.down == f"-- As before.\nCREATE OR REPLACE {body}\nSELECT 2;\n"


def test_a_way_back_names_a_function_of_a_noun(tmp_path):
    body = "FUNCTION one() RETURNS int LANGUAGE sql AS $$\n    SELECT 1;\n$$;"
    (tmp_path / "entry.sql").write_text(f"CREATE {body}\n")
    (tmp_path / "0003_other.up.sql").write_text("CREATE OR REPLACE FUNCTION one() AS $$ $$;\n")
    (tmp_path / "0003_other.down.sql").write_text("{function one of entry}\n")

    assert run_sql_file(tmp_path / "0003_other.up.sql").down == f"CREATE OR REPLACE {body}\n"


def test_the_sql_of_a_noun_has_no_way_back(tmp_path):
    (tmp_path / "entry.sql").write_text("CREATE FUNCTION one() AS $$ $$;\n")

    assert not run_sql_file(tmp_path / "entry.sql").reversible


def test_a_way_back_to_a_function_that_is_nowhere_is_told(tmp_path):
    (tmp_path / "0001_rules.up.sql").write_text("CREATE FUNCTION one() AS $$ $$;\n")
    (tmp_path / "0001_rules.down.sql").write_text("{function another of 0001_rules}\n")

    with pytest.raises(ValueError, match=r"0001_rules\.up\.sql has no function another"):
        run_sql_file(tmp_path / "0001_rules.up.sql")
