"""Accounts that only one table has."""

from reconciliation.rules.lone_account import lone_accounts


def test_nothing_is_said_of_accounts_that_both_have():
    assert lone_accounts(["OP", "DEP"], ["DEP", "OP"]) == []


def test_the_nearest_name_is_told_whatever_its_capitals():
    said = lone_accounts(["operating-1"], ["OPERATING 1", "DEPOSIT"])

    assert said[0] == (
        "Account operating-1 of lines is not among the expectations, so nothing of it matches. "
        "The nearest there: OPERATING 1."
    )
    assert len(said) == 3


def test_at_most_twenty_are_told():
    assert len(lone_accounts([f"A{n}" for n in range(50)], ["B"])) == 20


def test_a_table_without_rows_is_said_once_and_no_account_is_blamed_for_it():
    assert lone_accounts(["A", "B"], []) == [
        "The table of expectations has no rows below its names, so nothing can match."
    ]
    assert len(lone_accounts([], [])) == 2
