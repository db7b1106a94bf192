"""Reading CSV and XLSX by profiles, and guessing a first profile."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hms_ach.money import digits
from hms_ach.refusal import FileRejected
from reconciliation.formats.file import Opened, read_bytes
from reconciliation.formats.reading import Reading
from reconciliation.formats.table import ProfileWrong, TableProfile, csv_rows, guess
from reconciliation.formats.table.profile import amount_by
from tests.reconciliation.formats.collect import fatal, read_whole

PROFILE = TableProfile(
    columns={
        "booked_on": "Date",
        "amount": "Amount",
        "balance": "Balance",
        "bank_reference": "Ref",
        "description": "Text+More",
    },
    skipped_head=1,
    skipped_foot=1,
    date_format="DD.MM.YYYY",
    decimal_mark=",",
    currency="EUR",
    account_number="DE1",
)
ROWS = (
    "My bank;;;;;\nDate;Text;More;Amount;Balance;Ref\n"
    '12.03.2026;Rent;"of\nMarch";-1.234,56;765,44;R1\n'
    "13.03.2026;Pay;;1.000,00;1.765,44;R2\nThe end;;;;;\n"
)


def by(profile: TableProfile, content: bytes):
    return read_whole(content, Opened(profile=profile))


def test_a_profile_says_what_the_columns_mean():
    statements, findings = by(PROFILE, ROWS.encode())

    read = statements[0]
    assert [(each.amount_minor, each.description, each.source_line) for each in read.entries] == [
        (-1_234_56, "Rent of\nMarch", 3),
        (1_000_00, "Pay", 5),
    ]
    assert (read.account_number, read.opening_minor, read.closing_minor) == ("DE1", 2_000_00, 1_765_44)
    assert (read.from_on, read.to_on, findings) == (date(2026, 3, 12), date(2026, 3, 13), [])


def test_a_description_names_the_party_that_no_column_does():
    said = "ORIG CO NAME:ACME ORIG ID:99 TRACE#:042000014008466"

    with_column, _ = read_whole(
        f"Date,Amount,Name,Account,Currency,Text\n2026-03-12,1.00,BEN,1,USD,{said}\n".encode(),
        Opened(profile=TableProfile(columns={"booked_on": "1", "amount": "2", "counterparty": "3",
                                             "account": "4", "currency": "5", "description": "6"})),
    )  # fmt: skip
    without, _ = read_whole(
        f"Date,Amount,Account,Currency,Description\n2026-03-12,1.00,1,USD,{said}\n".encode()
    )

    assert with_column[0].entries[0].counterparty == "BEN"
    entry = without[0].entries[0]
    assert (entry.counterparty, entry.references) == ("ACME", ("042000014008466",))


def test_no_row_is_lost_however_many_there_are():
    rows = [f"2026-03-12,{n}.00,{n * (n + 1) // 2}.00" for n in range(1, 201)]
    content = "\n".join(["Date,Amount,Balance", *rows]).encode()

    statements, findings = by(
        TableProfile(
            columns={"booked_on": "Date", "amount": "Amount", "balance": "Balance"},
            currency="USD",
            account_number="1",
        ),
        content,
    )

    assert (statements[0].booked_count, statements[0].difference_minor, findings) == (200, 0, [])


def test_the_newest_may_come_first():
    profile = TableProfile(
        columns={"booked_on": "1", "amount": "2", "balance": "3"},
        has_headings=False,
        currency="USD",
        account_number="1",
        is_newest_first=True,
    )

    statements, findings = by(profile, b"2026-03-13,5.00,15.00\n2026-03-12,10.00,10.00\n")

    assert (statements[0].opening_minor, statements[0].closing_minor, findings) == (0, 15_00, [])


def test_a_balance_that_does_not_follow_is_a_warning():
    _, findings = by(PROFILE, ROWS.replace("1.765,44", "1.765,45").encode())

    assert [(finding.line, finding.field, finding.is_fatal) for finding in findings] == [
        (5, "balance", False)
    ]


@pytest.mark.parametrize(
    "columns, row, minor",
    [
        ({"debit": "2", "credit": "3"}, "5.00,", -5_00),
        ({"debit": "2", "credit": "3"}, "-5.00,", -5_00),
        ({"debit": "2", "credit": "3"}, ",5.00", 5_00),
        ({"debit": "2", "credit": "3"}, "0.00,5.00", 5_00),
        ({"amount": "2", "side": "3"}, "5.00,debit", -5_00),
        ({"amount": "2", "side": "3"}, "5.00,CR", 5_00),
    ],
)
def test_debits_may_have_a_column_or_a_word(columns, row, minor):
    profile = TableProfile(
        columns={"booked_on": "1", **columns},
        has_headings=False,
        currency="USD",
        account_number="1",
        delimiter=",",
    )

    statements, findings = by(profile, f"2026-03-12,{row}\n".encode())

    assert ([each.amount_minor for each in statements[0].entries], findings) == ([minor], [])


@pytest.mark.parametrize(
    "before, after, field",
    [
        ("-1.234,56", "-1.234,5x", "amount"),
        ("-1.234,56", "12..34", "amount"),
        ("-1.234,56", "-1.234,567", "amount"),
        ("-1.234,56", "", "amount"),
        ("12.03.2026", "31.02.2026", "booked_on"),
        ("12.03.2026", "2026-03-12", "booked_on"),
    ],
)
def test_a_cell_that_cannot_be_read_is_found_with_its_line(before, after, field):
    _, findings = by(PROFILE, ROWS.replace(before, after, 1).encode())

    assert (findings[0].line, findings[0].field, findings[0].is_fatal) == (3, field, True)


def test_rows_of_two_accounts_or_currencies_are_not_mixed():
    profile = TableProfile(columns={"booked_on": "d", "amount": "a", "account": "n", "currency": "c"})
    content = b"d,a,n,c\n2026-03-12,1.00,111,USD\n2026-03-12,1.00,222,EUR\n"

    _, findings = by(profile, content)

    assert fatal(findings) == [("account", ""), ("currency", "")]


@pytest.mark.parametrize(
    "mark, text, minor",
    [
        (".", "1,234.56", 1_234_56),
        (".", "(1,234.56)", -1_234_56),
        (".", "12.5-", -12_50),
        (".", "$1,000", 1_000_00),
        (".", "7.00 CR".replace(" ", ""), 7_00),
        (",", "1.234,56", 1_234_56),
        (",", "1 234,5", 1_234_50),
        (",", "-1’234’567,89", -1_234_567_89),
    ],
)
def test_amounts_are_read_as_banks_print_them(mark, text, minor):
    assert amount_by(mark, text, "USD") == (minor, "")


@pytest.mark.parametrize("text", ["1,23.45", "1.2.3", "", "-", ".", "(5", "-(5)", "٣", "1e3", "1,2345"])
def test_what_is_no_amount_is_not_read_as_one(text):
    assert amount_by(".", text, "USD")[1]


@given(st.integers(-(10**14), 10**14), st.sampled_from(".,"))
def test_a_printed_amount_is_read_back(minor, mark):
    whole, cents = divmod(abs(minor), 100)
    text = f"{whole:,}.{cents:02}"
    if mark == ",":
        text = text.translate(str.maketrans(",.", ".,"))

    assert amount_by(mark, f"-{text}" if minor < 0 else text, "USD") == (minor, "")


@given(
    st.integers(0, 10**4),
    st.sampled_from(["USD", "JPY", "KWD"]),
    st.sampled_from(".,"),
    st.sampled_from(["", "-"]),
)
def test_an_amount_in_whole_units_has_no_decimals(units, currency, mark, sign):
    minor, problem = amount_by(mark, f"{sign}{units}", currency)

    assert (abs(minor), problem) == (units * 10 ** digits(currency), "")


def workbook(*rows) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def test_a_workbook_is_read_without_a_float_reaching_money():
    profile = TableProfile(
        columns={"booked_on": "Date", "amount": "Amount"}, currency="USD", account_number="1"
    )
    content = workbook(
        ["Date", "Amount"],
        [datetime.fromisoformat("2026-03-12T09:00"), 1234.1],
        ["2026-03-13", 0.1 + 0.2],
        [date(2026, 3, 14), -7],
    )

    statements, findings = by(profile, content)

    assert [each.amount_minor for each in statements[0].entries] == [1_234_10, 30, -7_00]
    assert findings == []


def test_a_workbook_without_the_sheet_or_with_a_document_type_is_refused():
    profile = TableProfile(columns={"booked_on": "1", "amount": "2"}, sheet="Other")

    with pytest.raises(FileRejected, match="has no sheet 'Other'"):
        by(profile, workbook(["2026-03-12", 1]))


def test_a_first_profile_is_guessed_from_headings_and_cells():
    content = "Buchungstag;Verwendungszweck;Betrag;CCY;IBAN\n02.04.2026;Miete;-1.234,56;EUR;DE89\n"

    found = guess(list(csv_rows([content.encode()], Reading())))

    assert (found.date_format, found.decimal_mark) == ("DD.MM.YYYY", ",")
    assert dict(found.columns) == {
        "booked_on": "Buchungstag",
        "amount": "Betrag",
        "currency": "CCY",
        "account": "IBAN",
        "description": "Verwendungszweck",
    }


def test_a_guess_is_never_used_unseen():
    with pytest.raises(FileRejected, match="no account has a column profile"):
        read_whole(b"Date,Amount\n2026-03-12,1.00\n", Opened(may_guess=False))


@pytest.mark.parametrize(
    "data",
    [
        {"columns": {"amount": "1"}},
        {"columns": {"booked_on": "1"}},
        {"columns": {"booked_on": "1", "amount": "2", "debit": "3"}},
        {"columns": {"booked_on": "1", "amount": "2", "colour": "3"}},
        {"columns": {"booked_on": "1", "amount": "2"}, "date_format": "DD.MM"},
        {"columns": {"booked_on": "1", "amount": "2"}, "decimal_mark": "'"},
        {"columns": {"booked_on": "Date", "amount": "2"}, "has_headings": False},
        {"columns": {"booked_on": "1", "amount": 2}},
        {"columns": {"booked_on": "1", "amount": "2"}, "skipped_head": "3"},
        {"columns": {"booked_on": "1", "amount": "2"}, "currency": "USDX"},
        {"columns": {"booked_on": "1", "amount": "2"}, "surprise": 1},
    ],
)
def test_a_profile_that_cannot_work_is_refused(data):
    with pytest.raises(ProfileWrong):
        TableProfile.from_json(data)


def test_a_profile_is_kept_and_taken_up_again():
    assert TableProfile.from_json(PROFILE.as_json()) == PROFILE


HEAD = "Date,Amount,Account,Currency,Description\n"


@pytest.mark.parametrize(
    "written, minor",
    [
        ("1,250.50 CR", 1_250_50), ("1,250.50 dr", -1_250_50), ("5.00 -", -5_00), ("5.00+", 5_00),
        ("-$5.00", -5_00), ("($5.00)", -5_00), ("\u22125.00", -5_00), ("\u20135.00", -5_00),
        ("USD 1,250.50", 1_250_50),
        ("1\u00a0250.50", 1_250_50), ("1'250.50", 1_250_50), ("5.00 USD", 5_00),
    ],
)  # fmt: skip
def test_an_amount_may_have_its_sign_and_currency_where_banks_put_them(written, minor):
    assert amount_by(".", written, "USD") == (minor, "")


@pytest.mark.parametrize(
    "written",
    [
        "1.250",
        "12.340",
        "-5.00 CR",
        "EUR 5.00",
        "5.00 USD USD",
        "1e3",
        "١٢.٥٠",
        "9" * 20,
        "5.00\u200b",
        "1/2",
    ],
)
def test_an_amount_that_could_mean_something_else_is_none(written):
    assert amount_by(".", written, "USD")[1]


@pytest.mark.parametrize(
    "content, line, field",
    [
        (f"{HEAD}2026-03-12,1,250.00,1,USD,x\n", 2, "row"),
        ("Date,Account,Currency,Amount\n2026-03-12,1,USD,1,250.00\n", 2, "row"),
        (f"{HEAD}2026-03-12,1.00,1,USD,x\n2026-03-12,2.0", 3, "row"),
        (f'{HEAD}2026-03-12,1.00,1,USD,x\n2026-03-12,2.00,1,USD,"open\n2026-03-12,3.00,1,USD,x\n', 3, ""),
        (f'{HEAD}2026-03-12,2.00,1,USD,"open\n2026-03-12,3.00,1,USD,"x"\n', 2, ""),
        ("Date,Amount,Amount,Account,Currency\n2026-03-12,1.00,2.00,1,USD\n", 1, ""),
    ],
    ids=[
        "mark between thousands",
        "at the end",
        "cut off",
        "quote never closed",
        "quote closed later",
        "two of one name",
    ],
)
def test_cells_that_do_not_stand_under_their_headings_are_refused(content, line, field):
    reading = Reading()

    try:
        list(read_bytes(content.encode(), reading, Opened(may_guess=True)))
        found = [(each.line, each.field) for each in reading.findings if each.is_fatal]
    except FileRejected as refused:
        found = [(refused.params["line"], "")]

    assert (line, field) in found


@pytest.mark.parametrize("more", [",", ",,"])
def test_marks_at_the_end_of_rows_do_no_harm(more):
    _, findings = read_whole(f"{HEAD}2026-03-12,1.00,1,USD,x{more}\n".encode())

    assert fatal(findings) == []


def test_what_a_guess_cannot_know_is_told():
    either = f"{HEAD}03/04/2026,1.25,1,USD,x\n04/03/2026,2.50,1,USD,x\n"

    _, findings = read_whole(either.encode())

    assert [(each.field, each.value, each.is_fatal) for each in findings] == [
        ("booked_on", "03/04/2026", False)
    ]


def test_rows_that_begin_with_the_newest_are_guessed_so():
    rows = "2026-03-13,5.00,105.00,1,USD\n2026-03-12,100.00,100.00,1,USD\n"

    statements, findings = read_whole(f"Date,Amount,Balance,Account,Currency\n{rows}".encode())

    assert (statements[0].opening_minor, statements[0].closing_minor, findings) == (0, 105_00, [])
