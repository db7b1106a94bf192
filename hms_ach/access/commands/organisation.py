"""The containers of everything that moves money."""

from datetime import time

from django.db import transaction

from hms_ach import audit
from hms_ach.access.models import Department, Facility, LegalEntity, User
from hms_ach.money import digits
from hms_ach.refusal import Refusal


class CodeTaken(Refusal):
    code = "code_taken"
    sentence = "The code {code} is already used. Choose another."


@transaction.atomic
def create_legal_entity(
    *, code: str, name: str, functional_currency: str = "USD", country: str = "US", actor: User | None = None
) -> LegalEntity:
    """A company with its own books.

    functional_currency  ISO 4217; the currency its books are kept in, never changed later

    Raises CodeTaken, CurrencyUnknown.
    """
    digits(functional_currency)
    if LegalEntity.objects.filter(code=code).exists():
        raise CodeTaken(code=code)
    entity = LegalEntity.objects.create(
        code=code, name=name, functional_currency=functional_currency, country=country
    )
    audit.record("access.create_legal_entity", actor=actor, subject=entity, after={"code": code})
    return entity


@transaction.atomic
def create_facility(
    *,
    legal_entity: LegalEntity,
    code: str,
    name: str,
    timezone: str = "America/New_York",
    business_day_cutoff: time = time(4, 0),
    currency: str = "USD",
    address: str = "",
    actor: User | None = None,
) -> Facility:
    """A hospital or clinic of a legal entity.

    timezone             IANA name
    business_day_cutoff  local time at which a new business day starts

    Raises CodeTaken, CurrencyUnknown.
    """
    digits(currency)
    if Facility.objects.filter(code=code).exists():
        raise CodeTaken(code=code)
    facility = Facility.objects.create(
        legal_entity=legal_entity,
        code=code,
        name=name,
        timezone=timezone,
        business_day_cutoff=business_day_cutoff,
        currency=currency,
        address=address,
    )
    audit.record("access.create_facility", actor=actor, subject=facility, facility=facility)
    return facility


@transaction.atomic
def create_department(*, facility: Facility, code: str, name: str, actor: User | None = None) -> Department:
    """A cost or revenue centre of a facility. Raises CodeTaken within the facility."""
    if Department.objects.filter(facility=facility, code=code).exists():
        raise CodeTaken(code=code)
    department = Department.objects.create(facility=facility, code=code, name=name)
    audit.record("access.create_department", actor=actor, subject=department, facility=facility)
    return department
