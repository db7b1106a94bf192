"""From the fields of one Ntry to an Entry, with everything that is wrong with it."""

from datetime import date

from reconciliation.formats import values as said
from reconciliation.formats.camt.details import MAX_DETAILS, ONCE, detail_of, gathered, parties
from reconciliation.formats.guarded_xml import Frame
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Detail, Entry, Kind

_STATUSES = ("BOOK", "PDNG", "INFO", "FUTR")
_SWITCH = "camt_days_missing"


class EntryMaker:
    """Makes entries; remembers the days it has seen, since a statement has few of them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._days: dict[str, date | None] = {"": None}

    def make(self, frame: Frame, line: int, kind: Kind) -> Entry | None:
        """The entry, or None after a fatal finding."""
        values, references, texts, notes, codes, details, twice = gathered(frame)
        currency = values.get("amount.currency", "")
        minor, problem = said.amount_of(values.get("amount", ""), currency)
        if problem:
            self._bad(line, "Ntry/Amt", values.get("amount", ""), problem)
            return None
        if twice:
            self._bad(line, f"Ntry/{ONCE[twice]}", values[twice], "stands a second time with another value")
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
        kept = self._details(details, currency, side, line) if len(details) > 1 else ()
        has_charges = any(note.startswith("Charge") for note in notes)
        if kept and not has_charges and len(details) <= MAX_DETAILS:
            self._check_sum(minor, kept, line)
        is_reversal = values.get("reversal", "") in ("true", "1")
        is_return = is_reversal or any(note.startswith("Return") for note in notes)
        counterparty, others = parties(details, side, is_return=is_return)
        return Entry(
            amount_minor=-minor if side == "DBIT" else minor,
            currency=currency,
            booked_on=booked_on,
            value_on=value_on or booked_on,
            bank_reference=values.get("bank_reference", "") or values.get("entry_reference", ""),
            references=references,
            counterparty=counterparty,
            description=" ".join([*texts, *others, *notes])[:2000],
            code=values.get("own_code", "") or "-".join(codes),
            status=status,
            is_reversal=is_reversal,
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

    def _details(self, details: list[Frame], currency: str, side: str, line: int) -> tuple[Detail, ...]:
        if len(details) > MAX_DETAILS:
            problem = f"{len(details)} transactions in one entry; the first {MAX_DETAILS} are kept"
            self._warn(line, "Ntry/TxDtls", str(len(details)), problem)
        return tuple(detail_of(frame, currency, side) for frame in details[:MAX_DETAILS])

    def _check_sum(self, minor: int, kept: tuple[Detail, ...], line: int) -> None:
        amounts = [detail.amount_minor for detail in kept]
        if None in amounts:
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
