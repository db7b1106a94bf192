"""What a service costs on a day, and why."""

from dataclasses import dataclass
from datetime import date

from django.db.models import FilteredRelation, Q

from billing.models import PayerClass, PriceList, Service
from billing.rules.pricing import Candidate, choose
from hms_ach.access.models import Facility
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class ServiceUnpriced(Refusal):
    code = "service_unpriced"
    status = 422
    sentence = (
        "Service {service} has no price in {currency} on {on} for {payer_class} at {facility} "
        "(lists searched: {lists}). Set a price in one of these lists, then charge it again."
    )


@dataclass(frozen=True, slots=True)
class Priced:
    """A unit price, the row it comes from, and the steps that found it."""

    price_id: int
    amount: Money
    trace: list[dict[str, str]]


def price_of(service: Service, *, facility: Facility, payer_class: str, on: date, currency: str) -> Priced:
    """The unit price of a service given on a day, from the narrowest list that has one.

    Raises ServiceUnpriced: a service without a price is never free. One SQL query.
    """
    rows = (
        PriceList.objects.filter(Q(facility=facility) | Q(facility=None), currency=currency)
        .filter(payer_class__in=[payer_class, ""])
        .annotate(
            valid=FilteredRelation(
                "prices",
                condition=Q(prices__service=service, prices__starts_on__lte=on)
                & (Q(prices__ends_on=None) | Q(prices__ends_on__gte=on)),
            )
        )
        .order_by("id")
        .values_list(
            "name", "facility", "payer_class", "valid__id", "valid__amount_minor", "valid__starts_on"
        )
    )
    chosen = choose([_candidate(row, facility, currency) for row in rows], on=on)
    found = chosen.candidate
    if found is None or found.price_id is None or found.amount is None:
        raise ServiceUnpriced(
            service=service.code,
            currency=currency,
            on=on,
            payer_class=PayerClass(payer_class).label,
            facility=facility.code,
            lists=", ".join(step["list"] for step in chosen.trace) or "none in this currency",
        )
    return Priced(price_id=found.price_id, amount=found.amount, trace=chosen.trace)


def _candidate(row: tuple, facility: Facility, currency: str) -> Candidate:
    name, facility_id, payer_class, price_id, amount_minor, starts_on = row
    return Candidate(
        list_name=name,
        facility_code=facility.code if facility_id else "",
        payer_class=payer_class,
        price_id=price_id,
        amount=None if amount_minor is None else Money(amount_minor, currency),
        starts_on=starts_on,
    )
