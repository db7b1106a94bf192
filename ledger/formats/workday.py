"""Workday: the accounting journal connector's header and line fields as one CSV.

JournalKey groups the lines of one journal: one for each day and currency. ControlTotalAmount is the sum of
its debits; Workday refuses a journal that adds up to another. Field names are the connector layout's; those
of lines are as public integrations write them (REVLOCK/target-workday-sftp on GitHub). Each part of the map's
code but the account is a worktag of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, Side, csv_row, plain_name, sides

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
    "JournalLineOrder",
    "LineCompanyReferenceIDType",
    "LineCompanyReferenceID",
    "LedgerAccountReferenceID_ParentIDType",
    "LedgerAccountReferenceID_ParentID",
    "LedgerAccountReferenceIDType",
    "LedgerAccountReferenceID",
    "LineMemo",
    "DebitAmount",
    "CreditAmount",
    "LineCurrency",
    "LedgerDebitAmount",
    "LedgerCreditAmount",
    "JournalLineExternalReferenceID",
]
# Worktags whose reference id is not called after the name with _ID behind it.
_WORKTAGS = {"cost_center": "Cost_Center_Reference", "site": "Location", "region": "Region_Reference"}


def write_journal(header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer) -> Iterator[bytes]:
    """A heading row, then one row for each side of each line; the journal's fields repeat on its lines."""
    worktags = {
        worktag_of(name): place
        for place, name in enumerate(header.segment_names)
        if place != header.account_index
    }
    columns = [*COLUMNS, *worktags]
    yield csv_row(columns)
    all_sides = list(sides(lines))
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for side in all_sides:
        if side.is_debit:
            totals[side.line.effective_on, side.line.currency] += Decimal(side.amount)
    orders: Counter[tuple[str, str]] = Counter()
    for side in all_sides:
        line, journal = side.line, (side.line.effective_on, side.line.currency)
        orders[journal] += 1
        row = _journal(header, line, totals[journal]) | _line(header, side, orders[journal])
        row |= {column: line.segments[place] for column, place in worktags.items()}
        yield csv_row([row.get(column, "") for column in columns])


def worktag_of(name: str) -> str:
    """The column of a part of the code: Worktag_Cost_Center_Reference_ID for "Cost centre"."""
    words = plain_name(name).replace(" ", "_")
    return f"Worktag_{_WORKTAGS.get(words, words.title())}_ID"


def _journal(header: BatchHeader, line: BatchLine, total: Decimal) -> dict[str, str]:
    said = header.settings
    return {
        "JournalKey": f"{header.number}-{line.effective_on}-{line.currency}",
        "Submit": said.get("workday_submit", "0"),
        "CompanyReferenceIDType": "Company_Reference_ID",
        "CompanyReferenceID": said.get("workday_company", header.legal_entity),
        "Currency": line.currency,
        "LedgerType": said.get("workday_ledger_type", "ACTUALS"),
        "BookCode": said.get("workday_book_code", ""),
        "AccountingDate": line.effective_on,
        "JournalSource": said.get("journal_source", "HMS-ACH"),
        "JournalEntryMemo": f"{header.number} {header.facility}",
        "JournalExternalReferenceID": header.id,
        "CreateReversal": "0",
        "ControlTotalAmount": str(total),
    }


def _line(header: BatchHeader, side: Side, order: int) -> dict[str, str]:
    line, account_set = side.line, header.settings.get("workday_account_set", "")
    word, functional = ("Debit", "LedgerDebit") if side.is_debit else ("Credit", "LedgerCredit")
    return {
        "JournalLineOrder": str(order),
        "LineCompanyReferenceIDType": "Company_Reference_ID",
        "LineCompanyReferenceID": header.settings.get("workday_company", header.legal_entity),
        "LedgerAccountReferenceID_ParentIDType": "Account_Set_ID" if account_set else "",
        "LedgerAccountReferenceID_ParentID": account_set,
        "LedgerAccountReferenceIDType": "Ledger_Account_ID",
        "LedgerAccountReferenceID": line.segments[header.account_index],
        "LineMemo": f"{line.category} {line.tender}".strip(),
        f"{word}Amount": side.amount,
        "LineCurrency": line.currency,
        f"{functional}Amount": side.functional,
        "JournalLineExternalReferenceID": f"{header.number}/{line.line}",
    }
