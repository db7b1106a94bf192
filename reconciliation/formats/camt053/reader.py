"""Reads camt.053 (versions 1 to 13, and files without a namespace) as a stream."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from hms_ach.refusal import FileRejected, Finding
from reconciliation.formats.camt053 import fields
from reconciliation.formats.camt053.entries import EntryMaker
from reconciliation.formats.camt053.statement import Entry, Statement
from reconciliation.formats.guarded_xml import Frame, GuardedXml

MAX_ENTRIES = 2_000_000
MAX_FINDINGS = 500
_VERSION = re.compile(r"camt\.053\.001\.(\d\d)")


@dataclass(slots=True)
class Reading:
    """What was found while reading, in file order; at most 500 findings are kept."""

    findings: list[Finding] = field(default_factory=list)
    finding_count: int = 0

    def found(self, line: int, name: str, value: str, problem: str, *, rule: str, is_fatal: bool) -> None:
        self.finding_count += 1
        if len(self.findings) < MAX_FINDINGS or (is_fatal and not self.is_refused):
            self.findings.append(
                Finding(line, name, value[:60], f"ISO 20022 camt.053 {rule}", problem, is_fatal)
            )

    @property
    def is_refused(self) -> bool:
        return any(finding.is_fatal for finding in self.findings)


def read(chunks: Iterable[bytes], reading: Reading) -> Iterator[Entry | Statement]:
    """The entries of each statement in file order, then the statement itself.

    What is wrong with single values is added to `reading.findings`; a fatal finding means that
    nothing of the file may be used. Raises FileRejected when reading cannot go on: XML that is
    malformed or hostile, another kind of message, more than two million entries.
    """
    source = GuardedXml(fields.DOCUMENT, _check_root)
    current = _Current(reading)
    statement_count, entry_count = 0, 0
    for name, frame, line in source.containers(chunks):
        if name == "entry":
            entry_count += 1
            if entry_count > MAX_ENTRIES:
                raise FileRejected(line, f"the file has more than {MAX_ENTRIES:,} entries")
            entry = current.entry(frame, line)
            if entry is not None:
                yield entry
        elif name == "balance":
            current.balance(frame, line)
        else:
            statement_count += 1
            yield current.statement(frame, line)
            current = _Current(reading)
    if not statement_count:
        raise FileRejected(source.line, "the file has no statement (Stmt)")


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


def _check_root(namespace: str, local: str, line: int) -> None:
    if local != "Document":
        raise FileRejected(line, f"the file starts with {local[:40]}, not with Document")
    if namespace and not _VERSION.search(namespace):
        raise FileRejected(line, f"this is {namespace[-40:]}, not a camt.053 statement")


class _Current:
    """The statement being read: its balances, its running sum, its currency once known."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._balances: dict[tuple[str, str], tuple[int, date | None]] = {}
        self._currency = ""
        self._first_on: date | None = None
        self._last_on: date | None = None
        self._booked_minor = self._booked_count = self._entry_count = 0
        self._maker = EntryMaker(reading)

    def balance(self, frame: Frame, line: int) -> None:
        values = dict(frame)
        kind, currency = values.get("type", ""), values.get("amount.currency", "")
        minor, problem = fields.amount_of(values.get("amount", ""), currency)
        if problem:
            self._bad(line, "Bal/Amt", values.get("amount", ""), problem)
            return
        side = values.get("side")
        if side not in ("CRDT", "DBIT"):
            self._bad(line, "Bal/CdtDbtInd", side or "", "is neither CRDT nor DBIT")
            return
        signed = -minor if side == "DBIT" else minor
        if kind == "CLBD" or (kind, currency) not in self._balances:
            self._balances[kind, currency] = (signed, fields.date_of(values.get("on", "")))

    def entry(self, frame: Frame, line: int) -> Entry | None:
        self._entry_count += 1
        entry = self._maker.make(frame, line)
        if entry is None:
            return None
        if entry.currency != self._currency:
            self._same_currency(entry.currency, line, "Ntry/Amt")
        if entry.status == "BOOK":
            self._booked_minor += entry.amount_minor
            self._booked_count += 1
            day = entry.booked_on
            if self._first_on is None or self._last_on is None:
                self._first_on = self._last_on = day
            elif day < self._first_on:
                self._first_on = day
            elif day > self._last_on:
                self._last_on = day
        return entry

    def statement(self, frame: Frame, line: int) -> Statement:
        values = dict(reversed(frame))
        currency = values.get("currency", "") or self._currency or next(iter(self._balances), ("", ""))[1]
        if self._currency and currency != self._currency:
            self._bad(
                line, "Acct/Ccy", currency, f"the account is in {currency}, its amounts in {self._currency}"
            )
        for name, tag in (("id", "Id"), ("account", "Acct/Id")):
            if not values.get(name):
                self._bad(line, tag, "", "is missing")
        opening = self._balance_of(currency, "OPBD", "PRCD")
        closing = self._balance_of(currency, "CLBD")
        statement = Statement(
            account_number=values.get("account", ""),
            statement_id=values.get("id", ""),
            currency=currency,
            opening_minor=opening[0],
            closing_minor=closing[0],
            from_on=fields.date_of(values.get("from_on", "")) or self._first_on or opening[1] or closing[1],
            to_on=fields.date_of(values.get("to_on", "")) or closing[1] or self._last_on,
            sequence=fields.number_of(values.get("sequence", "")),
            created_at=fields.moment_of(values.get("created_at", "")),
            owner=values.get("owner", ""),
            booked_minor=self._booked_minor,
            booked_count=self._booked_count,
            source_line=line,
        )
        self._check(statement, values)
        return statement

    def _check(self, statement: Statement, values: dict[str, str]) -> None:
        line, count = statement.source_line, values.get("entry_count", "")
        if statement.opening_minor is None or statement.closing_minor is None:
            missing = "OPBD or PRCD" if statement.opening_minor is None else "CLBD"
            self._warn(line, "Bal", "", f"the balance {missing} is missing; the sum cannot be checked")
        elif statement.difference_minor:
            problem = (
                f"opening + booked entries differ from closing by {statement.difference_minor} minor units"
            )
            self._warn(line, "Bal", str(statement.closing_minor), problem)
        if count and fields.number_of(count) != self._entry_count:
            self._warn(line, "NbOfNtries", count, f"the file has {self._entry_count} entries")

    def _balance_of(self, currency: str, *kinds: str) -> tuple[int | None, date | None]:
        """A bank may report a balance in several currencies; the account's own is the one that counts."""
        found = (self._balances.get((kind, currency)) for kind in kinds)
        return next((balance for balance in found if balance), (None, None))

    def _same_currency(self, currency: str, line: int, tag: str) -> None:
        self._currency = self._currency or currency
        if currency != self._currency:
            self._bad(line, tag, currency, f"the statement is in {self._currency}")

    def _bad(self, line: int, name: str, value: str, problem: str) -> None:
        self._reading.found(line, name, value, problem, rule="Stmt", is_fatal=True)

    def _warn(self, line: int, name: str, value: str, problem: str) -> None:
        self._reading.found(line, name, value, problem, rule="Stmt", is_fatal=False)
