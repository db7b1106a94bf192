"""Every format through one import: continuity, announced entries, repeats, what banks deviate in."""

from datetime import date, timedelta

import pytest

from hms_ach.refusal import FileRejected
from reconciliation.commands import (
    StatementContradicts,
    change_account_profile,
    import_statement,
    open_discrepancies,
)
from reconciliation.formats.table import TableProfile
from reconciliation.models import Discrepancy, InterimEntry, InterimReport, Statement, StatementLine
from reconciliation.queries import announced
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.formats import test_bai2, test_ofx
from tests.reconciliation.formats.test_file import zipped

ENTRY = ":61:2603120312C10,00NTRFNONREF//BANK1"


@pytest.fixture
def account(db):
    return make.bank_account(make.hospital())


def take(account, content: bytes, **said):
    return import_statement(
        content=content, name="file", actor=access.user(), facility_ids=[account.facility_id], **said
    )


def profile(account, *switches: str, calendar: str = "BANKING_DAYS", table=None):
    change_account_profile(
        account=account, switches=switches, calendar=calendar, table=table, actor=access.user()
    )


BAI2 = test_bai2.file_of(
    "03,US-1234567890,USD,010,0,,,015,750,,/", test_bai2.CREDIT, test_bai2.DEBIT, total=750 + 1000 + 250
)
OFX = test_ofx.sgml(test_ofx.row(), test_ofx.row("-2.50", fitid="F2")).replace(
    b"<ACCTID>123", b"<ACCTID>US-1234567890"
)
MT940 = make.mt940_file(ENTRY, ":61:2603120312D2,50NMSCX", closing="C260312USD7,50")


@pytest.mark.parametrize(
    "format, content", [("bai2", BAI2), ("ofx", OFX), ("mt940", MT940), ("bai2", zipped(a=BAI2))]
)
def test_every_format_becomes_lines_once(account, format, content):
    first = take(account, content)
    again = take(account, content)

    assert (first.statements[0].format, first.statements[0].booked_minor) == (format, 7_50)
    assert again.is_known
    assert sorted(StatementLine.objects.values_list("amount_minor", flat=True)) == [-2_50, 10_00]


def test_a_table_is_read_by_the_accounts_profile_and_refused_without(account):
    content = b"Day;Amount;Left\n12.03.2026;-1,50;8,50\n"
    with pytest.raises(FileRejected, match="no account has a column profile"):
        take(account, content)

    columns = {"booked_on": "Day", "amount": "Amount", "balance": "Left"}
    table = TableProfile(columns=columns, date_format="DD.MM.YYYY", decimal_mark=",").as_json()
    profile(account, table=table)
    statement = take(account, content).statements[0]

    assert (statement.opening_minor, statement.closing_minor, statement.currency) == (10_00, 8_50, "USD")


def test_a_deviation_is_refused_until_its_switch_is_on(account):
    content = make.mt940_file(":61:260230C10,00NTRFX", closing="C260312USD10,00")
    with pytest.raises(FileRejected, match="mt940_days_of_30") as refused:
        take(account, content)
    assert Statement.objects.count() == 0
    assert refused.value.findings[0].switch == "mt940_days_of_30"

    profile(account, "mt940_days_of_30")
    statement = take(account, content).statements[0]

    assert statement.findings[0]["is_fatal"] is False
    assert StatementLine.objects.get().value_on == date(2026, 2, 28)


def test_what_a_report_announces_is_shown_until_the_statement_brings_it(account):
    head = ":20:R\n:25:US-1234567890\n:28C:7/1\n:34F:USD0,\n:13D:2603121200+0100\n"
    report = f"{head}{ENTRY}\n:90C:1USD10,\n".encode()

    taken = take(account, report)
    waiting = [each.entry.amount_minor for each in announced(account)]
    take(account, make.mt940_file(ENTRY, closing="C260312USD10,00"))

    assert (taken.statements, waiting) == ([], [10_00])
    assert [each.entry.amount_minor for each in announced(account)] == []
    assert StatementLine.objects.get().amount_minor == 10_00


