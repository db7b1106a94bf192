"""A whole bill in one step: the patient, the charges, the invoices of each party."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from billing.commands.charge import (
    ChargeTooLarge,
    OrderCharged,
    QuantityNotAboveZero,
    ServiceInFuture,
    ServiceUnknown,
    UnitPriceNotAboveZero,
    record_charge,
)
from billing.commands.draft import Party, draft_bill
from billing.commands.invoice import TERM_DAYS, issue_invoice
from billing.commands.patient import register_patient
from billing.models import Invoice, Patient, Payer, PayerClass
from billing.queries.price import ServiceUnpriced
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class LineRefused(Refusal):
    """One line cannot be charged. `index` counts from zero, `cause` is the refusal."""

    code = "line_refused"
    status = 422
    sentence = "Line {line}: {problem}"

    def __init__(self, index: int, cause: Refusal) -> None:
        super().__init__(line=index + 1, problem=str(cause))
        self.index, self.cause = index, cause


class PatientUnknown(Refusal):
    code = "patient_unknown"
    status = 422
    sentence = "There is no patient with MRN {mrn} in this network. Send the patient's names to register one."


class PatientDiffers(Refusal):
    code = "patient_differs"
    status = 422
    sentence = (
        "MRN {mrn} belongs to a patient with another {what}. "
        "Check the number; correct the patient's data first where they are wrong."
    )


# What a line itself can be refused for; a closed period, say, is no fault of a line.
_OF_THE_LINE = (
    ServiceUnknown,
    ServiceInFuture,
    ServiceUnpriced,
    QuantityNotAboveZero,
    UnitPriceNotAboveZero,
    ChargeTooLarge,
    OrderCharged,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A service to charge. Without a unit price the price lists decide."""

    service_code: str
    quantity: int
    service_on: date
    unit_price: Money | None = None
    order_reference: str = ""


@dataclass(frozen=True, slots=True)
class PatientGiven:
    """A patient as another system names one: the MRN alone, or with the data to register."""

    mrn: str
    family_name: str = ""
    given_name: str = ""
    birth_on: date | None = None
    sex: str = Patient.Sex.UNKNOWN
    phone: str = ""
    email: str = ""
    address: str = ""


@transaction.atomic
def bill_services(
    *,
    facility: Facility,
    patient_id: int,
    lines: Sequence[Line],
    parties: Sequence[Party],
    currency: str,
    is_issued: bool,
    on: date,
    actor: User,
    term_days: int = TERM_DAYS,
    charge_ids: Sequence[int] = (),
) -> list[Invoice]:
    """Charge the lines and draft an invoice for each party, issuing them when asked; all or nothing.

    charge_ids  charges recorded before that go on the same bill

    The prices are those of the first party that is no patient, or self-pay prices.

    Raises LineRefused for a line that cannot be charged, and what `draft_bill` and `issue_invoice` raise.
    Emits `invoice.issued` for each invoice issued.
    """
    payers = [party.payer_id for party in parties if party.payer_id]
    payer = Payer.objects.get(pk=payers[0]) if payers else None
    charges = list(charge_ids)
    for index, line in enumerate(lines):
        try:
            charge = record_charge(
                patient_id=patient_id,
                facility=facility,
                service_code=line.service_code,
                quantity=line.quantity,
                service_on=line.service_on,
                on=on,
                actor=actor,
                payer_class=payer.payer_class if payer else PayerClass.SELF_PAY,
                currency=currency,
                unit_price=line.unit_price,
                order_reference=line.order_reference,
            )
        except _OF_THE_LINE as cause:
            raise LineRefused(index, cause) from cause
        charges.append(charge.pk)
    invoices = draft_bill(
        patient_id=patient_id, facility=facility, charge_ids=charges, parties=parties, actor=actor
    )
    if not is_issued:
        return invoices
    return [
        issue_invoice(invoice_id=invoice.pk, on=on, actor=actor, term_days=term_days) for invoice in invoices
    ]


def patient_given(given: PatientGiven, *, facility: Facility, actor: User) -> Patient:
    """The patient of this MRN in the facility's network, registered now if unknown and named.

    Raises PatientUnknown, and PatientDiffers rather than bill somebody else.
    """
    mrn = given.mrn.strip().upper()
    known = Patient.objects.filter(legal_entity=facility.legal_entity_id, mrn=mrn).first()
    if known is None:
        if not given.family_name:
            raise PatientUnknown(mrn=mrn)
        return register_patient(
            facility=facility,
            mrn=mrn,
            family_name=given.family_name,
            given_name=given.given_name,
            birth_on=given.birth_on,
            sex=given.sex,
            phone=given.phone,
            email=given.email,
            address=given.address,
            actor=actor,
        )
    if given.family_name and given.family_name.strip().casefold() != known.family_name.casefold():
        raise PatientDiffers(mrn=mrn, what="family name")
    if given.birth_on and known.birth_on and given.birth_on != known.birth_on:
        raise PatientDiffers(mrn=mrn, what="date of birth")
    return known
