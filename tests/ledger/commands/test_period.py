"""Closing, reopening by two people, and what the database refuses by itself."""

import threading
from datetime import date

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError

from ledger.commands import (
    PeriodClosed,
    PeriodStateWrong,
    ReopeningNotAwaiting,
    ReopeningNotByRequester,
    hard_close,
    open_period,
    reopen,
    request_reopening,
    soft_close,
)
from ledger.commands.period import DeclineWithoutReason, ReopeningOutdated, decline_reopening
from ledger.models import Period, PeriodReopening, Posting
from ledger.queries.period import reopenings_awaiting
from tests.make import ledger as make


def refused(sql, match):
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_a_period_is_one_calendar_month_and_opens_once():
    facility = make.book(day=date(2028, 2, 10))

    again = open_period(legal_entity=facility.legal_entity, starts_on=date(2028, 2, 29), actor=None)

    assert (again.starts_on, again.ends_on) == (date(2028, 2, 1), date(2028, 2, 29))
    assert Period.objects.count() == 1
    refused("UPDATE ledger_period SET ends_on = ends_on - 1", "keeps its days")


@pytest.mark.django_db
def test_a_closed_period_reopens_by_another_person_with_a_reason():
    facility, gil, hana = make.book(), make.person("gil"), make.person("hana")
    period = Period.objects.get()
    soft_close(period_id=period.pk, actor=gil)
    hard_close(period_id=period.pk, actor=gil)
    with pytest.raises(PeriodStateWrong):
        soft_close(period_id=period.pk, actor=gil)
    asked = request_reopening(period_id=period.pk, reason="A late invoice", actor=gil)

    with pytest.raises(ReopeningNotByRequester):
        reopen(reopening_id=asked.pk, actor=gil)
    reopen(reopening_id=asked.pk, actor=hana)

    assert make.entry(facility).pk
    with pytest.raises(ReopeningNotAwaiting):
        reopen(reopening_id=asked.pk, actor=hana)


@pytest.mark.django_db
def test_a_reopening_is_of_the_period_as_it_was_closed_when_it_was_asked_for():
    make.book()
    gil, hana = make.person("gil"), make.person("hana")
    period = soft_close(period_id=Period.objects.get().pk, actor=gil)
    soft = request_reopening(period_id=period.pk, reason="A late invoice", actor=gil)
    hard_close(period_id=period.pk, actor=gil)

    with pytest.raises(ReopeningOutdated, match="was soft closed when this was asked for, and"):
        reopen(reopening_id=soft.pk, actor=hana)
    assert not reopenings_awaiting().exists()
    refused(
        f"UPDATE ledger_periodreopening SET approved_by_id = {hana.pk}, approved_at = now()", "closed now"
    )
    hard = request_reopening(period_id=period.pk, reason="A late invoice", actor=gil)
    reopen(reopening_id=hard.pk, actor=hana)
    soft_close(period_id=period.pk, actor=gil)

    with pytest.raises(ReopeningOutdated):
        reopen(reopening_id=soft.pk, actor=hana)
    with pytest.raises(ReopeningOutdated):
        decline_reopening(reopening_id=soft.pk, reason="No", actor=hana)
    assert Period.objects.get().state == "SOFT"


@pytest.mark.django_db
def test_a_reopening_that_is_declined_opens_nothing_and_may_be_asked_for_again():
    make.book()
    gil, hana = make.person("gil"), make.person("hana")
    period = Period.objects.get()
    hard_close(period_id=period.pk, actor=gil)
    asked = request_reopening(period_id=period.pk, reason="A late invoice", actor=gil)

    with pytest.raises(DeclineWithoutReason):
        decline_reopening(reopening_id=asked.pk, reason=" ", actor=hana)
    decline_reopening(reopening_id=asked.pk, reason="Post it in April", actor=hana)
    with pytest.raises(ReopeningNotAwaiting):
        reopen(reopening_id=asked.pk, actor=hana)
    refused(
        f"UPDATE ledger_periodreopening SET approved_by_id = {hana.pk}, approved_at = now()", "changes once"
    )
    assert (Period.objects.get().state, reopenings_awaiting().count()) == ("HARD", 0)

    again = request_reopening(period_id=period.pk, reason="It is material", actor=gil)
    decline_reopening(reopening_id=again.pk, reason="Asked in error", actor=gil)
    third = request_reopening(period_id=period.pk, reason="It is material", actor=gil)
    reopen(reopening_id=third.pk, actor=hana)
    assert Period.objects.get().state == "OPEN"


