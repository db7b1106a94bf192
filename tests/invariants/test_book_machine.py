"""Any sequence of postings, replays, reversals, rates, closes and reopenings, beside a book in memory."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import (
    Posting,
    check_balances,
    hard_close,
    open_period,
    post_entry,
    record_rate,
    reopen,
    request_reopening,
    reverse_entry,
    soft_close,
)
from ledger.models import Entry, Period
from ledger.queries import balances, trial_balance
from tests.make import ledger as make

MONTHS = [date(2026, month, 1) for month in (1, 2, 3)]
DAYS = st.dates(date(2026, 1, 1), date(2026, 4, 2))
ROLES = ["cash.drawer", "receivable.patient", "receivable.insurer", "cash.safe"]
TENDERS = ["", "CASH", "CARD"]
PAYER_CLASSES = ["", "HMO"]
SHARED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@dataclass
class Book:
    """The same rules, written again in a page of Python that knows nothing of the database."""

    states: dict[int, str] = field(default_factory=lambda: {m.month: "OPEN" for m in MONTHS})
    has_rate_since: date | None = None
    entries: dict[str, tuple] = field(default_factory=dict)
    reversed_by: dict[str, str] = field(default_factory=dict)

    def takes(self, day: date, kind: str) -> bool:
        state = self.states.get(day.month)
        return state == "OPEN" or (state == "SOFT" and kind == "adjustment")

    def post(self, key: str, day: date, kind: str, lines: tuple) -> str:
        content = (day, kind, lines)
        if key in self.entries:
            return "again" if self.entries[key] == content else "refused"
        needs_rate = any(currency != "USD" for _role, _minor, currency, *_dimensions in lines)
        has_rate = self.has_rate_since is not None and self.has_rate_since <= day
        if not self.takes(day, kind) or (needs_rate and not has_rate):
            return "refused"
        self.entries[key] = content
        return "new"

    def reverse(self, original: str, key: str, day: date) -> str:
        if original not in self.entries:
            return "refused"
        if key in self.entries:
            return "again" if self.entries[key] == (day, "void", original) else "refused"
        if original in self.reversed_by or not self.takes(day, "void"):
            return "refused"
        if day < self.entries[original][0]:
            return "refused"
        self.entries[key] = (day, "void", original)
        self.reversed_by[original] = key
        return "new"

    def lines_of(self, key: str) -> list[tuple]:
        _day, _kind, what = self.entries[key]
        if isinstance(what, tuple):
            return list(what)
        return [(role, -minor, *rest) for role, minor, *rest in self.lines_of(what)]

    def sums(self, as_of: date) -> dict[tuple, int]:
        found: dict[tuple, int] = defaultdict(int)
        for key, (day, _kind, _what) in self.entries.items():
            if day <= as_of:
                for role, minor, currency, *_dimensions in self.lines_of(key):
                    found[role, currency] += minor
        return {place: minor for place, minor in found.items() if minor}


class BookMachine(RuleBasedStateMachine):
    """Each step is done to both; they agree on what is refused, and on every balance."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.book = Book()
        self.facility = make.book(day=MONTHS[0])
        self.gil, self.ana = make.person("gil"), make.person("ana")
        for first in MONTHS[1:]:
            open_period(legal_entity=self.facility.legal_entity, starts_on=first, actor=None)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @rule(
        n=st.integers(0, 9),
        day=DAYS,
        kind=st.sampled_from(["payment", "adjustment"]),
        debit=st.sampled_from(ROLES),
        credit=st.sampled_from(ROLES),
        minor=st.integers(1, 10**9),
        currency=st.sampled_from(["USD", "USD", "EUR"]),
        tender=st.sampled_from(TENDERS),
        payer_class=st.sampled_from(PAYER_CLASSES),
    )
    def post(self, n, day, kind, debit, credit, minor, currency, tender, payer_class):
        lines = (
            (debit, minor, currency, tender, payer_class),
            (credit, -minor, currency, "", payer_class),
        )
        expected = self.book.post(f"k{n}", day, kind, lines)
        self.same(
            expected,
            lambda: post_entry(
                key=f"k{n}",
                facility=self.facility,
                effective_on=day,
                source=(kind, "1"),
                memo="",
                postings=[
                    Posting(role, Money(units, code), tender=tender, payer_class=payer_class)
                    for role, units, code, tender, payer_class in lines
                ],
            ),
        )

    @rule(original=st.integers(0, 9), n=st.integers(0, 9), day=DAYS)
    def reverse(self, original, n, day):
        expected = self.book.reverse(f"k{original}", f"r{n}", day)
        self.same(
            expected,
            lambda: reverse_entry(
                original=f"k{original}",
                key=f"r{n}",
                effective_on=day,
                memo="",
                source=("void", "1"),
                actor=None,
            ),
        )

    @rule(day=DAYS, rate=st.decimals("0.5", "2", places=4))
    def record_rate(self, day, rate):
        record_rate(base="EUR", quote="USD", on=day, rate=Decimal(rate), source="ECB", actor=self.gil)
        self.book.has_rate_since = min(day, self.book.has_rate_since or day)

    @rule(first=st.sampled_from(MONTHS), close=st.sampled_from([soft_close, hard_close]))
    def close(self, first, close):
        wanted = "SOFT" if close is soft_close else "HARD"
        allowed = {"SOFT": ["OPEN"], "HARD": ["OPEN", "SOFT"]}[wanted]
        if self.book.states[first.month] in allowed:
            close(period_id=self.period(first).pk, actor=self.gil)
            self.book.states[first.month] = wanted

    @rule(first=st.sampled_from(MONTHS))
    def reopen(self, first):
        if self.book.states[first.month] != "OPEN":
            asked = request_reopening(period_id=self.period(first).pk, reason="Late", actor=self.gil)
            reopen(reopening_id=asked.pk, actor=self.ana)
            self.book.states[first.month] = "OPEN"

    @invariant()
    def the_books_agree(self):
        entity = self.facility.legal_entity
        assert Entry.objects.filter(legal_entity=entity).count() == len(self.book.entries)
        for day in (date(2026, 1, 15), date(2026, 2, 28), date(2026, 4, 2)):
            found = balances(legal_entity=entity, by=["role", "currency"], as_of=day)
            sums = {(b.role, b.currency): b.amount_minor for b in found if b.amount_minor}
            assert sums == self.book.sums(day)
        assert trial_balance(legal_entity=entity, as_of=date(2026, 4, 2)).is_balanced

    @invariant()
    def nothing_drifts(self):
        assert check_balances(legal_entity=self.facility.legal_entity).n_drifts == 0

    def same(self, expected, work):
        before = Entry.objects.count()
        try:
            with transaction.atomic():
                work()
        except Refusal:
            assert expected == "refused"
        else:
            assert expected == ("new" if Entry.objects.count() > before else "again")

    def period(self, first):
        return Period.objects.get(legal_entity=self.facility.legal_entity, starts_on=first)


@pytest.mark.django_db
def test_the_book_equals_the_book_kept_in_memory():
    run_state_machine_as_test(
        BookMachine, settings=settings(max_examples=8, stateful_step_count=25, **SHARED)
    )


@pytest.mark.nightly
@pytest.mark.django_db
def test_the_book_equals_the_book_kept_in_memory_over_long_histories():
    run_state_machine_as_test(
        BookMachine, settings=settings(max_examples=60, stateful_step_count=120, **SHARED)
    )
