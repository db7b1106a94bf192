"""Tables that people send."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from hms_ach.refusal import FileRejected
from ledger.formats.mapping import RuleRow, read_accounts, read_rules, write_rules
from ledger.formats.sheet import read_sheet
from tests.make.ledger import DAY, rule

NAMES = ["Account", "Cost centre"]


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_csv_and_workbook_read_the_same():
    text = b"category,account,cost_centre,valid_from\r\ncash.drawer,1005,0000,2026-01-01\r\n"
    book = workbook(
        ["category", "account", "cost centre", "valid_from"], ["cash.drawer", 1005, "0000", "2026-01-01"]
    )

    assert read_rules(text, segment_names=NAMES, since=DAY) == read_rules(
        book, segment_names=NAMES, since=DAY
    )


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "category is missing"),
        (b"category,account\n", "cost_centre is missing"),
        (b"category,account,cost_centre,colour\n", "'colour' is not known"),
        (b"category,account,cost_centre,account\n", "there twice"),
        (b"category,account,cost_centre\n", "no row under the heading"),
        (b"category,account,cost_centre\na,1,2,3\n", "more cells than the heading"),
        (b"category,account,cost_centre\n,1,2\n", "the category is missing"),
        (b"category,account,cost_centre,valid_from\na,1,2,soon\n", "no date"),
        (
            b"category,account,cost_centre,valid_until\na,1,2,2026-03-12\n",
            "ends before",
        ),
        (b"category,account,cost_centre\na,\xff,2\n", "neither CSV in UTF-8 nor XLSX"),
        (b"category,account,cost_centre\na,\x00,2\n", "neither CSV in UTF-8 nor XLSX"),
        (b'category,account,cost_centre\n"a,1,2\n', "not CSV"),
        (b"PK\x03\x04 no workbook", "no readable workbook"),
    ],
)
def test_what_is_no_map_is_refused_with_its_reason(content, words):
    with pytest.raises(FileRejected, match=words):
        read_rules(content, segment_names=NAMES, since=DAY)


def test_every_wrong_row_is_named():
    content = b"code,name,class\n1,Cash,GOLD\n,Cash,ASSET\n2,Cash,asset\n"

    with pytest.raises(FileRejected, match="and 1 more rows") as refused:
        read_accounts(content)

    assert [finding.line for finding in refused.value.findings] == [2, 3]


def test_a_doubled_account_is_refused():
    with pytest.raises(FileRejected, match="stands in line 2 already"):
        read_accounts(b"code,name,class\n1,Cash,ASSET\n1,Safe,ASSET\n")


WORDS = st.text(alphabet="abcXYZ019 .,;\"'=-+@\u00e9", max_size=8).map(lambda text: text.strip(" '"))


@given(st.lists(st.tuples(WORDS.filter(bool), WORDS, WORDS), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows):
    given_rows = [rule(f"c{category}".strip(), account, centre) for category, account, centre in rows]

    content = b"".join(write_rules(given_rows, segment_names=NAMES))

    read = read_rules(content, segment_names=NAMES, since=DAY)
    assert [_same(row) for row in read] == [_same(row) for row in given_rows]


def _same(row: RuleRow):
    return (row.category, row.segments, row.valid_from, row.valid_until)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content):
    try:
        read_sheet(content, required=["category"])
    except FileRejected:
        return


def test_a_formula_that_nobody_computed_is_no_empty_cell():
    book = workbook(["category", "account", "cost_centre"], ["cash.drawer", "=1000+5", "0000"])

    with pytest.raises(FileRejected, match="Cell B2 holds a formula that was never computed"):
        read_rules(book, segment_names=NAMES, since=DAY)


def test_a_workbook_that_unpacks_beyond_measure_is_never_unpacked():
    content = io.BytesIO(workbook(["category"]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", bytes(60 * 1024 * 1024))

    with pytest.raises(FileRejected, match="too large when unpacked"):
        read_sheet(content.getvalue(), required=["category"])
