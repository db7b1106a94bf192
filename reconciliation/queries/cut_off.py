"""The cut-off test: receipts around a period's end beside the day on which the bank had the money."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min

from cashiering.queries import ReceiptMade, receipts_between
from hms_ach.money import Money
from reconciliation.models import MatchItem, OpenLine
from reconciliation.rules.cut_off import Verdict, verdict_of


@dataclass(frozen=True, slots=True)
class ReceiptTested:
    """A receipt, the bank's day of its money (None while the bank shows none), and what that means."""

    receipt: ReceiptMade
    bank_on: date | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CreditUnrecorded:
    """A credit at the bank by the period's last day that belongs to no receipt yet."""

    line_id: int
    facility_code: str
    account: str
    booked_on: date
    amount: Money
    text: str


def receipts_tested(
    *, facility_ids: Collection[int], last_day: date, days: int, today: date
) -> list[ReceiptTested]:
    """Receipts of so many days before and after a period's last day, by day and number. Two SQL queries."""
    span = timedelta(days=days)
    receipts = receipts_between(
        facility_ids=facility_ids, since=last_day - span + timedelta(days=1), until=last_day + span
    )
    banked = _bank_days({receipt.item for receipt in receipts if receipt.item})
    return [
        ReceiptTested(
            receipt=receipt,
            bank_on=(bank_on := banked.get(receipt.item)),
            verdict=verdict_of(
                recorded_on=receipt.business_on, bank_on=bank_on, last_day=last_day, today=today, days=days
            ),
        )
        for receipt in receipts
    ]


def credits_unrecorded(*, facility_ids: Collection[int], last_day: date, days: int) -> list[CreditUnrecorded]:
    """Credits of the period's last days that no match has, by day. One SQL query."""
    rows = OpenLine.objects.filter(
        account__facility_id__in=facility_ids,
        line__amount_minor__gt=0,
        line__booked_on__range=(last_day - timedelta(days=days - 1), last_day),
    )
    rows = rows.select_related("line", "account__facility").order_by("line__booked_on", "line_id")
    return [
        CreditUnrecorded(
            line_id=row.line_id,
            facility_code=row.account.facility.code,
            account=row.account.name,
            booked_on=row.line.booked_on,
            amount=Money(row.line.amount_minor, row.line.currency),
            text=row.line.counterparty or row.line.description,
        )
        for row in rows
    ]


def _bank_days(items: Collection[str]) -> dict[str, date]:
    """On which day the bank booked each item that stands in a match; the earliest of its lines."""
    rows = MatchItem.objects.filter(undo=None, expectation__source_id__in=items)
    found = rows.values("expectation__source_id").annotate(on=Min("match__lines__line__booked_on"))
    return {row["expectation__source_id"]: row["on"] for row in found.order_by()}
