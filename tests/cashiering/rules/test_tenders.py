"""The tender rule: amount = tendered − change, change only from cash."""

import pytest

from cashiering.rules.tenders import (
    CardAboveDue,
    CashNotNeeded,
    ChangeTooLarge,
    ChequeIncomplete,
    TenderGiven,
    TenderNotPositive,
    TendersTooSmall,
    take_tenders,
)
from hms_ach.money import Money


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def give(kind: str, minor: int) -> TenderGiven:
    return TenderGiven(kind, usd(minor), reference="1", cheque_bank="Bank")


def test_the_last_cash_gives_the_change():
    taken, excess = take_tenders(usd(90), [give("CASH", 50), give("CARD", 20), give("CASH", 50)])

    assert [(one.amount.minor, one.change.minor) for one in taken] == [(50, 0), (20, 0), (20, 30)]
    assert not excess


def test_a_cheque_above_what_is_due_leaves_the_excess():
    taken, excess = take_tenders(usd(90), [give("CHEQUE", 100)])

    assert (taken[0].amount, excess) == (usd(100), usd(10))


def test_change_of_ten_of_the_largest_note_is_given():
    taken, _excess = take_tenders(usd(90), [give("CASH", 1000_90)])

    assert taken[0].change == usd(1000_00)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ([give("CASH", 80)], TendersTooSmall),
        ([give("CARD", 91)], CardAboveDue),
        ([give("CHEQUE", 90), give("CASH", 20)], CashNotNeeded),
        ([give("CASH", 1000_91)], ChangeTooLarge),
        ([give("CASH", 0)], TenderNotPositive),
        ([give("CASH", -5), give("CASH", 100)], TenderNotPositive),
        ([TenderGiven("CHEQUE", usd(90))], ChequeIncomplete),
    ],
)
def test_tenders_that_break_the_rule_are_refused(given, refusal):
    with pytest.raises(refusal):
        take_tenders(usd(90), given)