def test_reports_that_repeat_announce_nothing_twice(account):
    head = ":20:R\n:25:US-1234567890\n:28C:{}/1\n:34F:USD0,\n"
    later = ":61:2603120312D3,00NTRFNONREF//BANK2"

    take(account, f"{head.format(1)}{ENTRY}\n".encode())
    take(account, f"{head.format(2)}{ENTRY}\n{later}\n".encode())

    assert InterimReport.objects.count() == 2
    assert sorted(InterimEntry.objects.values_list("amount_minor", flat=True)) == [-3_00, 10_00]


def test_what_was_announced_and_never_comes_is_a_finding(account):
    head = ":20:R\n:25:US-1234567890\n:28C:7/1\n:34F:USD0,\n"
    take(account, f"{head}{ENTRY}\n".encode())

    statement = take(account, make.mt940_file(closing="C260312USD0,00")).statements[0]

    assert [(each["field"], each["is_fatal"]) for each in statement.findings] == [("announced", False)]


def test_pending_entries_of_a_statement_are_announced_and_not_booked(account):
    content = make.statement_file(make.line(5_00), make.line(9_00)._replace(status="PDNG"))

    taken = take(account, content)

    assert [report.kind for report in taken.reports] == ["PENDING"]
    assert StatementLine.objects.get().amount_minor == 5_00


def test_equal_rows_of_two_statements_whose_balances_join_are_both_money(account):
    """A bank that gives no references books the same fee twice on one day, in two statements."""
    fee = ":61:2603120312D2,50NCHGNONREF"
    take(account, make.mt940_file(fee, closing="D260312USD2,50"))

    second = take(account, make.mt940_file(fee, number=2, opening="D260312USD2,50", closing="D260312USD5,00"))

    assert second.statements[0].known_line_count == 0
    assert list(StatementLine.objects.values_list("amount_minor", flat=True)) == [-2_50, -2_50]
    assert Discrepancy.objects.count() == 0


def test_a_bank_that_restates_yesterday_adds_only_what_is_new_and_says_so(account):
    take(account, make.mt940_file(ENTRY, closing="C260312USD10,00"))
    more = ":61:2603120312C1,00NTRFNONREF//BANK2"

    again = take(account, make.mt940_file(ENTRY, more, number=2, closing="C260312USD11,00"))

    finding = again.findings[0]
    assert (
        "states again what statement 1 stated: 1 line more, 0 lines fewer, another closing" in finding.problem
    )
    assert again.statements[0].known_line_count == 1
    assert sorted(StatementLine.objects.values_list("amount_minor", flat=True)) == [1_00, 10_00]


def test_what_a_restatement_leaves_behind_waits_for_a_person(account):
    for name, minor in (("S1", 10_00), ("S1B", 11_00)):
        entry = make.line(minor, bank_reference="BANK1")
        take(account, make.statement_file(entry, statement_id=name))

    found = Discrepancy.objects.get()

    assert (found.kind, found.amount_minor, found.statement.statement_id) == ("STATEMENT_GAP", 1_00, "S1B")
    assert found.reasons == [
        "States again what statement S1 stated, without 1 of its lines. Settle what is gone."
    ]


def test_a_restatement_without_closing_balance_is_short_by_what_is_gone_and_no_balance(account):
    """A balance that is not said is not zero: the days come to 7.00 less, not to 510.00 less."""
    first = make.statement_file(make.line(10_00, bank_reference="BANK1"), opening=500_00)
    take(account, first)
    again = make.statement_file(make.line(3_00, bank_reference="BANK2"), statement_id="S1B", opening=500_00)
    start, end = again.index(b"<Bal><Tp><CdOrPrtry><Cd>CLBD"), again.rindex(b"</Bal>") + len(b"</Bal>")

    take(account, again[:start] + again[end:])

    found = Discrepancy.objects.get(kind="STATEMENT_GAP")
    assert found.statement.closing_minor is None
    assert found.amount_minor == 3_00 - 10_00


