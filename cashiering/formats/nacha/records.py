"""The records of a NACHA file: where each field stands, and cutting a file into records.

Positions count from 1, both ends included, as in the NACHA Operating Rules, appendix three.
"""

from collections.abc import Iterable, Iterator

from cashiering.formats.findings import Findings, text_of
from hms_ach.refusal import FileRejected

LENGTH = 94
FILE_HEADER = {
    "immediate_destination": (4, 13),
    "immediate_origin": (14, 23),
    "created_on": (24, 29),
    "created_at": (30, 33),
    "modifier": (34, 34),
    "record_size": (35, 37),
    "blocking": (38, 39),
    "reference": (87, 94),
}
BATCH_HEADER = {
    "service_class": (2, 4),
    "company_name": (5, 20),
    "company_id": (41, 50),
    "entry_class": (51, 53),
    "description": (54, 63),
    "effective_on": (70, 75),
    "odfi": (80, 87),
    "number": (88, 94),
}
ENTRY = {
    "transaction_code": (2, 3),
    "rdfi": (4, 11),
    "check_digit": (12, 12),
    "amount": (30, 39),
    "individual_id": (40, 54),
    "has_addenda": (79, 79),
    "trace": (80, 94),
}
RETURN = {"reason": (4, 6), "original_trace": (7, 21), "trace": (80, 94)}
BATCH_CONTROL = {
    "service_class": (2, 4),
    "entries": (5, 10),
    "hash": (11, 20),
    "debit": (21, 32),
    "credit": (33, 44),
    "company_id": (45, 54),
    "odfi": (80, 87),
    "number": (88, 94),
}
FILE_CONTROL = {
    "batches": (2, 7),
    "blocks": (8, 13),
    "entries": (14, 21),
    "hash": (22, 31),
    "debit": (32, 43),
    "credit": (44, 55),
}


def cut(record: str, layout: dict[str, tuple[int, int]]) -> dict[str, str]:
    return {name: record[first - 1 : last].strip() for name, (first, last) in layout.items()}


def records(chunks: Iterable[bytes], findings: Findings) -> Iterator[tuple[int, str]]:
    """(line, record of 94 characters). Files without line ends are cut; blanks lost at an end are put back.

    Raises FileRejected for a record of another length.
    """
    for line, text in enumerate(_lines(chunks), start=1):
        if not text.strip():
            continue
        if len(text) < LENGTH and text[0] in "156789":
            findings.warn(line, "record", text[-10:], f"has {len(text)} characters; blanks put back", "1.2")
            text = text.ljust(LENGTH)
        if text[LENGTH:].strip():
            raise FileRejected(line, f"a record has {len(text)} characters instead of {LENGTH}")
        yield line, text[:LENGTH]


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    left, is_cut = "", False
    for piece in text_of(chunks):
        left += piece.replace("\r\n", "\n").replace("\r", "\n")
        *whole, left = left.split("\n")
        yield from whole
        is_cut = is_cut or bool(whole)
        while not is_cut and len(left) > 2 * LENGTH:
            yield left[:LENGTH]
            left = left[LENGTH:]
        if len(left) > 10_000:
            raise FileRejected(1, "a record has more than 10,000 characters: this is no ACH file")
    while not is_cut and len(left) > LENGTH and left[LENGTH:].strip():
        yield left[:LENGTH]
        left = left[LENGTH:]
    if left:
        yield left
