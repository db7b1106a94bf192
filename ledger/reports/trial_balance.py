"""The trial balance beside that of other days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.sheets import Cell, Column, Kind, StatementTable
from ledger.queries import Scope, TrialBalance, TrialBalanceRow, trial_balance
from ledger.reports.statement import days_in_words, facts_of, file_name
from ledger.rules.comparison import percent_of

_PLAIN = ["Debits", "Credits", "Balance"]


@dataclass(frozen=True, slots=True)
class Days:
    """since is None from the beginning on."""

    since: date | None
    until: date


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One account now and before; before is None without a comparison.

    opening  the balance carried into the days; None where they begin with the book
    """

    number: str
    name: str
    natural_class: str
    natural_class_label: str
    debit: Money
    credit: Money
    before: Money | None
    opening: Money | None = None

    @property
    def closing(self) -> Money | None:
        """The balance after the days; None where `balance` is it already."""
        return None if self.opening is None else self.opening + self.balance

    @property
    def balance(self) -> Money:
        """Debits less credits; a credit balance is negative."""
        return self.debit - self.credit

    @property
    def difference(self) -> Money | None:
        return None if self.before is None else self.balance - self.before

    @property
    def percent(self) -> Decimal | None:
        """None without a comparison and where nothing was before."""
        if self.before is None or self.difference is None:
            return None
        return percent_of(self.difference.minor, self.before.minor)

    @property
    def percent_in_words(self) -> str:
        """ "+12.5" or "−3.0"; empty where there is none."""
        return "" if self.percent is None else f"{self.percent:+}".replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class ComparedTrialBalance:
    """now, before and what was carried in are balanced each; rows are every account of any, by number.

    opening  the sum of what was carried in, zero in a sound book; None where the days begin with the book
    """

    now: TrialBalance
    opening: Money | None
    compared_with: Days | None
    rows: list[ComparedRow]

    @property
    def is_wide(self) -> bool:
        """Whether it has both more columns than a screen has room for beside the accounts' classes."""
        return self.opening is not None and self.compared_with is not None


def compared_trial_balance(scope: Scope, *, compared_with: Days | None = None) -> ComparedTrialBalance:
    """The trial balance, each account beside its balance of other days. Nine SQL queries at most."""
    now = _of(scope, Days(scope.since, scope.until))
    carried = _carried(scope, scope.since) if scope.since else None
    before = _of(scope, compared_with) if compared_with else None
    left = {row.number: row for row in now.rows}
    right = {row.number: row for row in before.rows} if before else {}
    opening = {row.number: row for row in carried.rows if row.balance} if carried else {}
    zero = Money.zero(now.currency)
    rows = [
        _compared(
            left.get(number),
            right.get(number),
            opening.get(number),
            zero,
            is_compared=before is not None,
            is_carried=carried is not None,
        )
        for number in sorted({*left, *right, *opening})
    ]
    total_opening = carried.debit - carried.credit if carried else None
    return ComparedTrialBalance(now=now, opening=total_opening, compared_with=compared_with, rows=rows)


def trial_balance_table(scope: Scope, *, compared_with: Days | None, actor: User) -> StatementTable:
    """The same as rows for a file."""
    compared = compared_trial_balance(scope, compared_with=compared_with)
    now = compared.now
    is_carried = compared.opening is not None
    figures = ["Opening", "Debits", "Credits", "Movement", "Closing"] if is_carried else _PLAIN
    money = [Column(f"{name} ({now.currency})", Kind.MONEY) for name in figures]
    columns = [Column("Account"), Column("Name"), Column("Class"), *money]
    moved = now.debit - now.credit
    totals: list[Cell] = ["Total", "", "", now.debit, now.credit, moved]
    if compared.opening is not None:
        totals = ["Total", "", "", compared.opening, now.debit, now.credit, moved, compared.opening + moved]
    more = []
    if compared_with:
        columns += [
            Column(f"Compared with ({now.currency})", Kind.MONEY),
            Column(f"Difference ({now.currency})", Kind.MONEY),
            Column("Difference in %", Kind.NUMBER),
        ]
        totals += [None, None, None]
        more = [("Compared with", days_in_words(compared_with.since, compared_with.until))]
    return StatementTable(
        title="Trial balance",
        name=file_name("trial-balance", scope),
        facts=facts_of("trial-balance", scope, actor=actor, more=more),
        columns=tuple(columns),
        rows=[_cells(row, is_compared=compared_with is not None) for row in compared.rows],
        totals=totals,
    )


def _of(scope: Scope, days: Days) -> TrialBalance:
    return trial_balance(
        legal_entity=scope.legal_entity,
        as_of=days.until,
        since=days.since,
        facility_ids=scope.facility_ids,
        known_at=scope.known_at,
        before_closing=scope.before_closing,
    )


def _carried(scope: Scope, since: date) -> TrialBalance:
    """All before the days; what closed an earlier year is in it, also where the last one's is left out."""
    return _of(replace(scope, before_closing=False), Days(None, since - timedelta(days=1)))


def _compared(
    now: TrialBalanceRow | None,
    before: TrialBalanceRow | None,
    carried: TrialBalanceRow | None,
    zero: Money,
    *,
    is_compared: bool,
    is_carried: bool,
) -> ComparedRow:
    named = now or before or carried
    assert named is not None
    return ComparedRow(
        number=named.number,
        name=named.name,
        natural_class=named.natural_class,
        natural_class_label=named.natural_class_label,
        debit=now.debit if now else zero,
        credit=now.credit if now else zero,
        before=(before.balance if before else zero) if is_compared else None,
        opening=(carried.balance if carried else zero) if is_carried else None,
    )


def _cells(row: ComparedRow, *, is_compared: bool) -> list[Cell]:
    cells: list[Cell] = [row.number, row.name, row.natural_class_label]
    moved: list[Cell] = [row.debit, row.credit, row.balance]
    cells += moved if row.opening is None else [row.opening, *moved, row.closing]
    return [*cells, row.before, row.difference, row.percent] if is_compared else cells
