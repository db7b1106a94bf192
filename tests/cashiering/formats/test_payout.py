"""A processor's report: what it says, or every finding with its line and column."""

import random
from datetime import date

import pytest

from cashiering.formats import payout
from hms_ach.refusal import FileRejected

HEAD = "payout,paid_on,merchant,currency,type,terminal,batch,case,sales,gross,fee,chargebacks,net"
FULL = "\n".join(
    (
        HEAD,
        "PO-1,2026-03-13,445501,USD,batch,T1,000012,,3,\"1,060.00\",1.50,,1058.50",
        "PO-1,2026-03-13,445501,USD,chargeback,,,CB-2201,,,15.00,25.00,-40.00",
        "PO-1,2026-03-13,445501,USD,won,,,CB-2150,,,,(30.00),30.00",
        "PO-1,2026-03-13,445501,USD,fee,,,,,,4.95,,-4.95",
        "PO-1,2026-03-13,445501,USD,total,,,,,,,,1043.55",
    )
)  # fmt: skip


def read(text: str | bytes, currency: str = "USD"):
    return payout.read([text if isinstance(text, bytes) else text.encode()], currency=currency)


def rows(*cells: str) -> str:
    return "\n".join((HEAD, *cells))


def test_each_row_says_what_it_is_about_and_the_total_agrees():
    (found,) = read(FULL).payouts

    assert (found.reference, found.merchant_id, found.paid_on) == ("PO-1", "445501", date(2026, 3, 13))
    assert [(part.line, part.kind.value, part.net_minor) for part in found.parts] == [
        (2, "BATCH", 1_058_50), (3, "CHARGEBACK", -40_00), (4, "WON", 30_00), (5, "FEE", -4_95),
    ]  # fmt: skip
    assert found.parts[0].sales == 3
    assert found.net_minor == 1_043_55


@pytest.mark.parametrize("change", ["semicolons", "tabs", "utf-16", "windows", "crlf", "names", "no total"])
def test_what_other_processors_write_is_read_alike(change):
    text: str | bytes = FULL.replace('"1,060.00"', "1060.00")
    text = {
        "semicolons": text.replace(",", ";"),
        "tabs": text.replace(",", "\t"),
        "utf-16": text.encode("utf-16"),
        "windows": text.replace("type,terminal", "Type,Terminal ID").encode("windows-1252") + b"\x1a",
        "crlf": "\ufeff" + text.replace("\n", "\r\n\r\n"),
        "names": text.replace(HEAD, "Settlement ID,Deposit Date,MID,Ccy,Row Type,TID,Batch Number,Case ID,"
                                    "Transactions,Gross Sales,Fees,Chargeback Amount,Amount Paid"),
        "no total": text.rpartition("\n")[0],
    }[change]  # fmt: skip

    (found,) = read(text).payouts

    assert found.net_minor == 1_043_55


@pytest.mark.parametrize(
    ("row", "line", "field", "problem"),
    [
        ("P,2026-03-13,4,USD,batch,T1,12,,,60.00,1.50,,58.51", 2, "net", "is not 5850"),
        ("P,13.03.2026,4,USD,batch,T1,12,,,60.00,1.50,,58.50", 2, "paid on", "is not a day"),
        ("P,2026-02-30,4,USD,batch,T1,12,,,60.00,1.50,,58.50", 2, "paid on", "is not a day"),
        ("P,2026-03-13,4,USD,batch,T1,12,,,60.0,1.50,,58.50", 2, "gross", "has not the 2 decimals"),
        ("P,2026-03-13,4,USD,batch,T1,12,,,=60+1,1.50,,58.50", 2, "gross", "is not an amount"),
        ("P,2026-03-13,4,XXQ,batch,T1,12,,,60.00,1.50,,58.50", 2, "currency", "ISO 4217"),
        ("P,2026-03-13,,USD,batch,T1,12,,,60.00,1.50,,58.50", 2, "merchant", "is empty"),
        ("P,2026-03-13,4,USD,coffee,T1,12,,,60.00,1.50,,58.50", 2, "type", "is none of"),
        ("P,2026-03-13,4,USD,,T1,,,,60.00,1.50,,58.50", 2, "type", "what is the row about"),
        ("P,2026-03-13,4,USD,batch,T1,,,,60.00,1.50,,58.50", 2, "batch", "is empty"),
        ("P,2026-03-13,4,USD,batch,T1,12,,x,60.00,1.50,,58.50", 2, "sales", "is not a count"),
        ("P,2026-03-13,4,USD,chargeback,,,,,,,25.00,-25.00", 2, "case", "needs its number"),
        ("P,2026-03-13,4,USD,chargeback,,,CB1,,,,-25.00,25.00", 2, "chargebacks", "is not above zero"),
        ("P,2026-03-13,4,USD,won,,,CB1,,,,25.00,-25.00", 2, "chargebacks", "is not below zero"),
        ("P,2026-03-13,4,USD,fee,,,,,5.00,1.00,,4.00", 2, "gross", "which has none"),
        ("P,2026-03-13,4,USD,total,,,,,,,,4.00", 2, "payout", "no rows"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_told_with_its_line_and_column(row, line, field, problem):
    with pytest.raises(FileRejected) as refused:
        read(rows(row))

    finding = refused.value.findings[0]
    assert (finding.line, finding.field) == (line, field)
    assert problem in finding.problem


def test_all_findings_of_a_file_are_told_at_once():
    batch = "P,2026-03-13,4,USD,batch,T1,12,,,60.00,1.50,,58.50"

    with pytest.raises(FileRejected) as refused:
        read(rows(batch, batch, batch.replace("-13,", "-14,"), batch.replace("USD", "EUR"),
                  "P,2026-03-13,4,USD,total,,,,,,,,1.00"))  # fmt: skip

    assert [(each.line, each.field) for each in refused.value.findings] == [
        (3, "batch"), (4, "paid on"), (5, "currency"), (6, "net"),
    ]  # fmt: skip


def test_a_chargeback_without_its_case_that_stands_twice_is_refused_in_words():
    row = "P,2026-03-13,4,USD,chargeback,,,,,,15.00,25.00,-40.00"

    with pytest.raises(FileRejected) as refused:
        read(rows(row, row))

    assert [(each.line, each.field) for each in refused.value.findings] == [
        (2, "case"), (3, "case"), (3, "chargeback"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"), (b"\n\n", "is empty"), (HEAD.encode(), "no payout"), (b"\x00\x01\x02", "not text"),
        (b"PK\x03\x04 workbook\x00", "not text"), (b"payout,net\nP,1", "lacks paid on"),
        (HEAD.encode() + b",gross amount\n", "two columns"), (FULL.encode() + b'\n"open', "no table"),
        (b"<?xml version='1.0'?><a/>", "lacks"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_in_words(content, said):
    with pytest.raises(FileRejected) as refused:
        read(content)

    assert said in str(refused.value)


def test_yen_have_no_decimals():
    (found,) = read(rows("P,2026-03-13,4,JPY,batch,T1,12,,,6000,150,,5850")).payouts

    assert found.net_minor == 5850


@pytest.mark.parametrize("seed", range(5))
def test_no_damage_raises_anything_but_a_refusal(seed):
    chance = random.Random(seed)
    for _ in range(200):
        content = bytearray(FULL.encode())
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(content))
            content[at : at + chance.randint(0, 3)] = bytes(
                chance.choice(b',;\n"\x00\xff0123456789.-()=') for _ in range(chance.randint(0, 3))
            )
        try:
            found = read(bytes(content))
        except FileRejected:
            continue
        assert all(each.parts for each in found.payouts)
