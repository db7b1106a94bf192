"""How much a person may write off as a bank difference."""

from hms_ach.access.roles import Role
from hms_ach.money import Money, digits

# In whole units of the currency, for the person who proposes as for the one who approves.
LIMITS = {
    Role.FINANCE_REVIEWER: 100,
    Role.FINANCE_APPROVER: 500,
    Role.CONTROLLER: 10_000,
}


def limit_of(roles: frozenset[str], currency: str) -> Money:
    """The largest amount that a holder of these roles may write off; zero for other roles."""
    whole = max((LIMITS.get(Role(role), 0) for role in roles), default=0)
    return Money(whole * 10 ** digits(currency), currency)