def test_a_list_that_lacks_a_row_is_short_by_it(account):
    take(account, OFX)
    lacking = OFX.replace(test_ofx.row("-2.50", fitid="F2").encode(), b"").replace(
        b"</BANKTRANLIST>", test_ofx.row("3.00", fitid="F3").encode() + b"</BANKTRANLIST>"
    )

    take(
        account,
        lacking.replace(b"<BALAMT>110", b"<BALAMT>113").replace(b"<DTEND>20260313", b"<DTEND>20260314"),
    )

    found = Discrepancy.objects.get(reasons__0__startswith="States again")
    assert (found.amount_minor, StatementLine.objects.count()) == (2_50, 3)


def test_other_bytes_under_a_known_number_say_what_differs(account):
    take(account, make.mt940_file(ENTRY, closing="C260312USD10,00"))

    with pytest.raises(StatementContradicts, match="1 line more, 1 line fewer, another closing balance"):
        take(account, make.mt940_file(ENTRY.replace("C10", "C11"), closing="C260312USD11,00"))

    assert StatementLine.objects.count() == 1


def test_a_number_may_come_again_next_year(account):
    year_before = make.mt940_file(
        ENTRY.replace("260312", "250312"), opening="C250311USD0,00", closing="C250312USD10,00"
    )
    take(account, year_before)
    next_year = make.mt940_file(ENTRY, opening="C260311USD10,00", closing="C260312USD20,00")

    assert take(account, next_year).statements[0].year == 2026


def test_pages_of_a_statement_are_checked_together(account):
    first = make.mt940_file(ENTRY, closing="C260312USD10,00").replace(b":62F:", b":62M:")
    second = make.mt940_file(
        ENTRY.replace("BANK1", "BANK2"), opening="C260312USD10,00", closing="C260312USD20,00"
    )

    take(account, second.replace(b":28C:1/1", b":28C:1/2").replace(b":60F:", b":60M:"))
    take(account, first)

    assert sorted(Statement.objects.values_list("page", "is_last_page")) == [(1, False), (2, True)]
    assert Discrepancy.objects.count() == 0


def test_an_overlapping_list_brings_its_new_rows_and_is_checked_against_the_balance(account):
    take(account, OFX)
    longer = OFX.replace(b"</BANKTRANLIST>", test_ofx.row("3.00", fitid="F3").encode() + b"</BANKTRANLIST>")
    right = longer.replace(b"<BALAMT>110.00", b"<BALAMT>113.00").replace(
        b"<DTEND>20260313", b"<DTEND>20260314"
    )
    wrong = right.replace(b"113.00", b"114.00").replace(b"<DTEND>20260314", b"<DTEND>20260315")

    added = take(account, right).statements[0]
    assert (added.known_line_count, Discrepancy.objects.count()) == (2, 0)
    take(account, wrong)

    assert Discrepancy.objects.get().amount_minor == 1_00


def test_accounts_that_are_not_ours_and_other_currencies_refuse_the_whole_file(account):
    mine = make.mt940_file(ENTRY, closing="C260312USD10,00")
    theirs = make.mt940_file(ENTRY, closing="C260312USD10,00", account="US-999")
    euros = mine.replace(b"USD", b"EUR")

    for content, problem in ((mine + theirs, "not one of your bank accounts"), (euros, "is in USD")):
        with pytest.raises(FileRejected, match=problem):
            take(account, content)

    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    "calendar, missing",
    [
        ("BANKING_DAYS", [date(2026, 3, day) for day in (12, 13, 16)]),
        ("EVERY_DAY", [date(2026, 3, day) for day in (12, 13, 14, 15, 16)]),
        ("WEEKLY", [date(2026, 3, 13)]),
        ("MONTHLY", []),
        ("NEVER", []),
    ],
)
def test_a_statement_is_missed_by_the_accounts_calendar(account, calendar, missing):
    profile(account, calendar=calendar)

    open_discrepancies(account=account, today=make.DAY + timedelta(days=5))

    rows = Discrepancy.objects.filter(kind="STATEMENT_MISSING").order_by("due_on")
    assert list(rows.values_list("due_on", flat=True)) == missing
