"""Statements as CSV and XLSX: figures exact, text never a formula."""

import csv
import io
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from hms_ach.money import Money
from hms_ach.sheets import Column, Kind, StatementTable, write_csv, write_xlsx

FACTS = (("Legal entity", "NHN Northfield"), ("Definition", "Debits less credits."))
MONEY = Column("Amount", Kind.MONEY)


TWO = (Column("Memo"), MONEY)


def table(*rows, columns=TWO, totals=()):
    return StatementTable("Trial balance", "tb", FACTS, columns, iter(rows), totals)


def as_csv(made: StatementTable) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(write_csv(made)).decode(), newline="")))


def as_sheet(made: StatementTable):
    file = io.BytesIO()
    assert write_xlsx(made, file, most_rows=1000)
    return load_workbook(file).active


def test_a_file_says_what_it_is_before_its_heading():
    lines = as_csv(table(["Receipt 1", Money(125_00, "USD")], totals=["Total", Money(125_00, "USD")]))

    assert lines[:3] == [["Statement", "Trial balance"], *map(list, FACTS)]
    assert lines[4:] == [["Memo", "Amount"], ["Receipt 1", "125.00"], ["Total", "125.00"]]


def test_amounts_are_numbers_with_their_currencys_decimals():
    sheet = as_sheet(
        table(
            ["dollars", Money(-1_234_56, "USD")],
            ["yen", Money(1_234, "JPY")],
            ["dinars", Money(1_234, "KWD")],
            ["not known", None],
        )
    )

    cells = [row[1] for row in sheet.iter_rows(min_row=6)]
    assert [cell.value for cell in cells] == [-1234.56, 1234, 1.234, None]
    assert [cell.number_format for cell in cells[:3]] == ["#,##0.00", "#,##0", "#,##0.000"]


def test_an_amount_too_long_for_a_spreadsheets_number_is_text_to_the_cent():
    (cell,) = [
        row[1] for row in as_sheet(table(["x", Money(9_007_199_254_740_993, "USD")])).iter_rows(min_row=6)
    ]

    assert cell.value == "90071992547409.93"


@given(st.sampled_from("=+-@|%"), st.text(max_size=20))
def test_free_text_is_never_a_formula(start, rest):
    row = [f"{start}{rest}", Money(1, "USD")]

    in_csv = as_csv(table(row))[5][0]
    in_sheet = as_sheet(table(row)).cell(row=6, column=1)

    assert in_csv.startswith("'")
    assert in_sheet.data_type in ("s", "inlineStr")
    assert in_sheet.value.startswith("'")


@given(st.text(max_size=40))
def test_any_text_can_be_written(text):
    assert len(as_csv(table([text, Money(1, "USD")]))) == 6
    as_sheet(table([text, Money(1, "USD")]))


def test_days_and_moments_are_dates_in_a_workbook():
    columns = (Column("Day", Kind.DAY), Column("Posted", Kind.MOMENT))
    moment = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)

    sheet = as_sheet(table([date(2026, 3, 12), moment], columns=columns))
    lines = as_csv(table([date(2026, 3, 12), moment], columns=columns))

    days = [cell.value.isoformat() for cell in sheet[6]]
    assert days == ["2026-03-12T00:00:00", "2026-03-12T09:30:00"]
    assert lines[5] == ["2026-03-12", "2026-03-12T09:30:00+00:00"]


def test_a_workbook_that_would_be_too_long_is_not_begun():
    file = io.BytesIO()

    assert not write_xlsx(table(*[["x", None]] * 3), file, most_rows=2)
    assert file.getvalue() == b""


def test_a_long_csv_is_written_piece_by_piece():
    read = []

    def rows():
        for number in range(2_000):
            read.append(number)
            yield [f"row {number}", None]

    pieces = write_csv(StatementTable("x", "x", (), (Column("Memo"), MONEY), rows()))
    for _ in range(3):
        next(pieces)

    assert len(read) < 2_000
