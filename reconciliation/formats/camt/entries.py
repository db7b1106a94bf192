"""From the fields of one Ntry to an Entry, with everything that is wrong with it."""

from datetime import date

from reconciliation.formats import values as said
from reconciliation.formats.guarded_xml import Frame
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Detail, Entry, Kind

MAX_DETAILS = 1_000
_STATUSES = ("BOOK", "PDNG", "INFO", "FUTR")
_PARTIES = {"Dbtr", "Cdtr", "return_reason"}
_SEVERAL = {"ref", "bank_reference", "text", "code", "+detail", "-detail"}
_SWITCH = "camt_days_missing"


class EntryMaker:
    """Makes entries; remembers the days it has seen, since a statement has few of them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._days: dict[str, date | None] = {"": None}

    def make(self, frame: Frame, line: int, kind: Kind) -> Entry | None:
        """The entry, or None after a fatal finding."""
        values, references, texts, codes, details = _sorted(frame)
        currency = values.get("amount.currency", "")
        minor, problem = said.amount_of(values.get("amount", ""), currency)
        if problem:
            self._bad(line, "Ntry/Amt", values.get("amount", ""), problem)
            return None
        side = values.get("side")
        if side not in ("CRDT", "DBIT"):
            self._bad(line, "Ntry/CdtDbtInd", side or "", "is neither CRDT nor DBIT")
            return None
        value_on = self._day(values.get("value_on", ""))
        booked_on = self._day(values.get("booked_on", "")) or value_on
        status = self._status(values.get("status", ""), line)
        if booked_on is None:
            is_needed = kind == Kind.FINAL and status == "BOOK"
            self._no_day(line, values.get("booked_on", ""), is_needed=is_needed)
        elif "booked_on" not in values and status == "BOOK":
            self._warn(line, "Ntry/BookgDt", "", "is missing; the value date is used")
        kept = self._details(details, currency, line) if len(details) > 1 else ()
        self._check_sum(minor, kept, len(details), values, line)
        if reason := values.get("return_reason"):
            texts.append(f"Return reason {reason}.")
        return Entry(
            amount_minor=-minor if side == "DBIT" else minor,
            currency=currency,
            booked_on=booked_on,
            value_on=value_on or booked_on,
            bank_reference=values.get("bank_reference", "") or values.get("entry_reference", ""),
            references=references,
            counterparty=values.get("Cdtr" if side == "DBIT" else "Dbtr", "")[:140],
            description=" ".join(texts)[:2000],
            code=values.get("own_code", "") or "-".join(codes),
            status=status,
            is_reversal=values.get("reversal", "") in ("true", "1"),
            details=kept,
            source_line=line,
        )

    def _day(self, text: str) -> date | None:
        if text not in self._days:
            if len(self._days) > 1_000:
                self._days = {"": None}
            self._days[text] = said.date_of(text)
        return self._days[text]

    def _status(self, text: str, line: int) -> str:
        if text in _STATUSES:
            return text
        self._warn(line, "Ntry/Sts", text, "is missing or unknown; the entry is taken as booked")
        return "BOOK"

    def _details(self, details: list[Frame], currency: str, line: int) -> tuple[Detail, ...]:
        if len(details) > MAX_DETAILS:
            problem = f"{len(details)} transactions in one entry; the first {MAX_DETAILS} are kept"
            self._warn(line, "Ntry/TxDtls", str(len(details)), problem)
        return tuple(_detail(frame, currency) for frame in details[:MAX_DETAILS])

    def _check_sum(self, minor: int, kept: tuple[Detail, ...], count: int, values: dict, line: int) -> None:
        amounts = [detail.amount_minor for detail in kept]
        if not kept or count > MAX_DETAILS or "charges" in values or None in amounts:
            return
        total = sum(amount for amount in amounts if amount is not None)
        if abs(total) != minor:
            problem = f"the transactions do not sum to the entry ({minor}); the entry's amount counts"
            self._warn(line, "Ntry/TxDtls", str(total), problem)

    def _no_day(self, line: int, text: str, *, is_needed: bool) -> None:
        problem = "is not a day" if text else "and the value date are missing"
        if is_needed:
            switch = "" if text else _SWITCH
            self._reading.bad(line, "Ntry/BookgDt", text, problem, rule="Ntry", switch=switch)
        elif text:
            self._warn(line, "Ntry/BookgDt", text, problem)

    def _bad(self, line: int, name: str, value: str, problem: str) -> None:
        self._reading.bad(line, name, value, problem, rule="Ntry")

    def _warn(self, line: int, name: str, value: str, problem: str) -> None:
        self._reading.warn(line, name, value, problem, rule="Ntry")


def _sorted(frame: Frame) -> tuple[dict[str, str], tuple[str, ...], list[str], list[str], list[Frame]]:
    """The entry's own fields (the first of each), references, texts, codes, and its transactions.

    Parties count wherever they stand: banks name them in the transaction only.
    """
    values: dict[str, str] = {}
    references: dict[str, None] = {}
    texts: list[str] = []
    codes: list[str] = []
    details: list[Frame] = []
    is_inside, since = False, 0
    for position, (name, text) in enumerate(frame):
        if name not in _SEVERAL:
            if name not in values and (not is_inside or name in _PARTIES):
                values[name] = text
        elif name in ("ref", "bank_reference"):
            if text.upper() not in said.NO_REFERENCE:
                references[text[:140]] = None
            if name == "bank_reference":
                values.setdefault(name, text)
        elif name == "text":
            texts.append(text)
        elif name == "+detail":
            is_inside, since = True, position + 1
        elif name == "-detail":
            is_inside = False
            details.append(frame[since:position])
        else:
            codes.append(text)
    return values, tuple(references)[:MAX_DETAILS], texts, codes, details


def _detail(frame: Frame, entry_currency: str) -> Detail:
    values = dict(reversed(frame))
    name = "amount" if "amount" in values else "tx_amount"
    minor: int | None = None
    if name in values and values.get(f"{name}.currency") == entry_currency:
        minor, problem = said.amount_of(values[name], entry_currency)
        minor = None if problem else minor
    if minor is not None and values.get("side") == "DBIT":
        minor = -minor
    return Detail(minor, _references(frame), values.get("Dbtr", "") or values.get("Cdtr", ""))


def _references(frame: Frame) -> tuple[str, ...]:
    """Each reference once, in file order, without the words that mean there is none."""
    found = {
        text[:140]: None for name, text in frame if name == "ref" and text.upper() not in said.NO_REFERENCE
    }
    return tuple(found)
