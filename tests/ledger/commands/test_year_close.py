"""The end of a fiscal year: income and expense go to net assets."""

from datetime import date

import pytest
from django.db.models import Sum

from ledger.commands import YearNotWhole, close_year, hard_close, open_period, soft_close
from ledger.models import Period, Posting
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 15)


@pytest.fixture
def facility():
    return make.book(day=DECEMBER)


def worth(*numbers):
    rows = Posting.objects.filter(account__number__in=numbers)
    return rows.aggregate(sum=Sum("functional_minor"))["sum"] or 0


def earned(facility, minor, **more):
    lines = make.lines(minor, debit="receivable.unbilled", credit="revenue.patient_services")
    return make.entry(facility, day=DECEMBER, postings=lines, **more)


def spent(facility, minor):
    return make.entry(
        facility, day=DECEMBER, postings=make.lines(minor, debit="expense.petty", credit="cash.safe")
    )


def test_income_and_expense_are_worth_nothing_after_the_years_last_day(facility):
    earned(facility, 500_00)
    spent(facility, 120_00)
    soft_close(period_id=Period.objects.get().pk, actor=make.person("gil"))

    closing = close_year(legal_entity=facility.legal_entity, fiscal_year=2026, actor=make.person("hana"))

    assert (worth("4010"), worth("8510"), worth("2200")) == (0, 0, -380_00)
    assert (closing.net_minor, closing.n_accounts) == (-380_00, 2)


def test_closing_again_moves_only_what_came_since(facility):
    gil = make.person("gil")
    earned(facility, 500_00)
    close_year(legal_entity=facility.legal_entity, fiscal_year=2026, actor=gil)
    earned(facility, 20_00)

    again = close_year(legal_entity=facility.legal_entity, fiscal_year=2026, actor=gil)

    assert (again.net_minor, worth("4010"), worth("2200")) == (-20_00, 0, -520_00)


def test_a_year_that_is_not_whole_is_refused(facility):
    gil, entity = make.person("gil"), facility.legal_entity

    with pytest.raises(YearNotWhole, match="none of its periods"):
        close_year(legal_entity=entity, fiscal_year=2025, actor=gil)
    november = open_period(legal_entity=entity, starts_on=date(2026, 11, 1), actor=gil)
    with pytest.raises(YearNotWhole, match="before the last one is still open"):
        close_year(legal_entity=entity, fiscal_year=2026, actor=gil)
    hard_close(period_id=november.pk, actor=gil)
    hard_close(period_id=Period.objects.get(number=12).pk, actor=gil)
    with pytest.raises(YearNotWhole, match="is closed"):
        close_year(legal_entity=entity, fiscal_year=2026, actor=gil)
