"""Services, price lists, and prices from a day on."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from billing.models import Price, PriceList, Service
from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money, digits
from hms_ach.refusal import Refusal


class PriceOverlaps(Refusal):
    code = "price_overlaps"
    sentence = (
        "{service} already has a price in {list} from {starts_on}. "
        "Give the new price a last day before {starts_on}, or a later first day."
    )


class PriceNotAboveZero(Refusal):
    code = "price_not_above_zero"
    status = 422
    sentence = "A price of {amount} is not above zero. Leave the service out of the list instead."


class PriceInOtherCurrency(Refusal):
    code = "price_in_other_currency"
    status = 422
    sentence = "{list} holds prices in {currency}, not {given}. Use a list in {given}."


class CodeTaken(Refusal):
    code = "code_taken"
    sentence = "{code} is already used. Choose another, or change the existing one."


class ListExists(Refusal):
    code = "list_exists"
    sentence = "{name} already prices this facility, payer class and currency. Change its prices instead."


@transaction.atomic
def register_service(
    *, code: str, name: str, actor: User, revenue_code: str = "", department_code: str = ""
) -> Service:
    """Add a service to the catalogue. It can be charged once a list has a price for it.

    Raises CodeTaken.
    """
    if Service.objects.filter(code=code).exists():
        raise CodeTaken(code=code)
    service = Service(code=code, name=name, revenue_code=revenue_code, department_code=department_code)
    audit.attribute(service, actor)
    service.save()
    audit.record("billing.register_service", actor=actor, subject=service, after={"code": code})
    return service


def ensure_service(*, code: str, name: str, actor: User) -> Service:
    """The service of this code, added to the catalogue when it is not there yet."""
    known = Service.objects.filter(code=code).first()
    return known or register_service(code=code, name=name, actor=actor)


@transaction.atomic
def change_service(
    *, service_id: int, name: str, revenue_code: str, department_code: str, is_active: bool, actor: User
) -> Service:
    """Change a service of the catalogue; its code stays, and so does what was charged."""
    service = Service.objects.select_for_update().get(pk=service_id)
    given = {
        "name": name,
        "revenue_code": revenue_code,
        "department_code": department_code,
        "is_active": is_active,
    }
    before = {field: getattr(service, field) for field in given}
    for field, value in given.items():
        setattr(service, field, value)
    audit.attribute(service, actor)
    service.save()
    audit.record("billing.change_service", actor=actor, subject=service, before=before, after=given)
    return service


@transaction.atomic
def create_price_list(
    *, name: str, currency: str, actor: User, facility: Facility | None = None, payer_class: str = ""
) -> PriceList:
    """Start an empty list; facility and payer class narrow whom it prices, empty means all.

    Raises ListExists, CodeTaken (the name) and CurrencyUnknown.
    """
    digits(currency)
    if PriceList.objects.filter(name=name).exists():
        raise CodeTaken(code=name)
    same = PriceList.objects.filter(facility=facility, payer_class=payer_class, currency=currency).first()
    if same:
        raise ListExists(name=same.name)
    price_list = PriceList(name=name, facility=facility, payer_class=payer_class, currency=currency)
    audit.attribute(price_list, actor)
    price_list.save()
    audit.record("billing.create_price_list", actor=actor, subject=price_list, facility=facility)
    return price_list


@transaction.atomic
def set_price(
    *,
    price_list_id: int,
    service_id: int,
    amount: Money,
    starts_on: date,
    actor: User,
    ends_on: date | None = None,
) -> Price:
    """Set a service's price from a day on. The price that runs on that day ends the day before.

    Raises PriceNotAboveZero, PriceInOtherCurrency, and PriceOverlaps where a later price begins first.
    """
    price_list = PriceList.objects.select_for_update(of=("self",), no_key=True).get(pk=price_list_id)
    service = Service.objects.get(pk=service_id)
    if amount.currency != price_list.currency:
        raise PriceInOtherCurrency(list=price_list.name, currency=price_list.currency, given=amount.currency)
    if amount.minor <= 0:
        raise PriceNotAboveZero(amount=amount)
    same = Price.objects.filter(list=price_list, service=service)
    later = same.filter(starts_on__gte=starts_on).order_by("starts_on", "id").first()
    if later and (ends_on is None or later.starts_on <= ends_on):
        raise PriceOverlaps(service=service.code, list=price_list.name, starts_on=later.starts_on)

    running = same.filter(starts_on__lt=starts_on).filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)).first()
    if running:
        running.ends_on = starts_on - timedelta(days=1)
        audit.attribute(running, actor)
        running.save(update_fields=["ends_on"])
    price = Price(
        list=price_list,
        service=service,
        amount_minor=amount.minor,
        starts_on=starts_on,
        ends_on=ends_on,
        set_by=actor,
        set_at=clock.now(),
    )
    audit.attribute(price, actor)
    price.save()
    audit.record(
        "billing.set_price",
        actor=actor,
        subject=price_list,
        facility=price_list.facility,
        before=_told(running, price_list.currency) if running else None,
        after={"service": service.code, **_told(price, price_list.currency)},
    )
    return price


def _told(price: Price, currency: str) -> dict[str, str]:
    return {
        "amount": str(Money(price.amount_minor, currency)),
        "currency": currency,
        "starts_on": str(price.starts_on),
        "ends_on": str(price.ends_on or ""),
    }
