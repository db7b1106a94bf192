"""The end of a fiscal year: income and expense go to net assets."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.commands import (
    Posting,
    RoleUnassigned,
    YearNotWhole,
    assign_role,
    build_gl_batch,
    close_year,
    create_account,
    decline_year_close,
    hard_close,
    open_period,
    record_rate,
    request_year_close,
    soft_close,
)
from ledger.commands.year_close import (
    YearCloseAwaiting,
    YearCloseNotAwaiting,
    YearCloseNotByRequester,
    YearCloseWithoutReason,
)
from ledger.models import Period, YearClose
from ledger.models import Posting as Line
from ledger.queries import LineFilter, Scope, lines_total, trial_balance, year_result
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 15)


@pytest.fixture
def facility():
    return make.book(day=DECEMBER)


@pytest.fixture
def gil():
    return make.person("gil")


@pytest.fixture
def hana():
    return make.person("hana")


def worth(*numbers):
    rows = Line.objects.filter(account__number__in=numbers)
    return rows.aggregate(sum=Sum("functional_minor"))["sum"] or 0


def earned(facility, minor, **more):
    lines = make.lines(minor, debit="receivable.unbilled", credit="revenue.patient_services")
    return make.entry(facility, day=DECEMBER, postings=lines, **more)


def spent(facility, minor):
    return make.entry(
        facility, day=DECEMBER, postings=make.lines(minor, debit="expense.petty", credit="cash.safe")
    )


def asked(facility, gil, year=2026):
    return request_year_close(legal_entity=facility.legal_entity, fiscal_year=year, actor=gil)


def test_income_and_expense_are_worth_nothing_after_the_years_last_day(facility, gil, hana):
    earned(facility, 500_00)
    spent(facility, 120_00)
    soft_close(period_id=Period.objects.get().pk, actor=gil)
    (shown,) = year_result(legal_entity=facility.legal_entity, until=date(2026, 12, 31))

    closing = close_year(request_id=asked(facility, gil).pk, actor=hana)

    assert (shown.n_accounts, shown.surplus) == (2, Money(380_00, "USD"))
    assert (worth("4010"), worth("8510"), worth("2200")) == (0, 0, -380_00)
    assert (closing.net_minor, closing.n_accounts) == (-380_00, 2)


def before_closing(facility, **more):
    """Income, petty cash expense and net assets of the trial balance before closing."""
    asked_for = {"as_of": date(2026, 12, 31), "before_closing": True} | more
    found = trial_balance(legal_entity=facility.legal_entity, **asked_for)
    assert found.is_balanced
    worth_by_number = {row.number: row.balance.minor for row in found.rows}
    return tuple(worth_by_number.get(number, 0) for number in ("4010", "8510", "2200"))


def test_the_trial_balance_before_closing_stays_to_be_had(facility, gil, hana):
    earned(facility, 500_00)
    spent(facility, 120_00)
    close_year(request_id=asked(facility, gil).pk, actor=hana)
    earned(facility, 20_00)
    close_year(request_id=asked(facility, gil).pk, actor=hana)

    assert (worth("4010"), worth("8510"), worth("2200")) == (0, 0, -400_00)
    assert before_closing(facility) == (-520_00, 120_00, 0)
    assert before_closing(facility, facility_ids=[facility.pk]) == (-520_00, 120_00, 0)
    assert before_closing(facility, since=date(2026, 12, 1)) == (-520_00, 120_00, 0)


def test_closings_of_earlier_years_stay_in_it(facility, gil, hana):
    earned(facility, 500_00)
    close_year(request_id=asked(facility, gil).pk, actor=hana)
    open_period(legal_entity=facility.legal_entity, starts_on=date(2027, 1, 1), actor=gil)

    assert before_closing(facility, as_of=date(2027, 1, 31)) == (0, 0, -500_00)


def test_each_figure_before_closing_opens_its_postings(facility, gil, hana):
    earned(facility, 500_00)
    close_year(request_id=asked(facility, gil).pk, actor=hana)
    day = date(2026, 12, 31)
    scope = Scope(facility.legal_entity, [facility], None, day, before_closing=True)

    assert lines_total(scope, LineFilter(account="4010")).balance == Money(-500_00, "USD")
    assert lines_total(replace(scope, before_closing=False), LineFilter(account="4010")).count == 2


def test_closing_again_moves_only_what_came_since(facility, gil, hana):
    earned(facility, 500_00)
    close_year(request_id=asked(facility, gil).pk, actor=hana)
    earned(facility, 20_00)

    again = close_year(request_id=asked(facility, gil).pk, actor=hana)

    assert (again.net_minor, worth("4010"), worth("2200")) == (-20_00, 0, -520_00)


def test_who_asks_does_not_close_and_each_request_is_decided_once(facility, gil, hana):
    earned(facility, 500_00)
    request = asked(facility, gil)

    with pytest.raises(YearCloseNotByRequester):
        close_year(request_id=request.pk, actor=gil)
    with pytest.raises(YearCloseAwaiting):
        asked(facility, hana)
    with pytest.raises(YearCloseWithoutReason):
        decline_year_close(request_id=request.pk, reason=" ", actor=hana)
    decline_year_close(request_id=request.pk, reason="The accruals are not in yet", actor=hana)
    with pytest.raises(YearCloseNotAwaiting):
        close_year(request_id=request.pk, actor=hana)

    assert worth("4010") == -500_00


@pytest.mark.parametrize(
    "sql, why",
    [
        (
            (
                "UPDATE ledger_yearcloserequest SET state = 'DONE', decided_by_id = requested_by_id, "
                "decided_at = now()"
            ),
            "two_people",
        ),
        ("UPDATE ledger_yearcloserequest SET fiscal_year = 2027", "decided once"),
        ("DELETE FROM ledger_yearcloserequest", "permission denied"),
        (
            (
                "INSERT INTO ledger_yearclose (public_id, legal_entity_id, fiscal_year, request_id, "
                "net_minor, n_accounts, closed_by_id, closed_at) "
                "SELECT 'yec_1', legal_entity_id, fiscal_year, id, "
                "0, 0, requested_by_id, now() FROM ledger_yearcloserequest"
            ),
            "somebody other",
        ),
    ],
)
def test_the_database_lets_nobody_close_a_year_alone(facility, gil, sql, why):
    asked(facility, gil)

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert not YearClose.objects.exists()


def test_income_on_an_account_of_a_foreign_currency_is_closed_at_what_it_was_worth(facility, gil, hana):
    entity = facility.legal_entity
    grants = create_account(
        legal_entity=entity,
        number="5790",
        name="Grants in euros",
        natural_class="REVENUE",
        normal_side="CREDIT",
        currency="EUR",
        active_from=date(2026, 1, 1),
        actor=gil,
    )
    record_rate(base="EUR", quote="USD", on=DECEMBER, rate=Decimal("1.10"), source="ECB", actor=gil)
    amount = Money(1_000_00, "EUR")
    owed = Posting("receivable.third_party", amount, reference="grant")
    make.entry(facility, day=DECEMBER, postings=[owed, Posting("income.other", -amount, account=grants)])
    earned(facility, 500_00)

    close_year(request_id=asked(facility, gil).pk, actor=hana)
    batch = build_gl_batch(facility=facility, business_on=date(2026, 12, 31), actor=None)

    assert (worth("5790"), worth("4010"), worth("2200")) == (0, 0, -1_600_00)
    assert batch.debit_minor == batch.credit_minor


def test_without_an_account_of_net_assets_nothing_of_the_year_moves(gil, hana):
    entity = LegalEntity.objects.create(code="NEW", name="New Entity", functional_currency="USD")
    facility = Facility.objects.create(legal_entity=entity, code="NEW", name="New", currency="USD")
    open_period(legal_entity=entity, starts_on=DECEMBER, actor=None)
    since = {"active_from": date(2026, 1, 1), "actor": None}
    for number, role, kind, side, currency in [
        ("1026", "receivable.third_party", "ASSET", "DEBIT", None),
        ("5790", "income.other", "REVENUE", "CREDIT", "EUR"),
    ]:
        values = {"name": role, "natural_class": kind, "normal_side": side, "currency": currency}
        account = create_account(legal_entity=entity, number=number, **values, **since)
        assign_role(role=role, account=account, valid_from=date(2026, 1, 1), actor=None)
    record_rate(base="EUR", quote="USD", on=DECEMBER, rate=Decimal("1.10"), source="ECB", actor=gil)
    amount = Money(10_00, "EUR")
    lines = [Posting("receivable.third_party", amount, reference="grant"), Posting("income.other", -amount)]
    make.entry(facility, day=DECEMBER, postings=lines)
    request = asked(facility, gil)

    with pytest.raises(RoleUnassigned, match=r"equity\.unrestricted"):
        close_year(request_id=request.pk, actor=hana)

    request.refresh_from_db()
    assert (request.state, worth("5790")) == ("ASKED", -11_00)


def test_a_year_that_is_not_whole_is_refused(facility, gil):
    entity = facility.legal_entity

    with pytest.raises(YearNotWhole, match="none of its periods"):
        asked(facility, gil, 2025)
    november = open_period(legal_entity=entity, starts_on=date(2026, 11, 1), actor=gil)
    with pytest.raises(YearNotWhole, match="before the last one is still open"):
        asked(facility, gil)
    hard_close(period_id=november.pk, actor=gil)
    hard_close(period_id=Period.objects.get(number=12).pk, actor=gil)
    with pytest.raises(YearNotWhole, match="is closed"):
        asked(facility, gil)


@pytest.mark.parametrize(
    "opened, gap", [([9, 10], "October 2026 and December 2026"), ([-3], "September 2025 and December 2026")]
)
def test_a_period_that_was_never_opened_leaves_no_gap_unseen(facility, gil, opened, gap):
    for month in opened:
        day = date(2026, month, 1) if month > 0 else date(2025, 12 + month, 1)
        period = open_period(legal_entity=facility.legal_entity, starts_on=day, actor=gil)
        hard_close(period_id=period.pk, actor=gil)

    with pytest.raises(YearNotWhole, match=f"nothing is opened between {gap}"):
        asked(facility, gil)


def test_a_year_whose_last_period_is_not_open_yet_is_refused(gil):
    facility = make.book(day=date(2026, 10, 5))

    with pytest.raises(YearNotWhole, match="October 2026 is not its last period"):
        asked(facility, gil)
