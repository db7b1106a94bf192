"""Foreign balances at a period's end, and the day after."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import (
    PeriodClosed,
    Posting,
    StepAsked,
    hard_close,
    open_period,
    record_rate,
    revalue,
    reverse_due,
    set_checklist,
    soft_close,
    start_close,
)
from ledger.commands.revaluation import ClosingRateOld, PeriodNotOver
from ledger.models import Entry, Period, ScheduledReversal
from ledger.models import Posting as Line
from ledger.queries import close_lines
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
LAST = date(2026, 3, 31)


@pytest.fixture
def facility():
    facility = make.book()
    open_period(legal_entity=facility.legal_entity, starts_on=date(2026, 4, 1), actor=None)
    return facility


@pytest.fixture
def gil():
    return make.person("gil")


def rate(value, on, gil, base="EUR"):
    record_rate(base=base, quote="USD", on=on, rate=Decimal(value), source="ECB", actor=gil)


def owed(facility, minor, currency="EUR", reference="inv_1"):
    amount = Money(minor, currency)
    return make.entry(
        facility,
        day=date(2026, 3, 2),
        postings=[
            Posting("receivable.patient", amount, reference=reference),
            Posting("income.other", -amount),
        ],
    )


def worth(role, until):
    rows = Line.objects.filter(role=role, effective_on__lte=until)
    return rows.aggregate(sum=Sum("functional_minor"))["sum"] or 0


def march():
    return Period.objects.get(starts_on=date(2026, 3, 1))


def april():
    return Period.objects.get(starts_on=date(2026, 4, 1))


@pytest.mark.parametrize(
    "currency, minor, then, closing, before, after",
    [
        ("EUR", 100_00, "1.10", "1.20", 110_00, 120_00),
        ("JPY", 15_000, "0.0067", "0.0060", 100_50, 90_00),
        ("KWD", 12_345, "3.25", "3.10", 40_12, 38_27),
    ],
)
def test_balances_are_worth_the_closing_rate_that_day_and_the_old_value_the_day_after(
    facility, gil, currency, minor, then, closing, before, after
):
    rate(then, date(2026, 3, 1), gil, currency)
    rate(closing, LAST, gil, currency)
    owed(facility, minor, currency)
    assert worth("receivable.patient", LAST) == before

    revalue(period_id=march().pk, today=LAST, actor=gil)
    assert worth("receivable.patient", LAST) == after
    assert worth("fx.revaluation", LAST) == before - after
    reverse_due(today=date(2026, 4, 1))

    assert worth("receivable.patient", date(2026, 4, 1)) == before
    assert worth("fx.revaluation", date(2026, 4, 1)) == 0


def test_revaluing_again_posts_only_what_changed(facility, gil):
    rate("1.10", date(2026, 3, 1), gil)
    rate("1.20", LAST, gil)
    owed(facility, 100_00)
    revalue(period_id=march().pk, today=LAST, actor=gil)
    owed(facility, 50_00, reference="inv_2")
    soft_close(period_id=march().pk, actor=gil)

    revalue(period_id=march().pk, today=LAST, actor=gil)
    assert worth("receivable.patient", LAST) == 180_00
    reverse_due(today=date(2026, 4, 1))

    assert worth("receivable.patient", date(2026, 4, 1)) == 165_00


def test_the_next_month_is_not_counted_twice_when_the_reversal_was_still_to_come(facility, gil):
    rate("1.10", date(2026, 3, 1), gil)
    rate("1.20", LAST, gil)
    rate("1.30", date(2026, 4, 30), gil)
    owed(facility, 100_00)
    revalue(period_id=march().pk, today=LAST, actor=gil)

    revalue(period_id=april().pk, today=date(2026, 4, 30), actor=gil)

    assert worth("receivable.patient", date(2026, 4, 30)) == 130_00
    assert worth("fx.revaluation", date(2026, 4, 30)) == -20_00


def test_revaluing_one_legal_entity_takes_back_nothing_of_another(facility, gil):
    other = make.book()
    entry = make.entry(other, source=("adjustment", "jou_1"))
    ScheduledReversal.objects.create(entry=entry, on=date(2026, 3, 20))

    own = facility.legal_entity.period_set.get(starts_on=date(2026, 3, 1))
    revalue(period_id=own.pk, today=LAST, actor=gil)

    assert not Entry.objects.filter(reverses=entry).exists()


def test_before_the_last_day_nothing_is_revalued_and_no_accrual_taken_back(facility, gil):
    accrual = make.entry(facility, source=("adjustment", "jou_1"))
    ScheduledReversal.objects.create(entry=accrual, on=date(2026, 3, 20))

    with pytest.raises(PeriodNotOver, match="lasts until Mar 31, 2026"):
        revalue(period_id=march().pk, today=date(2026, 3, 15), actor=gil)

    assert not Entry.objects.filter(reverses=accrual).exists()


def test_a_close_sees_what_moved_after_the_revaluation(facility, gil):
    rate("1.10", date(2026, 3, 1), gil)
    rate("1.20", LAST, gil)
    set_checklist(
        legal_entity=facility.legal_entity,
        steps=[StepAsked("Rates", "CONTROLLER", 1, 9, "REVALUED")],
        actor=gil,
    )
    owed(facility, 100_00)
    start_close(period_id=march().pk, actor=gil)
    revalue(period_id=march().pk, today=LAST, actor=gil)
    assert [line.problem for line in close_lines(march())] == [""]
    owed(facility, 50_00, reference="inv_2")

    assert [line.problem for line in close_lines(march())] == [
        "foreign balances moved since they were revalued"
    ]


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_server_whose_clock_is_wrong_misses_nothing(facility, gil, hours):
    rate("1.10", date(2026, 3, 1), gil)
    rate("1.20", LAST, gil)
    steps = [StepAsked("Rates", "CONTROLLER", 1, 9, "REVALUED")]
    set_checklist(legal_entity=facility.legal_entity, steps=steps, actor=gil)
    owed(facility, 100_00)
    start_close(period_id=march().pk, actor=gil)
    with clock.at(clock.now() + timedelta(hours=hours)):
        revalue(period_id=march().pk, today=LAST, actor=gil)
    assert [line.problem for line in close_lines(march())] == [""]

    owed(facility, 50_00, reference="inv_2")

    assert [line.problem for line in close_lines(march())] != [""]


def test_a_missing_rate_and_a_closed_period_are_refused(facility, gil):
    rate("1.10", date(2026, 3, 1), gil)
    owed(facility, 100_00)
    hard_close(period_id=march().pk, actor=gil)

    with pytest.raises(PeriodClosed):
        revalue(period_id=march().pk, today=LAST, actor=gil)


def test_a_rate_of_long_before_the_periods_end_is_no_closing_rate(facility, gil):
    rate("1.10", date(2026, 3, 1), gil)
    owed(facility, 100_00)
    rate("1.15", date(2026, 3, 23), gil)

    with pytest.raises(ClosingRateOld, match="of Mar 23, 2026, and March 2026 ends on Mar 31, 2026"):
        revalue(period_id=march().pk, today=LAST, actor=gil)
    rate("1.20", date(2026, 3, 24), gil)

    assert revalue(period_id=march().pk, today=LAST, actor=gil).n_balances == 1


def test_home_currency_income_and_settled_items_are_left_alone(facility, gil):
    rate("1.10", date(2026, 3, 1), gil)
    make.entry(facility)

    done = revalue(period_id=march().pk, today=LAST, actor=gil)

    assert done.n_balances == 0
    assert worth("fx.revaluation", LAST) == 0


def test_income_in_a_foreign_currency_is_nothing_to_revalue_and_opens_no_step(facility, gil):
    rate("1.10", date(2026, 3, 1), gil)
    steps = [StepAsked("Rates", "CONTROLLER", 1, 9, "REVALUED")]
    set_checklist(legal_entity=facility.legal_entity, steps=steps, actor=gil)
    start_close(period_id=march().pk, actor=gil)

    euros = Money(10_00, "EUR")
    make.entry(facility, postings=[Posting("expense.petty", euros), Posting("income.other", -euros)])

    assert [line.problem for line in close_lines(march())] == [""]
