"""Maps approved in any order, batches of any history: each line leads where a page of Python says."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from ledger.commands import build_gl_batch
from ledger.rules.roles import CHART
from tests.invariants.test_book_machine import (
    DAYS,
    MONTHS,
    PAYER_CLASSES,
    ROLES,
    SHARED,
    TENDERS,
    Book,
    BookMachine,
)
from tests.make import ledger as make

# Which postings a rule may name besides its role: (payer class, tender).
NAMED = [(payer, tender) for payer in PAYER_CLASSES for tender in TENDERS if payer or tender]
NUMBERS = {seed.role: seed.number for seed in CHART}


@dataclass
class MappedBook(Book):
    """The book in memory, the maps that were approved, and what went to the general ledger."""

    maps: list[tuple[date, dict]] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)

    def code(self, role: str, payer_class: str, tender: str, day: date, business_on: date) -> str:
        """The last map that has begun; in it the rule that names most, the payer class before the tender."""
        begun = [(since, rules) for since, rules in self.maps if since <= business_on]
        if not begun:
            return NUMBERS[role]
        since, rules = begun[-1]
        for key in [(payer_class, tender), (payer_class, ""), ("", tender)]:
            target, valid_from = rules.get((role, key), ("", date.max))
            if valid_from <= max(day, since):
                return f"6{NUMBERS[target]}"
        return f"6{NUMBERS[role]}"

    def batch(self, business_on: date) -> dict[tuple, tuple]:
        """Every line of a batch of that day: where it leads, its debits and its credits."""
        debits: dict[tuple, int] = defaultdict(int)
        credits: dict[tuple, int] = defaultdict(int)
        for key in [k for k, (day, *_) in self.entries.items() if day <= business_on and k not in self.sent]:
            self.sent.add(key)
            day = self.entries[key][0]
            for role, minor, currency, tender, payer_class in self.lines_of(key):
                side = debits if minor > 0 else credits
                side[day, role, currency, tender, payer_class] += abs(minor)
        return {
            line: (self.code(line[1], line[4], line[3], line[0], business_on), debits[line], credits[line])
            for line in {*debits, *credits}
        }


class MapMachine(BookMachine):
    """Everything the book's machine does, and maps and batches between."""

    def __init__(self) -> None:
        super().__init__()
        self.book = MappedBook()

    @rule(
        since=st.dates(MONTHS[0], date(2026, 3, 31)),
        special=st.dictionaries(
            st.tuples(st.sampled_from(ROLES), st.sampled_from(NAMED)),
            st.tuples(st.sampled_from(ROLES), st.dates(MONTHS[0], date(2026, 3, 31))),
            max_size=4,
        ),
    )
    def approve_map(self, since, special):
        rows = [
            make.rule(role, f"6{NUMBERS[target]}", "0000", since=first, payer_class=payer, tender=tender)
            for (role, (payer, tender)), (target, first) in special.items()
        ]
        make.approved_map(self.facility, *rows, effective_from=since)
        self.book.maps.append((since, special))

    @rule(day=DAYS)
    def build_batch(self, day):
        expected = self.book.batch(day)

        batch = build_gl_batch(facility=self.facility, business_on=day, actor=None)

        found = {
            (line.effective_on, line.category, line.currency, line.tender, line.payer_class): (
                line.segments[0],
                line.debit_minor,
                line.credit_minor,
            )
            for line in batch.lines.all()
        }
        assert found == expected


@pytest.mark.django_db
def test_every_line_of_a_batch_leads_where_the_map_in_memory_says():
    run_state_machine_as_test(MapMachine, settings=settings(max_examples=4, stateful_step_count=20, **SHARED))


@pytest.mark.nightly
@pytest.mark.django_db
def test_every_line_of_a_batch_leads_where_the_map_in_memory_says_over_long_histories():
    run_state_machine_as_test(
        MapMachine, settings=settings(max_examples=30, stateful_step_count=80, **SHARED)
    )
