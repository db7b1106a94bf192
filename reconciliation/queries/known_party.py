"""What is known of those who pay, to be found in what banks write."""

from functools import lru_cache

from reconciliation.models import KnownParty
from reconciliation.rules.known_items import KnownItems


def known_items() -> KnownItems:
    """Of all that was ever expected, at any facility. One query."""
    parties = KnownParty.objects.order_by("id").values_list("payer", "name", "numbered_by")
    return _known_items(tuple(parties))


# Parties are few and seldom new, and runs are many.
@lru_cache(maxsize=1)
def _known_items(parties: tuple[tuple[str, str, str], ...]) -> KnownItems:
    return KnownItems.of(parties)
