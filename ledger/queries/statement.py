"""One account's postings with their running balance."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Sum, Window

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

    @property
    def moved(self) -> Money:
        return self.closing - self.opening


def account_statement(
    *,
    account: Account,
    since: date,
    until: date,
    facility_ids: Collection[int] | None = None,
    known_at: datetime | None = None,
    page: int | str = 1,
    page_size: int = 50,
) -> AccountStatement:
    """A page of the account's postings from since to until (both included), oldest first.

    account must come with its legal_entity selected. Four SQL queries, whatever the number of rows.
    known_at  only what was posted by then (aware)
    """
    currency = account.legal_entity.functional_currency
    asked: dict[str, Any] = {"facility_ids": facility_ids, "known_at": known_at}
    opening = account_balance(account, as_of=since - timedelta(days=1), **asked).minor
    within = _postings(account, since, until, **asked)
    moved = within.aggregate(sum=Sum("functional_minor", default=0))
    found: Page[Any] = Paginator(_running(within), page_size).get_page(page)
    found.object_list = [_row(posting, opening, currency) for posting in found.object_list]
    return AccountStatement(
        account=account,
        opening=Money(opening, currency),
        closing=Money(opening + int(moved["sum"]), currency),
        page=found,
    )


def statement_rows(
    *,
    account: Account,
    since: date,
    until: date,
    facility_ids: Collection[int] | None = None,
    known_at: datetime | None = None,
) -> Iterator[StatementRow]:
    """The same rows, all of them, one after the other: memory does not grow. Two SQL queries."""
    currency = account.legal_entity.functional_currency
    asked: dict[str, Any] = {"facility_ids": facility_ids, "known_at": known_at}
    opening = account_balance(account, as_of=since - timedelta(days=1), **asked).minor
    rows = _running(_postings(account, since, until, **asked))
    return (_row(posting, opening, currency) for posting in rows.iterator(chunk_size=2_000))


def _postings(
    account: Account,
    since: date,
    until: date,
    *,
    facility_ids: Collection[int] | None,
    known_at: datetime | None,
) -> "QuerySet[Posting]":
    rows = Posting.objects.filter(account=account, effective_on__range=(since, until))
    if facility_ids is not None:
        rows = rows.filter(facility_id__in=facility_ids)
    return rows.filter(entry__posted_at__lte=known_at) if known_at else rows


def _running(rows: "QuerySet[Posting]") -> "QuerySet[Posting]":
    """With the sum of all rows so far."""
    order = [F("effective_on").asc(), F("id").asc()]
    summed = rows.annotate(running=Window(Sum("functional_minor"), order_by=order))
    return summed.select_related("entry", "facility").order_by("effective_on", "id")


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
