"""Reading in pieces: wherever a file is cut, what is read and found is the same, line by line."""

from functools import partial

import pytest

from cashiering.formats import lockbox, nacha, payout, x12
from hms_ach.refusal import FileRejected
from tests.cashiering.formats import test_lockbox, test_nacha, test_payout, test_x12
from tests.cashiering.formats.lockbox_files import lockbox_file

# Each with something that refuses it at its end, so that the line is told.
FILES = {
    "lockbox": (lockbox.read, lockbox_file(*test_lockbox.TWO).replace(b"\n9000010", b"\n9000012")),
    "NACHA": (nacha.read, test_nacha.FILE.replace(b"9000001000001", b"9000002000001")),
    "payout": (partial(payout.read, currency="USD"), test_payout.FULL.replace("1043.55", "1043.54").encode()),
    "835": (x12.read, test_x12.FILE.replace(b"IEA*1", b"IEA*2")),
}


def said_of(read, content: bytes, size: int):
    with pytest.raises(FileRejected) as refused:
        read(content[at : at + size] for at in range(0, len(content), size))
    return str(refused.value), refused.value.findings


@pytest.mark.parametrize("name", FILES)
def test_pieces_of_any_size_read_alike_although_they_part_cr_from_lf(name):
    """Half a second each: there are as many sizes as bytes."""
    read, content = FILES[name]
    content = b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
    whole = said_of(read, content, len(content))

    assert [size for size in range(1, len(content)) if said_of(read, content, size) != whole] == []
