"""A patient's account: what was billed, what was paid, what is to be billed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from billing.models import Charge, Invoice, InvoiceLock, Patient, Settlement
from billing.queries.invoice import invoices_of
from hms_ach.money import Money
from ledger.queries import held_for


@dataclass(frozen=True, slots=True)
class AccountInvoice:
    public_id: str
    number: str
    kind: str
    state: str
    party: str
    issued_on: date | None
    due_on: date | None
    total: Money
    balance: Money
    is_locked: bool


@dataclass(frozen=True, slots=True)
class AccountPayment:
    """An amount laid against one of the account's invoices, or taken back (negative)."""

    source: str
    invoice_number: str
    invoice: str
    settled_on: date
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class BillableCharge:
    id: int
    public_id: str
    service_code: str
    service_name: str
    service_on: date
    quantity: int
    unit_price: Money
    left: Money
    facility_id: int
    facility_code: str


@dataclass(frozen=True, slots=True)
class Account:
    """What a patient's page shows. open_by_currency holds the patient's own open balances only.

    on_account  money received for the patient and not yet applied, by currency
    """

    patient: Patient
    invoices: list[AccountInvoice]
    payments: list[AccountPayment]
    charges: list[BillableCharge]
    open_by_currency: list[Money]
    on_account: list[Money]


def account_of(patient: Patient, *, facility_ids: Collection[int]) -> Account:
    """The account as far as these facilities go, newest first. Four SQL queries."""
    mine = Q(patient=patient) | Q(debtor=patient)
    invoices = list(invoices_of(facility_ids).filter(mine).order_by("-id"))
    owed: dict[str, Money] = {}
    for row in invoices:
        if row.debtor_id == patient.pk and row.state == Invoice.State.ISSUED:
            owed[row.currency] = owed.get(row.currency, Money.zero(row.currency)) + row.balance
    return Account(
        patient=patient,
        invoices=[_invoice(row) for row in invoices],
        payments=_payments([row.pk for row in invoices]),
        charges=billable_charges(patient, facility_ids=facility_ids),
        open_by_currency=[owed[currency] for currency in sorted(owed)],
        on_account=held_for(patient.public_id, facility_ids=facility_ids),
    )


def billable_charges(patient: Patient, *, facility_ids: Collection[int]) -> list[BillableCharge]:
    """Charges with something not yet invoiced, oldest service first. One SQL query."""
    rows = Charge.objects.filter(patient=patient, facility_id__in=facility_ids, state=Charge.State.BILLABLE)
    return [
        BillableCharge(
            id=row.pk,
            public_id=row.public_id,
            service_code=row.service.code,
            service_name=row.service.name,
            service_on=row.service_on,
            quantity=row.quantity,
            unit_price=Money(row.unit_price_minor, row.currency),
            left=Money(row.amount_minor - row.invoiced_minor, row.currency),
            facility_id=row.facility_id,
            facility_code=row.facility.code,
        )
        for row in rows.select_related("service", "facility").order_by("service_on", "id")
    ]


def _invoice(row: Invoice) -> AccountInvoice:
    return AccountInvoice(
        public_id=row.public_id,
        number=row.number or "",
        kind=row.kind,
        state=row.state,
        party=row.payer.name if row.payer else row.patient.name,
        issued_on=row.issued_on,
        due_on=row.due_on,
        total=row.total,
        balance=row.balance,
        is_locked=row.lock_step == InvoiceLock.Step.PLACED,
    )


def _payments(invoice_ids: list[int]) -> list[AccountPayment]:
    rows = Settlement.objects.filter(invoice_id__in=invoice_ids).select_related("invoice").order_by("-id")
    return [
        AccountPayment(
            source=row.source,
            invoice_number=row.invoice.number or "",
            invoice=row.invoice.public_id,
            settled_on=row.settled_on,
            amount=Money(row.amount_minor, row.invoice.currency),
            reason=row.reason,
        )
        for row in rows
    ]
