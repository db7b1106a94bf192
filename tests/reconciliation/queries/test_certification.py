"""How far accounts are, and what the system sees by itself."""

from datetime import UTC, datetime

import pytest

from hms_ach import clock
from reconciliation.commands import match_account
from reconciliation.queries import certification_of, certifications_of, proof_of
from reconciliation.rules.certification import CYCLES
from tests.make import certification
from tests.make import reconciliation as make

NOON = datetime(2026, 3, 12, 17, tzinfo=UTC)
PENNY = {"amount": "0.01", "reference": "PENNY-4711"}


@pytest.fixture
def account(db):
    with clock.at(NOON):
        yield make.bank_account(make.hospital())


def test_an_account_in_use_without_a_certification_is_first_and_warned_of(account, django_assert_num_queries):
    unused = make.bank_account(make.hospital("ACRE"), code="ACRE-OP", number="US-77")
    make.statement(account, make.line(1_00))

    with django_assert_num_queries(2):
        found = certifications_of([account.facility_id, unused.facility_id])

    assert [(each.account.code, each.is_overdue) for each in found] == [
        ("NORTH-OP", True),
        ("ACRE-OP", False),
    ]


def test_a_certified_account_is_not_warned_of(account):
    certification.certified(account)

    assert not certification_of(account).is_overdue
    assert certification_of(account).left == []


def test_nothing_is_seen_where_nothing_came(account):
    for item in ("test_file", "test_cycles", "delivery", "addenda", "returns"):
        assert not proof_of(account, item).is_enough
    assert not proof_of(account, "penny_test", details=PENNY, since=make.DAY).is_enough
    assert proof_of(account, "contacts") is None


def test_statements_that_join_are_seen_with_their_figure(account):
    certification.cycles(account)

    seen = proof_of(account, "test_cycles")

    assert (seen.is_enough, seen.statement.statement_id) == (True, f"S{CYCLES}")
    assert f"{CYCLES} statements in a row" in seen.words
    assert "S5 was read: 1 entry" in proof_of(account, "test_file").words


@pytest.mark.parametrize(
    ("minor", "reference", "is_seen"),
    [
        (1, "PENNY-4711", True),
        (-1, "penny 4711", True),
        (2, "PENNY-4711", False),
        (1, "PENNY-4712", False),
    ],
)
def test_a_penny_is_seen_by_its_amount_and_reference(account, minor, reference, is_seen):
    make.statement(account, make.line(minor, reference))

    seen = proof_of(account, "penny_test", details=PENNY, since=make.DAY)

    assert seen.is_enough == is_seen
    assert (seen.statement is not None) == is_seen


def test_a_payment_that_names_its_remittance_shows_that_addenda_come(account):
    make.expected(account, 250_00, "TRN-8899001", kind="remittance", clearing_role="payer.eft_clearing")
    make.statement(account, make.line(250_00, "TRN-8899001"), make.line(3_00, "OTHER-1"))
    match_account(account=account)

    seen = proof_of(account, "addenda")

    assert seen.is_enough
    assert seen.words.startswith("1 insurer payment came")


def test_a_reversed_entry_is_seen(account):
    make.statement(account, make.line(-5_00, "REV-1001", is_reversal=True))

    assert proof_of(account, "returns").words == "1 reversed entry read."
