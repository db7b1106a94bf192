"""Finding a person from whatever the clerk has: a name, a number, an invoice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from billing.models import Invoice, Patient, PatientAlert
from billing.rules.phone import phone_index
from hms_ach.access.models import Facility

AT_MOST = 20


@dataclass(frozen=True, slots=True)
class PatientFound:
    """A person to choose from. found_by is "name", "MRN", "invoice" or "phone"."""

    id: int
    public_id: str
    mrn: str
    name: str
    birth_on: date | None
    found_by: str
    invoice_id: int | None = None


def find_people(text: str, *, facility_ids: Collection[int]) -> list[PatientFound]:
    """People whose invoice number, MRN, phone or name begins as typed, at most 20, best first.

    Invoice numbers and public ids (also from a barcode), MRNs and phones must be whole; a name may be
    the start of either name, or both. Two letters at least. At most four SQL queries.
    """
    text = " ".join(text.split())
    if len(text) < 2:
        return []
    return (
        _by_invoice(text, facility_ids)
        or _by_mrn(text, facility_ids)
        or _by_phone(text, facility_ids)
        or _by_name(text, facility_ids)
    )


def people_of(facility_ids: Collection[int]) -> QuerySet[Patient]:
    """The patients of the networks that these facilities belong to."""
    networks = Facility.objects.filter(pk__in=facility_ids).values("legal_entity_id")
    return Patient.objects.filter(legal_entity_id__in=networks)


def alerts_of(patient_id: int) -> list[str]:
    """What whoever opens the account must see, oldest first. One SQL query."""
    rows = PatientAlert.objects.filter(patient_id=patient_id, ended_at=None).order_by("id")
    return list(rows.values_list("sentence", flat=True))


def _by_invoice(text: str, facility_ids: Collection[int]) -> list[PatientFound]:
    asked = Q(number=text.upper()) | Q(public_id=text)
    rows = Invoice.objects.filter(asked, facility_id__in=facility_ids).select_related("patient", "debtor")
    return [_found(row.debtor or row.patient, "invoice", row.pk) for row in rows.order_by("id")]


def _by_mrn(text: str, facility_ids: Collection[int]) -> list[PatientFound]:
    rows = people_of(facility_ids).filter(Q(mrn=text.upper()) | Q(public_id=text))
    return [_found(row, "MRN") for row in rows.order_by("id")]


def _by_phone(text: str, facility_ids: Collection[int]) -> list[PatientFound]:
    index = phone_index(text)
    if not index:
        return []
    rows = people_of(facility_ids).filter(phone_index=index).order_by("id")[:AT_MOST]
    return [_found(row, "phone") for row in rows]


def _by_name(text: str, facility_ids: Collection[int]) -> list[PatientFound]:
    start = text.lower()
    asked = Q(family_first__startswith=start) | Q(given_first__startswith=start)
    rows = people_of(facility_ids).filter(asked).order_by("family_first", "id")[:AT_MOST]
    return [_found(row, "name") for row in rows]


def _found(person: Patient, found_by: str, invoice_id: int | None = None) -> PatientFound:
    return PatientFound(
        id=person.pk,
        public_id=person.public_id,
        mrn=person.mrn,
        name=person.name,
        birth_on=person.birth_on,
        found_by=found_by,
        invoice_id=invoice_id,
    )
