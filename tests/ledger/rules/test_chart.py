"""A chart file is checked row by row: line, field, value and what to do."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hms_ach.refusal import FileRejected
from ledger.formats.chart import read_cells
from ledger.rules.chart import Chart, parents_wrong, read_chart

HEAD = "number,name,class,normal_side,currency,active_from,active_until,parent\n"


def read(text: str) -> Chart:
    cells = read_cells(text.encode())
    return read_chart(cells.rows, total=cells.total, default_from=date(2026, 1, 1))


def test_a_good_chart_is_read_with_its_defaults():
    chart = read(HEAD + "1000,Cash,Asset,,,,,\n1001,Checking,asset,debit,usd,2025-07-01,,1000\nTOTAL,2\n")

    assert chart.findings == ()
    assert [(row.number, row.normal_side, row.currency, row.active_from) for row in chart.rows] == [
        ("1000", "DEBIT", None, date(2026, 1, 1)),
        ("1001", "DEBIT", "USD", date(2025, 7, 1)),
    ]
    assert dict(chart.by_class)["Asset"] == 2


@pytest.mark.parametrize(
    "row, field, words",
    [
        (",Cash,asset,,,,,", "number", "is empty"),
        ("1,,asset,,,,,", "name", "is empty"),
        ("1,Cash,wealth,,,,,", "class", "write one of these"),
        ("1,Ca\x07sh,asset,,,,,", "name", "cannot be printed"),
        ("1,Cash,asset,left,,,,", "normal_side", "neither debit nor credit"),
        ("1,Cash,asset,,USDX,,,", "currency", "ISO 4217"),
        ("1,Cash,asset,,,1.7.2025,,", "active_from", "write it as"),
        ("1,Cash,asset,,,2026-02-30,,", "active_from", "write it as"),
        ("1,Cash,asset,,,2026-W05-1,,", "active_from", "write it as"),
        ("1,Cash,asset,,,2026-02-01,2026-02-01,", "active_until", "not after active_from"),
        ("123456789012345678901,Cash,asset,,,,,", "number", "more than 20"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line_and_what_to_do(row, field, words):
    (finding,) = read(HEAD + "9,Good,asset,,,,,\n" + row + "\n").findings

    assert (finding.line, finding.field) == (3, field)
    assert words in finding.problem


@pytest.mark.parametrize(
    "side, expected", [("D", "DEBIT"), ("dr", "DEBIT"), ("C", "CREDIT"), ("Cr.", "CREDIT")]
)
@pytest.mark.parametrize("natural_class, kept", [("Assets", "ASSET"), ("Equity", "NET_ASSETS")])
def test_what_accountants_write_is_understood(side, expected, natural_class, kept):
    (row,) = read(HEAD + f"1,Cash,{natural_class},{side},,,,\n").rows

    assert (row.natural_class, row.normal_side) == (kept, expected)


def test_a_number_that_stands_twice_and_a_wrong_total_are_found():
    findings = read(HEAD + "1,A,asset,,,,,\n1,B,asset,,,,,\nTOTAL,3\n").findings

    assert [(finding.line, finding.field) for finding in findings] == [(3, "number"), (4, "TOTAL")]


def test_parents_must_exist_share_the_class_and_lead_to_a_top():
    chart = read(
        HEAD + "1,A,asset,,,,,2\n2,B,asset,,,,,1\n3,C,asset,,,,,8\n4,D,expense,,,,,9\n5,E,asset,,,,,9\n"
    )

    findings = parents_wrong(chart.rows, {"9": ("ASSET", "")})

    assert [(finding.line, finding.value) for finding in findings] == [(2, "2"), (3, "1"), (4, "8"), (5, "9")]


def test_a_workbook_says_the_same_as_a_csv():
    book = Workbook()
    book.active.append(["Number", "Name", "Class", "Active from"])
    book.active.append([1000, "Cash", "asset", date(2026, 1, 1)])
    content = io.BytesIO()
    book.save(content)

    from_book = read_cells(content.getvalue())

    assert from_book == read_cells(b"number;name;class;active_from\n1000;Cash;asset;2026-01-01\n")


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "holds no account"),
        (b"number,name\n1,A\n", "does not name class"),
        (b"number,name,class,colour\n1,A,asset,red\n", "is no column"),
        (b"number,number,name,class\n", "named twice"),
        (b"number,name,class\n1,A,asset,more\n", "more cells"),
        (b"number,name,class\n1,A,asset\nTOTAL,1\n2,B,asset\n", "row after the TOTAL"),
        (b"number,name,class\n\xff,A,asset\n", "not UTF-8"),
        (b'number,name,class\n1,"A,asset\n', "not CSV"),
        (b"PK\x03\x04 no zip", "no readable workbook"),
    ],
)
def test_a_file_that_is_no_chart_is_refused_whole(content, words):
    with pytest.raises(FileRejected, match=words):
        read_cells(content)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
def test_whatever_comes_is_read_or_refused(content):
    try:
        cells = read_cells(content)
    except FileRejected:
        return
    chart = read_chart(cells.rows, total=cells.total, default_from=date(2026, 1, 1))
    assert chart.findings or len(chart.rows) == len(cells.rows)
