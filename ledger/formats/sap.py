"""SAP: document lines as a tab-separated file with the field names of BKPF and BSEG as its heading.

One document (XBLNR with BUDAT and WAERS) for each day and currency. WRBTR is never negative; SHKZG is S for
debit (Soll) and H for credit (Haben). Dates YYYYMMDD, a decimal point. Load with LSMW,
BAPI_ACC_DOCUMENT_POST or the S/4HANA journal entry upload; the fields' names are the same in each.
"""

from collections.abc import Iterable, Iterator

from hms_ach.sheets import safe_text
from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, sides

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
    for number, side in enumerate(sides(lines), start=1):
        line = side.line
        code = dict(zip(header.segment_names, line.segments, strict=True))
        day = line.effective_on.replace("-", "")
        yield _row(
            [
                header.settings.get("sap_company_code", header.legal_entity),
                header.settings.get("sap_document_type", "SA"),
                header.business_on.replace("-", ""),
                day,
                line.currency,
                header.number[-16:],
                f"{header.facility} {line.effective_on}"[:25],
                str(number),
                "S" if side.is_debit else "H",
                line.segments[header.account_index],
                side.amount,
                side.functional,
                code.get("Cost centre", ""),
                code.get("Profit centre", ""),
                f"{header.number[-11:]}/{line.line}"[:18],
                f"{line.category} {line.tender}".strip()[:50],
            ]
        )
    yield _row(["*", f"lines={trailer.lines}", f"debit={trailer.functional_debit}"])


def _row(cells: Iterable[str]) -> bytes:
    return ("\t".join(safe_text(cell) for cell in cells) + "\r\n").encode()
