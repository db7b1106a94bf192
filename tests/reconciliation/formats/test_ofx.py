"""Reading OFX."""

from datetime import date

import pytest

from hms_ach.refusal import FileRejected
from tests.reconciliation.formats.collect import fatal, read_whole

SGML_HEAD = "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n"
XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'


def sgml(*rows: str, balance: str = "<LEDGERBAL><BALAMT>110.00<DTASOF>20260313</LEDGERBAL>") -> bytes:
    body = (
        "<OFX><BANKMSGSRSV1><STMTTRNRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD"
        "<BANKACCTFROM><BANKID>1<ACCTID>123<ACCTTYPE>CHECKING</BANKACCTFROM>"
        "<BANKTRANLIST><DTSTART>20260301<DTEND>20260313\n"
        f"{''.join(rows)}</BANKTRANLIST>{balance}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    return (SGML_HEAD + body).encode()


def row(
    amount: str = "10.00", *, fitid: str = "F1", posted: str = "20260312120000[-5:EST]", more: str = ""
) -> str:
    return (
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{posted}<TRNAMT>{amount}<FITID>{fitid}{more}"
        "<NAME>A &amp; B<MEMO>Thanks</STMTTRN>\n"
    )


def as_xml(content: bytes) -> bytes:
    """The same with an end tag behind every value."""
    import re

    text = content.decode().removeprefix(SGML_HEAD)
    return (XML_HEAD + re.sub(r"<([A-Z0-9]+)>([^<\s][^<\n]*)", r"<\1>\2</\1>", text)).encode()


@pytest.mark.parametrize("dialect", [lambda content: content, as_xml])
def test_both_dialects_read_the_same(dialect):
    statements, findings = read_whole(dialect(sgml(row(), row("-3.50", fitid="F2"))))

    read = statements[0]
    assert (read.account_number, read.currency, read.closing_minor) == ("123", "USD", 110_00)
    assert [(each.amount_minor, each.bank_reference) for each in read.entries] == [
        (10_00, "F1"),
        (-3_50, "F2"),
    ]
    entry = read.entries[0]
    assert (entry.booked_on, entry.counterparty, entry.description) == (date(2026, 3, 12), "A & B", "Thanks")
    assert (read.from_on, read.to_on, findings) == (date(2026, 3, 1), date(2026, 3, 13), [])


def test_equal_rows_and_equal_ids_survive():
    statements, _ = read_whole(sgml(row(), row(), row()))

    assert statements[0].booked_count == 3


@pytest.mark.parametrize(
    "text, minor", [("10,50", 10_50), ("+7", 7_00), (".5", 50), ("-0.01", -1), ("8.5000", 8_50)]
)
def test_amounts_may_have_a_comma_and_few_or_many_digits(text, minor):
    statements, findings = read_whole(sgml(row(text)))

    assert (statements[0].entries[0].amount_minor, fatal(findings)) == (minor, [])


@pytest.mark.parametrize("text", ["1,250.50", "1.250,50"])
def test_marks_between_thousands_need_their_switch(text):
    statements, findings = read_whole(sgml(row(text)))

    assert statements[0].entries[0].amount_minor == 1_250_50
    assert fatal(findings) == [("TRNAMT", "ofx_amounts_grouped")]


@pytest.mark.parametrize(
    "content, wanted",
    [
        (sgml(row("$1")), ("TRNAMT", "")),
        (sgml(row("")), ("TRNAMT", "")),
        (sgml(row("1.005")), ("TRNAMT", "")),
        (sgml(row("1,250")), ("TRNAMT", "")),
        (sgml(row("1.250")), ("TRNAMT", "")),
        (sgml(row("9" * 18 + ".99")), ("TRNAMT", "")),
        (sgml(row()).replace(b"<FITID>", b"<TRNAMT>99.00\n<FITID>"), ("TRNAMT", "")),
        (sgml(row()).replace(b"<FITID>", b"<CURRENCY><CURSYM>EUR</CURRENCY><FITID>"), ("CURRENCY", "")),
        (sgml(row()).replace(b"<ACCTID>", b"<ACCTID>999\n<ACCTID>"), ("ACCTID", "")),
        (sgml(row(posted="20260231")), ("DTPOSTED", "")),
        (sgml(row(fitid="")), ("FITID", "ofx_fitid_missing")),
        (sgml(row()).replace(b"<FITID>", b"<CORRECTACTION>REPLACE\n<FITID>"), ("CORRECTACTION", "")),
        (sgml(row()).replace(b"<CURDEF>USD", b""), ("CURDEF", "")),
        (sgml(row()).replace(b"<ACCTID>123", b""), ("ACCTID", "")),
        (sgml(row()).replace(b"<CODE>0<SEVERITY>INFO", b"<CODE>2000<SEVERITY>ERROR"), ("STATUS", "")),
        (sgml(row())[:-60], ("OFX", "")),
    ],
)
def test_what_is_wrong_is_found_with_the_switch_that_allows_it(content, wanted):
    _, findings = read_whole(content)

    assert wanted in fatal(findings)


@pytest.mark.parametrize("balance", ["", "<LEDGERBAL><BALAMT> <DTASOF>20260313</LEDGERBAL>"])
def test_a_missing_balance_is_unknown_and_not_zero(balance):
    statements, findings = read_whole(sgml(row(), balance=balance))

    assert statements[0].closing_minor is None
    assert findings[-1].field == "LEDGERBAL"


@pytest.mark.parametrize(
    "content",
    [
        b"OFXHEADER:100\n\n<OFX></OFX>",
        b'<!DOCTYPE OFX [<!ENTITY a "b">]><OFX><STMTRS></STMTRS></OFX>',
        b"<OFX><STMTRS><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;</STMTRS></OFX>",
        b"OFXHEADER:100\n" + b"<OFX>" + b"x" * 300_000,
    ],
)
def test_what_is_hostile_or_empty_is_refused(content):
    try:
        statements, _ = read_whole(content)
    except FileRejected:
        return
    assert not any(each.entries for each in statements)
    assert b"DOCTYPE" in content


def test_a_file_without_its_end_may_have_been_cut_off():
    _, findings = read_whole(sgml(row()).replace(b"</OFX>", b""))

    assert [(each.field, each.is_fatal) for each in findings] == [("OFX", False)]
