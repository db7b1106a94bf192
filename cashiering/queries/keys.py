"""The keys of a facility's registers."""

from cashiering.models import TillPolicy
from cashiering.rules.keys import Key, keys_with


def keys_of(facility_id: int) -> dict[str, Key]:
    """Every action's key, by action, as the facility chose. One SQL query."""
    chosen = TillPolicy.objects.filter(facility_id=facility_id).values_list("keys", flat=True).first()
    return keys_with(chosen or {})
