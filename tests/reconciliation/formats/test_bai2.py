"""Reading BAI2."""

from datetime import date

import pytest

from hms_ach.refusal import FileRejected
from reconciliation.formats.detection import Format
from reconciliation.formats.file import Opened
from tests.reconciliation.formats.collect import fatal, read_whole

HEAD = "01,BANK,HMS,260313,0600,1,80,1,2/"
GROUP = "02,HMS,BANK,1,260312,2400,USD,2/"


def file_of(*account: str, total: int, group: str = GROUP, head: str = HEAD, ends: str = "\n") -> bytes:
    """A file with one account whose counts agree with its lines."""
    count = len(account) + 1
    lines = [
        head,
        group,
        *account,
        f"49,{total},{count}/",
        f"98,{total},1,{count + 2}/",
        f"99,{total},1,{count + 4}/",
    ]
    return ends.join(lines).encode() + ends.encode()


ACCOUNT = "03,123,USD,010,10000,,,015,10750,,/"
CREDIT = "16,175,1000,V,260313,,BREF1,CUST1,DEPOSIT 1/"
DEBIT = "16,475,250,Z,BREF2,,CHECK 7/"
TOTAL = 10000 + 10750 + 1000 + 250


def test_an_account_is_read_with_its_balances_and_entries():
    statements, findings = read_whole(file_of(ACCOUNT, CREDIT, DEBIT, total=TOTAL))

    read = statements[0]
    assert (read.account_number, read.statement_id, read.opening_minor, read.closing_minor) == (
        "123",
        "2026-03-12",
        100_00,
        107_50,
    )
    assert [(each.amount_minor, each.bank_reference, each.description) for each in read.entries] == [
        (10_00, "BREF1", "DEPOSIT 1"),
        (-2_50, "BREF2", "CHECK 7"),
    ]
    assert (read.entries[0].value_on, read.difference_minor, findings) == (date(2026, 3, 13), 0, [])


def test_a_continuation_goes_on_in_the_text_at_a_field_or_within_a_number():
    within = ["03,123,USD,010,100", "88,00,,,015,10750,,/"]
    fields = ["16,175,1000/", "88,V,260313,,BREF1,CUST1/", "88,DEPOSIT", "88,WITH A / SLASH, A COMMA"]

    statements, findings = read_whole(file_of(*within, *fields, DEBIT, total=TOTAL))

    entry = statements[0].entries[0]
    assert (statements[0].opening_minor, entry.amount_minor, entry.references) == (
        100_00,
        10_00,
        ("BREF1", "CUST1"),
    )
    assert entry.description == "DEPOSIT WITH A / SLASH, A COMMA"
    assert findings == []


@pytest.mark.parametrize(
    "funds", ["", "0,", "1,", "2,", "Z,", "S,1,2,3,", "V,260313,2400,", "D,2,0,600,1,400,"]
)
def test_every_funds_type_leaves_the_references_in_their_place(funds):
    funds = funds or ","

    statements, _ = read_whole(file_of("03,123,USD,/", f"16,175,1000,{funds}BREF,OWN,TEXT/", total=1000))

    entry = statements[0].entries[0]
    assert (entry.bank_reference, entry.references, entry.description) == ("BREF", ("BREF", "OWN"), "TEXT")


@pytest.mark.parametrize("ends", ["\r\n", "\r", ""])
def test_any_end_of_line_and_none_is_read(ends):
    content = file_of(ACCOUNT, CREDIT, DEBIT, total=TOTAL, ends=ends)

    statements, findings = read_whole(content)

    assert statements[0].booked_minor == 7_50
    assert fatal(findings) == []


def test_two_records_on_one_line_count_as_two():
    content = file_of(ACCOUNT, CREDIT, DEBIT, total=TOTAL).replace(b"/\n16,475", b"/ 16,475")

    statements, findings = read_whole(content)

    assert len(statements[0].entries) == 2
    assert [(finding.line, finding.is_fatal) for finding in findings] == [(4, False)]


