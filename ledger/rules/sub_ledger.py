"""Sub-ledgers: what the apps above keep document by document, and the book as sums."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hms_ach.money import Money

if TYPE_CHECKING:
    from hms_ach.access.models import LegalEntity


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """What one document adds to a role, signed as in the book: debit positive.

    reference  the document's public id; one document may be named more than once
    """

    role: str
    reference: str
    facility_id: int
    amount: Money


@dataclass(frozen=True, slots=True)
class SubLedger:
    """One sub-ledger, registered by its app when Django starts.

    documents(legal_entity, day) gives the open documents, in any order; is_dated says whether as of that
    day, or as they stand now, which is then compared with everything posted so far.
    """

    code: str
    name: str
    roles: tuple[str, ...]
    documents: Callable[["LegalEntity", date], Iterable[OpenDocument]]
    is_dated: bool = True


REGISTERED: dict[str, SubLedger] = {}


def register_sub_ledger(sub_ledger: SubLedger) -> None:
    """Let a sub-ledger be tied out at every close. Called by its app's `ready`."""
    REGISTERED[sub_ledger.code] = sub_ledger


Key = tuple[str, str]


def by_role(documents: Iterable[OpenDocument]) -> dict[Key, list[OpenDocument]]:
    """The documents of each role and currency, by reference; each once, without those at zero."""
    sums: dict[tuple[str, str, str, int], int] = {}
    for each in documents:
        key = (each.role, each.amount.currency, each.reference, each.facility_id)
        sums[key] = sums.get(key, 0) + each.amount.minor
    found: dict[Key, list[OpenDocument]] = {}
    for (role, currency, reference, facility_id), minor in sorted(sums.items()):
        rows = found.setdefault((role, currency), [])
        if minor:
            rows.append(OpenDocument(role, reference, facility_id, Money(minor, currency)))
    return found


def sums_of(documents: dict[Key, list[OpenDocument]]) -> dict[Key, int]:
    """What they add up to, in minor units."""
    return {key: sum(each.amount.minor for each in rows) for key, rows in documents.items()}
