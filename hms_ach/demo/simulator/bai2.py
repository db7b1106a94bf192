"""BAI2 as banks write it: one account of one day in a file."""

from reconciliation.formats.statement import Entry, Statement

# What the bank calls each kind of line: (credit, debit).
_CODES = {
    "ach_credit": ("165", "455"),
    "lockbox": ("115", "699"),
    "deposit": ("174", "699"),
    "merchant_credit": ("254", "559"),
    "wire_in": ("195", "495"),
    "cheque_paid": ("255", "475"),
    "zba_debit": ("275", "575"),
    "return": ("257", "555"),
    "fee": ("399", "698"),
}


def as_bai2(statement: Statement) -> bytes:
    """Records 01, 02, 03, 16, 49, 98 and 99 with their totals and counts; texts that are long go on in 88."""
    on = f"{statement.to_on:%y%m%d}"
    entries = [record for entry in statement.entries for record in _entry(entry)]
    amounts = (statement.opening_minor or 0, statement.closing_minor or 0)
    head = f"03,{statement.account_number},{statement.currency},010,{amounts[0]},,,015,{amounts[1]},,/"
    total = sum(amounts) + sum(abs(entry.amount_minor) for entry in statement.entries)
    records = [
        f"01,021000021,HOSPITAL,{on},0600,{on}1,,,2/",
        f"02,HOSPITAL,021000021,1,{on},2400,{statement.currency},2/",
        head,
        *entries,
        f"49,{total},{len(entries) + 2}/",
        f"98,{total},1,{len(entries) + 4}/",
        f"99,{total},1,{len(entries) + 6}/",
    ]
    return "".join(f"{record}\r\n" for record in records).encode()


def _entry(entry: Entry) -> list[str]:
    credit, debit = _CODES.get(entry.code, ("399", "699"))
    code = debit if entry.amount_minor < 0 else credit
    own = _bare(entry.references[0] if entry.references else "")
    more = [_bare(each) for each in entry.references[1:]]
    text = " ".join(_bare(each) for each in (entry.counterparty, entry.description, *more) if each)
    lines = [text[at : at + 70] for at in range(0, len(text), 70)] or [""]
    first = f"16,{code},{abs(entry.amount_minor)},0,{_bare(entry.bank_reference)},{own},{lines[0]}"
    return [first, *(f"88,{line}" for line in lines[1:])]


def _bare(text: str) -> str:
    """Commas part fields and slashes end records."""
    return text.replace(",", " ").replace("/", " ").strip()
