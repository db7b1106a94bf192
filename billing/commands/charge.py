"""What was done for a patient: recorded, or withdrawn before it is billed."""

from datetime import date
from typing import Any

from django.db import transaction

from billing.models import Charge, PayerClass, Service
from billing.queries.price import price_of
from billing.rules.pricing import priced_by_hand
from hms_ach import audit, clock
from hms_ach.access.models import Department, Facility, User
from hms_ach.money import Money, digits
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry, reverse_entry

# Thousands of the largest charges still add up within a bigint.
MOST_MINOR = 10**15


class ServiceUnknown(Refusal):
    code = "service_unknown"
    status = 422
    sentence = "There is no active service {service}. Use a code of the service catalogue."


class ServiceInFuture(Refusal):
    code = "service_in_future"
    status = 422
    sentence = "The service date {service_on} is after today, {today}. Record the charge when it is done."


class QuantityNotAboveZero(Refusal):
    code = "quantity_not_above_zero"
    status = 422
    sentence = "A quantity of {quantity} cannot be charged. Give a whole number above zero."


class UnitPriceNotAboveZero(Refusal):
    code = "unit_price_not_above_zero"
    status = 422
    sentence = "A unit price of {amount} cannot be charged. Give an amount above zero."


class ChargeTooLarge(Refusal):
    code = "charge_too_large"
    status = 422
    sentence = "{quantity} times {amount} is more than one charge can hold. Check the quantity and the price."


class OrderCharged(Refusal):
    code = "order_charged"
    sentence = "Order {order} was charged already, as {charge}. Withdraw that charge before charging again."


class ChargeNotBillable(Refusal):
    code = "charge_not_billable"
    sentence = "Charge {charge} is {state}, or part of it stands on an invoice. Cancel that invoice first."


@transaction.atomic
def record_charge(
    *,
    patient_id: int,
    facility: Facility,
    service_code: str,
    quantity: int,
    service_on: date,
    on: date,
    actor: User,
    payer_class: str = PayerClass.SELF_PAY,
    currency: str = "",
    unit_price: Money | None = None,
    order_reference: str = "",
) -> Charge:
    """Charge a service at the price of its service date and post it as unbilled revenue.

    on               business day of the facility; the entry takes effect on it
    payer_class      whose prices apply
    currency         of the price; the facility's own when empty
    unit_price       overrides the lists; whoever calls has checked `billing.price_by_hand`
    order_reference  the clinical order's number; the same one is charged once

    Raises ServiceUnknown, ServiceInFuture, QuantityNotAboveZero, UnitPriceNotAboveZero,
    ChargeTooLarge, OrderCharged and ServiceUnpriced.
    """
    service = Service.objects.filter(code=service_code, is_active=True).first()
    if service is None:
        raise ServiceUnknown(service=service_code)
    if service_on > on:
        raise ServiceInFuture(service_on=service_on, today=on)
    if quantity <= 0:
        raise QuantityNotAboveZero(quantity=quantity)
    _refuse_charged(order_reference, facility)
    currency = currency or (unit_price.currency if unit_price else facility.currency)
    digits(currency)
    if unit_price is not None:
        price_id, amount, trace = None, unit_price, priced_by_hand(unit_price, who=actor.username)
    else:
        found = price_of(
            service, facility=facility, payer_class=payer_class, on=service_on, currency=currency
        )
        price_id, amount, trace = found.price_id, found.amount, found.trace
    if amount.minor <= 0:
        raise UnitPriceNotAboveZero(amount=amount)
    if amount.minor * quantity > MOST_MINOR:
        raise ChargeTooLarge(quantity=quantity, amount=amount)

    charge = Charge.objects.create(
        patient_id=patient_id,
        facility=facility,
        department=_department(service, facility),
        service=service,
        service_on=service_on,
        quantity=quantity,
        unit_price_minor=amount.minor,
        currency=amount.currency,
        payer_class=payer_class,
        price_id=price_id,
        price_trace=trace,
        order_reference=order_reference,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    _post(charge, amount * quantity, on=on, actor=actor)
    audit.record(
        "billing.record_charge",
        actor=actor,
        subject=charge,
        facility=facility,
        after={"service": service.code, "quantity": quantity, "unit_price": amount.as_json()},
    )
    return charge


@transaction.atomic
def withdraw_charge(*, charge_id: int, on: date, actor: User, reason: str) -> Charge:
    """Take back a charge that should not have been recorded, reversing its entry.

    Raises ChargeNotBillable where any of it stands on an invoice.
    """
    charge = (
        Charge.objects.select_for_update(of=("self",), no_key=True)
        .select_related("facility")
        .get(pk=charge_id)
    )
    if charge.state != Charge.State.BILLABLE or charge.invoiced_minor:
        raise ChargeNotBillable(charge=charge.public_id, state=charge.get_state_display().lower())
    charge.state = Charge.State.ENTERED_IN_ERROR
    charge.save(update_fields=["state"])
    reverse_entry(
        original=_key(charge),
        key=f"charge.withdrawn:{charge.public_id}",
        effective_on=on,
        memo="Charge withdrawn",
        source=("charge", charge.public_id),
        actor=actor,
    )
    audit.record(
        "billing.withdraw_charge", actor=actor, subject=charge, facility=charge.facility, reason=reason
    )
    return charge


def _refuse_charged(order_reference: str, facility: Facility) -> None:
    if not order_reference:
        return
    same = Charge.objects.filter(facility=facility, order_reference=order_reference)
    charge = same.exclude(state=Charge.State.ENTERED_IN_ERROR).first()
    if charge:
        raise OrderCharged(order=order_reference, charge=charge.public_id)


def _department(service: Service, facility: Facility) -> Department | None:
    if not service.department_code:
        return None
    return Department.objects.filter(facility=facility, code=service.department_code).first()


def _key(charge: Charge) -> str:
    return f"charge.recorded:{charge.public_id}"


def _post(charge: Charge, amount: Money, *, on: date, actor: User) -> None:
    """Dr unbilled receivables, Cr revenue of the department."""
    common: dict[str, Any] = {"department": charge.department, "payer_class": charge.payer_class}
    post_entry(
        key=_key(charge),
        facility=charge.facility,
        effective_on=on,
        source=("charge", charge.public_id),
        memo=f"{charge.service.code} × {charge.quantity}",
        actor=actor,
        postings=[
            Posting("receivable.unbilled", amount, reference=charge.public_id, **common),
            Posting("revenue.patient_services", -amount, **common),
        ],
    )
