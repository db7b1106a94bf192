"""What a person still owes, as a cashier needs it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Sum

from billing.models import Invoice
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class DueItem:
    """One open invoice. age_days counts from the due date and is zero before it."""

    invoice_id: int
    public_id: str
    number: str
    kind: str
    balance: Money
    due_on: date
    age_days: int
    total: Money
    facility_id: int
    patient_name: str
    payer_name: str


def due_list(*, patient_id: int, facility_ids: Collection[int], today: date) -> list[DueItem]:
    """Open invoices of a patient and those the patient answers for as guarantor, oldest due date first.

    today  the facility's business day, from which the age is counted

    One SQL query, whatever the number of invoices.
    """
    rows = (
        Invoice.objects.filter(Q(patient_id=patient_id) | Q(debtor_id=patient_id))
        .filter(state=Invoice.State.ISSUED, facility_id__in=facility_ids)
        .select_related("payer")
        .order_by("due_on", "id")
    )
    return [_item(row, today) for row in rows]


def _item(row: Invoice, today: date) -> DueItem:
    assert row.due_on is not None
    return DueItem(
        invoice_id=row.pk,
        public_id=row.public_id,
        number=row.number or "",
        kind=row.kind,
        balance=row.balance,
        due_on=row.due_on,
        age_days=max((today - row.due_on).days, 0),
        total=row.total,
        facility_id=row.facility_id,
        patient_name=row.patient_name,
        payer_name=row.payer.name if row.payer else "",
    )


@dataclass(frozen=True, slots=True)
class DueToday:
    """A patient with something of their own to pay on this very day."""

    patient_id: int
    name: str
    mrn: str
    balance: Money


def due_today(*, facility_ids: Collection[int], today: date, limit: int) -> list[DueToday]:
    """Patients whose own invoices were issued, or are due, on the day, by name; at most `limit`.

    today  the facility's business day

    One SQL query. A patient who owes in two currencies has two rows.
    """
    rows = (
        Invoice.objects.filter(Q(issued_on=today) | Q(due_on=today))
        .filter(kind=Invoice.Kind.PATIENT, state=Invoice.State.ISSUED, facility_id__in=facility_ids)
        .values("patient_id", "patient__mrn", "patient__family_name", "patient__given_name", "currency")
        .annotate(left=Sum(F("total_minor") - F("settled_minor")))
        .order_by("patient__family_name", "patient__given_name", "patient_id", "currency")
    )
    return [
        DueToday(
            patient_id=row["patient_id"],
            name=f"{row['patient__given_name']} {row['patient__family_name']}",
            mrn=row["patient__mrn"],
            balance=Money(int(row["left"]), row["currency"]),
        )
        for row in rows[:limit]
    ]
