"""Evidence: what people look at is told by its bytes, and what runs is not taken."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms_ach.files.rules.evidence import (
    EXCEL,
    HEIC,
    JPEG,
    OPEN_TABLE,
    PDF,
    PNG,
    TEXT,
    TIFF,
    WEBP,
    WORD,
    evidence_kind,
    is_named_as,
)

CONTENT_TYPES = "[Content_Types].xml"


def packed(*parts: str, **contents: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in parts:
            archive.writestr(name, contents.get(name, "x"))
    return made.getvalue()


def kind_of(content: bytes):
    return evidence_kind(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", PDF),
        (b"\x89PNG\r\n\x1a\n\0\0", PNG),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", JPEG),
        (b"II*\0\x08\0", TIFF),
        (b"RIFF\x10\0\0\0WEBPVP8 ", WEBP),
        (b"\0\0\0\x18ftypheic\0\0", HEIC),
        (packed(CONTENT_TYPES, "word/document.xml"), WORD),
        (packed(CONTENT_TYPES, "xl/workbook.xml"), EXCEL),
        (packed("mimetype", mimetype=OPEN_TABLE.media_type), OPEN_TABLE),
        ("Grüße\nof the bank\t1,00\r\n".encode(), TEXT),
        ("Grüße".encode("windows-1252"), TEXT),
        ("from the bank".encode("utf-16"), TEXT),
        (b'<?xml version="1.0"?><Document/>', TEXT),
        (b"MZ\x90\0\x03", None),
        (b"\x7fELF\x02\x01", None),
        (b"MZ echo not even a real one", None),
        (b"#!/bin/sh\nrm x\n", None),
        (b"<!DOCTYPE html><p>x", None),
        (b'<?xml version="1.0"?><svg onload="x()"/>', None),
        (b"\xef\xbb\xbf  <HTML>", None),
        ("<script>x</script>".encode("utf-16"), None),
        (packed("a.txt"), None),
        (packed(CONTENT_TYPES, "xl/workbook.xml", "xl/vbaProject.bin"), None),
        (packed(CONTENT_TYPES, "word/document.xml")[:-30], None),
        (b"PK\x03\x04 cut off", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (b"\0" * 100, None),
    ],
)
def test_a_file_is_what_its_bytes_say(content, kind):
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    ("kind", "name", "fits"),
    [
        (PDF, "Letter.PDF", True),
        (PDF, "letter.pdf.exe", False),
        (TEXT, "mail.eml", True),
        (TEXT, "statement", True),
        (TEXT, "run.bat", False),
        (TEXT, "letter.pdf", False),
        (EXCEL, "book.xlsm", False),
    ],
)
def test_its_name_says_the_same(kind, name, fits):
    assert is_named_as(kind, name) is fits


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"%PDF-", b"RIFF"]))
def test_no_bytes_make_it_fall(rest, start):
    kind = kind_of(start + rest)

    assert kind is None or kind.media_type
