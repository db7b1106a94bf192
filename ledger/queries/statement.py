"""One account's postings with their running balance."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Sum, Window

from hms_ach.money import Money
from ledger.models import Account, Posting
from ledger.queries.balance import account_balance


@dataclass(frozen=True, slots=True)
class StatementRow:
    """balance is the account's, in functional currency, after this posting."""

    posting_id: int
    effective_on: date
    entry_public_id: str
    memo: str
    source_kind: str
    source_id: str
    reference: str
    facility_code: str
    amount: Money
    functional: Money
    balance: Money

    @property
    def source_label(self) -> str:
        """The kind of document in words."""
        return self.source_kind.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class AccountStatement:
    account: Account
    opening: Money
    closing: Money
    page: "Page[StatementRow]"


def account_statement(
    *,
    account: Account,
    since: date,
    until: date,
    facility_ids: Collection[int] | None = None,
    page: int | str = 1,
    page_size: int = 50,
) -> AccountStatement:
    """A page of the account's postings from since to until (both included), oldest first.

    account must come with its legal_entity selected. Four SQL queries, whatever the number of rows.
    """
    currency = account.legal_entity.functional_currency
    all_rows = Posting.objects.filter(account=account, effective_on__lte=until)
    if facility_ids is not None:
        all_rows = all_rows.filter(facility_id__in=facility_ids)
    day_before = since - timedelta(days=1)
    opening = account_balance(account, as_of=day_before, facility_ids=facility_ids).minor
    within = all_rows.filter(effective_on__gte=since)
    moved = within.aggregate(sum=Sum("functional_minor", default=0))
    running = within.annotate(
        running=Window(Sum("functional_minor"), order_by=[F("effective_on").asc(), F("id").asc()])
    )
    rows = running.select_related("entry", "facility").order_by("effective_on", "id")
    found: Page[Any] = Paginator(rows, page_size).get_page(page)
    found.object_list = [_row(posting, opening, currency) for posting in found.object_list]
    return AccountStatement(
        account=account,
        opening=Money(opening, currency),
        closing=Money(opening + int(moved["sum"]), currency),
        page=found,
    )


def _row(posting: Any, opening: int, currency: str) -> StatementRow:
    return StatementRow(
        posting_id=posting.pk,
        effective_on=posting.effective_on,
        entry_public_id=posting.entry.public_id,
        memo=posting.entry.memo,
        source_kind=posting.entry.source_kind,
        source_id=posting.entry.source_id,
        reference=posting.reference,
        facility_code=posting.facility.code,
        amount=Money(posting.amount_minor, posting.currency),
        functional=Money(posting.functional_minor, currency),
        balance=Money(opening + int(posting.running), currency),
    )
