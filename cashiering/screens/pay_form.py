"""Reading what the cashier typed on the register screen."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from cashiering.commands import AllocationAsked, TenderGiven
from cashiering.rules.tenders import take_tenders
from hms_ach.money import Money, MoneyMalformed, digits, total

_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


def typed_money(text: str, currency: str) -> Money:
    """An amount as a cashier types it: "20", "20.5" and "20.50" are the same. Raises MoneyMalformed.

    A comma parts thousands, "1,250.00", and is nothing else: "1,50" could be 1.50 or 150 and is refused.
    """
    text = text.strip().removeprefix("$")
    places = digits(currency)
    if "," in text and not _THOUSANDS.fullmatch(text):
        raise MoneyMalformed(text=repr(text)[:40], currency=currency, digits=places)
    whole, dot, fraction = text.replace(",", "").partition(".")
    if len(fraction) > places or (dot and not places):
        raise MoneyMalformed(text=repr(text)[:40], currency=currency, digits=places)
    fraction = fraction.ljust(places, "0")
    return Money.parse(f"{whole or '0'}.{fraction}" if places else whole, currency)


@dataclass
class PayForm:
    """The payment as typed: kept for showing again, and read into values.

    errors  what is wrong, by the id of its field
    """

    currency: str
    key: str = ""
    patient: str = ""
    chosen: set[str] = field(default_factory=set)
    amounts: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    rest: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: QueryDict, currency: str) -> "PayForm":
        ids = data.getlist("invoice")
        every = [name[7:] for name in data if name.startswith("amount-")]
        return cls(
            currency=currency,
            key=data.get("key", "")[:40],
            patient=data.get("patient", ""),
            chosen=set(ids),
            amounts={pk: data.get(f"amount-{pk}", "") for pk in every},
            seen={pk: data.get(f"seen-{pk}", "") for pk in every},
            typed={name: data.get(name, "").strip() for name in TYPED},
            rest=data.get("rest", ""),
        )

    def allocations(self) -> list[AllocationAsked]:
        """What is paid of each chosen invoice, with the balance the cashier saw."""
        asked = []
        for pk in sorted(self.chosen, key=lambda text: int(text) if text.isdecimal() else 0):
            if not pk.isdecimal():
                continue
            amount = self._money(f"amount-{pk}", self.amounts.get(pk, ""))
            seen = self._money(f"amount-{pk}", self.seen.get(pk, ""))
            if amount is not None and seen is not None:
                asked.append(AllocationAsked(int(pk), amount, seen))
        return asked

    def prepayment(self) -> Money | None:
        text = self.typed.get("prepayment", "")
        return self._money("prepayment", text) if text else None

    def tenders(self, due: Money) -> list[TenderGiven]:
        """What was handed over; the tender named by `rest` takes what the others leave."""
        given = []
        for name, kind in (("card", "CARD"), ("cheque", "CHEQUE"), ("cash", "CASH")):
            text = self.typed.get(name, "")
            amount = self._money(name, text) if text else None
            if amount is not None:
                given.append(self._given(kind, amount))
        left = due - total([one.tendered for one in given if one.kind != self.rest], self.currency)
        is_named = any(one.kind == self.rest for one in given)
        if self.rest in ("CASH", "CARD", "CHEQUE") and left.minor > 0 and not is_named:
            given.append(self._given(self.rest, left))
        return given

    def due(self, allocations: list[AllocationAsked]) -> Money:
        kept = self.prepayment() or Money.zero(self.currency)
        return total([one.amount for one in allocations], self.currency) + kept

    def checked(self) -> tuple[list[AllocationAsked], list[TenderGiven], Money | None]:
        """The whole payment, proven against the tender rules before any card is asked. May refuse."""
        asked = self.allocations()
        due = self.due(asked)
        given = self.tenders(due)
        if not self.errors:
            take_tenders(due, given)
        return asked, given, self.prepayment()

    def _given(self, kind: str, amount: Money) -> TenderGiven:
        if kind != "CHEQUE":
            return TenderGiven(kind, amount)
        number, bank = self.typed.get("cheque_number", ""), self.typed.get("cheque_bank", "")
        return TenderGiven(kind, amount, reference=number[:60], cheque_bank=bank[:60])

    def _money(self, name: str, text: str) -> Money | None:
        try:
            return typed_money(text, self.currency)
        except MoneyMalformed as refusal:
            self.errors[name] = str(refusal)
            return None


TYPED = ("cash", "card", "cheque", "cheque_number", "cheque_bank", "prepayment")


def intent_of(
    form: PayForm, asked: list[AllocationAsked], given: list[TenderGiven], prepayment: Money | None
) -> dict[str, Any]:
    """The payment as JSON, kept with a card sale so that it can be finished later."""
    return {
        "key": form.key,
        "patient": form.patient,
        "allocations": [[one.invoice_id, str(one.amount), str(one.balance_seen)] for one in asked],
        "tenders": [[one.kind, str(one.tendered), one.reference, one.cheque_bank] for one in given],
        "prepayment": str(prepayment) if prepayment else "",
    }


def payment_of(intent: dict[str, Any], *, sale: str, currency: str) -> dict[str, Any]:
    """The arguments of take_payment from an intent and its approved card sale."""

    def money(text: str) -> Money:
        return Money.parse(text, currency)

    return {
        "patient": int(intent["patient"]) if intent["patient"] else None,
        "allocations": [
            AllocationAsked(pk, money(amount), money(seen)) for pk, amount, seen in intent["allocations"]
        ],
        "tenders": [
            TenderGiven(
                kind,
                money(amount),
                reference=reference,
                cheque_bank=bank,
                terminal_request=sale if kind == "CARD" else "",
            )
            for kind, amount, reference, bank in intent["tenders"]
        ],
        "prepayment": money(intent["prepayment"]) if intent["prepayment"] else None,
        "key": intent["key"],
    }
