"""A payment as JSON, kept with a card sale so that it can be finished after a silence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cashiering.commands import AllocationAsked, TenderGiven
from hms_ach.access.commands import Agreement
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class LineUnreadable(Refusal):
    code = "line_unreadable"
    status = 422
    sentence = "A tender of this payment cannot be read. Find the patient and start the payment again."


_WORDS = ("kind", "reference", "cheque_bank", "terminal_request")
_FLAGS = ("is_wallet", "is_health_account")


def line_of(tender: TenderGiven) -> str:
    """One tender as a JSON text."""
    words = {name: getattr(tender, name) for name in (*_WORDS, *_FLAGS)}
    if tender.foreign is not None:
        words |= {"foreign": tender.foreign.as_json(), "rate": tender.rate_id}
    return json.dumps({**words, "tendered": str(tender.tendered)}, separators=(",", ":"))


def tender_of(line: str, currency: str) -> TenderGiven:
    """The tender of a line. Raises LineUnreadable; the command checks whatever it says."""
    try:
        read = json.loads(line)
        words: dict[str, Any] = {name: str(read[name])[:60] for name in _WORDS}
        words |= {name: bool(read[name]) for name in _FLAGS}
        if "foreign" in read:
            words |= {"foreign": Money.from_json(read["foreign"]), "rate_id": int(read["rate"])}
        return TenderGiven(tendered=Money.parse(str(read["tendered"]), currency), **words)
    except (ValueError, KeyError, TypeError, Refusal) as wrong:
        raise LineUnreadable() from wrong


def intent_of(
    *,
    key: str,
    attempt: int,
    patient: str,
    asked: Sequence[AllocationAsked],
    given: Sequence[TenderGiven],
    prepayment: Money | None,
    card: int,
    is_part: bool,
    corrects: Mapping[str, str] | None = None,
    agreed: Agreement | None = None,
) -> dict[str, Any]:
    """The payment whose tender number `card` goes to the terminal.

    is_part  the cashier splits: after the answer the form is shown again, nothing is booked yet
    corrects the receipt ("payment") that is issued again with this card, and why ("reason")
    agreed   who agreed where somebody had to; it still counts when the terminal has answered
    """
    return {
        "key": key,
        "attempt": attempt,
        "patient": patient,
        "allocations": [[one.invoice_id, str(one.amount), str(one.balance_seen)] for one in asked],
        "lines": [line_of(one) for one in given],
        "prepayment": str(prepayment) if prepayment else "",
        "card": card,
        "is_part": is_part,
        **({"corrects": dict(corrects)} if corrects else {}),
        **({"agreed_by": agreed.person.username, "way": agreed.way} if agreed else {}),
    }


def agreed_to(intent: dict[str, Any]) -> Agreement | None:
    """Who agreed to the payment before its card was charged; None when nobody had to."""
    if "agreed_by" not in intent:
        return None
    return Agreement(User.objects.get(username=intent["agreed_by"]), intent["way"])


def answered(intent: dict[str, Any], *, sale: str, currency: str) -> list[TenderGiven]:
    """The tenders of an intent, its card standing for the approved sale."""
    given = [tender_of(line, currency) for line in intent["lines"]]
    given[intent["card"]] = replace(given[intent["card"]], terminal_request=sale)
    return given


def is_complete(intent: dict[str, Any], given: Sequence[TenderGiven]) -> bool:
    """Whether the payment can be booked: the cashier wants it, and no card is still to be asked."""
    return not intent["is_part"] and all(one.terminal_request for one in given if one.kind == "CARD")


def payment_of(intent: dict[str, Any], given: Sequence[TenderGiven], *, currency: str) -> dict[str, Any]:
    """The arguments of take_payment from an intent and its tenders."""

    def money(text: str) -> Money:
        return Money.parse(text, currency)

    return {
        "patient": int(intent["patient"]) if intent["patient"] else None,
        "allocations": [
            AllocationAsked(pk, money(amount), money(seen)) for pk, amount, seen in intent["allocations"]
        ],
        "tenders": list(given),
        "prepayment": money(intent["prepayment"]) if intent["prepayment"] else None,
        "key": intent["key"],
    }
