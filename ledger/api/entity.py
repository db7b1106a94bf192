"""The legal entity that a request names."""

from rest_framework.exceptions import NotFound

from hms_ach.access.models import LegalEntity
from hms_ach.access.queries import facilities_of
from hms_ach.api import ApiRequest


def entity_or_404(request: ApiRequest, code: str) -> LegalEntity:
    """One of the legal entities whose facilities are open to the client."""
    for facility in facilities_of(request.user):
        if facility.legal_entity.code == code:
            return facility.legal_entity
    raise NotFound(f"There is no legal entity {code[:20]!r} among yours.")
