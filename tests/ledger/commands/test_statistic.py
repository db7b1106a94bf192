"""Statistical accounts: quantities that count once, never change, and never touch money."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from ledger.commands import Counted, define_statistic, hard_close, record_statistics
from ledger.commands.statistic import (
    StatisticKeyReused,
    StatisticReversed,
    StatisticUnfit,
    reverse_statistic,
)
from ledger.models import Period, StatisticEntry
from ledger.models.statistic import StatisticAccount
from ledger.queries import Scope, statistics
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


@pytest.fixture
def facility():
    facility = make.book(code="NORTH")
    asked = {"legal_entity": facility.legal_entity, "actor": make.person("gil")}
    define_statistic(code="PD", name="Patient days", unit="days", decimals=0, **asked)
    define_statistic(code="FTE", name="Staff", unit="full-time posts", decimals=2, **asked)
    return facility


@pytest.fixture
def eve():
    return make.person("eve")


def count(facility, eve, quantity, *, key="k1", on=DAY, account="PD"):
    asked = Counted(account, facility, on, Decimal(quantity), key)
    return record_statistics(counted=[asked], source="admissions", actor=eve)[0]


def quantities(facility, since=None, until=DAY):
    scope = Scope(facility.legal_entity, [facility], since, until)
    return {row.code: row.quantity for row in statistics(scope)}


def test_what_is_counted_adds_up_and_what_nobody_reported_is_not_there(facility, eve):
    count(facility, eve, 27)
    count(facility, eve, 14, key="k2", on=DAY.replace(day=11))

    assert quantities(facility) == {"PD": Decimal(41)}
    assert quantities(facility, since=DAY) == {"PD": Decimal(27)}
    assert quantities(facility, until=date(2026, 3, 1)) == {}


def test_what_is_taken_back_counts_no_more(facility, eve):
    count(facility, eve, 27)
    mistake = count(facility, eve, 14, key="k2")

    reverse_statistic(entry_id=mistake.pk, reason="Counted twice", actor=eve)
    count(facility, eve, 12, key="k3")

    assert quantities(facility) == {"PD": Decimal(39)}
    with pytest.raises(StatisticReversed):
        reverse_statistic(entry_id=mistake.pk, reason="Again", actor=eve)
    with pytest.raises(StatisticReversed):
        reverse_statistic(entry_id=StatisticEntry.objects.get(reverses=mistake).pk, reason="x", actor=eve)


@pytest.mark.parametrize(
    "said, why",
    [
        ({"code": "PD"}, "PD is counted already. Choose another code"),
        ({"decimals": 5}, "0 to 4 decimals"),
        ({"decimals": -1}, "0 to 4 decimals"),
        ({"name": " "}, "a name"),
        ({"unit": ""}, "a unit"),
        ({"code": ""}, "a code"),
    ],
)
def test_what_cannot_be_counted_is_not_defined(facility, eve, said, why):
    asked = {"code": "VISIT", "name": "Visits", "unit": "visits", "decimals": 0} | said

    with pytest.raises(StatisticUnfit, match=why):
        define_statistic(legal_entity=facility.legal_entity, actor=eve, **asked)

    assert StatisticAccount.objects.count() == 2


def test_the_same_key_counts_once_and_other_content_is_refused(facility, eve):
    assert count(facility, eve, 27).pk == count(facility, eve, 27).pk

    with pytest.raises(StatisticKeyReused):
        count(facility, eve, 28)
    assert quantities(facility) == {"PD": Decimal(27)}


@pytest.mark.parametrize(
    ("quantity", "account"), [("0", "PD"), ("1.5", "PD"), ("1.505", "FTE"), ("1", "MOON")]
)
def test_a_quantity_that_does_not_fit_is_refused_with_all_others(facility, eve, quantity, account):
    good = Counted("PD", facility, DAY, Decimal(1), "good")
    bad = Counted(account, facility, DAY, Decimal(quantity), "bad")

    with pytest.raises(StatisticUnfit):
        record_statistics(counted=[good, bad], source="admissions", actor=eve)

    assert not StatisticEntry.objects.exists()


def test_a_closed_period_takes_none(facility, eve):
    entry = count(facility, eve, 27)
    hard_close(period_id=Period.objects.get().pk, actor=eve)

    with pytest.raises(StatisticUnfit, match="closed"):
        count(facility, eve, 1, key="late")
    with pytest.raises(StatisticUnfit, match="closed"):
        reverse_statistic(entry_id=entry.pk, reason="late", actor=eve)


def test_a_code_is_given_once(facility, eve):
    asked = {"name": "Patient days", "unit": "days", "decimals": 0, "actor": eve}
    with pytest.raises(StatisticUnfit):
        define_statistic(legal_entity=facility.legal_entity, code="PD", **asked)


WITH_DECIMALS = """
    INSERT INTO ledger_statisticentry (public_id, key, account_id, facility_id, "on", quantity, source, memo,
        recorded_by_id, recorded_at)
    SELECT 'sen_1', 'a', account_id, facility_id, "on", 1.5, source, memo, recorded_by_id, recorded_at
    FROM ledger_statisticentry
"""
NO_MIRROR = """
    INSERT INTO ledger_statisticentry (public_id, key, reverses_id, account_id, facility_id, "on", quantity,
        source, memo, recorded_by_id, recorded_at)
    SELECT 'sen_1', 'a', id, account_id, facility_id, "on", -1, source, memo, recorded_by_id, recorded_at
    FROM ledger_statisticentry
"""
BY_SQL = [
    "UPDATE ledger_statisticentry SET quantity = 9",
    "DELETE FROM ledger_statisticentry",
    "TRUNCATE ledger_statisticentry CASCADE",
    "UPDATE ledger_statisticaccount SET unit = 'dollars'",
    WITH_DECIMALS,
    NO_MIRROR,
]


@pytest.mark.parametrize("statement", BY_SQL)
def test_the_database_keeps_what_was_counted(facility, eve, statement):
    count(facility, eve, 27)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_facility_of_another_entity_is_refused_by_the_database(facility, eve):
    other = make.book(code="HARB")
    account = StatisticAccount.objects.get(code="PD")

    with pytest.raises(DatabaseError, match="facility of the account"), transaction.atomic():
        StatisticEntry.objects.create(
            account=account,
            facility=other,
            on=DAY,
            quantity=1,
            key="k",
            source="x",
            recorded_by=eve,
            recorded_at="2026-03-12T00:00Z",
        )


def test_no_column_could_hold_money():
    names = {field.name for model in (StatisticAccount, StatisticEntry) for field in model._meta.get_fields()}

    assert not {name for name in names if "minor" in name or "currency" in name or "amount" in name}
