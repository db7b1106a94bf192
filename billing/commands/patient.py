"""Patients: registered once, corrected later, with alerts for whoever opens the account."""

from datetime import date

from django.db import transaction

from billing.models import Patient, PatientAlert
from billing.rules.phone import phone_index
from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.refusal import Refusal
from hms_ach.sql import next_number

PERSONAL = ("phone", "email", "address")


class MrnTaken(Refusal):
    code = "mrn_taken"
    sentence = (
        "MRN {mrn} already belongs to a patient of this network. Use that patient, or check the number."
    )


class GuarantorUnfit(Refusal):
    code = "guarantor_unfit"
    status = 422
    sentence = (
        "This person cannot be the guarantor: {why}. Choose an adult of the same network who answers for "
        "his or her own bills."
    )


@transaction.atomic
def register_patient(
    *,
    facility: Facility,
    family_name: str,
    given_name: str,
    actor: User,
    mrn: str = "",
    birth_on: date | None = None,
    sex: str = Patient.Sex.UNKNOWN,
    phone: str = "",
    email: str = "",
    address: str = "",
    guarantor_id: int | None = None,
) -> Patient:
    """Open a patient's account in the network of a facility.

    mrn  medical record number of the hospital's system; numbered from the facility's series when empty

    Raises MrnTaken and GuarantorUnfit.
    """
    mrn = mrn.strip().upper()
    if not mrn:
        mrn = f"{facility.code}{next_number(series='mrn', facility_id=facility.pk, year=0):07d}"
    if Patient.objects.filter(legal_entity=facility.legal_entity_id, mrn=mrn).exists():
        raise MrnTaken(mrn=mrn)
    patient = Patient(
        legal_entity_id=facility.legal_entity_id,
        mrn=mrn,
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        birth_on=birth_on,
        sex=sex,
        phone=phone,
        email=email,
        address=address,
        phone_index=phone_index(phone),
        registered_by=actor,
        registered_at=clock.now(),
    )
    _set_guarantor(patient, guarantor_id)
    audit.attribute(patient, actor)
    patient.save(force_insert=True)
    audit.record("billing.register_patient", actor=actor, subject=patient, facility=facility)
    return patient


@transaction.atomic
def correct_patient(
    *,
    patient_id: int,
    family_name: str,
    given_name: str,
    birth_on: date | None,
    sex: str,
    phone: str,
    email: str,
    address: str,
    guarantor_id: int | None,
    actor: User,
) -> Patient:
    """Change what is known of a patient; documents already issued keep what they said.

    The audit trail names which contact data changed, never their values. Raises GuarantorUnfit.
    """
    patient = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)
    given = {"phone": phone, "email": email, "address": address}
    changed = [name for name in PERSONAL if getattr(patient, name) != given[name]]
    patient.family_name, patient.given_name = family_name.strip(), given_name.strip()
    patient.birth_on, patient.sex = birth_on, sex
    patient.phone, patient.email, patient.address = phone, email, address
    patient.phone_index = phone_index(phone)
    _set_guarantor(patient, guarantor_id)
    audit.attribute(patient, actor)
    patient.save()
    audit.record("billing.correct_patient", actor=actor, subject=patient, after={"changed": changed})
    return patient


def note_account_opened(*, patient: Patient, actor: User) -> None:
    """Leave a trace of whoever reads a patient's account."""
    audit.record("billing.open_account", actor=actor, subject=patient)


@transaction.atomic
def raise_alert(*, patient_id: int, sentence: str, actor: User) -> PatientAlert:
    """Show a sentence to whoever opens the account."""
    patient = Patient.objects.get(pk=patient_id)
    alert = PatientAlert.objects.create(
        patient=patient, sentence=sentence, raised_by=actor, raised_at=clock.now()
    )
    audit.record("billing.raise_alert", actor=actor, subject=patient)
    return alert


@transaction.atomic
def end_alert(*, alert_id: int, actor: User) -> None:
    """Stop showing an alert; ending it twice changes nothing."""
    alert = (
        PatientAlert.objects.select_for_update(of=("self",), no_key=True)
        .select_related("patient")
        .get(pk=alert_id)
    )
    if alert.ended_at:
        return
    alert.ended_by, alert.ended_at = actor, clock.now()
    alert.save(update_fields=["ended_by", "ended_at"])
    audit.record("billing.end_alert", actor=actor, subject=alert.patient)


def _set_guarantor(patient: Patient, guarantor_id: int | None) -> None:
    patient.guarantor_id = guarantor_id
    if guarantor_id is None:
        return
    guarantor = Patient.objects.get(pk=guarantor_id)
    if guarantor.pk == patient.pk:
        raise GuarantorUnfit(why="nobody is his or her own guarantor")
    if guarantor.legal_entity_id != patient.legal_entity_id:
        raise GuarantorUnfit(why="the account is in another network")
    if guarantor.guarantor_id is not None:
        raise GuarantorUnfit(why="somebody else already answers for this person")
