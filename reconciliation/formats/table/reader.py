"""Reads the rows of a table into entries, by a profile."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from operator import itemgetter

from hms_ach.money import CURRENCIES
from hms_ach.refusal import FileRejected
from reconciliation.formats.labelled import labelled
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Balance, Entry, Statement
from reconciliation.formats.table.columns import places_of
from reconciliation.formats.table.profile import FIELDS, TableProfile, amounts_by, date_by, date_pattern
from reconciliation.formats.table.rows import MAX_CELL, Row, checked, csv_rows

MAX_ENTRIES = 2_000_000
MAX_ACCOUNTS = 1_000
_ISO = date_pattern("YYYY-MM-DD")


def read_csv(chunks: Iterable[bytes], reading: Reading, profile: TableProfile) -> Iterator[Entry | Statement]:
    """The entries of a CSV file, then its statement. A file is of one account; another is a finding.

    Raises FileRejected where reading cannot go on: no CSV, a column that is not there.
    """
    reading.standard = "CSV"
    yield from _Table(reading, profile).read(csv_rows(chunks, reading, delimiter=profile.delimiter))


def read_xlsx(rows: Iterator[Row], reading: Reading, profile: TableProfile) -> Iterator[Entry | Statement]:
    """The entries of a workbook's sheet (`xlsx_rows`), then its statement; as `read_csv`."""
    reading.standard = "XLSX"
    yield from _Table(reading, profile).read(rows)


