"""Cash that the law wants reported: more than 10,000 dollars of one payer within a year (26 USC 6050I).

Treasury Regulation 1.6050I-1: related cash is added up from the first payment for twelve months; the
report (Form 8300) is due on the fifteenth day after the payment that takes the sum above the limit.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Sum
from django.db.models.functions import Coalesce

from cashiering.models import CashReport, Tender
from hms_ach.money import Money

LIMIT_MINOR = 10_000_00
WINDOW_DAYS = 365
DAYS_TO_FILE = 15


@dataclass(frozen=True, slots=True)
class ReportableCash:
    """One payer whose cash of twelve months is above the limit and not yet reported.

    The payer is the patient's guarantor, or the patient without one.
    """

    patient_id: int
    patient_public_id: str
    mrn: str
    facility_id: int
    amount: Money
    receipts: int
    reached_on: date
    due_on: date
    last_payment_id: int


def reportable_cash(facility_ids: Collection[int]) -> list[ReportableCash]:
    """Payers to report, the most urgent first. US dollars only. Three SQL queries."""
    cash = Tender.objects.filter(
        kind="CASH",
        currency="USD",
        payment__facility_id__in=list(facility_ids),
        payment__patient__isnull=False,
        payment__void__isnull=True,
    ).annotate(
        payer=Coalesce("payment__patient__guarantor_id", "payment__patient_id"),
        payer_public_id=Coalesce("payment__patient__guarantor__public_id", "payment__patient__public_id"),
        payer_mrn=Coalesce("payment__patient__guarantor__mrn", "payment__patient__mrn"),
    )
    sums = cash.order_by().values("payer").annotate(sum=Sum("amount_minor"))
    patients = [row["payer"] for row in sums if row["sum"] > LIMIT_MINOR]
    filed = CashReport.objects.filter(patient_id__in=patients).values_list("patient_id")
    reported = dict(filed.annotate(last=Max("last_payment_id")))
    rows = cash.filter(payer__in=patients).order_by("payment_id", "line")
    found: dict[int, ReportableCash] = {}
    running: dict[int, list[tuple[date, int]]] = {}
    columns = ("payer", "payer_public_id", "payer_mrn", "payment__facility_id")
    money = ("payment_id", "payment__business_on", "amount_minor")
    for patient, public_id, mrn, facility, payment, on, minor in rows.values_list(*columns, *money):
        if payment <= reported.get(patient, 0):
            continue
        window = running.setdefault(patient, [])
        window.append((on, minor))
        window[:] = [(day, sum_) for day, sum_ in window if day > on - timedelta(days=WINDOW_DAYS)]
        total = sum(amount for _day, amount in window)
        if total > LIMIT_MINOR:
            reached = found[patient].reached_on if patient in found else on
            found[patient] = ReportableCash(
                patient_id=patient,
                patient_public_id=public_id,
                mrn=mrn,
                facility_id=facility,
                amount=Money(total, "USD"),
                receipts=len(window),
                reached_on=reached,
                due_on=reached + timedelta(days=DAYS_TO_FILE),
                last_payment_id=payment,
            )
    return sorted(found.values(), key=lambda one: (one.due_on, one.patient_id))
