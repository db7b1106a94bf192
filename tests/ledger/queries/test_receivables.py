"""The roll-forward of receivables: every movement has its column, and the closing ties to the book."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import Posting, hard_close, open_period
from ledger.models import Period
from ledger.queries import LineFilter, Scope, lines_total, posting_lines, receivables_roll_forward
from ledger.rules.movements import RECEIVABLE_ROLES
from tests.make import ledger as make

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 1)
START = datetime(2026, 6, 1, tzinfo=UTC)
# Debit, credit, and the column that the receivable's side of it stands in.
DEEDS = [
    ("receivable.unbilled", "revenue.patient_services", "charges"),
    ("receivable.insurer", "receivable.unbilled", "moved"),
    ("receivable.patient", "receivable.insurer", "moved"),
    ("cash.drawer", "receivable.patient", "payments"),
    ("remittance.clearing", "receivable.insurer", "payments"),
    ("receivable.patient", "bank.operating", "payments"),
    ("receivable.patient", "refund.clearing", "refunds"),
    ("deduction.charity", "receivable.patient", "adjustments"),
    ("receivable.insurer", "equity.opening", "taken_over"),
]


def post(facility, deed, minor, day, payer=""):
    debit, credit, _ = deed
    payers = {"receivable.insurer": payer}
    postings = [
        Posting(debit, Money(minor, "USD"), payer=payers.get(debit, "")),
        Posting(credit, Money(-minor, "USD"), payer=payers.get(credit, "")),
    ]
    return make.entry(facility, day=day, postings=postings)


def scope(facility, since, until) -> Scope:
    return Scope(facility.legal_entity, [facility], since, until)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: f"{deed[0]} {deed[1]}")
def test_each_movement_stands_in_its_column(deed):
    facility = make.book()
    post(facility, deed, 7_00, FIRST)

    rolled = receivables_roll_forward(scope(facility, FIRST, FIRST))

    assert rolled.movements == [deed[2]]
    assert not rolled.difference


def test_payers_stand_apart_and_what_was_before_is_opening():
    facility = make.book()
    post(facility, DEEDS[1], 100_00, FIRST, payer="AETNA")
    post(facility, DEEDS[1], 50_00, FIRST, payer="CIGNA")
    post(facility, DEEDS[4], 30_00, FIRST + timedelta(days=3), payer="AETNA")

    rolled = receivables_roll_forward(scope(facility, FIRST + timedelta(days=1), FIRST + timedelta(days=9)))

    shown = {
        row.payer: (row.opening.minor, row.moved["payments"].minor, row.closing.minor) for row in rolled.rows
    }
    assert shown == {"": (-150_00, 0, -150_00), "AETNA": (100_00, -30_00, 70_00), "CIGNA": (50_00, 0, 50_00)}


def _openings(rolled) -> dict:
    return {(row.role, row.payer_class, row.payer): row.opening.minor for row in rolled.rows if row.opening}


def _added_up(before: Scope) -> dict:
    """What every payer owed by the last day, posting by posting from the beginning."""
    sums: Counter = Counter()
    for line in posting_lines(before, LineFilter(roles=RECEIVABLE_ROLES)):
        sums[line.role, line.payer_class, line.payer] += line.functional_minor
    return {key: minor for key, minor in sums.items() if minor}


deeds = st.lists(
    st.tuples(
        st.sampled_from(DEEDS),
        st.integers(1, 900),
        st.integers(0, 60),
        st.sampled_from(["", "AETNA", "CIGNA"]),
    ),
    max_size=12,
)


@given(deeds, st.integers(0, 40), st.integers(0, 30), st.booleans(), st.none() | st.integers(0, 12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_business_rolls_forward_ties_to_the_book_and_opens_its_rows(
    done, start, length, is_closed, known
):
    with transaction.atomic():
        facility = make.book(day=FIRST)
        open_period(legal_entity=facility.legal_entity, starts_on=date(2026, 4, 1), actor=None)
        for hour, (deed, minor, day, payer) in enumerate(done):
            with clock.at(START + timedelta(hours=hour)):
                post(facility, deed, minor, FIRST + timedelta(days=day), payer)
        if is_closed:
            hard_close(period_id=Period.objects.order_by("starts_on").first().pk, actor=None)
        since = FIRST + timedelta(days=start)
        known_at = None if known is None else START + timedelta(hours=known)
        asked = replace(scope(facility, since, since + timedelta(days=length)), known_at=known_at)
        before = replace(asked, since=None, until=since - timedelta(days=1))

        rolled = receivables_roll_forward(asked)

        assert not rolled.difference
        assert _openings(rolled) == _added_up(before)
        for row in rolled.rows:
            for movement, amount in row.moved.items():
                wanted = LineFilter(
                    roles=[row.role], payer=row.payer, payer_class=row.payer_class, movement=movement
                )
                assert lines_total(asked, wanted).balance == amount
        transaction.set_rollback(True)
