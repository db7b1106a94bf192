"""No bytes make a reader hang or raise anything but its refusal.

Valid files of every format are cut, doubled, swapped and overwritten; each reader also meets bytes
that were never a file. The nightly part reads at least 200,000 inputs.
"""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms_ach.refusal import MAX_FINDINGS, FileRejected
from reconciliation.formats.detection import Format
from reconciliation.formats.file import Opened, read_bytes
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry, Statement
from tests.reconciliation.formats import test_bai2, test_camt, test_mt940, test_ofx, test_table
from tests.reconciliation.formats.test_file import CAMT, SAMPLES

DETAILS = (
    "<NtryDtls><TxDtls><Refs><EndToEndId>E</EndToEndId></Refs><Amt Ccy='USD'>1.00</Amt></TxDtls></NtryDtls>"
)
SEEDS = {
    Format.CAMT: [
        CAMT,
        test_camt.document(
            test_camt.statement(test_camt.entry(more=DETAILS) + test_camt.entry(status="PDNG"))
        ),
        CAMT.decode().encode("utf-16"),
    ],
    Format.BAI2: [
        SAMPLES[Format.BAI2],
        test_bai2.file_of(
            "03,1,JPY,010,1,,,015,2,3,S,1,2,3/",
            "88,040,5,,V,260312,2400/",
            "16,175,7,D,2,0,3,1,4,B,C,T",
            total=22,
        ),
    ],
    Format.MT940: [
        SAMPLES[Format.MT940],
        test_mt940.message(
            test_mt940.ENTRY + ":86:166?00X?20EREF+A?21SVWZ+B?32N\n:61:260230RD1,NTRF//\nmore\n"
        ),
    ],
    Format.OFX: [
        SAMPLES[Format.OFX],
        test_ofx.as_xml(test_ofx.sgml(test_ofx.row(), test_ofx.row("1,250.50"))),
    ],
    Format.CSV: [SAMPLES[Format.CSV], test_table.ROWS.encode()],
    Format.XLSX: [
        test_table.workbook(["Date", "Amount", "Account", "Currency"], ["2026-03-12", 1.5, "1", "USD"])
    ],
}
TOKENS = [
    b"\x00", b"\xff", b"\r", b"\n", b"\x1a", b",", b"/", b"88,", b"16,", b"49,", b":61:", b":86:", b"-\n",
    b"<", b">", b"&", b"&#0;", b"]]>", b"<![CDATA[", b"<!DOCTYPE", b"?20", b"\xef\xbb\xbf", b"\xff\xfe", b'"',
    b";", b"9" * 25, b"-", b"\xe2\x80\xa8", b"\xd9\xa1", b"D,99,", b"0", b"A" * 300, b"<Ntry>", b"</Stmt>",
    b"<STMTTRN>", b"PK\x03\x04",
]  # fmt: skip


def survives(content: bytes, format: Format | None) -> None:
    """Reads to the end, or is refused; what it yields is whole, what it finds is bounded."""
    reading = Reading()
    asked = None if format == Format.XLSX else format
    try:
        for found in read_bytes(content, reading, Opened(asked=asked, may_guess=True)):
            assert isinstance(found, Entry | Statement)
            texts = (
                (found.description, found.counterparty)
                if isinstance(found, Entry)
                else (found.account_number,)
            )
            assert not any("\x00" in text for text in texts)
    except FileRejected:
        return
    assert len(reading.findings) <= MAX_FINDINGS + 1


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One to six changes: cut out, double, overwrite, insert, swap."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        length = chance.choice((1, 1, 2, 8, 40))
        kind = chance.randrange(5)
        piece = content[at : at + length]
        if kind == 0:
            content = content[:at] + content[at + length :]
        elif kind == 1:
            content = content[:at] + piece * chance.choice((2, 3, 50)) + content[at + length :]
        elif kind == 2:
            content = content[:at] + chance.randbytes(length) + content[at + length :]
        elif kind == 3:
            content = content[:at] + chance.choice(TOKENS) + content[at:]
        else:
            content = content[at:] + content[:at]
    return content


@pytest.mark.parametrize("format", SEEDS)
@settings(max_examples=40, deadline=timedelta(seconds=10))
@given(chance=st.randoms(use_true_random=False), data=st.data())
def test_a_damaged_file_is_read_or_refused(format, chance, data):
    seed = data.draw(st.sampled_from(SEEDS[format]))

    survives(mutated(seed, chance), format)


@pytest.mark.parametrize("format", [*SEEDS, None])
@settings(max_examples=40, deadline=timedelta(seconds=10))
@given(content=st.lists(st.sampled_from(TOKENS) | st.binary(max_size=40), max_size=20).map(b"".join))
def test_bytes_that_were_never_a_file_are_refused(format, content):
    survives(content, format)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "format, examples", [*((each, 2_000) for each in list(SEEDS)[:5]), (Format.XLSX, 300)]
)
def test_a_night_of_damaged_files(format, examples):
    """Twenty inputs an example: 206,000 in all."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(number=st.integers(0, 2**63))
    def twenty(number: int) -> None:
        chance = random.Random(number)
        for _ in range(20):
            content = mutated(chance.choice(SEEDS[format]), chance)
            survives(content, chance.choice((format, format, format, None)))

    twenty()
