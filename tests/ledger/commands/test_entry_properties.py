"""Whatever is posted, in whatever order and by however many, the book balances."""

import threading
from decimal import Decimal

import pytest
from django.db import connections, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms_ach.money import Money
from ledger.commands import EntryAlreadyReversed, Posting, record_rate, reverse_entry
from ledger.models import Entry
from ledger.models import Posting as Row
from ledger.queries import trial_balance
from ledger.rules.roles import ROLES
from tests.make import ledger as make

SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
AMOUNTS = st.integers(min_value=-(10**12), max_value=10**12).filter(bool)
ROLE = st.sampled_from(sorted(ROLES))


@st.composite
def balanced(draw, currencies=("USD",)):
    """Two to nine postings that sum to zero in each currency."""
    postings = []
    for currency in draw(st.lists(st.sampled_from(currencies), min_size=1, max_size=2, unique=True)):
        amounts = draw(st.lists(AMOUNTS, min_size=1, max_size=4).filter(lambda drawn: sum(drawn) != 0))
        for minor in [*amounts, -sum(amounts)]:
            postings.append(
                Posting(draw(ROLE), Money(minor, currency), reference=draw(st.sampled_from("ab")))
            )
    return postings


@pytest.mark.django_db
@SHARED
@given(postings=balanced(currencies=("USD", "EUR", "JPY")))
def test_every_balanced_entry_is_taken_and_leaves_the_book_balanced(postings):
    with transaction.atomic():
        facility, gil = make.book(), make.person("gil")
        for base, rate in [("EUR", "1.0951"), ("JPY", "0.0067")]:
            record_rate(base=base, quote="USD", on=make.DAY, rate=Decimal(rate), source="ECB", actor=gil)

        entry = make.entry(facility, postings=postings)

        rows = Row.objects.filter(entry=entry)
        assert rows.aggregate(sum=Sum("functional_minor"))["sum"] == 0
        assert [(r.role, r.amount_minor, r.currency) for r in rows.order_by("line")] == [
            (p.role, p.amount.minor, p.amount.currency) for p in postings
        ]
        assert trial_balance(legal_entity=facility.legal_entity, as_of=make.DAY).is_balanced
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(SHARED, max_examples=15)
@given(
    steps=st.lists(st.tuples(st.sampled_from(["post", "again", "reverse"]), st.integers(0, 4)), max_size=12)
)
def test_any_order_of_posting_repeating_and_reversing_equals_the_model(steps):
    with transaction.atomic():
        facility = make.book()
        posted, reversed_ones = {}, set()
        for kind, n in steps:
            if kind != "reverse":
                entry = make.entry(facility, key=f"k{n}", postings=make.lines(100 + n))
                assert posted.setdefault(n, entry.pk) == entry.pk
            elif n in posted:
                reverse(f"k{n}", key=f"r{n}")
                reversed_ones.add(n)

        expected = sum(100 + n for n in posted if n not in reversed_ones)
        balance = Row.objects.filter(role="cash.drawer").aggregate(sum=Sum("amount_minor"))["sum"] or 0
        assert balance == expected
        assert Entry.objects.count() == len(posted) + len(reversed_ones)
        transaction.set_rollback(True)


def reverse(original, *, key):
    return reverse_entry(
        original=original, key=key, effective_on=make.DAY, memo="", source=("void", "1"), actor=None
    )


def together(n, work):
    """Run the work n times at once; what each run returned or raised."""
    start, answers = threading.Barrier(n), []

    def run(number):
        start.wait()
        try:
            answers.append(work(number))
        except Exception as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_eight_at_once_with_one_key_post_once(own_database):
    facility = make.book()

    answers = together(8, lambda _number: [make.entry(facility, key=f"k{i}").pk for i in range(10)])

    assert all(answer == answers[0] for answer in answers)
    assert Entry.objects.count() == 10


def test_eight_at_once_reverse_once(own_database):
    facility = make.book()
    make.entry(facility, key="original")

    answers = together(8, lambda number: reverse("original", key=f"r{number}"))

    assert sum(isinstance(answer, Entry) for answer in answers) == 1
    assert sum(isinstance(answer, EntryAlreadyReversed) for answer in answers) == 7
