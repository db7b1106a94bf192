"""Building what the general ledger receives."""

import csv
import hashlib
import io
import json
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from hms_ach import clock
from ledger.commands import build_gl_batch, reverse_entry
from ledger.commands.gl_batch import BatchDayAhead
from ledger.models import GlBatch, GlBatchEntry, GlBatchFile
from ledger.queries import file_bytes
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


def build(facility, day=make.DAY):
    return build_gl_batch(facility=facility, business_on=day, actor=None)


def content(batch, layout):
    return b"".join(file_bytes(GlBatchFile.objects.get(batch=batch, layout=layout)))


def test_a_person_builds_no_batch_of_a_day_to_come():
    facility = make.book(code="NORTH")
    tomorrow = clock.today(facility.timezone) + timedelta(days=1)

    with pytest.raises(BatchDayAhead, match="Build the batch up to today at most"):
        build_gl_batch(facility=facility, business_on=tomorrow, actor=make.person("gil"))

    assert not GlBatch.objects.exists()


def test_a_batch_sums_by_account_and_dimension_and_ends_with_its_control_totals():
    facility = make.book()
    ids = {make.entry(facility, postings=make.lines(125_00, tender="CASH")).public_id for _ in range(2)}

    batch = build(facility)

    whole = json.loads(content(batch, "json"))
    assert [(line["account"], line["debit"], line["credit"]) for line in whole["lines"]] == [
        ("1005", "250.00", "0.00"),
        ("1022", "0.00", "250.00"),
    ]
    assert set(whole["lines"][0]["entries"]) == ids
    assert whole["trailer"] == {
        "entries": 2,
        "lines": 2,
        "functional_debit": "250.00",
        "functional_credit": "250.00",
    }


def test_every_layout_says_the_same_and_keeps_its_digest():
    facility = make.book()
    make.entry(facility)

    batch = build(facility)

    lines = [json.loads(line) for line in content(batch, "jsonl").splitlines()]
    table = list(csv.DictReader(io.StringIO(content(batch, "csv").decode(), newline="")))
    assert [line["record"] for line in lines] == ["batch", "line", "line", "trailer"]
    assert [row["record"] for row in table] == ["LINE", "LINE", "TRAILER"]
    assert [row["debit"] for row in table[:2]] == [line["debit"] for line in lines[1:3]]
    for file in batch.files.all():
        assert hashlib.sha256(b"".join(file_bytes(file))).hexdigest() == file.sha256


def test_a_late_entry_goes_to_the_next_batch_and_a_reversal_with_it():
    facility = make.book()
    early = make.entry(facility)
    first = build(facility)
    before = content(first, "csv")
    late = make.entry(facility)
    reverse_entry(
        original=early, key="void", effective_on=make.DAY, memo="", source=("void", "1"), actor=None
    )

    second = build(facility)

    assert (first.run, second.run) == (1, 2)
    assert content(first, "csv") == before
    members = GlBatchEntry.objects.filter(batch=second).values_list("entry__public_id", flat=True)
    assert late.public_id in members
    assert second.n_entries == 2


def test_a_batch_takes_nothing_of_later_days_or_other_facilities():
    facility, other = make.book(), make.book()
    make.entry(facility, day=make.DAY + timedelta(days=1))
    make.entry(other)

    batch = build(facility)

    assert (batch.n_entries, batch.n_lines, batch.debit_minor) == (0, 0, 0)
    assert json.loads(content(batch, "json"))["trailer"]["entries"] == 0


@transaction.atomic
def build_with_another_line(facility):
    batch = build(facility)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_glbatchline (batch_id, line, effective_on, account_id, account_number,"
            " account_name, payer_class, tender, currency, debit_minor, credit_minor,"
            " functional_debit_minor, functional_credit_minor, n_postings, category, segments)"
            " SELECT batch_id, 9, effective_on, account_id, '', '', '', '', 'USD', 1, 1, 0, 0, 1, '', '{1}'"
            " FROM ledger_glbatchline WHERE batch_id = %s LIMIT 1",
            [batch.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_batch_that_does_not_add_up_is_refused_when_it_commits():
    facility = make.book()
    make.entry(facility)

    with pytest.raises(DatabaseError, match="control totals"):
        build_with_another_line(facility)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_glbatch SET business_on = %s",
        "DELETE FROM ledger_glbatchline WHERE %s IS NOT NULL",
        "UPDATE ledger_glbatchfile SET sha256 = %s",
        "DELETE FROM ledger_glbatchentry WHERE %s IS NOT NULL",
    ],
)
def test_a_batch_is_never_changed(sql):
    facility = make.book()
    make.entry(facility)
    build(facility)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [date(2026, 1, 1)])
