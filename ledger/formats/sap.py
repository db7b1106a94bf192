"""SAP: document lines as a tab-separated file with the field names of BKPF and BSEG as its heading.

One document (XBLNR with BUDAT and WAERS) for each day and currency, its items numbered from 001 (BUZEI).
WRBTR is never negative; SHKZG is S for debit (Soll) and H for credit (Haben). DMBTR is the amount in the
company code's currency. Dates YYYYMMDD, a decimal point. Who loads it leads these names to the tool's
own: BAPI_ACC_DOCUMENT_POST calls them COMP_CODE, DOC_TYPE, PSTNG_DATE, GL_ACCOUNT, AMT_DOCCUR (signed)
and so on, the batch input RFBIBL00 takes a posting key (40 for S, 50 for H). BSEG numbers 999 items of a
document: a larger one is for the tool to split.
"""

from collections.abc import Iterable, Iterator

from hms_ach.sheets import safe_text
from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, Segments, Side, journals_of, sides

COLUMNS = [
    "BUKRS",
    "BLART",
    "BLDAT",
    "BUDAT",
    "WAERS",
    "XBLNR",
    "BKTXT",
    "BUZEI",
    "SHKZG",
    "HKONT",
    "WRBTR",
    "DMBTR",
    "KOSTL",
    "PRCTR",
    "ZUONR",
    "SGTXT",
]


def write_documents(
    header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer
) -> Iterator[bytes]:
    """A heading, one row for each side of each line, and a comment row with the control totals."""
    yield _row(COLUMNS)
    segments = Segments(header)
    for _of, of_document in journals_of(lines):
        for number, side in enumerate(sides(of_document), start=1):
            yield _row(_item(header, segments, side, number))
    yield _row(["*", f"lines={trailer.lines}", f"debit={trailer.functional_debit}"])


def _reference(header: BatchHeader) -> str:
    """The batch in the 16 letters of XBLNR: NORTH26000042 for NORTH-GL-2026-000042."""
    year, number = header.number.split("-")[-2:]
    return f"{header.facility[:8]}{year[-2:]}{number}"[:16]


def _item(header: BatchHeader, segments: Segments, side: Side, number: int) -> list[str]:
    line = side.line
    return [
        header.settings.get("sap_company_code", header.legal_entity),
        header.settings.get("sap_document_type", "SA"),
        header.business_on.replace("-", ""),
        line.effective_on.replace("-", ""),
        line.currency,
        _reference(header),
        f"{header.facility} {line.effective_on}"[:25],
        f"{number:03d}",
        "S" if side.is_debit else "H",
        line.segments[header.account_index],
        side.amount,
        side.functional,
        segments.of(line, "Cost center"),
        segments.of(line, "Profit center"),
        f"{header.number[-11:]}/{line.line}"[:18],
        f"{line.category} {line.tender}".strip()[:50],
    ]


def _row(cells: Iterable[str]) -> bytes:
    return ("\t".join(safe_text(cell) for cell in cells) + "\r\n").encode()
