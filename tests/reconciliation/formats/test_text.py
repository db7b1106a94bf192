"""Text of any encoding: the beginning of a file, cut between lines."""

import pytest

from hms_ach.refusal import FileRejected
from reconciliation.formats.reading import Reading
from reconciliation.formats.text import complete_lines, lines

TABLE = "Date,Amount\n2026-11-01,1.00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_beginning_is_cut_after_its_last_whole_line_in_every_encoding(encoding):
    head = (TABLE + "2026-11-02,3\u0a00").encode(encoding)

    for cut in (0, 1, 3):
        given = complete_lines(head[: len(head) - cut])
        assert given.decode("utf-8-sig") == TABLE


def test_a_beginning_without_the_end_of_a_line_is_given_whole():
    assert complete_lines(b"Date,Amount") == b"Date,Amount"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_nul_is_told_with_its_line_whatever_the_lines_end_with(end):
    blocks = [end.join([b"one", b"two", b""]), end.join([b"three", b"fo\x00ur", b"five", b""])]

    with pytest.raises(FileRejected, match="Line 4: the file holds NUL"):
        list(lines(blocks, Reading()))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-be"])
def test_pieces_of_any_size_give_the_same_lines(encoding, end):
    content = end.join([*TABLE.splitlines(), "", "Zürich", "last"]).encode(encoding)
    whole = list(lines([content], Reading()))

    for size in range(1, len(content)):
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        assert list(lines(pieces, Reading())) == whole
