"""A legal entity's own calendar decides which days a period has."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from ledger.commands import CalendarOverlaps, open_period, set_calendar
from ledger.models import Period
from ledger.rules.fiscal_calendar import Pattern
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


def test_periods_of_weeks_take_the_entries_of_their_days():
    entity, gil = access.legal_entity("E445"), make.person("gil")
    set_calendar(legal_entity=entity, pattern=Pattern.WEEKS_445, applies_from=date(2025, 12, 28), actor=gil)

    opened = [
        open_period(legal_entity=entity, starts_on=day, actor=gil)
        for day in [date(2026, 1, 31), date(2026, 2, 1), date(2026, 1, 1), date(2026, 2, 21)]
    ]

    assert [period.code for period in opened] == ["2026-02", "2026-02", "2026-01", "2026-02"]
    assert (opened[0].starts_on, opened[0].ends_on) == (date(2026, 1, 25), date(2026, 2, 21))


def test_a_period_across_two_months_takes_entries_of_both():
    facility, gil = make.book(day=date(2026, 3, 12)), make.person("gil")
    entity = facility.legal_entity
    set_calendar(legal_entity=entity, pattern=Pattern.WEEKS_445, applies_from=date(2026, 4, 1), actor=gil)
    may = open_period(legal_entity=entity, starts_on=date(2026, 5, 1), actor=gil)

    entries = [make.entry(facility, day=day) for day in [date(2026, 4, 26), date(2026, 5, 23)]]

    assert {entry.period_id for entry in entries} == {may.pk}
    assert (may.starts_on, may.ends_on) == (date(2026, 4, 26), date(2026, 5, 23))


def test_a_new_calendar_cuts_the_period_it_begins_in():
    facility, gil = make.book(day=date(2026, 3, 12)), make.person("gil")
    entity = facility.legal_entity

    set_calendar(legal_entity=entity, pattern=Pattern.WEEKS_445, applies_from=date(2026, 4, 10), actor=gil)
    april = open_period(legal_entity=entity, starts_on=date(2026, 4, 9), actor=gil)
    first = open_period(legal_entity=entity, starts_on=date(2026, 4, 10), actor=gil)

    assert (april.starts_on, april.ends_on) == (date(2026, 4, 1), date(2026, 4, 9))
    assert (first.starts_on, first.ends_on, first.number) == (date(2026, 4, 10), date(2026, 4, 25), 5)


def test_a_calendar_that_would_cut_standing_periods_is_refused():
    facility = make.book(day=date(2026, 3, 12))

    with pytest.raises(CalendarOverlaps, match="up to Mar 31, 2026"):
        set_calendar(
            legal_entity=facility.legal_entity,
            pattern=Pattern.WEEKS_445,
            applies_from=date(2026, 3, 31),
            actor=make.person("gil"),
        )


def test_the_database_refuses_overlapping_periods_and_changed_calendars():
    facility, gil = make.book(day=date(2026, 3, 12)), make.person("gil")
    entity = facility.legal_entity
    set_calendar(legal_entity=entity, pattern=Pattern.WEEKS_445, applies_from=date(2026, 4, 1), actor=gil)

    overlapping = (
        "INSERT INTO ledger_period (legal_entity_id, fiscal_year, number, starts_on, ends_on, state) "
        "SELECT legal_entity_id, 2027, 1, '2026-03-31', '2026-04-30', 'OPEN' FROM ledger_period"
    )
    for sql, why in [
        (overlapping, "ledger_period_no_overlap"),
        ("UPDATE ledger_period SET number = 4", "keeps its days"),
        ("UPDATE ledger_fiscalcalendar SET pattern = 'MONTH'", "permission denied"),
        ("DELETE FROM ledger_fiscalcalendar", "permission denied"),
    ]:
        with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Period.objects.count() == 1
