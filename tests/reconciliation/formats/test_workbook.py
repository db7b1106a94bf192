"""Hostile workbooks: what hides in their XML is refused, and a sheet that claims to be huge costs nothing."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from hms_ach.refusal import FileRejected
from tests.reconciliation.formats.collect import read_whole

_SHEET = "xl/worksheets/sheet1.xml"
_LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_FOREIGN = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def workbook(change: Callable[[bytes], bytes], part: str = _SHEET) -> bytes:
    """A table of one entry as XLSX, one part of it changed."""
    book = Workbook()
    for row in (["Date", "Amount", "Reference"], ["2026-03-12", "5.00", "A1"]):
        book.active.append(row)
    plain, out = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, change(content) if name == part else content)
    return out.getvalue()


def before_root(said: bytes, *, root: bytes = b"<worksheet") -> Callable[[bytes], bytes]:
    return lambda content: content.replace(root, said + root, 1)


def test_the_table_reads_as_it_stands():
    (statement,) = read_whole(workbook(lambda content: content))[0]

    assert [entry.amount_minor for entry in statement.entries] == [5_00]


@pytest.mark.parametrize("said", [_LAUGHS, _FOREIGN], ids=["entity bomb", "external entity"])
@pytest.mark.parametrize(
    ("part", "root"), [(_SHEET, b"<worksheet"), ("xl/workbook.xml", b"<workbook")], ids=["sheet", "book"]
)
def test_a_document_type_in_a_workbook_is_refused(part, root, said):
    with pytest.raises(FileRejected, match="document type"):
        read_whole(workbook(before_root(said, root=root), part))


def test_a_cell_in_the_last_row_and_column_is_no_million_of_rows():
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'

    statements, _ = read_whole(workbook(lambda content: content.replace(b"</sheetData>", far)))

    assert len(statements[0].entries) <= 2


@pytest.mark.parametrize("said", [b"A1", b"A1:A2", b"A1:C2", b"A1:XFD1048576"])
def test_what_a_sheet_says_of_its_size_leaves_no_row_or_column_out(said):
    changed = workbook(lambda content: re.sub(rb'(<dimension ref=")[^"]*', rb"\g<1>" + said, content))

    (statement,) = read_whole(changed)[0]

    assert [entry.amount_minor for entry in statement.entries] == [5_00]


@pytest.mark.parametrize("length", [30, 400, -30])
def test_a_workbook_that_was_cut_off_is_refused(length):
    with pytest.raises(FileRejected):
        read_whole(workbook(lambda content: content)[:length])


@pytest.mark.parametrize(
    "said",
    [
        *(b"><f>2+3</f><v/>", b"><f>2+3</f><v></v>", b"><f>2+3</f>", b'><f t="shared" si="0"/>'),
        *(b' t="str"><f>A3</f>', b' t="n"><f>2+3</f><v/>'),
    ],
)
def test_a_formula_that_was_never_computed_is_not_taken_for_an_empty_cell(said):
    def with_formula(content: bytes) -> bytes:
        return content.replace(b"</row></sheetData>", b'<c r="H2"' + said + b"</c></row></sheetData>", 1)

    with pytest.raises(FileRejected, match="Cell H2 holds a formula"):
        read_whole(workbook(with_formula))


@pytest.mark.parametrize(
    "said",
    [
        b"><f>2+3</f><v>5</v>",
        # What IF(A3="","",A3) came to, as Excel and LibreOffice keep it.
        *(b' t="str"><f>IF(A3="","",A3)</f><v></v>', b' s="0" t="str"><f aca="false">A3</f><v/>'),
    ],
)
def test_a_formula_with_its_value_is_read(said):
    computed = b'<c r="H2"' + said + b"</c></row></sheetData>"

    statements, _ = read_whole(workbook(lambda content: content.replace(b"</row></sheetData>", computed, 1)))

    assert [entry.amount_minor for entry in statements[0].entries] == [5_00]
