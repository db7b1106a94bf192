"""Tables of columns: what they make of a batch, and what is none."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.formats.own_table import TableWrong, read_table
from ledger.formats.own_table_file import sample_for, write_table
from ledger.formats.sample_batch import HEADER, TRAILER, line, lines

TABLES = Path(__file__).parent / "tables"


def made(source: str, header=HEADER, batch_lines=None) -> str:
    rows = lines() if batch_lines is None else batch_lines
    return b"".join(write_table(read_table(source), header, rows, TRAILER)).decode()


def column(value: str, *more: str, name: str = "A") -> str:
    return "\n".join(["[[column]]", f'name = "{name}"', f'value = "{value}"', *more]) + "\n"


@pytest.mark.parametrize("name", ["semicolons", "fixed"])
def test_a_table_gives_its_golden_file(name):
    table = read_table((TABLES / f"{name}.toml").read_text())
    header, rows = sample_for(table, HEADER, lines())

    assert b"".join(write_table(table, header, rows, TRAILER)) == (TABLES / f"{name}.golden").read_bytes()


def test_each_side_is_a_row_with_its_amount_once():
    source = column("{debit}") + column("{credit}") + column("{signed}") + column("{side}{amount}")
    source = 'side = ["40", "50"]\n' + source

    assert made(source).splitlines()[:2] == ["125.00,,125.00,40125.00", ",25.00,-25.00,5025.00"]


def test_a_line_as_a_whole_has_both_its_sums():
    assert made('rows = "lines"\n' + column("{debit}") + column("{credit}")).splitlines()[0] == "125.00,25.00"


def test_no_cell_is_a_formula_and_no_number_is_a_text():
    formula = line(1, "cash.safe", "1004", "0.00", "7.00", account_name="=cmd|' /C calc'!A0")

    assert made(column("{account_name}") + column("{signed}"), batch_lines=[formula]) == (
        "'=cmd|' /C calc'!A0,-7.00\r\n"
    )


@pytest.mark.parametrize(
    "value, width", [("{segment Account}", 4), ("{account}", 3), ("{currency}", 2), ("{effective_on}", 8)]
)
def test_half_a_code_and_half_a_day_are_refused(value, width):
    with pytest.raises(TableWrong, match="no room for"):
        made('separator = "fixed"\n' + column(value, f"width = {width}"))


def test_a_table_with_less_room_than_the_samples_codes_have_is_tried_all_the_same():
    values = ("{segment Account}", "{segment Fund}", "{name sap_company_code}")
    table = read_table('separator = "fixed"\n' + "".join(column(each, "width = 4") for each in values))

    assert next(write_table(table, *sample_for(table, HEADER, lines()), TRAILER)) == b"6100FUNDSAP_\r\n"


def test_a_figure_without_room_is_refused_and_other_text_is_cut():
    fixed = 'separator = "fixed"\n'

    assert made(fixed + column("{category}", "width = 4")).splitlines()[0] == "cash"
    with pytest.raises(TableWrong, match=r"no room for 125\.00 in A, which is 5 wide"):
        made(fixed + column("{amount}", "width = 5"))


def test_what_the_batch_has_not_is_told_by_its_name():
    with pytest.raises(TableWrong, match="the part Site of the code"):
        made(column("{segment Site}"))
    with pytest.raises(TableWrong, match="the name sap_company_code, which is not set"):
        made(column("{name sap_company_code}"))

    named = replace(HEADER, settings={"sap_company_code": "1000"})
    assert made(column("{name sap_company_code}{segment COST CENTER}"), named).splitlines()[0] == "10000000"


@pytest.mark.parametrize(
    "source, words",
    [
        ("x =", "is no TOML"),
        ("x = " + "[" * 10_000, "too deep"),
        ("#" * 20_001, "more than 20,000 letters"),
        ("colour = 1\n" + column("x"), "'colour' in it"),
        ("", r"no \[\[column\]\]"),
        ("column = 3", r"no \[\[column\]\]"),
        ("column = [3]", "no table of name and value"),
        ('[[column]]\nname = "A"', "lacks the name or the value of column 1"),
        (column("{amont}"), "{amont}, which is unknown there"),
        ('rows = "lines"\n' + column("{signed}"), "{signed}, which is unknown there"),
        (column("{segment}"), "needs a word after it"),
        (column("{line 3}"), "takes no a word"),
        (column("{name colour}"), "the name colour"),
        (column("{"), "a brace"),
        (column("x" * 501), "more than 500 letters"),
        ('separator = "fixed"\n' + column("x"), "lacks the width of column 1"),
        (column("x", "width = 3"), "has no fixed columns"),
        ('separator = "fixed"\n' + column("x", "width = 1001"), "1 to 1000"),
        ('separator = "fixed"\n' + column("x", "width = 3", 'align = "middle"'), "left right"),
        ('separator = " "\n' + column("x"), "separator"),
        ("heading = 1\n" + column("x"), "neither true nor false"),
        ('dates = "YYYY"\n' + column("x"), "dates without"),
        ('side = ["D", "D"]\n' + column("x"), "different words"),
        ('first = ["H"]\n' + column("x"), "no lists"),
        ('first = [["{rows}"]]\n' + column("x"), "{rows}, which is unknown there"),
        ('last = [[["x", 2, "middle"]]]\n' + column("x"), "a cell in last"),
        ("last = [[[]]]\n" + column("x"), "a cell in last"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(source, words):
    with pytest.raises(TableWrong, match=words):
        read_table(source)


@given(st.text() | st.text(alphabet='[]{}="colum name\nvu123,').map(lambda text: column("x") + text))
def test_whatever_comes_is_read_or_refused(text):
    try:
        table = read_table(text)
    except TableWrong:
        return
    assert table.columns
