"""Alarms by age: once for each item and limit, told and on the owner's home page until the item is gone."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach.outbox.models import Event
from ledger.commands import explain_item, set_clearing_limit, watch_clearing
from ledger.commands.clearing import ClearingLimitUnfit, NoteEmpty
from ledger.models import ClearingAlarm
from ledger.queries import clearing_limits, waiting
from ledger.tasks import watch_clearing_accounts
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
AGAIN = """
    INSERT INTO ledger_clearingalarm (facility_id, role, reference, currency, since, limit_days, owner_role,
        balance_minor, raised_at)
    SELECT facility_id, role, reference, currency, since, limit_days, owner_role, balance_minor, raised_at
    FROM ledger_clearingalarm
"""


@pytest.fixture
def facility():
    return make.book(day=DAY)


def card(facility, minor, *, day=DAY, reference="cba_1"):
    sides = {"debit": "card.clearing", "credit": "receivable.patient"}
    if minor < 0:
        sides = {"debit": "receivable.patient", "credit": "card.clearing"}
    return make.entry(facility, day=day, postings=make.lines(abs(minor), reference=reference, **sides))


def watched(facility, days: int) -> list[int]:
    alarms = watch_clearing(legal_entity=facility.legal_entity, today=DAY + timedelta(days=days))
    return [alarm.limit_days for alarm in alarms]


def mine(user, facility) -> int:
    rows = waiting(user, {facility.pk})
    return sum(row.count for row in rows if row.permission == "ledger.explain_item")


def test_an_item_raises_one_alarm_for_each_limit(facility):
    card(facility, 100_00)

    assert [watched(facility, days) for days in (3, 4, 5, 11, 12)] == [[], [3], [], [10], []]
    assert [event.data["limit_days"] for event in Event.objects.filter(type="clearing_item.aged")] == [3, 10]


def test_an_event_says_whose_item_how_much_and_who_looks(facility):
    card(facility, 100_00)
    watched(facility, 4)

    event = Event.objects.get(type="clearing_item.aged")
    assert (event.subject, event.facility) == ("cba_1", facility)
    assert event.data["balance"] == {"amount": "100.00", "currency": "USD"}
    assert event.data["owner_role"] == "FINANCE_REVIEWER"


def test_an_item_that_was_settled_and_opens_again_starts_anew(facility):
    card(facility, 100_00)
    assert watched(facility, 4) == [3]
    card(facility, -100_00, day=DAY + timedelta(days=5))
    assert watched(facility, 9) == []

    card(facility, 7_00, day=DAY + timedelta(days=10))

    assert watched(facility, 13) == []
    assert watched(facility, 14) == [3]


def test_it_stands_on_its_owners_home_page_until_it_is_back_at_zero(facility):
    reviewer = access.user("FINANCE_REVIEWER", facilities=[facility])
    controller = access.user("CONTROLLER", facilities=[facility])
    card(facility, 100_00)
    card(facility, 20_00, reference="")
    watched(facility, 4)
    assert (mine(reviewer, facility), mine(controller, facility)) == (2, 0)

    watched(facility, 11)
    assert (mine(reviewer, facility), mine(controller, facility)) == (2, 2)

    card(facility, -100_00)
    assert (mine(reviewer, facility), mine(controller, facility)) == (1, 1)


def test_the_night_watches_every_entity_and_may_run_twice(facility):
    card(facility, 100_00)
    card(make.book(day=DAY), 50_00)

    watch_clearing_accounts()
    watch_clearing_accounts(unknown_to_this_version=1)

    assert ClearingAlarm.objects.count() == 2 * 2


def test_an_entitys_own_limit_counts_from_then_on(facility):
    controller = access.user("CONTROLLER", facilities=[facility])
    asked = {"legal_entity": facility.legal_entity, "role": "card.clearing", "actor": controller}
    set_clearing_limit(age_days=3, owner_role="", **asked)
    set_clearing_limit(age_days=1, owner_role="FINANCE_APPROVER", **asked)
    card(facility, 100_00)

    assert watched(facility, 4) == [1]
    assert [
        each.age_days for each in clearing_limits(facility.legal_entity) if each.role == "card.clearing"
    ] == [
        1,
        10,
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"role": "cash.safe"}, {"age_days": -1}, {"age_days": 366}, {"owner_role": "CASHIER"}],
)
def test_a_limit_that_nobody_could_keep_is_refused(facility, wrong):
    asked = {"role": "card.clearing", "age_days": 3, "owner_role": "CONTROLLER"} | wrong

    with pytest.raises(ClearingLimitUnfit):
        set_clearing_limit(legal_entity=facility.legal_entity, actor=access.user("CONTROLLER"), **asked)


def test_a_note_says_something(facility):
    asked = {"facility": facility, "role": "card.clearing", "reference": "cba_1", "currency": "USD"}
    with pytest.raises(NoteEmpty):
        explain_item(text="  ", expected_on=None, actor=access.user(), **asked)


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE ledger_clearingalarm SET owner_role = 'AUDITOR'",
        "DELETE FROM ledger_clearingalarm",
        "TRUNCATE ledger_clearingalarm",
        "UPDATE ledger_clearinglimit SET age_days = 300",
        "DELETE FROM ledger_clearingnote",
        AGAIN,
    ],
)
def test_what_was_raised_set_and_written_stays(facility, attempt):
    card(facility, 100_00)
    watched(facility, 4)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt)
