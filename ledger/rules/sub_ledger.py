"""Sub-ledgers: what the apps above keep document by document, and the book as sums."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hms_ach.money import Money

if TYPE_CHECKING:
    from hms_ach.access.models import LegalEntity


@dataclass(frozen=True, slots=True)
class Figure:
    """What a sub-ledger's documents add up to on a role, signed as in the book: debit positive."""

    role: str
    amount: Money


@dataclass(frozen=True, slots=True)
class SubLedger:
    """One sub-ledger, registered by its app when Django starts.

    figures(legal_entity, day) sums the documents; is_dated says whether as of that day, or as they stand
    now, which is then compared with everything posted so far.
    """

    code: str
    name: str
    roles: tuple[str, ...]
    figures: Callable[["LegalEntity", date], Sequence[Figure]]
    is_dated: bool = True


REGISTERED: dict[str, SubLedger] = {}


def register_sub_ledger(sub_ledger: SubLedger) -> None:
    """Let a sub-ledger be tied out at every close. Called by its app's `ready`."""
    REGISTERED[sub_ledger.code] = sub_ledger
