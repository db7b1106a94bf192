"""Who pays, what may be paid here, and whose the money is that stays."""

from collections.abc import Sequence

from billing.queries import invoices_of, people_of
from cashiering.rules.allocation import AllocationAsked
from hms_ach.access.models import Facility
from hms_ach.money import CurrencyMismatch, Money
from hms_ach.refusal import Refusal


class InvoiceElsewhere(Refusal):
    code = "invoice_elsewhere"
    status = 422
    sentence = "An invoice named here is not one of {facility}. Find the person again and choose what is due."


class PatientElsewhere(Refusal):
    code = "patient_elsewhere"
    status = 422
    sentence = "There is no such patient in the network of {facility}. Find the person again."


class PrepaymentNegative(Refusal):
    code = "prepayment_negative"
    status = 422
    sentence = "{amount} cannot stay on account. Keep zero or more; to give money back, ask for a refund."


class MoneyWithoutPatient(Refusal):
    code = "money_without_patient"
    status = 422
    sentence = "{amount} would stay on account, but on nobody's. Choose the patient, or take what is due."


def refuse_strangers(
    *,
    facility: Facility,
    patient_id: int | None,
    asked: Sequence[AllocationAsked],
    kept: Money,
    currency: str,
) -> None:
    """Before anything is locked or told: the invoices and the patient are this facility's.

    Raises InvoiceElsewhere, PatientElsewhere, PrepaymentNegative or CurrencyMismatch. Two SQL queries.
    """
    here = [facility.pk]
    wanted = {one.invoice_id for one in asked}
    if wanted and invoices_of(here).filter(pk__in=wanted).count() != len(wanted):
        raise InvoiceElsewhere(facility=facility.code)
    if patient_id is not None and not people_of(here).filter(pk=patient_id).exists():
        raise PatientElsewhere(facility=facility.code)
    if kept.currency != currency:
        raise CurrencyMismatch(left=kept.currency, right=currency)
    if kept.minor < 0:
        raise PrepaymentNegative(amount=kept)


def refuse_unowned(kept: Money, patient_id: int | None) -> None:
    """Raises MoneyWithoutPatient: what stays on account is somebody's."""
    if kept and patient_id is None:
        raise MoneyWithoutPatient(amount=kept)
