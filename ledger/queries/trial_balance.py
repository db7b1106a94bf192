"""The trial balance: every account with its debits, credits and balance."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from hms_ach.access.models import LegalEntity
from hms_ach.money import Money, total
from ledger.models import Account
from ledger.queries.balance import balances


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    account_id: int
    number: str
    name: str
    natural_class: str
    natural_class_label: str
    debit: Money
    credit: Money

    @property
    def balance(self) -> Money:
        """Debits less credits; a credit balance is negative."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All figures in the legal entity's functional currency."""

    legal_entity: str
    currency: str
    since: date | None
    as_of: date
    rows: list[TrialBalanceRow]
    debit: Money
    credit: Money

    @property
    def is_balanced(self) -> bool:
        return self.debit == self.credit


def trial_balance(
    *,
    legal_entity: LegalEntity,
    as_of: date,
    since: date | None = None,
    facility_ids: Collection[int] | None = None,
    known_at: datetime | None = None,
) -> TrialBalance:
    """Debits and credits of each account up to and with a day, by account number. Two SQL queries.

    since         leave out what is effective before this day (a period's movement)
    facility_ids  only these facilities; the whole legal entity when omitted
    known_at      only what was posted by then (aware): the trial balance as it was known at that moment
    """
    sums = {
        balance.account or 0: balance
        for balance in balances(
            legal_entity=legal_entity, as_of=as_of, since=since, known_at=known_at, facility_ids=facility_ids
        )
    }
    currency = legal_entity.functional_currency
    accounts = Account.objects.filter(pk__in=sums).order_by("number", "id")
    found = [
        TrialBalanceRow(
            account_id=account.pk,
            number=account.number,
            name=account.name,
            natural_class=account.natural_class,
            natural_class_label=account.get_natural_class_display(),
            debit=Money(sums[account.pk].debit_minor, currency),
            credit=Money(sums[account.pk].credit_minor, currency),
        )
        for account in accounts
    ]
    return TrialBalance(
        legal_entity=legal_entity.name,
        currency=currency,
        since=since,
        as_of=as_of,
        rows=found,
        debit=total([row.debit for row in found], currency),
        credit=total([row.credit for row in found], currency),
    )
