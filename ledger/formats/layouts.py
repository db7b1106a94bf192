"""The layouts in which every batch is written, by name."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from ledger.formats import netsuite, oracle, peoplesoft, sap, workday
from ledger.formats.gl_batch import (
    BatchHeader,
    BatchLine,
    BatchTrailer,
    write_csv,
    write_json,
    write_jsonl,
)

Writer = Callable[[BatchHeader, Iterable[BatchLine], BatchTrailer], Iterator[bytes]]


class Layout(NamedTuple):
    """links says whether the layout names the entries of each line.

    needs  the name, of SETTINGS, without which the general ledger refuses the file; empty when none is needed
    """

    label: str
    write: Writer
    media_type: str
    extension: str
    links: bool = False
    needs: str = ""


LAYOUTS = {
    "json": Layout("JSON", write_json, "application/json", "json", True),
    "jsonl": Layout("JSON Lines", write_jsonl, "application/jsonl", "jsonl", True),
    "csv": Layout("CSV", write_csv, "text/csv", "csv", True),
    "fbdi": Layout("Oracle FBDI", oracle.write_fbdi, "text/csv", "csv", needs="oracle_ledger_id"),
    "workday": Layout("Workday", workday.write_journal, "text/csv", "csv"),
    "sap": Layout("SAP", sap.write_documents, "text/tab-separated-values", "txt"),
    "peoplesoft": Layout("PeopleSoft", peoplesoft.write_flat_file, "text/plain", "dat"),
    "netsuite": Layout("NetSuite", netsuite.write_journal, "text/csv", "csv"),
}

# What the general ledger calls things. A legal entity may set its own; else its code or a default counts.
SETTINGS = {
    "journal_source": "Journal source (Oracle, Workday); HMS-ACH when empty",
    "journal_category": "Oracle journal category; Patient Accounting when empty",
    "oracle_ledger_id": "Oracle ledger id, a number; Oracle FBDI is not written without it",
    "workday_company": "Workday company reference",
    "workday_submit": "Workday Submit: 0 saves a draft, 1 posts",
    "workday_book_code": "Workday book code",
    "workday_account_set": "Workday account set of the ledger accounts",
    "workday_ledger_type": "Workday ledger type; ACTUALS when empty",
    "sap_company_code": "SAP company code (BUKRS)",
    "sap_document_type": "SAP document type (BLART); SA when empty",
    "peoplesoft_business_unit": "PeopleSoft business unit",
    "peoplesoft_ledger": "PeopleSoft ledger; ACTUALS when empty",
    "peoplesoft_ledger_group": "PeopleSoft ledger group; ACTUALS when empty",
    "peoplesoft_source": "PeopleSoft journal source; HMS when empty",
    "netsuite_subsidiary": "NetSuite subsidiary",
}

# Names that are numbers: Oracle's LEDGER_ID has up to 18 digits.
NUMBERS = {"oracle_ledger_id": 18}


def lacking_name(layout: str, names: Mapping[str, str]) -> str:
    """What the general ledger calls the name that the layout needs and that is not set; empty for none."""
    needs = LAYOUTS[layout].needs
    return "" if not needs or names.get(needs) else short_label(needs)


def short_label(name: str) -> str:
    """ "Oracle ledger id": a setting's label without what follows from it."""
    return SETTINGS[name].split(";")[0].split(",")[0]
