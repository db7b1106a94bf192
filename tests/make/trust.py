"""The given of the kernel's tests: people, a facility."""

from itertools import count

from hms_ach.access.models import Facility, LegalEntity, User

_numbers = count(1)


def person(name: str = "") -> User:
    """A person who may sign in; nothing is granted."""
    return User.objects.create(username=name or f"person{next(_numbers)}")


def facility(code: str = "") -> Facility:
    """A facility of a legal entity of its own."""
    number = next(_numbers)
    entity = LegalEntity.objects.create(code=f"E{number}", name=f"Entity {number}")
    return Facility.objects.create(legal_entity=entity, code=code or f"F{number}", name=f"Facility {number}")
