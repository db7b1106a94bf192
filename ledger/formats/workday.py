"""Workday: the accounting journal connector's header and line fields as one CSV.

JournalKey groups the lines of one journal: one for each day and currency. ControlTotalAmount is the sum of
its debits; Workday refuses a journal that adds up to another. Field names are the connector layout's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, csv_row, sides

COLUMNS = [
    "JournalKey",
    "Submit",
    "CompanyReferenceIDType",
    "CompanyReferenceID",
    "Currency",
    "LedgerType",
    "BookCode",
    "AccountingDate",
    "JournalSource",
    "JournalEntryMemo",
    "JournalExternalReferenceID",
    "CreateReversal",
    "ReversalDate",
    "ControlTotalAmount",
    "LineOrder",
    "LineCompanyReferenceID",
    "LedgerAccountReferenceID",
    "DebitAmount",
    "CreditAmount",
    "LedgerDebitAmount",
    "LedgerCreditAmount",
    "Memo",
    "ExternalReferenceID",
    "Worktags",
]


def write_journal(header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer) -> Iterator[bytes]:
    """A heading row, then one row for each side of each line; the journal's fields repeat on its lines."""
    yield csv_row(COLUMNS)
    all_sides = list(sides(lines))
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for side in all_sides:
        if side.is_debit:
            totals[side.line.effective_on, side.line.currency] += Decimal(side.amount)
    company = header.settings.get("workday_company", header.legal_entity)
    for order, side in enumerate(all_sides, start=1):
        line = side.line
        word, functional = ("Debit", "LedgerDebit") if side.is_debit else ("Credit", "LedgerCredit")
        worktags = zip(header.segment_names, line.segments, strict=True)
        row = {
            "JournalKey": f"{header.number}-{line.effective_on}-{line.currency}",
            "Submit": header.settings.get("workday_submit", "0"),
            "CompanyReferenceIDType": "Company_Reference_ID",
            "CompanyReferenceID": company,
            "Currency": line.currency,
            "LedgerType": header.settings.get("workday_ledger_type", "ACTUALS"),
            "BookCode": header.settings.get("workday_book_code", ""),
            "AccountingDate": line.effective_on,
            "JournalSource": header.settings.get("journal_source", "HMS-ACH"),
            "JournalEntryMemo": f"{header.number} {header.facility}",
            "JournalExternalReferenceID": header.id,
            "CreateReversal": "0",
            "ControlTotalAmount": str(totals[line.effective_on, line.currency]),
            "LineOrder": order,
            "LineCompanyReferenceID": company,
            "LedgerAccountReferenceID": line.segments[header.account_index],
            f"{word}Amount": side.amount,
            f"{functional}Amount": side.functional,
            "Memo": f"{line.category} {line.tender}".strip(),
            "ExternalReferenceID": f"{header.number}/{line.line}",
            "Worktags": ";".join(
                f"{name}={value}"
                for index, (name, value) in enumerate(worktags)
                if index != header.account_index and value
            ),
        }
        yield csv_row([row.get(column, "") for column in COLUMNS])
