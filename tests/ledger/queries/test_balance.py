"""Balances by any dimension, day and moment: snapshots plus open postings equal all postings added up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import hard_close, open_period, reopen, request_reopening
from ledger.models import Account, Period, Snapshot, SnapshotLine
from ledger.models import Posting as Row
from ledger.queries import account_balance, balances, trial_balance
from ledger.queries.balance import DIMENSIONS
from ledger.rules.movements import RECEIVABLE_ROLES
from tests.make import ledger as make

pytestmark = pytest.mark.django_db

MONTHS = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
START = datetime(2026, 4, 1, tzinfo=UTC)
ROLES = ["cash.drawer", "receivable.patient"]


def three_months():
    facility = make.book(day=MONTHS[0])
    for first in MONTHS[1:]:
        open_period(legal_entity=facility.legal_entity, starts_on=first, actor=None)
    return facility


def post(facility, *, day, minor, hour, **dimensions):
    with clock.at(START + timedelta(hours=hour)):
        return make.entry(facility, day=day, postings=make.lines(minor, **dimensions))


def closed(facility, first, actor):
    return hard_close(period_id=Period.objects.get(starts_on=first).pk, actor=actor)


def reopened(period, asker, approver):
    asked = request_reopening(period_id=period.pk, reason="A late invoice", actor=asker)
    reopen(reopening_id=asked.pk, actor=approver)


def drawer(facility):
    account = Account.objects.select_related("legal_entity")
    return account.get(legal_entity=facility.legal_entity, number="1005")


def test_a_closed_month_is_read_from_its_snapshot_and_the_open_one_from_its_postings():
    facility, gil = three_months(), make.person("gil")
    post(facility, day=date(2026, 1, 10), minor=100, hour=1)
    post(facility, day=date(2026, 2, 10), minor=20, hour=2)
    closed(facility, MONTHS[0], gil)

    snapshot = Snapshot.objects.get()
    balance = account_balance(drawer(facility), as_of=date(2026, 2, 28))

    assert (snapshot.version, snapshot.n_postings) == (1, 2)
    assert balance == Money(120, "USD")


def test_the_book_is_known_as_it_was_on_any_day_and_at_any_moment():
    facility, gil, ana = three_months(), make.person("gil"), make.person("ana")
    post(facility, day=date(2026, 1, 10), minor=100, hour=1)
    january = closed(facility, MONTHS[0], gil)
    reopened(january, gil, ana)
    post(facility, day=date(2026, 1, 20), minor=7, hour=5)
    closed(facility, MONTHS[0], gil)

    def known(day, hours):
        moment = START + timedelta(hours=hours)
        return account_balance(drawer(facility), as_of=day, known_at=moment).minor

    assert [known(date(2026, 1, 31), hours) for hours in (0, 1, 4, 5)] == [0, 100, 100, 107]
    assert [known(date(2026, 1, day), 9) for day in (9, 10, 19, 20)] == [0, 100, 100, 107]
    assert list(Snapshot.objects.order_by("version").values_list("version", "n_postings")) == [(1, 2), (2, 4)]


def test_the_trial_balance_is_the_same_before_and_after_a_close():
    facility, gil = three_months(), make.person("gil")
    post(facility, day=date(2026, 1, 10), minor=100, hour=1)
    before = trial_balance(legal_entity=facility.legal_entity, as_of=date(2026, 1, 31))

    closed(facility, MONTHS[0], gil)

    assert trial_balance(legal_entity=facility.legal_entity, as_of=date(2026, 1, 31)) == before
    assert before.is_balanced


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_balance_equals_all_postings_added_up(data):
    with transaction.atomic():
        facility, gil, ana = three_months(), make.person("gil"), make.person("ana")
        _any_history(data, facility, gil, ana)
        asked = {
            "by": data.draw(st.lists(st.sampled_from(sorted(DIMENSIONS)), max_size=3, unique=True)),
            "as_of": data.draw(st.dates(MONTHS[0], date(2026, 3, 31))),
            "since": data.draw(st.none() | st.dates(MONTHS[0], date(2026, 3, 31))),
            "known_at": data.draw(st.none() | st.integers(0, 12).map(lambda h: START + timedelta(hours=h))),
            "roles": data.draw(st.none() | st.lists(st.sampled_from(ROLES), unique=True)),
        }

        found = balances(legal_entity=facility.legal_entity, **asked)

        assert _as_sums(found, asked["by"]) == _from_nothing(facility, **asked)
        transaction.set_rollback(True)


def _any_history(data, facility, gil, ana):
    """Postings into three months, closed and reopened at random, at moments that only grow."""
    for hour in range(data.draw(st.integers(1, 10))):
        period = Period.objects.get(
            legal_entity=facility.legal_entity, starts_on=data.draw(st.sampled_from(MONTHS))
        )
        if data.draw(st.integers(0, 3)) == 0:
            if period.state == "OPEN":
                hard_close(period_id=period.pk, actor=gil)
            else:
                reopened(period, gil, ana)
        elif period.state == "OPEN":
            day = data.draw(st.dates(period.starts_on, period.ends_on))
            minor = data.draw(st.integers(1, 99))
            reference, tender = data.draw(st.sampled_from("ab")), data.draw(st.sampled_from(["", "CASH"]))
            payer = data.draw(st.sampled_from(["", "AETNA"]))
            post(
                facility,
                day=day,
                minor=minor,
                hour=hour,
                reference=reference,
                tender=tender,
                payer=payer,
            )


def _as_sums(found, by):
    return {
        tuple(getattr(b, name) for name in by): (b.amount_minor, b.functional_minor, b.n_postings)
        for b in found
    }


def _from_nothing(facility, *, by, as_of, since, known_at, roles):
    sums = {}
    for row in Row.objects.filter(legal_entity=facility.legal_entity).select_related("entry"):
        if row.effective_on > as_of or (since and row.effective_on < since):
            continue
        if known_at and row.entry.posted_at > known_at:
            continue
        if roles is not None and row.role not in roles:
            continue
        key = tuple(getattr(row, DIMENSIONS[name]) for name in by)
        amount, functional, n = sums.get(key, (0, 0, 0))
        sums[key] = (amount + row.amount_minor, functional + row.functional_minor, n + 1)
    return sums


@pytest.mark.parametrize("model", [Snapshot, SnapshotLine])
def test_a_snapshot_is_made_by_closing_and_in_no_other_way(model):
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} DEFAULT VALUES")


def test_a_difference_of_dimension_is_kept_apart():
    facility = three_months()
    post(facility, day=date(2026, 1, 10), minor=100, hour=1, tender="CASH")
    post(facility, day=date(2026, 1, 10), minor=30, hour=1, tender="CARD")

    found = balances(legal_entity=facility.legal_entity, by=["tender"], where={"role": "cash.drawer"})

    assert [(b.tender, b.amount_minor) for b in found] == [("CARD", 30), ("CASH", 100)]


def test_a_snapshot_keeps_the_payer_of_receivables_only():
    facility, gil = three_months(), make.person("gil")
    post(facility, day=date(2026, 1, 10), minor=100, hour=1, payer="AETNA")
    post(facility, day=date(2026, 1, 10), minor=30, hour=1, payer="CIGNA")
    closed(facility, MONTHS[0], gil)

    kept = SnapshotLine.objects.order_by("role", "payer").values_list("role", "payer", "amount_minor")

    assert list(kept) == [
        ("cash.drawer", "", 130),
        ("receivable.patient", "AETNA", -100),
        ("receivable.patient", "CIGNA", -30),
    ]


def test_every_receivable_keeps_its_payer_by_its_name():
    assert all(role.startswith("receivable.") for role in RECEIVABLE_ROLES)


def test_another_entitys_postings_are_never_counted():
    facility, other = three_months(), make.book(day=MONTHS[0])
    post(other, day=date(2026, 1, 10), minor=100, hour=1)

    assert balances(legal_entity=facility.legal_entity) == []
