"""What is agreed, tried and seen before a bank account counts as certified."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

# Statements in a row, each opening with what the one before closed with, that prove an account's files.
CYCLES = 5
# How far back the system looks for its proofs.
STATEMENTS_LOOKED_AT = 100


class Detail(NamedTuple):
    """One thing that must be said of an item; kind is "text", "email" or "amount"."""

    name: str
    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist.

    is_seen   only the system's own proof counts: nobody's word replaces it
    is_ahead  its day may lie ahead
    """

    code: str
    title: str
    ask: str
    details: tuple[Detail, ...] = ()
    is_seen: bool = False
    is_ahead: bool = False


_ALL = (
    Item(
        "layout",
        "Statement layout agreed",
        "Format, version and the deviations that the account's profile allows, agreed in writing.",
        (Detail("format", "Format and version"),),
    ),
    Item(
        "addenda",
        "CCD+ addenda asked for",
        "Banks leave out the addenda of insurers' payments unless they are asked. Without them no payment "
        "finds its remittance by its trace.",
    ),
    Item(
        "delivery",
        "Files come by themselves",
        "A connection fetched a file of this account.",
    ),
    Item(
        "test_file",
        "Test file read",
        "A file of the bank was taken in; one with a fatal finding never is.",
        is_seen=True,
    ),
    Item(
        "test_cycles",
        "Test cycles in a row",
        f"{CYCLES} statements in a row add up, and each opens with what the one before closed with.",
        is_seen=True,
    ),
    Item(
        "penny_test",
        "Penny test seen on the statement",
        "Send or receive a small amount with a reference of your own, and find it on the statement.",
        (Detail("amount", "Amount", "amount"), Detail("reference", "Reference")),
        is_seen=True,
    ),
    Item(
        "returns",
        "Return and reversal read",
        "A returned and a reversed entry of the bank, or its sample file with them, was read as what it is.",
    ),
    Item(
        "contacts",
        "Contacts of the bank",
        "Who is asked when a file is missing or wrong, and who when they do not answer.",
        (
            Detail("name", "Name"),
            Detail("phone", "Telephone"),
            Detail("email", "E-mail", "email"),
            Detail("escalation", "If they do not answer"),
        ),
    ),
    Item(
        "cut_offs",
        "Cut-off times and holidays",
        "Until when the bank books on the same day, and on which days it does not book.",
        (Detail("times", "Cut-off times"), Detail("holidays", "Holidays")),
    ),
    Item(
        "go_live",
        "Go-live date",
        "The day from which the account is used for real, agreed with the bank and the hospital.",
        is_ahead=True,
    ),
)
ITEMS = {item.code: item for item in _ALL}


class Cycle(NamedTuple):
    """What a statement's balances say; None where the bank left one out."""

    opening_minor: int | None
    closing_minor: int | None
    booked_minor: int
    year: int
    sequence: int | None


def cycles_in_row(cycles: Sequence[Cycle]) -> int:
    """How many of the newest statements, given oldest first, add up and join without a break.

    A balance that is not known proves nothing.
    """
    count = 0
    after: Cycle | None = None
    for cycle in reversed(cycles):
        opening, closing = cycle.opening_minor, cycle.closing_minor
        if opening is None or closing is None or opening + cycle.booked_minor != closing:
            break
        if after is not None and not _joins(cycle, after):
            break
        count, after = count + 1, cycle
    return count


def _joins(before: Cycle, after: Cycle) -> bool:
    if before.closing_minor != after.opening_minor:
        return False
    if before.sequence is None or after.sequence is None or before.year != after.year:
        return True
    return after.sequence == before.sequence + 1
