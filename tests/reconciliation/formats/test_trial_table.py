"""Reading the tables of a trial: tolerant of order, exact about what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms_ach.refusal import FileRejected
from reconciliation.formats.trial_table import LINE_COLUMNS, guarded, read_table, unguarded

NAMES = [column.names[0] for column in LINE_COLUMNS]


def _read(text: str) -> list[dict]:
    rows = read_table(text.splitlines(keepends=True), LINE_COLUMNS, name="lines")
    return [dict(zip(NAMES, row[1:], strict=True)) for row in rows]


def test_columns_stand_in_any_order_and_may_be_missing():
    rows = _read("amount_minor,Booked_On,id\n-12500,2026-03-12,L1\n")

    assert rows[0] | {"references": ()} == rows[0]
    assert (rows[0]["line_id"], rows[0]["amount_minor"], rows[0]["currency"]) == ("L1", -12500, "")


def test_a_quoted_text_may_have_several_lines():
    rows = _read(
        'line_id,booked_on,amount_minor,description\nL1,2026-03-12,1,"two\nlines"\nL2,2026-03-13,2,x\n'
    )

    assert [row["line_id"] for row in rows] == ["L1", "L2"]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_cells_may_be_parted_as_spreadsheets_do_it(mark):
    rows = _read(
        mark.join(["ID", "Booking-Date", "Amount", "CCY"])
        + "\r\nL1"
        + mark.join(["", "2026-03-12", "-5", "usd"])
    )

    assert (rows[0]["line_id"], rows[0]["amount_minor"], rows[0]["currency"]) == ("L1", -5, "USD")


def test_a_value_date_stands_in_only_where_there_is_no_booking_date():
    assert (
        str(_read("id,amount,value_on,booked_on\nL1,1,2026-03-14,2026-03-12\n")[0]["booked_on"])
        == "2026-03-12"
    )
    assert str(_read("id,amount,value_on\nL1,1,2026-03-14\n")[0]["booked_on"]) == "2026-03-14"


def test_several_columns_of_references_are_all_read():
    assert _read("id,amount,date,reference,ref\nL1,1,2026-03-12,A1;A2,B1\n")[0]["references"] == (
        "A1",
        "A2",
        "B1",
    )


def test_rows_without_any_cell_are_no_rows():
    assert len(_read("id,amount,date\n\nL1,1,2026-03-12\n,,\n")) == 1


@pytest.mark.parametrize(
    "text, line, says",
    [
        ("", 1, "is empty"),
        ("id,amount\n", 1, "no column 'booked_on'"),
        ("id,id,amount,date\n", 1, "'id' of lines is there twice"),
        ("id,amount,amount_minor,date\n", 1, "'amount' and 'amount_minor' of lines mean the same"),
        (
            "id,amount,date\nL1,12.50,2026-03-12\n",
            2,
            "column amount_minor of lines '12.50' is not a whole number",
        ),
        (
            "id,amount,date\nL1,1,2026-03-12\nL2,1,12/03/2026\n",
            3,
            "column booked_on of lines '12/03/2026' is not",
        ),
        ("id,amount,date\nL1,1,2026-03-12\nL1,1,2026-03-12\n", 3, "'L1' of lines came before"),
        ("id,amount,date\n,1,2026-03-12\n", 2, "column line_id of lines is empty"),
        ("id,amount,date\nL1,1234567890123,2026-03-12\n", 2, "of at most 12 digits"),
        ("id,amount,date,kind\nL1,1,2026-03-12,a\0b\n", 2, "column kind of lines contains a character"),
        ("id,amount,date\nL1,1\n", 2, "2 cells where the header has 3"),
        ('id,amount,date\n"L1,1,2026-03-12\n', 2, "is not CSV"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, line, says):
    with pytest.raises(FileRejected) as refused:
        _read(text)

    assert refused.value.params["line"] == line
    assert says in str(refused.value)


@pytest.mark.parametrize("plain", ["L1", "-5", "+1", "@x", "-5;+1", "L1;=1", "'L1"])
def test_ordinary_ids_stay_as_they_are_in_a_result(plain):
    assert guarded(plain) == unguarded(plain) == plain


@pytest.mark.parametrize("cell", ["=1+1", "=1;L2", "+A1", "-5+5", "@SUM(A1)", "@x1", '"=1', "＝1"])
def test_what_a_spreadsheet_would_compute_has_an_apostrophe_in_a_result(cell):
    assert guarded(cell) == f"'{cell}"


@given(st.text(alphabet=st.sampled_from("=+-@|%＝ '\"\t;aL15"), max_size=8))
def test_every_id_comes_back_from_a_result(cell):
    assert unguarded(guarded(cell)) == cell
