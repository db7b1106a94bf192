"""Every bad input that a book must refuse, tried over the API, by command and by raw SQL.

The hospitals are those of tests/ledger/models/attempts.py. Each way is what somebody would really do: a
program sends a journal, the application's own code calls a command or writes a row, and SQL runs as the
application's role.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from hms_ach.money import Money
from ledger.commands import Posting, post_entry, reverse_entry
from ledger.models import Account, Entry
from ledger.models import Posting as Line
from tests.ledger.models.attempts import ATTEMPTS
from tests.make import ledger as make

API = "/api/ach/journals"


class Bad(NamedTuple):
    """api  the journal's other members, or an HTTP method and an address; sql  a rule of attempts.py"""

    name: str
    api: dict[str, Any] | tuple[str, str]
    command: Callable[[Any], object]
    sql: str


def money(amount: str, currency: str = "USD") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def debit(amount: str = "100.00", account: str = "8510", currency: str = "USD", **more) -> dict[str, Any]:
    return {"account": account, "debit": money(amount, currency), **more}


CREDIT = {"account": "1001", "credit": money("100.00")}


def posted(*lines: tuple[str, Money], accounts: tuple = (), **more) -> Callable[[Any], object]:
    """A command that posts these lines of a role and an amount; accounts name one in the role's place."""

    def act(facility) -> object:
        found = [Account.objects.get(legal_entity__code=entity, number=number) for entity, number in accounts]
        named = [*found, *[None] * len(lines)]
        postings = [
            Posting(role, amount, account=account)
            for (role, amount), account in zip(lines, named, strict=False)
        ]
        values = {"key": "bad", "effective_on": make.DAY, "source": ("attempt", "1"), "memo": ""} | more
        return post_entry(facility=facility, postings=postings, **values)

    return act


def usd(minor: int) -> Money:
    return Money(minor, "USD")


FOR, AGAINST = ("cash.drawer", usd(100)), ("cash.safe", usd(-100))


def sql(text: str) -> Callable[[Any], object]:
    def act(_facility) -> object:
        with connection.cursor() as cursor:
            return cursor.execute(text)

    return act


def later_line(_facility) -> object:
    first = Line.objects.filter(entry__key="good").order_by("line").first()
    first.pk, first.line = None, 3
    return first.save(force_insert=True)


def reversed_again(_facility) -> object:
    return reverse_entry(
        original="gone", key="third", effective_on=make.DAY, memo="", source=("void", "2"), actor=None
    )


BAD = [
    Bad(
        "unbalanced",
        {"lines": [debit("99.00"), CREDIT]},
        posted(FOR, ("cash.safe", usd(-99))),
        "balanced per currency",
    ),
    Bad(
        "balanced only over currencies",
        {"lines": [debit(currency="EUR"), CREDIT]},
        posted(("cash.drawer", Money(100, "EUR")), AGAINST),
        "balanced per currency, though the functional amounts are",
    ),
    Bad(
        "unbalanced in the functional currency",
        {"lines": [debit(), {"account": "1001", "credit": money("100.00", "EUR")}]},
        posted(FOR, ("cash.safe", Money(-100, "EUR"))),
        "balanced in the functional currency",
    ),
    Bad("one-legged", {"lines": [debit()]}, posted(FOR), "two postings"),
    Bad("of no lines", {"lines": []}, posted(), "no entry without postings"),
    Bad(
        "of zero",
        {"lines": [debit("0.00"), CREDIT]},
        posted(("cash.drawer", usd(0)), ("cash.safe", usd(0))),
        "no posting of zero",
    ),
    Bad(
        "in a closed period",
        {"effective_on": "2026-01-12"},
        posted(FOR, AGAINST, effective_on=date(2026, 1, 12)),
        "an open period",
    ),
    Bad(
        "in no period",
        {"effective_on": "2031-01-12"},
        posted(FOR, AGAINST, effective_on=date(2031, 1, 12)),
        "a day of its period",
    ),
    Bad(
        "of another entity",
        {"facility": "B"},
        posted(FOR, AGAINST, accounts=(("EB", "1005"),)),
        "an account of the entity",
    ),
    Bad(
        "on an account not in use",
        {"lines": [debit(account="OLD"), CREDIT]},
        posted(FOR, AGAINST, accounts=(("EA", "OLD"),)),
        "an account in use",
    ),
    Bad(
        "on an account not yet in use",
        {"lines": [debit(account="NEW"), CREDIT]},
        posted(FOR, AGAINST, accounts=(("EA", "NEW"),)),
        "an account in use by then",
    ),
    Bad(
        "on an account of another currency",
        {"lines": [debit(account="EUR"), CREDIT]},
        posted(FOR, AGAINST, accounts=(("EA", "EUR"),)),
        "an account of that currency",
    ),
    Bad(
        "with wrong digits",
        {"lines": [debit("100.005"), CREDIT]},
        lambda _facility: Money.parse("100.005", "USD"),
        "whole minor units",
    ),
    Bad(
        "too large",
        {"lines": [debit("9" * 30 + ".00"), CREDIT]},
        posted(("cash.drawer", usd(2**63)), ("cash.safe", usd(-(2**63)))),
        "an amount the book can hold",
    ),
    Bad("under a used key", {"memo": "other", "key": "used"}, posted(FOR, AGAINST, key="good"), "a key once"),
    Bad("added to later", ("post", "/lines"), later_line, "no later additions"),
    Bad("reversed twice", ("post", "/reversals"), reversed_again, "one reversal"),
    Bad(
        "updated",
        ("patch", ""),
        lambda _facility: Entry.objects.update(memo="x"),
        "ledger_entry is append-only",
    ),
    Bad(
        "replaced",
        ("put", ""),
        lambda _facility: Line.objects.update(amount_minor=1),
        "ledger_posting is append-only",
    ),
    Bad(
        "deleted",
        ("delete", ""),
        lambda _facility: Entry.objects.all()._raw_delete("default"),
        "ledger_entry is append-only",
    ),
    Bad("emptied", ("delete", "s"), sql("TRUNCATE ledger_posting"), "ledger_posting is append-only"),
]


def attempts_of(rule: str) -> list[str]:
    """The statements that attempts.py has for a rule."""
    return [attempt.sql for attempt in ATTEMPTS if attempt.rule == rule]
