"""Drafts: charges gathered into one invoice, or split between several responsible parties."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from billing.models import Charge, Invoice, InvoiceLine, Patient, Payer
from billing.rules.shares import Share, split_lines
from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.ids import new_id
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class NothingToBill(Refusal):
    code = "nothing_to_bill"
    status = 422
    sentence = "None of these charges is still to be billed. Record a charge, or choose others."


class ChargesDiffer(Refusal):
    code = "charges_differ"
    status = 422
    sentence = (
        "Charges of one bill have the same patient, facility and currency; these differ in {what}. "
        "Make one bill for each."
    )


class PayerDoesNotFit(Refusal):
    code = "payer_does_not_fit"
    status = 422
    sentence = (
        "{payer} cannot receive {kind} invoices. Name no payer for the patient, an insurer for an "
        "insurer invoice, and a payer that is no insurer for a third-party one."
    )


class InvoiceNotDraft(Refusal):
    code = "invoice_not_draft"
    sentence = "Invoice {invoice} is already {state}. Only a draft can be issued or discarded."


@dataclass(frozen=True, slots=True)
class Party:
    """Who shall pay which share. A patient has no payer; an insurer or third party has one."""

    kind: str
    payer_id: int | None = None
    share: Share = field(default_factory=lambda: Share(weight=1))


@transaction.atomic
def draft_bill(
    *, patient_id: int, facility: Facility, charge_ids: Sequence[int], parties: Sequence[Party], actor: User
) -> list[Invoice]:
    """Draft an invoice for each party from what is not yet invoiced of the charges.

    The shares of each charge sum to what was left of it, so nothing is billed twice or lost. Locks the
    patient's account, then the charges by key.

    Raises NothingToBill, ChargesDiffer, PayerDoesNotFit, SharesDoNotAddUp and ShareEmpty.
    """
    patient = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)
    charges = _open_charges(patient, facility, charge_ids)
    payers = [_payer_of(party) for party in parties]
    left = [Money(charge.amount_minor - charge.invoiced_minor, charge.currency) for charge in charges]
    shares = split_lines(left, [party.share for party in parties])

    bill_id, invoices = new_id("bil"), []
    for party, payer, amounts in zip(parties, payers, shares, strict=True):
        invoice = Invoice.objects.create(
            bill_id=bill_id,
            facility=facility,
            kind=party.kind,
            patient=patient,
            debtor_id=(patient.guarantor_id or patient.pk) if payer is None else None,
            payer=payer,
            currency=left[0].currency,
            total_minor=sum(amount.minor for amount in amounts),
            drafted_by=actor,
            drafted_at=clock.now(),
        )
        InvoiceLine.objects.bulk_create(_lines(invoice, charges, amounts))
        audit.record("billing.draft_invoice", actor=actor, subject=invoice, facility=facility)
        invoices.append(invoice)
    Charge.objects.filter(pk__in=[charge.pk for charge in charges]).update(
        invoiced_minor=F("amount_minor"), state=Charge.State.BILLED
    )
    return invoices


def draft_invoice(
    *,
    patient_id: int,
    facility: Facility,
    charge_ids: Sequence[int],
    actor: User,
    kind: str = Invoice.Kind.PATIENT,
    payer_id: int | None = None,
) -> Invoice:
    """Draft one invoice of the charges for one party; see `draft_bill`."""
    party = Party(kind=kind, payer_id=payer_id)
    return draft_bill(
        patient_id=patient_id, facility=facility, charge_ids=charge_ids, parties=[party], actor=actor
    )[0]


@transaction.atomic
def discard_draft(*, invoice_id: int, actor: User) -> Invoice:
    """Give up a draft; what it held of its charges is billable again. Raises InvoiceNotDraft."""
    invoice = locked_invoice(invoice_id)
    if invoice.state != Invoice.State.DRAFT:
        raise InvoiceNotDraft(invoice=invoice, state=invoice.get_state_display().lower())
    invoice.state = Invoice.State.CANCELLED
    invoice.save(update_fields=["state"])
    release_charges(invoice)
    audit.record("billing.discard_draft", actor=actor, subject=invoice, facility=invoice.facility)
    return invoice


def locked_invoice(invoice_id: int) -> Invoice:
    """The invoice, locked after its patient's account, so that charges and invoices move together."""
    patient_id = Invoice.objects.values_list("patient_id", flat=True).get(pk=invoice_id)
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("facility", "patient", "debtor", "payer").get(pk=invoice_id)


def release_charges(invoice: Invoice) -> None:
    """Give the lines' amounts back to their charges, which become billable again."""
    for line in invoice.lines.order_by("charge_id"):
        Charge.objects.filter(pk=line.charge_id).update(
            invoiced_minor=F("invoiced_minor") - line.amount_minor, state=Charge.State.BILLABLE
        )


def _open_charges(patient: Patient, facility: Facility, charge_ids: Sequence[int]) -> list[Charge]:
    rows = Charge.objects.select_for_update(of=("self",), no_key=True).select_related("service", "department")
    charges = list(rows.filter(pk__in=charge_ids, state=Charge.State.BILLABLE).order_by("id"))
    if not charges or len(charges) != len(set(charge_ids)):
        raise NothingToBill()
    if any(charge.patient_id != patient.pk for charge in charges):
        raise ChargesDiffer(what="patient")
    if any(charge.facility_id != facility.pk for charge in charges):
        raise ChargesDiffer(what="facility")
    if len({charge.currency for charge in charges}) > 1:
        raise ChargesDiffer(what="currency")
    return charges


def _payer_of(party: Party) -> Payer | None:
    payer = Payer.objects.get(pk=party.payer_id, is_active=True) if party.payer_id else None
    fits = {
        Invoice.Kind.PATIENT: payer is None,
        Invoice.Kind.INSURER: payer is not None and payer.is_insurer,
        Invoice.Kind.THIRD_PARTY: payer is not None and not payer.is_insurer,
    }
    if not fits[Invoice.Kind(party.kind)]:
        raise PayerDoesNotFit(payer=payer or "Nobody", kind=Invoice.Kind(party.kind).label.lower())
    return payer


def _lines(invoice: Invoice, charges: Sequence[Charge], amounts: Sequence[Money]) -> list[InvoiceLine]:
    held = [(charge, amount) for charge, amount in zip(charges, amounts, strict=True) if amount]
    return [
        InvoiceLine(
            invoice=invoice,
            line=line,
            charge=charge,
            service_code=charge.service.code,
            description=charge.service.name,
            revenue_code=charge.service.revenue_code,
            department_code=charge.department.code if charge.department else "",
            service_on=charge.service_on,
            quantity=charge.quantity,
            unit_price_minor=charge.unit_price_minor,
            full_minor=charge.amount_minor,
            amount_minor=amount.minor,
            price_trace=charge.price_trace,
        )
        for line, (charge, amount) in enumerate(held, start=1)
    ]
