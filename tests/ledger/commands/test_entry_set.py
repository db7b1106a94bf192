"""Many entries at once: the same rows as one by one, all or none, and a refusal names its entry."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms_ach.access.models import Department
from hms_ach.money import Money
from ledger.commands import (
    AccountInactive,
    EntryKeyReused,
    EntryOfSetRefused,
    EntryRefused,
    EntryUnbalanced,
    NewEntry,
    PeriodClosed,
    Posting,
    RateMissing,
    RoleUnassigned,
    copy_entries,
    post_entries,
    post_entry,
    record_rate,
)
from ledger.commands import entry_copy as by_copy
from ledger.models import Account, Entry
from ledger.models import Posting as Row
from tests.make import ledger as make

pytestmark = pytest.mark.django_db

ROLES = ["cash.drawer", "receivable.patient", "receivable.insurer", "cash.safe"]
TEXTS = st.sampled_from(
    ["", "plain", "tab\there", "two\nlines", "back\\slash", 'a "quote"', "{},NULL", "Ärzte"]
)
EUROS = [Posting("cash.safe", Money(5, "EUR")), Posting("cash.drawer", Money(-5, "EUR"))]
WAYS = pytest.mark.parametrize("write", [post_entries, copy_entries])


def new(facility, key="n1", *, day=make.DAY, postings=None, **more) -> NewEntry:
    values = {"source": ("payment", "pay_1"), "memo": "Receipt 1"} | more
    return NewEntry(key, facility, day, postings=postings or make.lines(), **values)


def one_by_one(entries, *, actor=None):
    for entry in entries:
        values = {name: getattr(entry, name) for name in NewEntry.__slots__}
        post_entry(actor=actor, **values)


@st.composite
def contents(draw):
    """An entry's lines in one or two currencies, split unevenly, and its words."""
    lines = []
    for currency in draw(st.sampled_from([["USD"], ["EUR"], ["JPY", "USD"], ["EUR", "KWD"]])):
        parts = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=3))
        for minor in [*parts, -sum(parts)]:
            role, tender = draw(st.sampled_from(ROLES)), draw(st.sampled_from(["", "CASH"]))
            lines.append((role, minor, currency, tender, draw(TEXTS)))
    return lines, draw(TEXTS), draw(st.sampled_from([make.DAY, date(2026, 3, 20)])), draw(st.booleans())


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(contents(), min_size=1, max_size=5))
def test_the_three_ways_write_the_same_rows(drawn):
    with transaction.atomic():
        facility, gil = make.book(), make.person("gil")
        for base, rate in [("EUR", "1.1037"), ("JPY", "0.0067"), ("KWD", "3.2519")]:
            record_rate(
                base=base, quote="USD", on=date(2026, 1, 1), rate=Decimal(rate), source="ECB", actor=gil
            )
        entries = [
            new(
                facility,
                f"k{n}",
                day=day,
                memo=memo,
                belongs_on=date(2026, 2, 1) if is_late else None,
                postings=[
                    Posting(role, Money(minor, currency), tender=tender, payer=payer)
                    for role, minor, currency, tender, payer in lines
                ],
            )
            for n, (lines, memo, day, is_late) in enumerate(drawn)
        ]

        written = []
        for write in (one_by_one, post_entries, copy_entries):
            with transaction.atomic():
                write(entries, actor=gil)
                written.append(rows(gil))
                transaction.set_rollback(True)

        assert written[0] == written[1] == written[2]
        transaction.set_rollback(True)


def rows(actor):
    """Everything of the book but what each way makes anew."""
    entries = Entry.objects.order_by("key").values()
    postings = Row.objects.order_by("entry__key", "line")
    assert {entry["posted_by_id"] for entry in entries} == {actor.pk}
    return (
        [{k: v for k, v in e.items() if k not in ("id", "public_id", "posted_at")} for e in entries],
        [{k: v for k, v in p.items() if k not in ("id", "entry_id")} for p in postings.values()],
    )


@WAYS
def test_a_set_sent_again_writes_nothing_and_other_content_is_refused(write):
    facility = make.book()
    entries = [new(facility, f"n{n}") for n in range(3)]
    write(entries)

    write([*entries, new(facility, "n3"), new(facility, "n3")])
    with pytest.raises(EntryOfSetRefused, match=r"Entry 2 of the set, n1: .*used before") as refused:
        write([new(facility, "n9"), new(facility, "n1", memo="Another")])

    assert isinstance(refused.value.cause, EntryKeyReused)
    assert sorted(Entry.objects.values_list("key", flat=True)) == ["n0", "n1", "n2", "n3"]


