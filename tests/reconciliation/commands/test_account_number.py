"""Nobody sends a hospital's money elsewhere alone: the number of a bank account takes two people."""

import pytest
from django.db import DatabaseError, transaction

from hms_ach.audit.models import Event
from hms_ach.refusal import FileRejected
from reconciliation.commands import (
    AccountNumberBySamePerson,
    AccountNumberDecided,
    AccountNumberUnlike,
    AccountNumberWaits,
    BankAccountExists,
    approve_account_number,
    create_bank_account,
    propose_account_number,
    pull_expectations,
    refuse_account_number,
)
from reconciliation.models import AccountNumber, BankAccount, Expectation
from reconciliation.queries import account_by_number, waiting
from tests.make import access
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db
NUMBER = "US-1234567890"


@pytest.fixture
def north():
    return make.hospital()


@pytest.fixture
def gil(north):
    return access.user("CONTROLLER", facilities=[north], username="gil")


@pytest.fixture
def finn(north):
    return make.approver(north)


@pytest.fixture
def opened(north, gil):
    return create_bank_account(
        facility=north, code="N-1", name="New", number=NUMBER, currency="USD", opened_on=make.DAY, actor=gil
    )


def proposed(account) -> AccountNumber:
    return AccountNumber.objects.get(account=account, verdict=None)


def test_a_new_account_takes_nothing_before_another_person_types_its_number_again(north, opened, finn):
    make.deposit_in_transit(north, 5_00)
    pull_expectations(facility_ids=[north.pk])
    with pytest.raises(FileRejected, match="is the number of N-1 once another person puts it in force"):
        make.statement(opened, make.line(5_00))
    assert Expectation.objects.get().account is None

    approve_account_number(number_id=proposed(opened).pk, number="us 1234 567890", actor=finn)

    pull_expectations(facility_ids=[north.pk])
    assert Expectation.objects.get().account == opened
    assert make.statement(opened, make.line(5_00)).account == opened


def test_whoever_wrote_it_does_not_approve_it_and_another_number_is_refused(opened, gil, finn):
    row = proposed(opened)

    with pytest.raises(AccountNumberBySamePerson):
        approve_account_number(number_id=row.pk, number=NUMBER, actor=gil)
    with pytest.raises(AccountNumberUnlike):
        approve_account_number(number_id=row.pk, number="US-1234567809", actor=finn)

    opened.refresh_from_db()
    assert not opened.is_in_force


def test_a_changed_number_counts_once_another_person_agrees(north, gil, finn):
    account = make.bank_account(north, number=NUMBER)
    row = propose_account_number(account=account, number="NEW-77", reason="Bank's letter", actor=gil)
    assert account_by_number("NEW-77", [north.pk]) is None
    with pytest.raises(AccountNumberWaits):
        propose_account_number(account=account, number="NEW-78", reason="Again", actor=finn)

    approve_account_number(number_id=row.pk, number="NEW-77", actor=finn)

    assert account_by_number("NEW-77", [north.pk]) == account
    assert account_by_number(NUMBER, [north.pk]) is None
    with pytest.raises(AccountNumberDecided):
        approve_account_number(number_id=row.pk, number="NEW-77", actor=finn)


def test_a_number_that_another_account_has_is_refused(north, gil):
    make.bank_account(north, number=NUMBER)
    lake = make.bank_account(make.hospital("LAKE"), code="LAKE-OP", number="LAKE-1")

    with pytest.raises(BankAccountExists):
        propose_account_number(account=lake, number=NUMBER, reason="Typo", actor=gil)


def test_a_refused_opening_is_closed_and_another_may_be_opened(north, opened, gil, finn):
    refuse_account_number(number_id=proposed(opened).pk, reason="No such account", actor=finn)

    opened.refresh_from_db()
    assert opened.closed_on is not None
    create_bank_account(
        facility=north, code="N-2", name="Two", number="N2-1", currency="USD", opened_on=make.DAY, actor=gil
    )


def test_the_approver_is_told_and_the_proposer_is_not(north, opened, gil, finn):
    told = {
        person: next(
            each.count
            for each in waiting(person, [north.pk])
            if each.title == "Numbers of bank accounts to approve"
        )
        for person in (gil, finn)
    }

    assert told == {gil: 0, finn: 1}


def test_no_number_is_in_the_audit_trail(opened, finn):
    approve_account_number(number_id=proposed(opened).pk, number=NUMBER, actor=finn)

    assert "1234567890" not in str(list(Event.objects.values_list("before", "after")))
    assert Event.objects.filter(action="reconciliation.approve_account_number").count() == 1


@pytest.mark.parametrize("change", [{"number_index": "x"}, {"is_in_force": True}])
def test_the_database_wants_two_people_too(opened, change):
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        BankAccount.objects.filter(pk=opened.pk).update(**change)


def test_the_database_lets_nobody_approve_the_own_number(opened, gil):
    at = opened.numbers.get().proposed_at

    with pytest.raises(DatabaseError, match="two_people"), transaction.atomic():
        AccountNumber.objects.update(verdict="APPROVED", decided_by=gil, decided_at=at)
