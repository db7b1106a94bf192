"""Bytes of any encoding that banks send, as lines of text or as UTF-8, piece by piece."""

import codecs
import re
from collections.abc import Iterable, Iterator

from hms_ach.refusal import FileRejected
from reconciliation.formats.reading import Reading

MAX_LINE = 256 * 1024
_BLOCK = 64 * 1024
_BOMS = [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_XML_ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"), "windows-1252"),
    "iso-8859-15": "iso-8859-15",
    "utf-16": "utf-16",
}
_ENDS = b"\x1a\x00\r\n \t"


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that the first bytes show, "" when only all bytes can tell, and the length of the mark."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    if len(head) >= 4 and head[1] == head[3] == 0 and head[0] and head[2]:
        return "utf-16-le", 0
    if len(head) >= 4 and head[0] == head[2] == 0 and head[1] and head[3]:
        return "utf-16-be", 0
    return "", 0


def complete_lines(head: bytes) -> bytes:
    """A file's beginning without the line that it cuts; UTF-16 becomes UTF-8. A lone line stays."""
    encoding, mark = encoding_of(head)
    if encoding.startswith("utf-16"):
        head = head[mark:].decode(encoding, errors="ignore").encode()
    return head[: head.rfind(b"\n") + 1] or head[: head.rfind(b"\r") + 1] or head


def lines(chunks: Iterable[bytes], reading: Reading, *, record_end: bytes = b"") -> Iterator[str]:
    """The lines of a text file without their ends, whatever its encoding and its ends of lines are.

    UTF-8 and UTF-16 are recognised; what is neither is read as windows-1252, line by line, with a
    warning. A ^Z at the end is dropped. A line over 256 kB is cut after `record_end` where records
    of the format may share lines, else refused, as are NUL characters.
    """
    for block in blocks(chunks, reading, record_end=record_end):
        yield from block.split("\n")


def blocks(chunks: Iterable[bytes], reading: Reading, *, record_end: bytes = b"") -> Iterator[str]:
    """The same, several lines at once, with LF between them and none at the end."""
    before = 0
    for block in _blocks(pieces(chunks), reading, record_end):
        if "\r" in block:
            block = block.replace("\r\n", "\n").replace("\r", "\n")
        if "\x00" in block:
            line = before + block.count("\n", 0, block.index("\x00")) + 1
            raise FileRejected(line, "the file holds NUL characters: it is not text")
        before += block.count("\n") + 1
        yield block


def utf8_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same XML in UTF-8, by its byte order mark or its declaration.

    Raises FileRejected for encodings that no bank has a reason to use, and for bytes that are not
    in the encoding they say.
    """
    source = pieces(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= 256:
            break
    encoding, mark = encoding_of(head)
    if b"\x00" in head[:4] and not encoding:
        raise FileRejected(1, "the file is UTF-32 or binary; send it in UTF-8 or UTF-16")
    if not encoding:
        declared = _DECLARED.match(head)
        said = declared.group(1).decode("ascii").lower() if declared else "utf-8"
        encoding = _XML_ENCODINGS.get(said, "")
        if encoding in ("", "utf-16"):
            raise FileRejected(
                1, f"the file says it is {said[:20]}; send it in UTF-8, UTF-16 or windows-1252"
            )
    if encoding == "utf-8":
        yield from (piece for whole in (head[mark:],) for piece in pieces([whole]))
        yield from source
    else:
        yield from _recoded(head[mark:], source, encoding)


def _recoded(head: bytes, source: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(head).encode()
        for chunk in source:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise FileRejected(1, f"the file is not in {encoding}, as it says") from None


def pieces(chunks: Iterable[bytes], size: int = _BLOCK) -> Iterator[bytes]:
    """The same bytes in pieces of at most `size`."""
    for chunk in chunks:
        if len(chunk) <= size:
            yield chunk
        else:
            view = memoryview(chunk)
            for start in range(0, len(chunk), size):
                yield bytes(view[start : start + size])


def _blocks(source: Iterator[bytes], reading: Reading, record_end: bytes) -> Iterator[str]:
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= 4:
            break
    encoding, mark = encoding_of(head)
    if encoding.startswith("utf-16"):
        source = _recoded(head[mark:], source, encoding)
        head, mark = b"", 0
    decode = _Decoder(reading)
    rest = head[mark:]
    for chunk in source:
        rest += chunk
        cut = _cut(rest, record_end)
        if cut:
            block, rest = rest[:cut], rest[cut:]
            # The last end of line is left out, so that the split makes no empty line of it.
            yield decode(block.removesuffix(b"\n").removesuffix(b"\r"))
        elif len(rest) > MAX_LINE:
            raise FileRejected(0, "a line of the file is longer than 256 kB")
    rest = rest.rstrip(_ENDS)
    if rest:
        yield decode(rest)


def _cut(content: bytes, record_end: bytes) -> int:
    """Where the last complete line ends: never between CR and LF."""
    cut = content.rfind(b"\n") + 1 or content.rfind(b"\r", 0, len(content) - 1) + 1
    if not cut and record_end and len(content) > _BLOCK:
        cut = content.rfind(record_end, 0, len(content) - 1) + 1
    return cut


class _Decoder:
    """UTF-8; line by line windows-1252 where a block is not."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._is_told = False

    def __call__(self, block: bytes) -> str:
        try:
            return block.decode()
        except UnicodeDecodeError:
            if not self._is_told:
                self._is_told = True
                problem = "is not UTF-8; what is not is read as windows-1252"
                self._reading.warn(0, "encoding", "", problem, rule="text")
            return "\n".join(_line(line) for line in block.split(b"\n"))


def _line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("windows-1252", errors="replace")
