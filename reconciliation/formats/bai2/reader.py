"""Reads BAI2 as a stream: file 01-99, group 02-98, account 03-49, transactions 16."""

from collections.abc import Iterable, Iterator
from datetime import date

from hms_ach.money import CURRENCIES
from hms_ach.refusal import FileRejected
from reconciliation.formats import text, values
from reconciliation.formats.bai2.account import Account
from reconciliation.formats.bai2.codes import GROUP_STATUS, INTERIM
from reconciliation.formats.bai2.records import records
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry, Kind, Statement

MAX_ENTRIES = 2_000_000
MAX_ACCOUNTS = 20_000


def read(chunks: Iterable[bytes], reading: Reading) -> Iterator[Entry | Statement]:
    """The entries of each account in file order, then its statement.

    The statement is named by the group's as-of date. Raises FileRejected where reading cannot go
    on: a line that is no record, a continuation without a beginning, more than two million entries.
    """
    reading.standard = "BAI2"
    yield from _Reader(reading).read(text.lines(chunks, reading, record_end=b"/"))


class _Level:
    """What a trailer of file or group is compared with."""

    def __init__(self, line: int) -> None:
        self.line, self.total, self.parts, self.records = line, 0, 0, 0


class _Reader:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._file: _Level | None = None
        self._group: _Level | None = None
        self._account: Account | None = None
        self._as_of: date | None = None
        self._currency, self._kind = "USD", Kind.FINAL
        self._names: dict[tuple[str, date | None], int] = {}
        self._has_accounts = False

    def read(self, lines: Iterable[str]) -> Iterator[Entry | Statement]:
        count = seen = line = 0
        for code, content, line, size in records(lines, self._reading):
            seen += size
            if code == "16":
                count += 1
                if self._account is None:
                    self._bad(line, "16", content, "a transaction outside an account (03)")
                    continue
                if count > MAX_ENTRIES:
                    raise FileRejected(line, f"the file has more than {MAX_ENTRIES:,} transactions")
                entry = self._account.entry(content, line, size)
                if entry is not None:
                    yield entry
                continue
            self._count(seen)
            seen = 0
            if code == "49":
                yield from self._close_account(content, line, size)
            else:
                yield from self._abandon_account(line)
                self._level(code, content, line, size)
        yield from self._abandon_account(line)
        for level, trailer in ((self._group, "98"), (self._file, "99")):
            if level is not None:
                self._missing(line, trailer)
        if not self._has_accounts and not self._reading.is_refused:
            raise FileRejected(line, "the file has no account (03)")

    def _count(self, records: int) -> None:
        """Physical records that came since the last header or trailer, and it."""
        for level in (self._file, self._group):
            if level is not None:
                level.records += records

    def _level(self, code: str, content: str, line: int, size: int) -> None:
        fields = [field.strip() for field in content.split(",")]
        if code == "01":
            self._open_file(fields, line, size)
        elif code == "02":
            self._open_group(fields, line, size)
        elif code == "03":
            self._open_account(content, line, size)
        elif code == "98":
            self._close(self._group, "98", fields, line)
            if self._file is not None and self._group is not None:
                self._file.parts += 1
                self._file.total += _whole(fields[0]) or 0
            self._group = None
        else:
            if self._group is not None:
                self._missing(line, "98")
            self._close(self._file, "99", fields, line)
            self._file = self._group = None

    def _open_file(self, fields: list[str], line: int, size: int) -> None:
        if self._file is not None:
            self._missing(line, "99")
        self._file, self._group = _Level(line), None
        self._file.records = size
        version = fields[7] if len(fields) > 7 else ""
        if version != "2":
            self._bad(line, "01.8 version", version, "is not 2, the version of BAI2")

    def _open_group(self, fields: list[str], line: int, size: int) -> None:
        if self._file is None:
            self._bad(line, "02", "", "a group outside a file (01)")
        if self._group is not None:
            self._missing(line, "98")
        self._group = _Level(line)
        self._group.records = size
        _, _, status, as_of, _, currency, modifier, *_ = [*fields, *[""] * 7]
        self._as_of = values.day_of(as_of[:2], as_of[2:4], as_of[4:6]) if len(as_of) == 6 else None
        if self._as_of is None:
            self._bad(line, "02.4 as-of date", as_of, "is not a day (YYMMDD)")
        if status not in GROUP_STATUS:
            self._bad(line, "02.3 status", status, "is none of 1 to 4")
        elif status in ("2", "4"):
            problem = f"is a {GROUP_STATUS[status]}; ask the bank before anything of it is used"
            self._bad(line, "02.3 status", status, problem)
        elif status == "3":
            self._reading.warn(line, "02.3 status", status, "corrects an earlier group", rule="02")
        if currency and currency not in CURRENCIES:
            self._bad(line, "02.6 currency", currency, "is not an ISO 4217 code")
        self._currency = currency if currency in CURRENCIES else "USD"
        self._kind = Kind.INTERIM if modifier in INTERIM else Kind.FINAL

    def _open_account(self, content: str, line: int, size: int) -> None:
        if self._group is None:
            self._bad(line, "03", "", "an account outside a group (02)")
        if len(self._names) >= MAX_ACCOUNTS:
            raise FileRejected(line, f"the file has more than {MAX_ACCOUNTS:,} accounts")
        self._has_accounts = True
        self._account = Account(
            self._reading, content, line, size, as_of=self._as_of, currency=self._currency, kind=self._kind
        )

    def _close_account(self, content: str, line: int, size: int) -> Iterator[Statement]:
        if self._account is None:
            self._bad(line, "49", content, "an account trailer without its account (03)")
            return
        total = self._account.check(content, line, size)
        if self._group is not None:
            self._group.total += total
            self._group.parts += 1
        yield self._statement(line)

    def _abandon_account(self, line: int) -> Iterator[Statement]:
        if self._account is not None:
            self._missing(line, "49")
            yield self._statement(line)

    def _statement(self, line: int) -> Statement:
        """The account as read; a second one of the same day gets a name of its own."""
        assert self._account is not None
        account, self._account = self._account, None
        key = (account.number, self._as_of)
        self._names[key] = self._names.get(key, 0) + 1
        name = f"{self._as_of or 'undated'}" + (f"/{self._names[key]}" if self._names[key] > 1 else "")
        return account.statement(name, line)

    def _close(self, level: _Level | None, code: str, fields: list[str], line: int) -> None:
        """Compare a trailer with what it closes: total, number of parts, number of records."""
        if level is None:
            self._bad(line, code, "", "a trailer without what it closes")
            return
        total, parts, count, *_ = [*fields, "", "", ""]
        whole = _whole(total)
        if not total:
            self._bad(line, f"{code}.2 total", "", "is left out", switch="bai2_totals_blank")
        elif whole is None:
            self._bad(line, f"{code}.2 total", total, "is not a number of minor units")
        elif whole != level.total:
            problem = f"is not the sum of the totals below it ({level.total})"
            self._bad(line, f"{code}.2 total", total, problem, switch="bai2_totals_wrong")
        for place, stated, found in ((3, parts, level.parts), (4, count, level.records)):
            if _whole(stated) != found:
                name = f"{code}.{place} " + ("parts" if place == 3 else "records")
                self._bad(line, name, stated, f"the file has {found}", switch="bai2_counts_wrong")

    def _missing(self, line: int, code: str) -> None:
        self._bad(line, code, "", "the trailer is missing", switch="bai2_trailers_missing")

    def _bad(self, line: int, name: str, value: str, problem: str, *, switch: str = "") -> None:
        self._reading.bad(line, name, value, problem, rule=name[:2], switch=switch)


def _whole(stated: str) -> int | None:
    digits = stated[1:] if stated[:1] in ("+", "-") else stated
    return int(stated) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None
