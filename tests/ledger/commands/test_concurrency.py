"""Many at once on the same accounts: nobody waits for a row, nobody is lost, nothing deadlocks."""

import threading
from datetime import UTC, date, datetime

from django.db import connection, connections, transaction

from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import (
    EntryKeyReused,
    JournalLineAsked,
    Posting,
    build_gl_batch,
    hard_close,
    open_period,
    prepare_recurring,
    reverse_entry,
    save_template,
)
from ledger.models import Account, Entry, Period
from ledger.queries import balance_of, trial_balance
from tests.make import access
from tests.make import ledger as make

WRITERS, EACH = 50, 4


def at_once(n, work):
    """Run the work n times at once, each on a connection of its own; what each returned or raised."""
    start, answers = threading.Barrier(n), []

    def run(number):
        start.wait()
        try:
            answers.append(work(number))
        except Exception as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_fifty_writers_on_one_account_all_post_and_none_deadlocks(own_database):
    facility = make.book()
    forth = make.lines(1_00)
    back = [
        Posting("receivable.patient", Money(-1_00, "USD")),
        Posting("cash.drawer", Money(1_00, "USD")),
    ]

    answers = at_once(
        WRITERS,
        lambda number: [make.entry(facility, postings=forth if number % 2 else back) for _ in range(EACH)],
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    balance = balance_of("cash.drawer", legal_entity=facility.legal_entity, currency="USD")
    assert balance == Money(WRITERS * EACH * 1_00, "USD")


def test_fifty_writers_in_long_transactions_do_not_wait_for_one_another(own_database):
    facility = make.book()
    all_posted = threading.Barrier(WRITERS, timeout=30)

    def post_and_hold(_number):
        with transaction.atomic():
            make.entry(facility)
            make.entry(facility)
            # Nobody commits before everybody has posted: a row lock between two of them would break this.
            all_posted.wait()

    answers = at_once(WRITERS, post_and_hold)

    assert answers == [None] * WRITERS
    assert Entry.objects.count() == 2 * WRITERS


def test_fifty_replays_with_other_content_post_one_entry(own_database):
    facility = make.book()

    answers = at_once(
        WRITERS, lambda number: make.entry(facility, key="same", postings=make.lines(1 + number % 2)).pk
    )

    refused = [answer for answer in answers if isinstance(answer, EntryKeyReused)]
    assert len(set(answers) - set(refused)) == 1
    assert len(refused) == WRITERS // 2
    assert Entry.objects.count() == 1


def test_a_close_among_writers_leaves_nothing_posted_after_its_snapshot(own_database):
    facility, gil = make.book(), make.person("gil")
    period = Period.objects.get()

    def post_or_close(number):
        if number == 10:
            return hard_close(period_id=period.pk, actor=gil)
        return make.entry(facility)

    at_once(20, post_or_close)

    assert period.snapshots.get().n_postings == 2 * Entry.objects.count()
    assert trial_balance(legal_entity=facility.legal_entity, as_of=date(2026, 3, 31)).is_balanced


def test_reversing_and_posting_on_the_same_accounts_does_not_deadlock(own_database):
    facility = make.book()
    originals = [make.entry(facility) for _ in range(20)]

    def reverse_or_post(number):
        if number % 2:
            return make.entry(facility)
        return reverse_entry(
            original=originals[number // 2],
            key=f"r{number}",
            effective_on=make.DAY,
            memo="",
            source=("void", "1"),
            actor=None,
        )

    answers = at_once(40, reverse_or_post)

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert cursor.fetchone()[0] == 0


def test_two_builders_across_a_years_end_share_the_entries_out(own_database):
    facility = make.book(day=date(2026, 12, 1))
    open_period(legal_entity=facility.legal_entity, starts_on=date(2027, 1, 1), actor=None)
    for day in [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]:
        make.entry(facility, day=day)

    answers = at_once(
        2,
        lambda number: build_gl_batch(
            facility=facility, business_on=[date(2026, 12, 31), date(2027, 1, 1)][number], actor=None
        ),
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sum(batch.n_entries for batch in answers) == 3


def test_two_closes_at_once_make_one_snapshot_and_one_refusal(own_database):
    facility, gil = make.book(), make.person("gil")
    make.entry(facility)
    period = Period.objects.get()

    answers = at_once(2, lambda _number: hard_close(period_id=period.pk, actor=gil))

    assert sorted(type(answer).__name__ for answer in answers) == ["Period", "PeriodStateWrong"]
    assert period.snapshots.count() == 1


def test_two_runs_at_once_prepare_what_recurs_once(own_database):
    facility = make.book()
    accounts = Account.objects.filter(number__in=("8510", "1001")).order_by("-number")
    lines = [
        JournalLineAsked(account, Money(minor, "USD"))
        for account, minor in zip(accounts, (5_00, -5_00), strict=True)
    ]
    actor = access.user("FINANCE_REVIEWER", facilities=[facility])
    with clock.at(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        save_template(facility=facility, name="Rent", memo="", cadence="PERIOD", lines=lines, actor=actor)

    answers = at_once(4, lambda _number: prepare_recurring(today=date(2026, 4, 1)))

    assert sorted(len(prepared) for prepared, _refused in answers) == [0, 0, 0, 1]
