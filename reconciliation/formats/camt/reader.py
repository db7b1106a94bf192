"""Reads camt.052, 053 and 054 (versions 1 to 13, and files without a namespace) as a stream."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from hms_ach.refusal import FileRejected, Finding
from reconciliation.formats import values as said
from reconciliation.formats.camt import fields
from reconciliation.formats.camt.entries import EntryMaker
from reconciliation.formats.guarded_xml import Frame, GuardedXml
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Balance, Entry, Kind, Statement

MAX_ENTRIES = 2_000_000
MAX_BALANCES = 1_000
_VERSION = re.compile(r"camt\.05([234])\.001\.(\d\d)")


def read(chunks: Iterable[bytes], reading: Reading) -> Iterator[Entry | Statement]:
    """The entries of each statement in file order, then the statement itself.

    What is wrong with single values is added to `reading.findings`; a fatal finding means that
    nothing of the file may be used. Raises FileRejected when reading cannot go on: XML that is
    malformed or hostile, another kind of message, more than two million entries.
    """
    reading.standard = "ISO 20022 camt"
    source = GuardedXml(fields.DOCUMENT, lambda *root: _check_root(reading, *root))
    current, header = _Current(reading), Frame()
    statement_count, entry_count = 0, 0
    for name, frame, line in source.containers(chunks):
        part, _, kind = name.partition(":")
        if part == "entry":
            entry_count += 1
            if entry_count > MAX_ENTRIES:
                raise FileRejected(line, f"the file has more than {MAX_ENTRIES:,} entries")
            entry = current.entry(frame, line, Kind(kind))
            if entry is not None:
                yield entry
        elif part == "balance":
            current.balance(frame, line)
        elif part == "header":
            header = frame
        else:
            statement_count += 1
            yield current.statement(frame, line, source.line, Kind(kind), header)
            current = _Current(reading)
    if not statement_count:
        raise FileRejected(
            source.line, "the file has no statement (Stmt), report (Rpt) or notification (Ntfctn)"
        )


def read_all(content: bytes) -> tuple[list[Statement], list[Finding]]:
    """Every statement of a small file with its entries, and all findings.

    Raises FileRejected as `read` does.
    """
    reading, statements, entries = Reading(), [], []
    for found in read([content], reading):
        if isinstance(found, Entry):
            entries.append(found)
        else:
            statements.append(replace(found, entries=tuple(entries)))
            entries = []
    return statements, reading.findings


def _check_root(reading: Reading, namespace: str, local: str, line: int) -> None:
    if local != "Document":
        raise FileRejected(line, f"the file starts with {local[:40]}, not with Document")
    version = _VERSION.search(namespace)
    if namespace and not version:
        raise FileRejected(line, f"this is {_name_of(namespace)}, not a camt.052, 053 or 054 message")
    reading.standard = f"ISO 20022 camt.05{version.group(1)}" if version else "ISO 20022 camt"


def _name_of(namespace: str) -> str:
    """The message that a namespace names, such as pain.002.001.03."""
    return namespace.rpartition(":")[2].rpartition("/")[2][-40:]


class _Current:
    """The statement being read: its balances, its running sum, its currency once known."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._balances: dict[tuple[str, str], tuple[int, date | None]] = {}
        self._listed: list[Balance] = []
        self._currency = ""
        self._first_on: date | None = None
        self._last_on: date | None = None
        self._booked_minor = self._booked_count = self._entry_count = 0
        self._net_minor = self._debit_minor = self._debit_count = 0
        self._maker = EntryMaker(reading)

    def balance(self, frame: Frame, line: int) -> None:
        values = dict(frame)
        kind, currency = values.get("type", ""), values.get("amount.currency", "")
        minor, problem = said.amount_of(values.get("amount", ""), currency)
        if problem:
            self._bad(line, "Bal/Amt", values.get("amount", ""), problem)
            return
        side = values.get("side")
        if side not in ("CRDT", "DBIT"):
            self._bad(line, "Bal/CdtDbtInd", side or "", "is neither CRDT nor DBIT")
            return
        signed = -minor if side == "DBIT" else minor
        if len(self._listed) < MAX_BALANCES:
            self._listed.append(Balance(kind, signed, currency, said.date_of(values.get("on", "")), line))
        if kind == "CLBD" or (kind, currency) not in self._balances:
            self._balances[kind, currency] = (signed, said.date_of(values.get("on", "")))

    def entry(self, frame: Frame, line: int, kind: Kind) -> Entry | None:
        self._entry_count += 1
        entry = self._maker.make(frame, line, kind)
        if entry is None:
            return None
        if entry.currency != self._currency:
            self._same_currency(entry.currency, line, "Ntry/Amt")
        self._net_minor += entry.amount_minor
        if entry.amount_minor < 0:
            self._debit_minor -= entry.amount_minor
            self._debit_count += 1
        if entry.status == "BOOK":
            self._booked_minor += entry.amount_minor
            self._booked_count += 1
            day = entry.booked_on
            if day is None:
                pass
            elif self._first_on is None or self._last_on is None:
                self._first_on = self._last_on = day
            elif day < self._first_on:
                self._first_on = day
            elif day > self._last_on:
                self._last_on = day
        return entry

    def statement(self, frame: Frame, line: int, last_line: int, kind: Kind, header: Frame) -> Statement:
        values = dict(reversed(frame))
        currency = values.get("currency", "") or self._currency or next(iter(self._balances), ("", ""))[1]
        if self._currency and currency != self._currency:
            self._bad(
                line, "Acct/Ccy", currency, f"the account is in {currency}, its amounts in {self._currency}"
            )
        for name, tag in (("id", "Id"), ("account", "Acct/Id")):
            if not values.get(name):
                self._bad(line, tag, "", "is missing")
        if len({text for name, text in frame if name == "account"}) > 1:
            self._bad(line, "Acct/Id", values["account"], "is one of several accounts of the statement")
        opening = self._balance_of(currency, "OPBD", "PRCD")
        closing = self._balance_of(currency, "CLBD")
        created_at = said.moment_of(values.get("created_at", ""))
        # A notice need not say which days it is about; then it is about the day it was made on.
        made_on = created_at.date() if created_at and kind != Kind.FINAL else None
        page, is_last_page = self._page(values, header, is_whole=None not in (opening[0], closing[0]))
        statement = Statement(
            account_number=values.get("account", ""),
            statement_id=values.get("id", ""),
            currency=currency,
            opening_minor=opening[0],
            closing_minor=closing[0],
            from_on=said.date_of(values.get("from_on", ""))
            or self._first_on
            or opening[1]
            or closing[1]
            or made_on,
            to_on=said.date_of(values.get("to_on", "")) or closing[1] or self._last_on or made_on,
            sequence=said.number_of(values.get("sequence", "")),
            created_at=created_at,
            owner=values.get("owner", ""),
            booked_minor=self._booked_minor,
            booked_count=self._booked_count,
            source_line=line,
            last_line=last_line,
            kind=kind,
            page=page,
            is_last_page=is_last_page,
            balances=tuple(self._listed),
            other_count=self._entry_count - self._booked_count,
        )
        self._check(statement, values)
        return statement

    def _page(self, values: dict[str, str], header: Frame, *, is_whole: bool) -> tuple[int, bool]:
        """The page of the statement; of the message only where the statement is not whole by itself."""
        found = values if "page" in values or is_whole else dict(header)
        number = said.number_of(found.get("page", ""))
        return min(number or 1, 10_000), found.get("is_last_page", "true") in ("true", "1")

    def _check(self, statement: Statement, values: dict[str, str]) -> None:
        line = statement.source_line
        if values.get("copy") in ("DUPL", "CODU"):
            self._warn(line, "CpyDplctInd", values["copy"], "the bank says that it sent this before")
        is_part = statement.page > 1 or not statement.is_last_page
        if (
            statement.kind == Kind.FINAL
            and not is_part
            and None
            in (
                statement.opening_minor,
                statement.closing_minor,
            )
        ):
            missing = "OPBD or PRCD" if statement.opening_minor is None else "CLBD"
            others = sorted({currency for _kind, currency in self._balances} - {statement.currency})
            other = f" in {statement.currency} (others are in {', '.join(others)})" if others else ""
            self._warn(line, "Bal", "", f"the balance {missing}{other} is missing; the sum cannot be checked")
        elif statement.difference_minor:
            problem = (
                f"opening + booked entries differ from closing by {statement.difference_minor} minor units"
            )
            self._warn(line, "Bal", str(statement.closing_minor), problem)
        self._check_summary(statement, values)

    def _check_summary(self, statement: Statement, values: dict[str, str]) -> None:
        """What TxsSummry says of entries, credits and debits: how many, and their sums without a sign."""
        credit_minor = self._net_minor + self._debit_minor
        counted = {
            "entry": ("TtlNtries", self._entry_count, credit_minor + self._debit_minor),
            "credit": ("TtlCdtNtries", self._entry_count - self._debit_count, credit_minor),
            "debit": ("TtlDbtNtries", self._debit_count, self._debit_minor),
        }
        line = statement.source_line
        for kind, (tag, count, minor) in counted.items():
            stated = values.get(f"{kind}_count", "")
            if stated and said.number_of(stated) != count:
                self._warn(line, f"{tag}/NbOfNtries", stated, f"the file has {count}")
            total = values.get(f"{kind}_sum", "")
            if total and said.amount_of(total, statement.currency) != (minor, ""):
                self._warn(line, f"{tag}/Sum", total, f"the file's come to {minor} minor units")

    def _balance_of(self, currency: str, *kinds: str) -> tuple[int | None, date | None]:
        """A bank may report a balance in several currencies; the account's own is the one that counts."""
        found = (self._balances.get((kind, currency)) for kind in kinds)
        return next((balance for balance in found if balance), (None, None))

    def _same_currency(self, currency: str, line: int, tag: str) -> None:
        self._currency = self._currency or currency
        if currency != self._currency:
            self._bad(line, tag, currency, f"the statement is in {self._currency}")

    def _bad(self, line: int, name: str, value: str, problem: str) -> None:
        self._reading.bad(line, name, value, problem, rule="Stmt")

    def _warn(self, line: int, name: str, value: str, problem: str) -> None:
        self._reading.warn(line, name, value, problem, rule="Stmt")
