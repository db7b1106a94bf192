"""Telling who is expected and who has come."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from billing.models import Arrival, Patient
from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal

KEY_MOST = 60


class ArrivalOfAnother(Refusal):
    code = "arrival_of_another"
    sentence = "Visit {key} is of another patient. Cancel it, and tell the other one under its own number."


class VisitNumberUnfit(Refusal):
    code = "visit_number_unfit"
    status = 422
    sentence = "A visit's number has 1 to {most} characters. Nothing was recorded."


class CopayOtherCurrency(Refusal):
    code = "copay_other_currency"
    status = 422
    sentence = "A copay at {facility} is in {own}, not in {given}."


@dataclass(frozen=True, slots=True)
class ArrivalTold:
    """The visit as it stands; is_new when its number was not known before."""

    arrival: Arrival
    is_new: bool


@transaction.atomic
def tell_arrival(
    *,
    facility: Facility,
    key: str,
    patient: Patient,
    state: str,
    expected_at: datetime,
    copay: Money | None,
    actor: User,
) -> ArrivalTold:
    """Say how a visit stands; the same again changes nothing.

    copay  what is to be paid at the desk; None where nobody knows it

    Raises VisitNumberUnfit, ArrivalOfAnother and CopayOtherCurrency.
    """
    if not 0 < len(key.strip()) <= KEY_MOST:
        raise VisitNumberUnfit(most=KEY_MOST)
    if copay is not None and copay.currency != facility.currency:
        raise CopayOtherCurrency(facility=facility.code, own=facility.currency, given=copay.currency)
    # Two who tell one visit at once meet here, so that the second finds what the first wrote.
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    known = Arrival.objects.filter(facility=facility, key=key).first()
    if known is not None and known.patient_id != patient.pk:
        raise ArrivalOfAnother(key=key)
    arrival = known or Arrival(facility=facility, key=key, patient=patient, currency=facility.currency)
    copay_minor = None if copay is None else copay.minor
    said = (state, expected_at, copay_minor)
    if known is not None and said == (known.state, known.expected_at, known.copay_minor):
        return ArrivalTold(known, is_new=False)
    arrival.state, arrival.expected_at, arrival.copay_minor = said
    arrival.told_by, arrival.told_at = actor, clock.now()
    if state == Arrival.State.ARRIVED and arrival.arrived_at is None:
        arrival.arrived_at = arrival.told_at
    arrival.save()
    after = {"visit": key, "state": state, "copay": copay}
    audit.record("billing.tell_arrival", actor=actor, subject=arrival, facility=facility, after=after)
    return ArrivalTold(arrival, is_new=known is None)
