"""The trial balance: every account with its debits, credits and balance."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from hms_ach.access.models import LegalEntity
from hms_ach.money import Money, total
from ledger.models import Account, Posting
from ledger.queries.balance import balances
from ledger.queries.year_close import closing_entries


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
    before_closing: bool = False,
) -> TrialBalance:
    """Debits and credits of each account up to and with a day, by account number. Two SQL queries, or three.

    since         leave out what is effective before this day (a period's movement)
    facility_ids  only these facilities; the whole legal entity when omitted
    known_at      only what was posted by then (aware): the trial balance as it was known at that moment
    before_closing  without the closing entries of the fiscal year of as_of: income and expense as they were
    """
    found_sums = balances(
        legal_entity=legal_entity, as_of=as_of, since=since, known_at=known_at, facility_ids=facility_ids
    )
    sums = {each.account or 0: (each.debit_minor, each.credit_minor) for each in found_sums}
    if before_closing:
        for account_id, debit, credit in _closing(legal_entity, as_of, since, facility_ids, known_at):
            before = sums[account_id]
            sums[account_id] = (before[0] - debit, before[1] - credit)
        sums = {account_id: sides for account_id, sides in sums.items() if any(sides)}
    currency = legal_entity.functional_currency
    accounts = Account.objects.filter(pk__in=sums).order_by("number", "id")
    found = [
        TrialBalanceRow(
            account_id=account.pk,
            number=account.number,
            name=account.name,
            natural_class=account.natural_class,
            natural_class_label=account.get_natural_class_display(),
            debit=Money(sums[account.pk][0], currency),
            credit=Money(sums[account.pk][1], currency),
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


def _closing(
    legal_entity: LegalEntity,
    as_of: date,
    since: date | None,
    facility_ids: Collection[int] | None,
    known_at: datetime | None,
) -> list[tuple[int, int, int]]:
    """What the closing entries debited and credited, by account: few, one a facility and closing."""
    rows = Posting.objects.filter(
        entry__in=closing_entries(legal_entity, on=as_of),
        effective_on__range=(since or date.min, as_of),
    )
    if facility_ids is not None:
        rows = rows.filter(facility_id__in=facility_ids)
    if known_at:
        rows = rows.filter(entry__posted_at__lte=known_at)
    sums = rows.values_list("account_id").annotate(
        debit=Coalesce(Sum("functional_minor", filter=Q(functional_minor__gt=0)), 0),
        credit=Coalesce(Sum("functional_minor", filter=Q(functional_minor__lt=0)), 0),
    )
    return [
        (account_id, int(debit), -int(credit)) for account_id, debit, credit in sums.order_by("account_id")
    ]
