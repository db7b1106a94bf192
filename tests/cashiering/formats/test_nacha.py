"""ACH files: what they pay, collect and bring back, and what refuses them."""

import random
from datetime import date

import pytest

from cashiering.formats.nacha import read
from hms_ach.refusal import FileRejected
from tests.make.advice import Entry, ach_file

FILE = ach_file(
    Entry(500_00),
    Entry(70_00, "22", trace="091000010000002", individual_id="RFD-77"),
    Entry(90_00, "26", trace="091000010000003", reason="R01", original_trace="091000010000009"),
)


def read_bytes(content: bytes):
    return read([content])


def test_sums_credits_and_returns_are_read_apart():
    (batch,) = read_bytes(FILE).batches

    assert (batch.debit_minor, batch.credit_minor) == (500_00, 70_00)
    assert [(each.trace, each.individual_id) for each in batch.credits] == [("091000010000002", "RFD-77")]
    (back,) = batch.returns
    assert (back.amount_minor, back.is_debit, back.reason) == (90_00, True, "R01")
    assert back.original_trace == "091000010000009"
    assert (batch.effective_on, batch.company_id) == (date(2026, 3, 12), "1999999984")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", ""),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n".join(line.rstrip() for line in text.split("\n")),
        lambda text: "\ufeff" + text,
    ],
    ids=["without line ends", "CRLF", "blanks cut off", "with a mark"],
)
def test_the_same_file_in_other_clothes_reads_the_same(change):
    found = read_bytes(change(FILE.decode()).encode())

    assert found.batches == read_bytes(FILE).batches


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"0000050000", b"0000050001", "total of debit"),
        (b"00000500", b"0000A500", "amount"),
        (b"627", b"625", "transaction code"),
        (b"8200000004", b"8200000003", "total of entries"),
        (b"9000001000001", b"9000002000001", "batch count"),
        (b"799R01", b"799X01", "return reason"),
        (b"260312   1", b"269912   1", "effective entry date"),
        (b"PPD", b"ADV", "ADV"),
    ],
)
def test_what_does_not_add_up_refuses_the_whole_file(old, new, problem):
    with pytest.raises(FileRejected) as refused:
        read_bytes(FILE.replace(old, new, 1))

    said = [str(refused.value), *(f"{each.field} {each.problem}" for each in refused.value.findings)]
    assert any(problem in line for line in said)


def test_a_file_that_was_cut_off_is_refused_with_its_line():
    lines = FILE.split(b"\n")

    with pytest.raises(FileRejected, match="Line 3: the file ends without its file control record"):
        read_bytes(b"\n".join(lines[:3]))


def test_a_dispute_of_a_return_is_left_to_people():
    found = read_bytes(FILE.replace(b"799R01", b"799R70"))

    assert found.batches[0].returns == []
    assert any("a person looks" in each.problem for each in found.findings)


def test_no_bytes_raise_anything_but_a_refusal():
    rng = random.Random(7)
    for _ in range(3_000):
        content = bytearray(FILE)
        for _ in range(rng.randrange(1, 6)):
            at = rng.randrange(len(content))
            content[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
        try:
            read_bytes(bytes(content))
        except FileRejected:
            continue
