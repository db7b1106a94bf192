"""A whole fiscal year over HTTP: each period closed in steps by its people, then the year by two."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.commands import (
    STANDARD_CHECKLIST,
    JournalLineAsked,
    Posting,
    approve_journal,
    build_gl_batch,
    check_balances,
    ensure_chart,
    open_period,
    prepare_journal,
    record_rate,
    reverse_due,
    set_calendar,
    set_checklist,
)
from ledger.models import Account, CloseTask, Period
from ledger.queries import trial_balance
from ledger.rules.fiscal_calendar import Pattern
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
ROLES = {"gil": "CONTROLLER", "eve": "FINANCE_REVIEWER", "finn": "FINANCE_APPROVER"}


class Books:
    """One entity, its people, and what they do in a period and at its end."""

    def __init__(self, pattern: Pattern, year_starts_month: int) -> None:
        self.entity = LegalEntity.objects.create(code="E", name="Hospital", functional_currency="USD")
        self.facility = Facility.objects.create(legal_entity=self.entity, code="F", name="F", currency="USD")
        self.people = {
            name: access.user(role, facilities=[self.facility], username=name) for name, role in ROLES.items()
        }
        ensure_chart(self.entity)
        first_day = date(2026, year_starts_month, 1)
        calendar = {"pattern": pattern, "year_starts_month": year_starts_month, "applies_from": first_day}
        set_calendar(legal_entity=self.entity, **calendar, actor=self.people["gil"])
        set_checklist(legal_entity=self.entity, steps=STANDARD_CHECKLIST, actor=None)
        open_period(legal_entity=self.entity, starts_on=first_day, actor=None)

    def live(self, period: Period, number: int) -> None:
        """Income, expense, a grant in euros whose rate moves, and an accrual taken back next period."""
        day, rate = period.starts_on + timedelta(days=4), Decimal("1.10") + Decimal(number) / 100
        for on, quoted in ((period.starts_on, rate), (period.ends_on, rate + Decimal("0.005"))):
            record_rate(base="EUR", quote="USD", on=on, rate=quoted, source="ECB", actor=self.people["gil"])
        grant = Money(1_000_00, "EUR")
        for key, postings in {
            "in": make.lines(900_00 + number, debit="bank.operating", credit="income.other"),
            "out": make.lines(300_00, debit="expense.petty", credit="bank.operating"),
            "grant": [
                Posting("receivable.third_party", grant, reference=f"grant{number}"),
                Posting("income.other", -grant),
            ],
        }.items():
            make.entry(self.facility, key=f"{key}{number}", day=day, postings=postings, source=("x", "1"))
        accounts = {each.number: each for each in Account.objects.filter(number__in=["8510", "2080"])}
        rent = Money(50_00, "USD")
        journal = prepare_journal(
            facility=self.facility,
            effective_on=period.ends_on,
            memo="Rent to come",
            lines=[JournalLineAsked(accounts["8510"], rent), JournalLineAsked(accounts["2080"], -rent)],
            reverses_on=period.ends_on + timedelta(days=1),
            actor=self.people["eve"],
        )
        approve_journal(journal_id=journal.pk, actor=self.people["finn"])
        build_gl_batch(facility=self.facility, business_on=period.ends_on, actor=None)

    def close(self, period: Period, *, is_last: bool) -> None:
        """As the screens lead: soft close, revaluation, tie-outs, steps, perhaps the year, hard close."""
        where = [self.entity.code, period.code]
        assert "is open" in self.does("gil", "period-opening", [self.entity.code])
        assert "soft closed" in self.does("gil", "period-soft-closure", where)
        assert "revalued" in self.does("gil", "revaluation", where)
        assert reverse_due(today=clock.today("UTC"))[1] == []
        assert "another person signs" in self.does("eve", "tie-out-taking", where)
        assert "is signed" in self.does("finn", "tie-out-signatures", where)
        assert "Finish the steps" in self.does("gil", "period-closure", where)
        for task in CloseTask.objects.filter(period=period, step__check_code="").order_by("step__position"):
            person = "gil" if task.step.owner_role == "CONTROLLER" else "eve"
            proof = {"evidence": SimpleUploadedFile("a.txt", b"a")} if task.step.needs_evidence else {}
            assert "The step is done" in self.does(person, "close-task-completion", [*where, task.pk], proof)
        if is_last:
            assert "awaits another person" in self.does("gil", "year-close-request", where)
            assert "are in net assets" in self.does("finn", "year-closing", where)
        assert "is hard closed" in self.does("gil", "period-closure", where)

    def does(self, person: str, name: str, args: list, sent: dict | None = None) -> str:
        """The page that follows a person's press of a button."""
        browser = access.signed_in(self.people[person])
        return browser.post(reverse(f"ledger:{name}", args=args), sent or {}, follow=True).content.decode()

    def balances(self, as_of: date, since: date | None = None) -> dict[str, int]:
        rows = trial_balance(legal_entity=self.entity, as_of=as_of, since=since).rows
        return {row.number: row.balance.minor for row in rows if row.balance}


@contextmanager
def on(day: date):
    with clock.at(datetime.combine(day, time(15), tzinfo=UTC)):
        yield


@pytest.mark.parametrize(
    "pattern, starts_month, year_ends_on, n_periods",
    [
        (Pattern.MONTH, 1, date(2026, 12, 31), 12),
        pytest.param(Pattern.WEEKS_445, 1, date(2026, 12, 26), 12, marks=pytest.mark.nightly),
        pytest.param(Pattern.MONTH, 7, date(2027, 6, 30), 12, marks=pytest.mark.nightly),
    ],
)
def test_a_year_is_closed_period_by_period_and_the_next_begins_with_what_is_left(
    pattern, starts_month, year_ends_on, n_periods
):
    books = Books(pattern, starts_month)
    for number in range(1, n_periods + 1):
        period = Period.objects.get(number=number)
        with on(period.starts_on + timedelta(days=10)):
            books.live(period, number)
        with on(period.ends_on + timedelta(days=2)):
            books.close(period, is_last=number == n_periods)

    following, last = Period.objects.order_by("-starts_on")[:2]
    assert (last.ends_on, last.state, following.number) == (year_ends_on, "HARD", 1)
    assert following.fiscal_year == last.fiscal_year + 1
    left = books.balances(last.ends_on)
    classes = dict(Account.objects.values_list("number", "natural_class"))
    assert {classes[number] for number in left} == {"ASSET", "LIABILITY", "NET_ASSETS"}
    assert sum(left.values()) == 0
    # 900 in and 300 out a period; 12,000 euros at the last rate; one rent still to come.
    income = sum(900_00 + n - 300_00 for n in range(1, n_periods + 1))
    grants = round(12_000_00 * (Decimal("1.10") + Decimal(n_periods) / 100 + Decimal("0.005")))
    assert left["2200"] == -(income + grants - 50_00)

    moved, total = books.balances(following.ends_on, following.starts_on), books.balances(following.ends_on)
    opening = {number: total.get(number, 0) - moved.get(number, 0) for number in {*total, *moved}}
    assert {number: minor for number, minor in opening.items() if minor} == left
    assert moved["8510"] == -50_00
    assert check_balances(legal_entity=books.entity).n_drifts == 0
