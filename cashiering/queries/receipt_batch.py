"""Receipts in batches that nobody opens or chooses: by person, business day, department, kind of tender."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from cashiering.models import CardBatch, Session, Tender
from hms_ach.access.models import Department, Facility, User
from hms_ach.money import Money

_UNCOUNTED = (*Session.IN_CUSTODY, "FORCED")
_KINDS = [Tender.Kind.CASH, Tender.Kind.CHEQUE, Tender.Kind.CARD, Tender.Kind.TRANSFER]


@dataclass(frozen=True, slots=True)
class ReceiptBatch:
    """What one person took on one day in one department by one kind of tender.

    It is there from the first receipt on, and OPEN until its drawers are counted and its card batches closed.

    amount  None for cash in a drawer that is not counted: it would tell what the drawer should hold
    """

    facility: Facility
    cashier: User
    department: Department | None
    kind: str
    label: str
    receipts: int
    amount: Money | None
    state: str


def receipt_batches(facilities: Collection[Facility], *, on: date) -> list[ReceiptBatch]:
    """The batches of a business day, by facility, department, person and kind. Three SQL queries."""
    here = {one.pk: one for one in facilities}
    found = list(
        _tenders(here, on)
        .values(
            "payment__facility",
            "payment__taken_by",
            "payment__session__register__department",
            "kind",
            "currency",
        )
        .annotate(
            receipts=Count("payment", distinct=True),
            minor=Sum("amount_minor"),
            uncounted=Count("id", filter=Q(payment__session__state__in=_UNCOUNTED)),
            unclosed=Count("id", filter=Q(card_batch__state=CardBatch.State.OPEN)),
        )
        .order_by()
    )
    people = User.objects.in_bulk({row["payment__taken_by"] for row in found})
    departments = Department.objects.in_bulk(
        {row["payment__session__register__department"] for row in found} - {None}
    )
    batches = [
        ReceiptBatch(
            facility=here[row["payment__facility"]],
            cashier=people[row["payment__taken_by"]],
            department=departments.get(row["payment__session__register__department"]),
            kind=row["kind"],
            label=Tender.Kind(row["kind"]).label,
            receipts=row["receipts"],
            amount=_told(row),
            state="OPEN" if row["uncounted"] or row["unclosed"] else "CLOSED",
        )
        for row in found
    ]
    return sorted(batches, key=_place)


def _told(row: Mapping[str, Any]) -> Money | None:
    is_blind = row["kind"] == Tender.Kind.CASH and row["uncounted"]
    return None if is_blind else Money(int(row["minor"]), row["currency"])


def _place(batch: ReceiptBatch) -> tuple:
    department = batch.department.name if batch.department else ""
    return batch.facility.code, department, batch.cashier.username, _KINDS.index(Tender.Kind(batch.kind))


def receipt_batch_tenders(
    facility: Facility, *, on: date, cashier: User, kind: str, department_id: int | None
) -> QuerySet[Tender]:
    """The tenders of one batch, in the order in which they were taken. One SQL query."""
    rows = _tenders([facility.pk], on).filter(payment__taken_by=cashier, kind=kind)
    if department_id is None:
        rows = rows.filter(payment__session__register__department__isnull=True)
    else:
        rows = rows.filter(payment__session__register__department=department_id)
    related = ("payment__session", "payment__facility", "card_batch", "deposit")
    return rows.select_related(*related).order_by("payment_id", "line")


def _tenders(facility_ids: Collection[int], on: date) -> QuerySet[Tender]:
    """What was taken and not voided; money on account was taken before."""
    rows = Tender.objects.filter(payment__facility__in=list(facility_ids), payment__business_on=on)
    return rows.filter(kind__in=_KINDS, payment__void__isnull=True)
