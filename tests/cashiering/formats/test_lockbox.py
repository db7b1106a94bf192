"""BAI lockbox files: what is read, what is proved, and what refuses the file."""

import contextlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cashiering.formats.lockbox import LockboxStub, read
from hms_ach.refusal import FileRejected
from tests.cashiering.formats.lockbox_files import cheque, lockbox_file

TWO = (cheque(1, 150_00, ("INV0001", 100_00), ("INV0002", 50_00)), cheque(2, 70_00))


def test_a_file_gives_its_deposits_cheques_and_stubs():
    file = read([lockbox_file(*TWO)])

    (deposit,) = file.deposits
    first, second = deposit.cheques
    assert (deposit.lockbox, deposit.deposited_on, deposit.total_minor) == (
        "7654321",
        date(2026, 3, 12),
        220_00,
    )
    assert first.stubs == [LockboxStub("INV0001", 100_00), LockboxStub("INV0002", 50_00)]
    assert (first.routing, first.account, first.number) == ("021000021", "1234567890", "0000001001")
    assert (second.stubs, second.problem) == ([], "The file names no invoice.")
    assert file.findings == []


def test_an_item_that_stands_twice_in_its_batch_refuses_the_file():
    once = lockbox_file(cheque(1, 150_00), cheque(2, 70_00))
    twice = lockbox_file(cheque(1, 150_00), cheque(1, 70_00))

    assert read([once]).findings == []
    with pytest.raises(FileRejected) as refused:
        read([twice])

    assert "batch '001' item 001 stands twice in this batch" in str(refused.value)


@pytest.mark.parametrize("wide", [15, 16])
def test_the_amounts_tell_how_wide_the_bank_writes_an_invoice(wide):
    rows = cheque(1, 150_00, ("NORTH2026000123", 150_00), wide=wide)

    (deposit,) = read([lockbox_file(rows)]).deposits

    assert deposit.cheques[0].stubs == [LockboxStub("NORTH2026000123", 150_00)]


@pytest.mark.parametrize(
    ("stubs", "problem"),
    [
        ([("INV0001", 149_99)], "does not add up"),
        ([("INV0001", 0)], "does not add up"),
        ([("", 150_00)], "does not add up"),
    ],
)
def test_stubs_that_prove_nothing_leave_the_cheque_to_people(stubs, problem):
    (deposit,) = read([lockbox_file(cheque(1, 150_00, *stubs))]).deposits

    assert problem in deposit.cheques[0].problem
    assert deposit.cheques[0].stubs == []


def test_a_missing_stub_is_noticed():
    rows = cheque(1, 150_00, ("INV0001", 150_00), ("INV0002", 0))

    (deposit,) = read([lockbox_file(rows[:2])]).deposits

    assert deposit.cheques[0].problem == "Some of its stubs are missing in the file."


def broken(**changes: tuple[bytes, bytes]) -> dict[str, bytes]:
    whole = lockbox_file(*TWO)
    return {name: whole.replace(*change, 1) for name, change in changes.items()}


BROKEN = broken(
    batch_count=(b"7654321260312002", b"7654321260312003"),
    batch_sum=(b"0020000022000", b"0020000022001"),
    lockbox_sum=(b"7654321260312000200000", b"7654321260312000200001"),
    amount=(b"0000007000", b"00000O7000"),
    day=(b"5001000765432126031", b"5001000765432126131"),
    same_item=(b"6001002", b"6001001"),
    other_batch=(b"6001002", b"6002002"),
    records=(b"9000010", b"9000012"),
    service=(b"4000800080", b"3000800080"),
    stub_of_another=(b"4001001602", b"4001002602"),
)


@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_agree_refuses_the_file_with_its_line(name):
    assert BROKEN[name] != lockbox_file(*TWO)

    with pytest.raises(FileRejected) as refused:
        read([BROKEN[name]])

    assert "line" in str(refused.value).lower()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 80,
        lockbox_file(*TWO)[:300],
        b"\n".join(lockbox_file(*TWO).split(b"\n")[:-2]),
        b"\n".join(lockbox_file(*TWO).split(b"\n")[1:]),
        b"1" * 5_000,
        lockbox_file(*TWO) + b"6001003",
        b"01,SENDER,RECEIVER,260312,0930,1,80,1,2/",
    ],
)
def test_what_is_no_whole_lockbox_file_is_refused(content):
    with pytest.raises(FileRejected):
        read([content])


def test_a_wrong_check_digit_is_a_warning():
    (found,) = read([lockbox_file(*TWO).replace(b"0210000211", b"0210000221", 1)]).findings

    assert (found.line, found.field, found.is_fatal) == (4, "transit routing", False)


def test_pieces_of_any_size_read_alike():
    whole = lockbox_file(*TWO)

    in_pieces = read(whole[n : n + 7] for n in range(0, len(whole), 7))

    assert in_pieces == read([whole])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 700), st.integers(0, 40))
def test_whatever_is_put_into_a_file_it_is_read_or_refused(junk, where, gone):
    whole = lockbox_file(*TWO)
    changed = whole[:where] + junk + whole[where + gone :]

    with contextlib.suppress(FileRejected):
        (deposit,) = read([changed]).deposits
        assert deposit.total_minor == 220_00 or changed != whole
