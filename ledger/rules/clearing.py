"""Ages of items on clearing accounts, and how old an item may grow before somebody must look."""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.rules.roles import CHART, CLEARING_ROLES


class Bucket(NamedTuple):
    """Ages from first to last days, both included; last is None for all older ones."""

    code: str
    label: str
    first: int
    last: int | None


BUCKETS = (
    Bucket("0-1", "0–1 days", 0, 1),
    Bucket("2-3", "2–3 days", 2, 3),
    Bucket("4-7", "4–7 days", 4, 7),
    Bucket("8-30", "8–30 days", 8, 30),
    Bucket("31", "31 days and more", 31, None),
)


class Limit(NamedTuple):
    """An item older than age_days is looked at by who has owner_role."""

    role: str
    age_days: int
    owner_role: str


# Until a legal entity sets its own (set_clearing_limit). The second step is the one above.
STANDARD_LIMITS = (
    Limit("cash.drawer", 1, "FINANCE_REVIEWER"),
    Limit("cash.drawer", 4, "CONTROLLER"),
    Limit("cheque.drawer", 3, "FINANCE_REVIEWER"),
    Limit("cheque.drawer", 10, "CONTROLLER"),
    Limit("deposit.in_transit", 3, "FINANCE_REVIEWER"),
    Limit("deposit.in_transit", 7, "CONTROLLER"),
    Limit("card.clearing", 3, "FINANCE_REVIEWER"),
    Limit("card.clearing", 10, "CONTROLLER"),
    Limit("transfer.clearing", 5, "FINANCE_REVIEWER"),
    Limit("transfer.clearing", 10, "CONTROLLER"),
    Limit("remittance.clearing", 10, "FINANCE_REVIEWER"),
    Limit("remittance.clearing", 30, "CONTROLLER"),
    Limit("refund.clearing", 10, "FINANCE_REVIEWER"),
    Limit("refund.clearing", 30, "CONTROLLER"),
    Limit("suspense.unidentified", 7, "FINANCE_REVIEWER"),
    Limit("suspense.unidentified", 30, "CONTROLLER"),
)

_DEBIT_SIDE = {seed.role for seed in CHART if seed.normal_side == "DEBIT"}


def bucket_of(age_days: int) -> str:
    """The code of the bucket that an age falls in; what is effective tomorrow is new."""
    return next(each.code for each in BUCKETS if each.last is None or age_days <= each.last)


def stands_debit(role: str) -> bool:
    """Whether the role's account normally has a debit balance."""
    return role in _DEBIT_SIDE


def is_past_zero(role: str, balance_minor: int) -> bool:
    """Whether a balance stands on the side on which the role's account does not."""
    return balance_minor < 0 if stands_debit(role) else balance_minor > 0


def limits_in_force(own: Iterable[Limit]) -> tuple[Limit, ...]:
    """The standard limits with an entity's own: the latest word for an account and an age counts.

    own  oldest first; an empty owner_role takes the limit away
    """
    found = {(limit.role, limit.age_days): limit for limit in (*STANDARD_LIMITS, *own)}
    kept = [limit for limit in found.values() if limit.owner_role]
    return tuple(sorted(kept, key=lambda limit: (CLEARING_ROLES.index(limit.role), limit.age_days)))


def passed(limits: Iterable[Limit], *, role: str, age_days: int) -> tuple[Limit, ...]:
    """The limits that an item of this age is past, the lowest first."""
    return tuple(limit for limit in limits if limit.role == role and age_days > limit.age_days)
