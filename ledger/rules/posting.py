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
    from ledger.models import Account


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
    account     the account itself, where people chose one; else the role finds it
    difference  a difference of exchange in the functional currency, with an amount of zero
    """

    role: str
    amount: Money
    reference: str = ""
    department: "Department | None" = None
    payer_class: str = ""
    payer: str = ""
    tender: str = ""
    account: "Account | None" = None
    difference: Money | None = None

    @property
    def department_id(self) -> int | None:
        return self.department.pk if self.department else None

    @property
    def account_id(self) -> int | None:
        return self.account.pk if self.account else None

    @property
    def difference_minor(self) -> int | None:
        return self.difference.minor if self.difference else None


def check_balanced(postings: Sequence[Posting]) -> None:
    """Raises EntryUnbalanced for fewer than two postings, a zero line, or sums that are not zero.

    A line has an amount or a difference of exchange, not both.
    """
    if len(postings) < 2:
        raise EntryUnbalanced(problem="it has fewer than two postings")
    sums: dict[str, int] = defaultdict(int)
    differences = 0
    for line, posting in enumerate(postings, start=1):
        if bool(posting.amount) == bool(posting.difference):
            problem = "has an amount and a difference" if posting.amount else "is zero"
            raise EntryUnbalanced(problem=f"line {line} ({posting.role}) {problem}")
        sums[posting.amount.currency] += posting.amount.minor
        differences += posting.difference_minor or 0
    if differences:
        raise EntryUnbalanced(problem=f"differences of exchange add up to {differences} minor units")
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
    belongs_on: date | None = None,
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
            *([p.account_id, p.difference_minor] if p.account or p.difference else []),
        ]
        for p in postings
    ]
    late = [belongs_on.isoformat()] if belongs_on else []
    content = [facility_id, effective_on.isoformat(), *source, memo, reverses, lines, *late]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).digest()
