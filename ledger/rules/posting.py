"""What a caller asks the book to write, and what can be said of it without the database."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hms_ach.money import Money
from hms_ach.refusal import Refusal

if TYPE_CHECKING:
    from hms_ach.access.models import Department


class EntryUnbalanced(Refusal):
    code = "entry_unbalanced"
    status = 422
    sentence = (
        "This entry does not balance: {problem}. "
        "Nothing was posted; debits and credits must be equal in each currency."
    )


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of an entry to be: an account role and a signed amount, debit positive.

    reference   public id of the item that a clearing account must return to zero for
    department  a department (of the access app) of the entry's facility
    """

    role: str
    amount: Money
    reference: str = ""
    department: "Department | None" = None
    payer_class: str = ""
    payer: str = ""
    tender: str = ""

    @property
    def department_id(self) -> int | None:
        return self.department.pk if self.department else None


def check_balanced(postings: Sequence[Posting]) -> None:
    """Raises EntryUnbalanced for fewer than two postings, a zero line, or sums that are not zero."""
    if len(postings) < 2:
        raise EntryUnbalanced(problem="it has fewer than two postings")
    sums: dict[str, int] = defaultdict(int)
    for line, posting in enumerate(postings, start=1):
        if not posting.amount:
            raise EntryUnbalanced(problem=f"line {line} ({posting.role}) is zero")
        sums[posting.amount.currency] += posting.amount.minor
    for currency, minor in sums.items():
        if minor:
            raise EntryUnbalanced(problem=f"debits less credits are {Money(minor, currency)} {currency}")


def content_hash(
    *,
    facility_id: int,
    effective_on: date,
    source: tuple[str, str],
    memo: str,
    postings: Sequence[Posting],
    reverses: str = "",
) -> bytes:
    """SHA-256 of everything that makes an entry what it is, except its key, its moment and its actor."""
    lines = [
        [
            p.role,
            p.amount.minor,
            p.amount.currency,
            p.reference,
            p.department_id,
            p.payer_class,
            p.payer,
            p.tender,
        ]
        for p in postings
    ]
    content = [facility_id, effective_on.isoformat(), *source, memo, reverses, lines]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).digest()