class _Table:
    def __init__(self, reading: Reading, profile: TableProfile) -> None:
        self._reading, self._profile, self._mark = reading, profile, profile.decimal_mark
        self._pattern = date_pattern(profile.date_format)
        self._places: dict[str, list[int]] = {}
        self._are_single, self._is_plain, self._width, self._cell_count = False, False, 0, 0
        self._short_count, self._short_line = 0, 0
        self._pick: Callable[[list[str]], tuple[str, ...]] = tuple
        self._days: dict[str, date | None] = {}
        self._account, self._currency = profile.account_number, profile.currency
        self._minor_of = amounts_by(self._mark, self._currency)
        self._is_signed, self._has_side = "amount" in profile.columns, "side" in profile.columns
        self._is_newest_first, self._delimiter = profile.is_newest_first, profile.delimiter or ","
        self._booked_minor = self._count = 0
        self._on: date | None = None
        self._first_on: date | None = None
        self._last_on: date | None = None
        self._first: tuple[int, int] | None = None  # the first row's balance and amount
        self._last: tuple[int, int] | None = None  # the last row's
        self._last_line = 0
        self._debits = {word.upper() for word in profile.debit_words}
        self._credits = {word.upper() for word in profile.credit_words}

    def read(self, rows: Iterator[Row]) -> Iterator[Entry | Statement]:
        profile = self._profile
        skipped = len(list(islice(rows, profile.skipped_head)))
        headings = next(rows, None) if profile.has_headings else (0, [])
        if headings is None:
            raise FileRejected(0, f"the table ends after {skipped} rows, before its headings")
        self._find_places(*headings)
        yield from self._entries(_without_foot(rows, profile.skipped_foot) if profile.skipped_foot else rows)
        if self._short_count == 1 and self._short_line == self._last_line:
            self._bad(self._last_line, "row", "", "ends before its last column: the file was cut off")
        yield self._statement()

    def _find_places(self, line: int, headings: list[str]) -> None:
        """Raises FileRejected for a column that the table has not, or has twice."""
        self._places = places_of(self._profile, line, headings)
        self._are_single = all(len(places) == 1 for places in self._places.values())
        self._width = max(max(places) for places in self._places.values()) + 1
        self._cell_count = len(headings)
        self._is_plain = self._are_single and self._cell_count >= self._width
        self._pick = itemgetter(*(self._places.get(field, [-1])[0] for field in FIELDS))

    def _said(self, line: int, cells: list[str]) -> Iterable[str]:
        """The row's text of each of FIELDS, in their order, "" where it has none."""
        if len(cells) != self._cell_count:
            self._note_length(line, cells)
        if self._are_single and len(cells) >= self._width:
            return self._pick([*map(str.strip, cells), ""])
        said = dict.fromkeys(FIELDS, "")
        for field, places in self._places.items():
            texts = (cells[place].strip() for place in places if place < len(cells))
            said[field] = " ".join(text for text in texts if text)
        return said.values()

    def _note_length(self, line: int, cells: list[str]) -> None:
        """A row of CSV with more cells than headings has a mark too many, and its cells are others' cells."""
        checked(cells, line)
        self._cell_count = self._cell_count or len(cells)
        if self._reading.standard == "XLSX":
            return
        if any(cells[self._cell_count :]):
            problem = f"has {len(cells)} cells, the table {self._cell_count} columns"
            self._bad(line, "row", self._delimiter.join(cells), problem)
        elif len(cells) < self._cell_count:
            self._short_count, self._short_line = self._short_count + 1, line

    def _entries(self, rows: Iterable[Row]) -> Iterator[Entry]:
        """One loop: what a row takes is what a file takes."""
        delimiter, pick, is_plain = self._delimiter, self._pick, self._is_plain
        minor_of, day_by, is_one_amount = (
            self._minor_of,
            self._days.get,
            self._is_signed and not self._has_side,
        )
        count = booked_minor = 0
        minor: int | None
        row: Iterable[str]
        for line, cells in rows:
            self._last_line = line
            if count >= MAX_ENTRIES:
                raise FileRejected(line, f"the table has more than {MAX_ENTRIES:,} rows")
            if is_plain and len(cells) == self._cell_count:
                row = pick([*map(str.strip, cells), ""])
            else:
                row = self._said(line, cells)
            raw = delimiter.join(cells)
            if len(raw) > MAX_CELL:
                checked(cells, line)
            (booked, value, amount, debit, credit, side, balance, currency, account, bank_reference,
             reference, counterparty, description, code) = row  # fmt: skip
            if account != self._account or currency != self._currency:
                currency = self._same(line, account, currency)
                minor_of = self._minor_of
            if is_one_amount:
                minor, problem = minor_of(amount)
                if problem:
                    minor = self._amount(line, amount, side)
            elif self._is_signed:
                minor = self._amount(line, amount, side)
            else:
                minor = self._of_two(line, debit, credit)
            booked_on = day_by(booked) or self._day(line, booked, "booked_on")
            if minor is None or booked_on is None:
                continue
            count += 1
            booked_minor += minor
            if balance:
                self._balance(line, balance, minor)
            references = _references(bank_reference, reference)
            if ":" in description and not counterparty:
                said = labelled(description, is_debit=minor < 0)
                counterparty = said.counterparty
                references = tuple(dict.fromkeys((*references, *said.references)))
            if booked_on is not self._on:  # days are kept by their texts: it is mostly the row before's
                self._on = booked_on
                self._first_on = min(booked_on, self._first_on or booked_on)
                self._last_on = max(booked_on, self._last_on or booked_on)
            value_on = (day_by(value) or self._day(line, value, "value_on")) if value else booked_on
            # By position: names cost a tenth of the time that a row takes.
            yield Entry(
                minor, currency, booked_on, value_on, bank_reference[:70], references, counterparty[:140],
                description[:2000], code[:40], "BOOK", False, (), line, raw,
            )  # fmt: skip
        self._count, self._booked_minor = count, booked_minor

    def _same(self, line: int, account: str, currency: str) -> str:
        """The row's currency; a file has one, and one account."""
        currency = currency.upper()
        if account and account != (self._account or account):
            self._bad(line, "account", f"••{account[-4:]}", "another account than the rows before")
        if currency and currency not in CURRENCIES:
            self._bad(line, "currency", currency, "is not an ISO 4217 code")
        elif currency and currency != (self._currency or currency):
            self._bad(line, "currency", currency, f"the rows before are in {self._currency}")
        self._account = self._account or account
        self._currency = self._currency or currency
        self._minor_of = amounts_by(self._mark, self._currency)
        return self._currency

    def _amount(self, line: int, text: str, side: str) -> int | None:
        minor, problem = self._minor_of(text)
        if problem:
            self._bad(line, "amount", text, problem)
            return None
        return self._sided(line, side, minor) if self._has_side else minor

    def _of_two(self, line: int, debit: str, credit: str) -> int | None:
        sides = {"debit": debit, "credit": credit}
        found: dict[str, int] = {}
        for name, text in sides.items():
            if text:
                minor, problem = self._minor_of(text)
                if problem:
                    self._bad(line, name, text, problem)
                    return None
                if minor:
                    found[name] = minor
        if len(found) == 2 or not any(sides.values()):
            problem = "both hold an amount" if found else "neither holds an amount"
            self._bad(line, "debit, credit", " ".join(sides.values()), problem)
            return None
        # Some banks put a minus before debits although they have a column of their own.
        return found.get("credit", 0) - abs(found.get("debit", 0))

    def _sided(self, line: int, side: str, minor: int) -> int | None:
        if side.upper() in self._debits:
            return -abs(minor)
        if side.upper() in self._credits:
            return abs(minor)
        self._bad(line, "side", side, "is none of the profile's words for debit or credit")
        return None

    def _balance(self, line: int, text: str, minor: int) -> None:
        """The balance column, row by row: each is the one before and the amount between."""
        now, problem = self._minor_of(text)
        if problem:
            self._bad(line, "balance", text, problem)
            return
        if self._last is not None:
            before, amount_before = self._last
            wanted = before - amount_before if self._is_newest_first else before + minor
            if now != wanted:
                problem = f"does not follow from the row before ({wanted} minor units)"
                self._reading.warn(line, "balance", text, problem, rule="balance column")
        self._first = self._first or (now, minor)
        self._last = (now, minor)

    def _day(self, line: int, text: str, field: str) -> date | None:
        if text not in self._days:
            if len(self._days) > 2_000:
                self._days.clear()
            self._days[text] = date_by(self._pattern, text) or (
                date_by(_ISO, text) if self._reading.standard == "XLSX" else None
            )
        on = self._days[text]
        if on is None:
            self._bad(line, field, text, f"is not a day as {self._profile.date_format}")
        return on

    def _statement(self) -> Statement:
        opening = closing = None
        if self._first is not None and self._last is not None:
            ends = (self._last, self._first) if self._is_newest_first else (self._first, self._last)
            opening, closing = ends[0][0] - ends[0][1], ends[1][0]
        if not self._account:
            self._bad(
                0, "account", "", "no column says which account this is; state it in the column profile"
            )
        if not self._currency:
            self._bad(
                0, "currency", "", "no column says which currency this is; state it in the column profile"
            )
        balances = [
            Balance(code, minor, self._currency, on, 0)
            for code, minor, on in (("OPBD", opening, self._first_on), ("CLBD", closing, self._last_on))
            if minor is not None
        ]
        return Statement(
            account_number=self._account,
            statement_id="",
            currency=self._currency,
            opening_minor=opening,
            closing_minor=closing,
            from_on=self._first_on,
            to_on=self._last_on,
            booked_minor=self._booked_minor,
            booked_count=self._count,
            source_line=1,
            last_line=self._last_line,
            balances=tuple(balances),
        )

    def _bad(self, line: int, field: str, value: str, problem: str) -> None:
        self._reading.bad(line, field, value, problem, rule="profile")


def _without_foot(rows: Iterator[Row], skipped: int) -> Iterator[Row]:
    """All rows but the last ones."""
    held: deque[Row] = deque()
    for row in rows:
        held.append(row)
        if len(held) > skipped:
            yield held.popleft()


def _references(bank_reference: str, reference: str) -> tuple[str, ...]:
    """Each once, as far as they are said."""
    if reference and reference != bank_reference:
        return (bank_reference[:140], reference[:140]) if bank_reference else (reference[:140],)
    return (bank_reference[:140],) if bank_reference else ()