@WAYS
@pytest.mark.parametrize(
    "wrong, cause",
    [
        ({"postings": make.lines()[:1]}, EntryUnbalanced),
        ({"postings": [*make.lines(), *make.lines(7)[:1]]}, EntryUnbalanced),
        ({"day": date(2026, 4, 1)}, PeriodClosed),
        ({"postings": make.lines(debit="cash.nowhere")}, RoleUnassigned),
        ({"postings": EUROS}, RateMissing),
        ({"memo": "x" * 201}, EntryRefused),
        ({"postings": make.lines(2**63)}, EntryRefused),
        ({"source": ("", "")}, EntryRefused),
    ],
)
def test_one_wrong_entry_refuses_all_and_is_named(write, wrong, cause):
    facility = make.book()
    entries = [new(facility, "right"), new(facility, "wrong", **wrong), new(facility, "right too")]

    with pytest.raises(EntryOfSetRefused, match="Entry 2 of the set, wrong: ") as refused:
        write(entries)

    assert isinstance(refused.value.cause, cause)
    assert not Entry.objects.exists()


@WAYS
def test_what_only_the_database_knows_is_named_too(write):
    facility, other = make.book(), make.book()
    ward = Department.objects.create(facility=other, code="W1", name="Ward 1")
    entries = [new(facility, "right"), new(facility, "wrong", postings=make.lines(department=ward))]

    with pytest.raises(EntryOfSetRefused, match=r"Entry 2 of the set, wrong: .*line 1 of entry ent_"):
        write(entries)

    assert not Entry.objects.exists()


@WAYS
def test_an_account_out_of_use_refuses_the_set(write):
    facility = make.book()
    Account.objects.filter(number="1005").update(active_until=make.DAY)

    with pytest.raises(EntryOfSetRefused) as refused:
        write([new(facility)])

    assert isinstance(refused.value.cause, AccountInactive)


@WAYS
def test_foreign_items_of_a_set_are_settled_one_after_the_other(write):
    facility, gil = make.book(), make.person("gil")
    for day, rate in [(date(2026, 3, 1), "1.10"), (date(2026, 3, 20), "1.20")]:
        record_rate(base="EUR", quote="USD", on=day, rate=Decimal(rate), source="ECB", actor=gil)

    def euros(minor, debit, credit):
        return [
            Posting(debit, Money(minor, "EUR"), reference="inv_1"),
            Posting(credit, Money(-minor, "EUR"), reference="inv_1"),
        ]

    billed = new(facility, "billed", postings=euros(100_00, "receivable.patient", "revenue.patient_services"))
    paid = euros(100_00, "cash.safe", "receivable.patient")
    write([billed, new(facility, "paid", day=date(2026, 3, 20), postings=paid)])

    gain = Row.objects.get(role="fx.gain_loss")
    assert (gain.amount_minor, gain.functional_minor) == (0, -10_00)


def test_a_load_is_written_chunk_by_chunk_and_is_all_or_none(monkeypatch):
    monkeypatch.setattr(by_copy, "CHUNK", 2)
    facility = make.book()
    entries = [new(facility, f"n{n}") for n in range(5)]

    copied = copy_entries(iter(entries[:3]))
    again = copy_entries(iter(entries))
    with pytest.raises(EntryOfSetRefused, match="Entry 5 of the set, late"):
        copy_entries(
            iter([*(new(facility, f"m{n}") for n in range(4)), new(facility, "late", day=date(2026, 5, 1))])
        )

    assert (copied.n_posted, copied.n_known, again.n_posted, again.n_known) == (3, 0, 2, 3)
    assert Entry.objects.count() == 5


@pytest.mark.django_db(databases=[])
def test_checks_read_what_they_check_and_not_the_journal(own_database):
    """Whatever the planner believes of the journal, which it may have measured while it was empty."""
    facility = make.book()
    for measured in ("SELECT", "VACUUM ledger_entry, ledger_posting", "ANALYZE ledger_entry, ledger_posting"):
        with connections["owner"].cursor() as cursor:
            cursor.execute(measured)
        connection.close()  # Its plans were made before.
        assert 0 < rows_read(lambda: one_by_one(new(facility, f"n{n}") for n in range(100))) < 2_000
        assert 0 < rows_read(lambda: copy_entries(new(facility, f"n{n}") for n in range(500))) < 10_000


def rows_read(work) -> int:
    """How many rows of the journal the work reads; it is taken back."""
    with transaction.atomic(), connection.cursor() as cursor:
        work()
        cursor.execute(
            "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables"
            " WHERE relname IN ('ledger_entry', 'ledger_posting')"
        )
        transaction.set_rollback(True)
        return cursor.fetchone()[0]


def test_nothing_is_nothing():
    assert post_entries([]) == []
    assert copy_entries([]).n_posted == 0
