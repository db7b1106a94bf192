"""What a caller asks the book to write, and what can be said of it without the database."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING

from hms_ach.money import Money
from hms_ach.refusal import Refusal

if TYPE_CHECKING:
    from hms_ach.access.models import Department, Facility
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


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One of many entries to be; each field is as post_entry says."""

    key: str
    facility: "Facility"
    effective_on: date
    source: tuple[str, str]
    memo: str
    postings: Sequence[Posting]
    belongs_on: date | None = None

    @property
    def content_hash(self) -> bytes:
        return content_hash(
            facility_id=self.facility.pk,
            effective_on=self.effective_on,
            source=self.source,
            memo=self.memo,
            postings=self.postings,
            belongs_on=self.belongs_on,
        )


def check_balanced(postings: Sequence[Posting]) -> None:
    """Raises EntryUnbalanced for fewer than two postings, a zero line, or sums that are not zero.

    A line has an amount or a difference of exchange, not both.
    """
    if len(postings) < 2:
        raise EntryUnbalanced(problem="it has fewer than two postings")
    sums: dict[str, int] = {}
    differences = 0
    for line, posting in enumerate(postings, start=1):
        amount, difference = posting.amount, posting.difference
        if bool(amount.minor) == bool(difference and difference.minor):
            problem = "has an amount and a difference" if amount else "is zero"
            raise EntryUnbalanced(problem=f"line {line} ({posting.role}) {problem}")
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
        differences += difference.minor if difference else 0
    if differences:
        raise EntryUnbalanced(problem=f"differences of exchange add up to {differences} minor units")
    for currency, minor in sums.items():
        if minor:
            raise EntryUnbalanced(problem=f"debits less credits are {Money(minor, currency).in_words()}")


def is_plain(postings: Sequence[Posting], functional: str) -> bool:
    """Whether each line is an amount in the functional currency, on the account that its role leads to."""
    return all(
        p.amount.currency == functional and p.account is None and p.difference is None for p in postings
    )


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
    """SHA-256 of everything that makes an entry what it is, except its key, its moment and its actor.

    The text that is hashed is compact JSON, written here because a general writer takes three times as long.
    """
    lines = ",".join(map(_as_json, postings))
    late = f',"{belongs_on}"' if belongs_on else ""
    words = ",".join(map(encode_basestring_ascii, (str(effective_on), *source, memo, reverses)))
    return hashlib.sha256(f"[{facility_id},{words},[{lines}]{late}]".encode()).digest()


def _as_json(posting: Posting) -> str:
    """A line's part of the content, with account and difference only where there is one."""
    words = (posting.payer_class, posting.payer, posting.tender)
    more = ""
    if posting.account or posting.difference:
        more = f",{_or_null(posting.account_id)},{_or_null(posting.difference_minor)}"
    return (
        f'[{encode_basestring_ascii(posting.role)},{posting.amount.minor},"{posting.amount.currency}"'
        f",{encode_basestring_ascii(posting.reference)},{_or_null(posting.department_id)}"
        f",{','.join(map(encode_basestring_ascii, words))}{more}]"
    )


def _or_null(value: int | None) -> int | str:
    return "null" if value is None else value
