"""835 files: what they announce of the payment, and what refuses them."""

import random
from datetime import date

import pytest

from cashiering.formats.x12 import read
from hms_ach.refusal import FileRejected
from tests.make.advice import Payment, remittances

FILE = remittances(Payment("T100"), Payment("T101", amount="80.5", direction="D", on=date(2026, 3, 13)))


def read_bytes(content: bytes):
    return read([content])


def test_amount_day_trace_and_payer_of_each_payment_are_read():
    first, second = read_bytes(FILE).notices

    assert (first.amount_minor, first.effective_on, first.trace) == (1250_00, date(2026, 3, 12), "T100")
    assert (first.payer_id, first.payer_name, first.method) == ("1512345678", "MEADOW HEALTH", "ACH")
    assert second.amount_minor == -80_50


def test_other_delimiters_and_pieces_read_the_same():
    other = FILE.replace(b"\n", b"").replace(b"*", b"|").replace(b"~", b"\n")

    found = read(other[at : at + 7] for at in range(0, len(other), 7))

    assert [each.trace for each in found.notices] == ["T100", "T101"]


def test_a_payment_that_its_claims_do_not_make_up_is_a_warning():
    found = read_bytes(remittances(Payment("T1", amount="100.00", claims="90.00")))

    assert [each.problem for each in found.findings] == ["but claims less adjustments are 90.00 (E4)"]


def test_a_file_that_calls_itself_a_test_is_a_warning():
    found = read_bytes(FILE.replace(b"*0*P*", b"*0*T*"))

    assert [each.problem for each in found.findings] == ["says that this is a test: no money may come"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"SE*8*0001", b"SE*9*0001", "SE01 '9' but 8 were read"),
        (b"SE*8*0001", b"SE*\xb2*0001", "SE01 '\xb2' but 8 were read"),
        (b"SE*8*0001", b"SE**0001", "SE01 but 8 were read"),
        (b"SE*8*0001", b"SE*8*0007", "SE02 '0007' is not ST's 0001"),
        (b"GE*2*1", b"GE*3*1", "GE01 '3' but 2 were read"),
        (b"IEA*1*000000001", b"IEA*1*000000009", "IEA02"),
        (b"ST*835", b"ST*837", "this is no remittance"),
        (b"BPR*I*1250.00", b"BPR*I*12,50", "BPR02 '12,50' is not an amount"),
        (b"20260312~\nTRN", b"20263112~\nTRN", "BPR16 '20263112' is not a day"),
        (b"TRN*1*T100*1512345678~\n", b"REF*1~\n", "the trace (TRN) is missing"),
        (b"ISA*", b"XSA*", "does not begin with ISA"),
    ],
)
def test_what_cannot_be_trusted_refuses_the_whole_file(old, new, problem):
    with pytest.raises(FileRejected) as refused:
        read_bytes(FILE.replace(old, new, 1))

    assert problem in str(refused.value)


@pytest.mark.parametrize("length", [50, 200, 400, len(FILE) - 30])
def test_a_file_that_was_cut_off_is_refused(length):
    with pytest.raises(FileRejected):
        read_bytes(FILE[:length])


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
