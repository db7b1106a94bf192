"""Every format and every kind of bad statement: what each must be answered with, and what must not happen."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from hms_ach.refusal import Refusal
from reconciliation.commands import (
    change_account_profile,
    import_statement,
    match_account,
    open_discrepancies,
)
from reconciliation.models import BankAccount, Discrepancy, Match, Statement, StatementLine
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.formats.days import FILES, TABLE, Day
from tests.reconciliation.formats.test_file import zipped

DAY = Day()
NEXT = Day(rows=((5_00, "BANK3"),), on=make.DAY + timedelta(days=1), opening=DAY.closing, sequence=2)
OTHER = replace(DAY, rows=((11_00, "BANK1"), (-2_50, "BANK2")))
LONGER = replace(DAY, rows=(*DAY.rows, (1_00, "BANK9")))
NUMBERED = ("camt", "bai2", "mt940")  # the bank names its statements
LISTED = ("csv", "xlsx", "ofx")


@pytest.fixture
def account(db) -> BankAccount:
    account = make.bank_account(make.hospital())
    table = TABLE.as_json()
    change_account_profile(
        account=account, switches=(), calendar="BANKING_DAYS", table=table, actor=access.user()
    )
    return account


def take(account: BankAccount, content: bytes):
    return import_statement(
        content=content, name="file", actor=access.user(), facility_ids=[account.facility_id]
    )


def refused(account: BankAccount, content: bytes) -> str:
    with pytest.raises(Refusal) as why:
        take(account, content)
    return str(why.value)


def about_statements(account: BankAccount) -> list[str]:
    open_discrepancies(account=account, today=NEXT.on)
    rows = Discrepancy.objects.filter(kind__startswith="STATEMENT").exclude(state="APPROVED")
    return sorted(rows.values_list("kind", flat=True))


@pytest.mark.parametrize("kind", FILES)
def test_a_good_day_is_taken_in_so_that_the_rest_of_this_table_means_something(account, kind):
    (statement,) = take(account, FILES[kind](DAY)).statements

    assert (statement.closing_minor, StatementLine.objects.count()) == (7_50, 2)
    assert about_statements(account) == []


def cut_off(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def with_nul(content: bytes) -> bytes:
    return content[:40] + b"\x00" + content[41:]


BAD = {
    "truncated": (lambda write: cut_off(write(DAY)), "Line |archive is damaged"),
    "a NUL byte": (lambda write: with_nul(write(DAY)), "Line |NUL characters|workbook|damaged"),
    "another account": (lambda write: write(replace(DAY, number="US-9999999999")), "is not one of your bank"),
    "another currency": (lambda write: write(replace(DAY, currency="EUR")), "is in USD"),
    "packed twice": (lambda write: zipped(a=zipped(b=write(DAY))), "archive"),
    "a path that leads out": (lambda write: zipped(**{"../../day": write(DAY)}), "leads elsewhere"),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("badness", BAD)
def test_what_cannot_be_trusted_is_refused_in_words_and_changes_nothing(account, kind, badness):
    make_bad, says = BAD[badness]

    assert re.search(says, refused(account, make_bad(FILES[kind])))
    assert (Statement.objects.count(), StatementLine.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", FILES)
def test_a_slip_in_the_year_is_refused_before_it_hides_a_line_for_years(account, kind):
    content = FILES[kind](replace(DAY, on=DAY.on.replace(year=2062)))

    assert "more than a week after today" in refused(account, content)
    assert StatementLine.objects.count() == 0


NOTHING = {
    "camt": b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
    b"<BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-12T00:00:00</CreDtTm></GrpHdr></BkToCstmrStmt>"
    b"</Document>",
    "bai2": b"01,BANK,US,260312,0600,1,80,1,2/\n99,0,0,2/\n",
    "csv": b"Day,Amount\n",
    "zip": zipped(),
}


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("camt", "has no statement"),
        ("bai2", "has no account"),
        ("csv", "has no column"),
        ("zip", "holds no file"),
    ],
)
def test_a_file_without_any_statement_is_refused(account, kind, says):
    assert says in refused(account, NOTHING[kind])
    assert Statement.objects.count() == 0


# A workbook is an archive itself, and none is taken inside another.
@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "xlsx"])
def test_our_account_beside_a_strangers_refuses_the_whole_archive(account, kind):
    content = zipped(a=FILES[kind](DAY), b=FILES[kind](replace(NEXT, number="US-9999999999")))

    assert "is not one of your bank" in refused(account, content)
    assert StatementLine.objects.count() == 0


@pytest.mark.parametrize("kind", FILES)
def test_days_out_of_order_join_all_the_same(account, kind):
    take(account, FILES[kind](NEXT))
    take(account, FILES[kind](DAY))

    assert StatementLine.objects.count() == 3
    assert about_statements(account) == []


@pytest.mark.parametrize("kind", FILES)
def test_the_same_bytes_again_change_nothing(account, kind):
    content = FILES[kind](DAY)
    take(account, content)

    assert take(account, content).is_known
    assert (Statement.objects.count(), StatementLine.objects.count()) == (1, 2)


@pytest.mark.parametrize("kind", NUMBERED)
def test_other_amounts_under_a_known_number_are_refused(account, kind):
    take(account, FILES[kind](DAY))

    said = refused(account, FILES[kind](OTHER))

    assert "1 line more, 1 line fewer" in said
    assert sorted(StatementLine.objects.values_list("amount_minor", flat=True)) == [-2_50, 10_00]


@pytest.mark.parametrize("kind", LISTED)
def test_a_list_that_contradicts_an_earlier_one_says_what_is_gone(account, kind):
    take(account, FILES[kind](DAY))

    (found,) = take(account, FILES[kind](OTHER)).findings

    assert "1 line more, 1 line fewer" in found.problem
    assert not found.is_fatal


@pytest.mark.parametrize("kind", FILES)
def test_a_bank_that_restates_yesterday_is_never_taken_twice(account, kind):
    take(account, FILES[kind](DAY))
    take(account, FILES[kind](NEXT))

    if kind in NUMBERED:
        assert "1 line more, 0 lines fewer" in refused(account, FILES[kind](LONGER))
    else:
        take(account, FILES[kind](LONGER))

    amounts = sorted(StatementLine.objects.values_list("amount_minor", flat=True))
    assert amounts == [-2_50, *([] if kind in NUMBERED else [1_00]), 5_00, 10_00]


@pytest.mark.parametrize("kind", FILES)
def test_a_balance_that_does_not_join_is_a_discrepancy(account, kind):
    take(account, FILES[kind](DAY))
    take(account, FILES[kind](replace(NEXT, opening=9_00)))

    assert about_statements(account) == ["STATEMENT_GAP"]


@pytest.mark.nightly
@pytest.mark.parametrize("kind", FILES)
def test_ten_thousand_equal_amounts_are_kept_and_match_nothing(account, kind):
    rows = [(10_00, f"EQ{n:05}") for n in range(10_000)]
    for _ in range(3):
        make.expected(account, 10_00)
    take(account, FILES[kind](replace(DAY, rows=rows)))

    match_account(account=account)

    assert StatementLine.objects.count() == 10_000
    assert not Match.objects.exists()
