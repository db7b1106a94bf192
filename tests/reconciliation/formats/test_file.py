"""Recognising files, and archives that are honest or hostile."""

import gzip
import io
import tracemalloc
import zipfile

import pytest

from hms_ach.refusal import FileRejected
from reconciliation.formats.detection import Format, detect
from reconciliation.formats.file import Opened
from tests.make.advice import Payment, remittances
from tests.reconciliation.formats import test_bai2, test_camt, test_mt940, test_ofx
from tests.reconciliation.formats.collect import read_whole

CAMT = test_camt.document(test_camt.statement(test_camt.entry(), closing="1.00"))
SAMPLES = {
    Format.CAMT: CAMT,
    Format.BAI2: test_bai2.file_of(
        test_bai2.ACCOUNT, test_bai2.CREDIT, test_bai2.DEBIT, total=test_bai2.TOTAL
    ),
    Format.MT940: test_mt940.message(),
    Format.OFX: test_ofx.sgml(test_ofx.row()),
    Format.CSV: b"Date,Amount,Account,Currency\n2026-03-12,1.00,1,USD\n",
}


def zipped(**content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in content.items():
            archive.writestr(name, inside)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        remittances(Payment("T1")),
        b"101 091000019 1234567892603121200A094101BANK                   HOSPITAL\n",
    ],
    ids=["835", "ACH"],
)
def test_a_file_that_announces_money_is_shown_its_place(content):
    with pytest.raises(FileRejected, match="take it in under Advices"):
        read_whole(content)


@pytest.mark.parametrize("format", SAMPLES)
def test_a_format_is_recognised_by_its_bytes(format):
    assert detect(SAMPLES[format]) == format
    assert detect(b"\xef\xbb\xbf" + SAMPLES[format]) == format
    assert detect(SAMPLES[format].decode().encode("utf-16")) == format


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(100), b"hello", b"\x00\x01\x02\x03"])
def test_what_is_none_of_ours_is_not_recognised(content):
    with pytest.raises(FileRejected, match="none of"):
        read_whole(content)


@pytest.mark.parametrize("format", SAMPLES)
@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped(statement=content)])
def test_a_packed_file_reads_as_the_file(format, pack):
    plain, _ = read_whole(SAMPLES[format])

    packed, _ = read_whole(pack(SAMPLES[format]))

    assert packed == plain


def test_an_archive_of_several_files_is_read_file_by_file():
    wrong = SAMPLES[Format.MT940].replace(b"C10,00", b"C10,001")

    statements, findings = read_whole(zipped(a=CAMT, b=wrong))

    assert [each.statement_id for each in statements] == ["S1", "42"]
    assert findings[0].field == "b: :61: amount"


def _twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", CAMT)
        archive.writestr("b", CAMT)
        archive.infolist()[1].filename = "a"
    return out.getvalue()


def _link() -> bytes:
    out, info = io.BytesIO(), zipfile.ZipInfo("a")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def _flipped() -> bytes:
    content = bytearray(zipped(a=CAMT))
    content[len(content) // 3] ^= 0xFF
    return bytes(content)


HOSTILE = {
    "bomb": lambda: zipped(a=bytes(60_000_000)),
    "gzip bomb": lambda: gzip.compress(b"<" + bytes(60_000_000)),
    "nested": lambda: zipped(a=zipped(b=CAMT)),
    "gzip in zip": lambda: zipped(a=gzip.compress(CAMT)),
    "zip in gzip": lambda: gzip.compress(zipped(a=CAMT)),
    "path": lambda: zipped(**{"../../etc/cron.d/x": CAMT}),
    "absolute": lambda: zipped(**{"/etc/x": CAMT}),
    "drive": lambda: zipped(**{"C:\\x": CAMT}),
    "backslash": lambda: zipped(**{"..\\x": CAMT}),
    "twice": _twice,
    "link": _link,
    "many": lambda: zipped(**{f"f{n}": b"" for n in range(201)}),
    "none": lambda: zipped(),
    "cut": lambda: zipped(a=CAMT)[:-30],
    "gzip cut": lambda: gzip.compress(CAMT)[:40],
    "gzip without its end": lambda: gzip.compress(CAMT)[:-6],
    "flipped": _flipped,
    "rar": lambda: b"Rar!\x1a\x07\x00" + bytes(100),
    "empty": lambda: b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_in_little_memory(name):
    content = HOSTILE[name]()
    tracemalloc.start()

    try:
        with pytest.raises(FileRejected):
            read_whole(content)
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 20_000_000


@pytest.mark.parametrize("format", [Format.BAI2, Format.MT940, Format.OFX, Format.CSV])
def test_memory_does_not_grow_with_the_file(format):
    """A file three times as long takes no more."""
    from reconciliation.formats.file import read_file
    from reconciliation.formats.reading import Reading

    first, last, row = {
        Format.BAI2: (
            f"{test_bai2.HEAD}\n{test_bai2.GROUP}\n03,123,USD,/\n",
            "",
            "16,175,1000,Z,B,C,TEXT/\n",
        ),
        Format.MT940: (test_mt940.HEAD, test_mt940.FOOT, test_mt940.ENTRY + ":86:Some text\n"),
        Format.OFX: (test_ofx.SGML_HEAD + "<OFX><STMTRS><CURDEF>USD<ACCTID>1", "</STMTRS>", test_ofx.row()),
        Format.CSV: ("Date,Amount,Account,Currency\n", "", "2026-03-12,1.00,1,USD\n"),
    }[format]

    def peak(count: int) -> int:
        source = io.BytesIO((first + row * count + last).encode())
        tracemalloc.start()
        for _ in read_file(source, Reading(), Opened(may_guess=True)):
            continue
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(6_000) < peak(2_000) + 500_000
