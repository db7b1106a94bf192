"""Tolerances of a live account: two people agree, the difference is posted, and nothing else differs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.audit.models import Event
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.queries import balance_of
from reconciliation.commands import (
    approve_tolerance,
    end_tolerance,
    match_account,
    post_matches,
    propose_tolerance,
    pull_expectations,
    send_back_tolerance,
    withdraw_tolerance,
)
from reconciliation.models import AccountTolerance, BankAccount, Match, MatchAdjustment, Suggestion
from reconciliation.queries import tolerance_use
from tests.make import access
from tests.make import reconciliation as make

DAY = make.DAY
NOON = datetime(2026, 3, 12, 17, tzinfo=UTC)
MOST = {"max_examples": 25, "deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.fixture
def account(db):
    with clock.at(NOON):
        yield make.bank_account(make.hospital())


def balance(account: BankAccount, role: str) -> int:
    return balance_of(role=role, legal_entity=account.facility.legal_entity, currency="USD").minor


def proposed(account: BankAccount, *, by: User | None = None, **said) -> AccountTolerance:
    values = {
        "kind": "deposit",
        "direction": "EITHER",
        "largest": Money(5_00, "USD"),
        "per_mille": None,
        "role": "cash.over_short",
        "valid_from": DAY,
        "valid_to": None,
        "reason": "the bank counts by machine",
        "actor": by or access.user("FINANCE_REVIEWER", facilities=[account.facility]),
    } | said
    return propose_tolerance(account=account, **values)


def agreed(account: BankAccount, **said) -> AccountTolerance:
    row = proposed(account, **said)
    finn = access.user("FINANCE_APPROVER", facilities=[account.facility])
    return approve_tolerance(tolerance_id=row.pk, actor=finn)


def differing(account: BankAccount, expected: int, shown: int, reference: str = "BAG-4711", **said) -> None:
    make.expected(account, expected, reference, **said)
    make.statement(account, make.line(shown, reference), statement_id=f"S-{reference}")


def test_a_difference_within_is_matched_and_posted_to_the_named_account(account):
    tolerance = agreed(account)
    make.deposit_in_transit(account.facility, 100_00, bag="BAG-4711")
    pull_expectations(facility_ids=[account.facility_id])
    make.statement(account, make.line(97_00, "BAG-4711"))

    match_account(account=account)
    post_matches(account_id=account.pk)

    match = Match.objects.get()
    assert match.pass_name == "difference"
    assert f"within tolerance {tolerance.public_id}" in match.reasons
    assert balance(account, "bank.operating") == 97_00
    assert balance(account, "cash.over_short") == 3_00
    assert balance(account, "deposit.in_transit") == 0
    assert tolerance_use(tolerance).posted == Money(3_00, "USD")


@pytest.mark.parametrize(
    ("said", "expected", "shown"),
    [
        ({"direction": "LESS"}, 100_00, 101_00),
        ({"direction": "MORE"}, 100_00, 99_00),
        ({"largest": Money(99, "USD")}, 100_00, 99_00),
        ({"per_mille": 9}, 100_00, 99_00),
        ({"kind": "card_batch", "role": "fee.merchant"}, 100_00, 99_00),
        ({"valid_from": DAY + timedelta(days=1)}, 100_00, 99_00),
    ],
)
def test_what_is_not_within_goes_to_a_person(account, said, expected, shown):
    agreed(account, **said)
    differing(account, expected, shown)

    match_account(account=account)

    assert not Match.objects.exists()
    assert Suggestion.objects.get().pass_name == "reference"


def test_it_ends_on_its_last_day_and_when_a_person_ends_it(account):
    by_its_days = agreed(account, valid_to=DAY)
    with clock.at(NOON + timedelta(days=1)):
        differing(account, 100_00, 99_00)
        match_account(account=account)
        assert not Match.objects.exists()

        row = agreed(account, valid_from=DAY + timedelta(days=1))
        eve = make.reviewer(account.facility)
        end_tolerance(tolerance_id=row.pk, reason="the bank counts by hand again", actor=eve)
        match_account(account=account)

    assert not Match.objects.exists()
    assert (by_its_days.state, AccountTolerance.objects.get(pk=row.pk).state) == ("APPROVED", "ENDED")


def test_a_proposal_tolerates_nothing_and_its_proposer_cannot_approve(account):
    finn = make.approver(account.facility)
    row = proposed(account, by=finn)
    differing(account, 100_00, 99_00)

    match_account(account=account)
    with pytest.raises(Refusal) as refused:
        approve_tolerance(tolerance_id=row.pk, actor=finn)

    assert refused.value.code == "tolerance_by_same_person"
    assert not Match.objects.exists()


def test_where_something_else_fits_to_the_cent_nothing_is_tolerated(account):
    agreed(account)
    differing(account, 100_00, 99_00)
    make.expected(account, 99_00, "BAG-9999")

    match_account(account=account)

    assert not Match.objects.exists()


def test_where_a_nameless_line_pays_the_item_to_the_cent_nothing_is_tolerated(account):
    agreed(account)
    make.expected(account, 100_00, "BAG-4711")
    make.statement(account, make.line(99_00, "BAG-4711"), make.line(100_00))

    match_account(account=account)

    assert "difference" not in Match.objects.values_list("pass_name", flat=True)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "remittance"}, "not_tolerable"),
        ({"kind": "ach_file"}, "not_tolerable"),
        ({"role": "fee.merchant"}, "tolerance_role_unfit"),
        ({"role": "bank.operating"}, "tolerance_role_unfit"),
        ({"largest": Money(0, "USD")}, "tolerance_amount_unfit"),
        ({"largest": Money(-1, "USD")}, "tolerance_amount_unfit"),
        ({"largest": Money(1, "EUR")}, "tolerance_amount_unfit"),
        ({"per_mille": 0}, "tolerance_share_unfit"),
        ({"per_mille": 51}, "tolerance_share_unfit"),
        ({"valid_from": DAY - timedelta(days=1)}, "tolerance_days_unfit"),
        ({"valid_to": DAY - timedelta(days=1)}, "tolerance_days_unfit"),
    ],
)
def test_what_is_unfit_is_refused_with_words(account, said, code):
    with pytest.raises(Refusal) as refused:
        proposed(account, **said)

    assert refused.value.code == code
    assert "{" not in str(refused.value)
    assert not AccountTolerance.objects.exists()


def test_nobody_approves_more_than_they_may_write_off(account):
    with pytest.raises(Refusal) as refused:
        agreed(account, largest=Money(500_01, "USD"))

    assert refused.value.code == "tolerance_above_limit"


def test_two_are_never_in_force_on_one_day_and_one_waits_at_a_time(account):
    agreed(account, valid_to=DAY + timedelta(days=9))
    with pytest.raises(Refusal) as in_force:
        agreed(account, valid_from=DAY + timedelta(days=9))
    with pytest.raises(Refusal) as waits:
        proposed(account)

    assert (in_force.value.code, waits.value.code) == ("tolerance_in_force", "tolerance_waits")


def test_it_is_decided_once(account):
    eve = make.reviewer(account.facility)
    row = proposed(account, by=eve)
    send_back_tolerance(tolerance_id=row.pk, reason="too much", actor=make.approver(account.facility))

    for again in (approve_tolerance, withdraw_tolerance):
        with pytest.raises(Refusal) as refused:
            again(tolerance_id=row.pk, actor=eve)
        assert refused.value.code == "tolerance_decided"
    with pytest.raises(Refusal) as refused:
        end_tolerance(tolerance_id=row.pk, reason="no", actor=eve)
    assert refused.value.code == "tolerance_not_in_force"
    assert Event.objects.filter(action="reconciliation.send_back_tolerance").count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reconciliation_accounttolerance SET largest_minor = 100",
        "UPDATE reconciliation_accounttolerance SET verdict = NULL, decided_by_id = NULL, decided_at = NULL",
        "UPDATE reconciliation_accounttolerance SET decided_by_id = proposed_by_id",
        "DELETE FROM reconciliation_accounttolerance",
        """INSERT INTO reconciliation_accounttolerance (public_id, account_id, kind, direction, largest_minor,
               role, valid_from, reason, proposed_by_id, proposed_at, verdict, verdict_reason, decided_by_id,
               decided_at, end_reason)
           SELECT 'tol_x', account_id, kind, direction, 1, role, valid_from + 99, reason, decided_by_id,
               now(), 'APPROVED', '', proposed_by_id, now(), '' FROM reconciliation_accounttolerance""",
    ],
)
def test_the_database_keeps_what_was_agreed(account, sql):
    agreed(account)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert AccountTolerance.objects.get().largest_minor == 5_00


_pairs = st.lists(st.tuples(st.integers(50_00, 60_00), st.integers(-8_00, 8_00)), min_size=1, max_size=6)


@settings(**MOST)
@given(pairs=_pairs, is_tolerant=st.booleans())
def test_only_what_was_agreed_differs_and_sums_always_tie(account, pairs, is_tolerant):
    with transaction.atomic():
        if is_tolerant:
            agreed(account)
        lines = []
        for n, (expected, difference) in enumerate(pairs):
            make.expected(account, expected, f"BAG-471{n}0")
            lines.append(make.line(expected + difference, f"BAG-471{n}0"))
        make.statement(account, *lines)

        match_account(account=account)

        for match in Match.objects.all():
            shown = sum(part.line.amount_minor for part in match.lines.select_related("line"))
            wanted = sum(part.expectation.amount_minor for part in match.items.select_related("expectation"))
            parts = MatchAdjustment.objects.filter(match=match)
            posted = sum(parts.values_list("amount_minor", flat=True))
            assert shown + posted == wanted
            assert is_tolerant or not posted
            assert abs(posted) <= 5_00
        transaction.set_rollback(True)


CHARGES = {"direction": "LESS", "role": "fee.merchant"}


@pytest.mark.parametrize(
    ("kind", "clearing", "expected", "shown"),
    [
        ("card_batch", "card.clearing", 100_00, 98_00),
        ("payment", "transfer.clearing", 100_00, 98_00),
        ("refund", "refund.clearing", -100_00, -102_00),
        ("cheque_return", "deposit.in_transit", -100_00, -102_00),
        ("suspense_clearing", "refund.clearing", -100_00, -102_00),
    ],
)
def test_what_a_bank_on_the_way_keeps_is_posted_to_the_named_account(
    account, kind, clearing, expected, shown
):
    agreed(account, kind=kind, **CHARGES)
    differing(account, expected, shown, kind=kind, clearing_role=clearing)

    match_account(account=account)

    match = Match.objects.get()
    part = MatchAdjustment.objects.get(match=match)
    assert (match.pass_name, part.role, part.amount_minor) == ("difference", "fee.merchant", 2_00)


@pytest.mark.parametrize(
    ("kind", "expected", "shown"), [("payment", 100_00, 102_00), ("refund", -100_00, -98_00)]
)
def test_nobody_adds_to_a_transfer(account, kind, expected, shown):
    agreed(account, kind=kind, **CHARGES)
    differing(account, expected, shown, kind=kind)

    match_account(account=account)

    assert not Match.objects.exists()


@pytest.mark.parametrize("kind", ["payment", "refund", "cheque_return", "suspense_clearing"])
def test_of_charges_the_account_may_only_get_less(account, kind):
    with pytest.raises(Refusal) as refused:
        proposed(account, kind=kind, role="fee.merchant", direction="EITHER")

    assert refused.value.code == "tolerance_direction_unfit"


@pytest.mark.parametrize("kind", ["remittance", "ach_file", "ach_return"])
def test_what_names_its_amount_itself_is_never_tolerated(account, kind):
    with pytest.raises(Refusal) as refused:
        proposed(account, kind=kind, role="fee.merchant", direction="LESS")

    assert refused.value.code == "not_tolerable"