DECLINED = "declined_by_id = {hana}, declined_at = now(), declined_because = 'No'"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values, match",
    [
        ("declined_by_id = {gil}, declined_at = now()", "decline_whole"),
        ("declined_because = 'No'", "changes once"),
        (f"{DECLINED}, approved_by_id = {{hana}}, approved_at = now()", "decline_whole"),
    ],
)
def test_the_database_keeps_a_decline_whole_and_apart_from_an_approval(values, match):
    make.book()
    gil, hana = make.person("gil"), make.person("hana")
    period = Period.objects.get()
    hard_close(period_id=period.pk, actor=gil)
    request_reopening(period_id=period.pk, reason="A late invoice", actor=gil)

    refused(f"UPDATE ledger_periodreopening SET {values.format(gil=gil.pk, hana=hana.pk)}", match)


@pytest.mark.django_db
def test_the_database_reopens_nothing_without_a_second_person():
    make.book()
    gil = make.person("gil")
    period = Period.objects.get()
    hard_close(period_id=period.pk, actor=gil)
    asked = request_reopening(period_id=period.pk, reason="A late invoice", actor=gil)

    refused("UPDATE ledger_period SET state = 'OPEN'", "second person")
    refused("UPDATE ledger_period SET state = 'SOFT'", "second person")
    refused(f"UPDATE ledger_periodreopening SET approved_by_id = {gil.pk}, approved_at = now()", "two_people")
    refused("UPDATE ledger_periodreopening SET reason = 'other'", "changes once")
    refused("DELETE FROM ledger_period", "permission denied")
    assert PeriodReopening.objects.get().pk == asked.pk


@pytest.mark.django_db
def test_one_approval_reopens_once(own_database):
    make.book()
    gil, hana = make.person("gil"), make.person("hana")
    period = Period.objects.get()
    hard_close(period_id=period.pk, actor=gil)
    asked = request_reopening(period_id=period.pk, reason="A late invoice", actor=gil)
    reopen(reopening_id=asked.pk, actor=hana)
    hard_close(period_id=period.pk, actor=gil)

    refused("UPDATE ledger_period SET state = 'OPEN'", "second person")


def in_thread(work) -> threading.Thread:
    def run():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_a_close_waits_for_who_is_posting(own_database):
    facility, gil = make.book(), make.person("gil")
    period = Period.objects.get()
    with transaction.atomic():
        make.entry(facility)
        closing = in_thread(lambda: hard_close(period_id=period.pk, actor=gil))
        closing.join(0.3)
        assert closing.is_alive()
    closing.join(10)

    assert Period.objects.get().state == "HARD"


def test_a_close_by_plain_sql_waits_for_who_is_posting(own_database):
    facility = make.book()

    def close():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_period SET state = 'HARD'")

    with transaction.atomic():
        make.entry(facility)
        closing = in_thread(close)
        closing.join(0.3)
        assert closing.is_alive()
    closing.join(10)

    assert Period.objects.get().state == "HARD"


def test_who_posts_waits_for_a_close_and_is_refused(own_database):
    facility = make.book()
    answers = []

    def post():
        try:
            answers.append(make.entry(facility))
        except PeriodClosed as refusal:
            answers.append(refusal)

    with transaction.atomic():
        Period.objects.update(state="HARD")
        posting = in_thread(post)
        posting.join(0.3)
        assert posting.is_alive()
    posting.join(10)

    assert isinstance(answers[0], PeriodClosed)
    assert not Posting.objects.exists()


def test_eight_posters_and_a_close_leave_nothing_after_it(own_database):
    facility, gil = make.book(), make.person("gil")
    period = Period.objects.get()
    problems = []

    def post(worker):
        for number in range(40):
            try:
                make.entry(facility, key=f"{worker}:{number % 30}")
            except PeriodClosed:
                return
            except Exception as error:
                problems.append(error)

    threads = [in_thread(lambda worker=worker: post(worker)) for worker in range(8)]
    hard_close(period_id=period.pk, actor=gil)
    at_close = Posting.objects.count()
    for thread in threads:
        thread.join(30)

    assert not problems
    assert Posting.objects.count() == at_close


def test_a_period_is_closed_only_where_every_posting_is_seen(own_database):
    """An older view of the database would not see what was posted since, so the close would miss it."""
    make.book()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(DatabaseError, match="read committed transaction only"):
            cursor.execute("UPDATE ledger_period SET state = 'SOFT'")
        transaction.set_rollback(True)

    assert set(Period.objects.values_list("state", flat=True)) == {"OPEN"}