@pytest.mark.parametrize(
    "before, after, wanted",
    [
        ("49,22000,4", "49,22001,4", ("49.2 total", "bai2_totals_wrong")),
        ("49,22000,4", "49,1250,4", ("49.2 total", "bai2_totals_of_entries")),
        ("49,22000,4", "49,,4", ("49.2 total", "bai2_totals_blank")),
        ("49,22000,4", "49,22000,5", ("49.3 records", "bai2_counts_wrong")),
        ("98,22000,1,6", "98,22000,2,6", ("98.3 parts", "bai2_counts_wrong")),
        ("99,22000,1,8", "99,22000,1,9", ("99.4 records", "bai2_counts_wrong")),
        ("99,22000,1,8/\n", "", ("99", "bai2_trailers_missing")),
        ("16,475,250", "16,475,2.50", ("16.3 amount", "")),
        ("16,475,250", "16,001,250", ("16.2 type code", "")),
        ("02,HMS,BANK,1,260312", "02,HMS,BANK,1,261312", ("02.4 as-of date", "")),
        ("02,HMS,BANK,1,", "02,HMS,BANK,2,", ("02.3 status", "")),
        (",80,1,2/", ",80,1,3/", ("01.8 version", "")),
        ("03,123,USD", "03,123,UXD", ("03.3 currency", "")),
    ],
)
def test_what_is_wrong_is_found_with_the_switch_that_allows_it(before, after, wanted):
    content = file_of(ACCOUNT, CREDIT, DEBIT, total=TOTAL).decode()
    assert before in content

    _, findings = read_whole(content.replace(before, after).encode())

    assert wanted in fatal(findings)


def test_amounts_have_the_digits_of_their_currency():
    yen = file_of("03,123,JPY,/", "16,175,1000,Z,B,,/", total=1000, group=GROUP.replace("USD", "JPY"))

    statements, _ = read_whole(yen)

    assert (statements[0].entries[0].amount_minor, statements[0].currency) == (1000, "JPY")


@pytest.mark.parametrize(
    "modifier, kind", [("1", "INTERIM"), ("2", "FINAL"), ("3", "INTERIM"), ("", "FINAL")]
)
def test_the_as_of_date_modifier_tells_interim_from_final(modifier, kind):
    group = GROUP.replace("USD,2/", f"USD,{modifier}/")

    statements, _ = read_whole(file_of(ACCOUNT, CREDIT, DEBIT, total=TOTAL, group=group))

    assert statements[0].kind == kind


@pytest.mark.parametrize("content", [b"01,A\n77,B\n", b"88,X/\n", b"01,A,B/\n01,\x00,C/\n"])
def test_what_is_no_bai2_is_refused(content):
    with pytest.raises(FileRejected):
        read_whole(content, Opened(asked=Format.BAI2))


def test_a_text_says_who_pays_and_under_which_number():
    credit = "16,142,1000,Z,B1,,ORIG CO NAME:ACME HEALTH ORIG ID:1341858379/"

    statements, _ = read_whole(
        file_of("03,123,USD,/", credit, "88,PMT INFO:TRN*1*125651*1341858379\\", total=1000)
    )

    entry = statements[0].entries[0]
    assert (entry.counterparty, entry.references) == ("ACME HEALTH", ("B1", "125651"))


def test_a_word_cut_at_the_end_of_a_full_line_is_one_word():
    """The file header says that a physical record has 80 characters."""
    full = "16,142,1000,Z,B1,,PAYMENT OF INVOICES 4711 AND 4712 AND THE CLAIM TRN*1*12565124"
    assert len(full) == 80

    whole, _ = read_whole(file_of("03,123,USD,/", full, "88,99*13418\\", total=1000))
    apart, _ = read_whole(file_of("03,123,USD,/", full[:-1], "88,99*13418\\", total=1000))

    assert whole[0].entries[0].description.endswith("TRN*1*1256512499*13418\\")
    assert apart[0].entries[0].description.endswith("TRN*1*1256512 99*13418\\")


@pytest.mark.parametrize(
    "account, entry, field",
    [
        ("03,123,USD,010,100,,,010,200,,/", "16,175,1000,Z,B,,/", "03 amount of 010"),
        ("03,123,USD,/", "16,175,1000,D,999,B,C,TEXT/", "16.5 distributions"),
    ],
)
def test_what_contradicts_itself_is_refused(account, entry, field):
    _, findings = read_whole(file_of(account, entry, total=1300 if "010" in account else 1000))

    assert (field, "") in fatal(findings)
