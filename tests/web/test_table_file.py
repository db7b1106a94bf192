"""A table as a download, and what is too long for it."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from hms_ach.money import Money
from hms_ach.sheets import Column, Kind, StatementTable
from hms_ach.web import table_file as module
from hms_ach.web.table_file import StatementTooLong, table_file


def table(count: int) -> StatementTable:
    columns = (Column("Item"), Column("Amount", Kind.MONEY))
    rows = [[f"R{number}", Money(number * 100, "USD")] for number in range(1, count + 1)]
    return StatementTable("Items", "items", (("Day", "Nov 27, 2026"),), columns, rows)


def test_a_workbook_has_every_row_up_to_the_most(monkeypatch):
    monkeypatch.setattr(module, "MOST_SHEET_ROWS", 3)

    response = table_file(table(3), "xlsx", whose=None)

    cells = list(load_workbook(BytesIO(response.getvalue())).active.values)
    assert [row[0] for row in cells[-3:]] == ["R1", "R2", "R3"]
    assert response["Content-Disposition"] == 'attachment; filename="items.xlsx"'


@pytest.mark.parametrize(("form", "limit"), [("xlsx", "MOST_SHEET_ROWS"), ("pdf", "MOST_PRINTED_ROWS")])
def test_one_row_too_many_is_refused_rather_than_left_out(monkeypatch, form, limit):
    monkeypatch.setattr(module, limit, 3)

    with pytest.raises(StatementTooLong, match="more than 3 rows"):
        table_file(table(4), form, whose=None)


def test_a_csv_has_no_limit(monkeypatch):
    monkeypatch.setattr(module, "MOST_SHEET_ROWS", 3)

    content = b"".join(table_file(table(5), "csv", whose=None))

    assert content.splitlines()[-1].startswith(b"R5,5.00")
