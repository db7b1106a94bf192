"""What a journal by hand must be before anybody is asked to approve it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hms_ach.money import Money
from hms_ach.refusal import Refusal

if TYPE_CHECKING:
    from hms_ach.access.models import Department
    from ledger.models import Account

# Up to which total, in whole units of the functional currency, a role approves until limits are set.
DEFAULT_LIMITS = {"FINANCE_APPROVER": 25_000, "CONTROLLER": None}


class JournalUnbalanced(Refusal):
    code = "journal_unbalanced"
    status = 422
    sentence = "Debits are {debits} and credits {credits}. Correct the lines until they are equal."


class JournalTooShort(Refusal):
    code = "journal_too_short"
    status = 422
    sentence = "A journal has two lines or more, none of them zero. Fill in another line."


class JournalMixesCurrencies(Refusal):
    code = "journal_mixes_currencies"
    status = 422
    sentence = "A journal is in one currency, and these lines are in {currencies}. Write a journal for each."


@dataclass(frozen=True, slots=True)
class JournalLineAsked:
    """A line of a journal to be: a signed amount on an account, debit positive."""

    account: "Account"
    amount: Money
    department: "Department | None" = None


def total_of(lines: Sequence[JournalLineAsked]) -> Money:
    """The debits of a journal that balances.

    Raises JournalTooShort, JournalMixesCurrencies, JournalUnbalanced.
    """
    if len(lines) < 2 or not all(line.amount for line in lines):
        raise JournalTooShort()
    debits, credits = debits_and_credits(lines)
    if debits != credits:
        raise JournalUnbalanced(debits=debits, credits=credits)
    return debits


def debits_and_credits(lines: Sequence[JournalLineAsked]) -> tuple[Money, Money]:
    """What the lines debit and credit, both positive. Raises JournalMixesCurrencies."""
    currencies = sorted({line.amount.currency for line in lines})
    if len(currencies) > 1:
        raise JournalMixesCurrencies(currencies=" and ".join(currencies))
    currency = currencies[0]
    debits = sum(line.amount.minor for line in lines if line.amount.minor > 0)
    credits = -sum(line.amount.minor for line in lines if line.amount.minor < 0)
    return Money(debits, currency), Money(credits, currency)


def highest_limit(limits: Iterable[int | None]) -> int | None:
    """The most that any of these allows; None for no limit. Zero when there are none at all."""
    known = list(limits)
    if not known:
        return 0
    return None if None in known else max(limit for limit in known if limit is not None)
