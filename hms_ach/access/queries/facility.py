"""The facilities open to a user. Kept on the user object, which lives for one request."""

from typing import Any

from hms_ach.access.models import Facility
from hms_ach.refusal import Refusal


class FacilityUnknown(Refusal):
    code = "facility_unknown"
    status = 422
    sentence = (
        "Facility {facility} is not among those open to you. Check the code, or ask your administrator."
    )


def facilities_of(user: Any) -> list[Facility]:
    """The facilities in which the user works, by code, with their legal entities. One SQL query a request."""
    if not user.is_active or not user.is_authenticated:
        return []
    if not hasattr(user, "_facilities_open"):
        granted = Facility.objects.filter(
            facilitygrant__user=user, facilitygrant__permission__codename="work_in_facility"
        )
        user._facilities_open = list(granted.select_related("legal_entity").order_by("code", "id"))
    return user._facilities_open


def facility_ids_of(user: Any) -> frozenset[int]:
    """The ids of those facilities; every list and every object lookup is narrowed to them."""
    return frozenset(facility.pk for facility in facilities_of(user))


def facility_by_code(user: Any, code: str) -> Facility:
    """One of the user's facilities. Raises FacilityUnknown, alike for a foreign and a missing one."""
    for facility in facilities_of(user):
        if facility.code == code:
            return facility
    raise FacilityUnknown(facility=code)
