"""Reading what the cashier typed on the register screen."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from cashiering.commands import AllocationAsked, TenderGiven
from cashiering.commands.cash_currency import at_rates
from cashiering.formats.micr import MicrUnread, is_micr, read_micr
from cashiering.queries.cash_currency import CashCurrencyShown
from cashiering.rules.allocation import spread_over
from cashiering.rules.foreign_cash import notes_for
from cashiering.rules.rounding import cash_rounding, to_coins
from cashiering.rules.tenders import take_tenders
from cashiering.screens.pay_intent import line_of, tender_of
from hms_ach.money import Money, MoneyMalformed, digits, total

_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")

# The field of each tender, in the order in which the tenders are taken; the last cash gives the change.
TENDERS = {
    "account": "ACCOUNT",
    "card": "CARD",
    "wallet": "CARD",
    "cheque": "CHEQUE",
    "transfer": "TRANSFER",
    "cash": "CASH",
}
TYPED = (
    *TENDERS,
    "cash_currency",
    "cheque_number",
    "cheque_bank",
    "transfer_reference",
    "health_account",
    "prepayment",
)


class AmountUnreadable(MoneyMalformed):
    code = "amount_unreadable"
    status = 422
    sentence = "“{text}” is not an amount in {currency}. Write digits, such as {such}."


class AmountMissing(MoneyMalformed):
    code = "amount_missing"
    status = 422
    sentence = "No amount is written. Write it in {currency}, such as {such}."


def typed_money(text: str, currency: str) -> Money:
    """An amount as a cashier types it: "20", "20.5" and "20.50" are the same. Raises MoneyMalformed.

    A comma parts thousands, "1,250.00", and is nothing else: "1,50" could be 1.50 or 150 and is refused.
    So is a field without a digit, which says nothing and never zero.
    """
    text = text.strip().removeprefix("$")
    places = digits(currency)
    such = "20 or 20.50" if places else "20"
    if not text:
        raise AmountMissing(currency=currency, such=such)
    whole, dot, fraction = text.replace(",", "").partition(".")
    is_odd = "," in text and not _THOUSANDS.fullmatch(text)
    try:
        if is_odd or text == "." or len(fraction) > places or (dot and not places):
            raise MoneyMalformed(text=repr(text)[:40], currency=currency, digits=places)
        fraction = fraction.ljust(places, "0")
        return Money.parse(f"{whole or '0'}.{fraction}" if places else whole, currency)
    except MoneyMalformed:
        raise AmountUnreadable(text=text[:20], currency=currency, such=such) from None


@dataclass
class PayForm:
    """The payment as typed: kept for showing again, and read into values.

    coin     the smallest coin in use, in minor units
    rates    foreign currencies taken in cash, by code; shown is the id of the rate that the cashier saw
    key      the payment's idempotency key, made when the form was
    attempt  counts the calls of the terminal under this key
    lines    tenders split off before, each a JSON text as pay_intent writes it
    rest     the field of the tender that takes what the others leave
    errors   what is wrong, by the id of its field
    focus    the id of the field that the cashier looks at first
    """

    currency: str
    coin: int = 1
    rates: dict[str, CashCurrencyShown] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)
    key: str = ""
    attempt: int = 0
    patient: str = ""
    chosen: set[str] = field(default_factory=set)
    amounts: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    rest: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    focus: str = ""

    @classmethod
    def of(cls, data: QueryDict, currency: str) -> "PayForm":
        every = [name[7:] for name in data if name.startswith("amount-")]
        attempt = data.get("attempt", "")
        shown = {name[5:]: data.get(name, "") for name in data if name.startswith("rate-")}
        return cls(
            currency=currency,
            shown={code: int(pk) for code, pk in shown.items() if pk.isdecimal() and len(pk) < 18},
            key=data.get("key", "")[:40],
            attempt=int(attempt) if attempt.isdecimal() and len(attempt) < 4 else 0,
            patient=data.get("patient", ""),
            chosen=set(data.getlist("invoice")),
            amounts={pk: data.get(f"amount-{pk}", "") for pk in every},
            seen={pk: data.get(f"seen-{pk}", "") for pk in every},
            typed={name: data.get(name, "").strip() for name in TYPED},
            lines=data.getlist("line")[:20],
            rest=data.get("rest", "").lower(),
        )

    @property
    def patient_id(self) -> int | None:
        return int(self.patient) if self.patient.isdecimal() else None

    @property
    def cash_currency(self) -> str:
        """What the typed cash is in, when it is not the register's own currency."""
        chosen = self.typed.get("cash_currency", "")
        return "" if chosen == self.currency else chosen

    @property
    def has_notes(self) -> bool:
        """Whether rates matter: for the cash as typed, or for a line split off before."""
        return bool(self.cash_currency) or any('"foreign"' in line for line in self.lines)

    def allocations(self) -> list[AllocationAsked]:
        """What is paid of each chosen invoice, with the balance the cashier saw.

        An amount written beside an invoice that is not ticked is an error: it would be passed over unseen.
        """
        for pk, text in self.amounts.items():
            if pk not in self.chosen and text.strip() not in ("", self.seen.get(pk, "")):
                self.errors[f"amount-{pk}"] = "Not ticked. Tick it to pay this, or write its balance back."
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
        kept = self._money("prepayment", text) if text else None
        if kept is not None and kept.minor < 0:
            self.errors["prepayment"] = "Only more than zero can be kept. Money goes back by a refund."
            return None
        return kept

    def split_off(self) -> list[TenderGiven]:
        """The tenders split off before. May refuse."""
        return [tender_of(line, self.currency) for line in self.lines]

    def at_new_rates(self) -> "PayForm":
        """The form with its foreign lines at the rates of now. May refuse."""
        now = [replace(one, rate_id=None) if one.foreign else one for one in self.split_off()]
        lines = [line_of(one) for one in at_rates(now, self.rates, quote=self.currency)]
        return replace(self, lines=lines, shown={})

    def tenders(self, due: Money) -> list[TenderGiven]:
        """What was handed over; the tender named by `rest` takes what the others leave. May refuse."""
        given = {}
        for name, kind in TENDERS.items():
            text = self.typed.get(name, "")
            amount = self._typed(name, text) if text else None
            if amount is not None:
                given[name] = self._given(name, kind, amount)
        before = self.split_off()
        left = due - total([one.tendered for one in [*before, *given.values()]], self.currency)
        if self.rest == "cash" and self.cash_currency and left.minor > 0:
            given.setdefault("cash", self._notes(self._notes_for(left)))
        elif self.rest == "cash":
            left = to_coins(left, self.coin) or left
        if self.rest in TENDERS and self.rest not in given and left.minor > 0:
            given[self.rest] = self._given(self.rest, TENDERS[self.rest], left)
        return [*before, *(given[name] for name in TENDERS if name in given)]

    def due(self, allocations: list[AllocationAsked]) -> Money:
        kept = self.prepayment() or Money.zero(self.currency)
        return total([one.amount for one in allocations], self.currency) + kept

    def checked(self) -> tuple[list[AllocationAsked], list[TenderGiven], Money | None]:
        """The whole payment, proven against the tender rules before any card is asked. May refuse."""
        asked = self.allocations()
        due = self.due(asked)
        given = self.tenders(due)
        if not self.errors:
            take_tenders(due + cash_rounding(due, given, self.coin), given)
        return asked, given, self.prepayment()

    def split(self, given: list[TenderGiven]) -> "PayForm":
        """The form with these tenders as lines, and nothing typed in the fields of tenders."""
        kept = {name: text for name, text in self.typed.items() if name == "prepayment"}
        return replace(
            self, typed=kept, lines=[line_of(one) for one in given], rest="", attempt=self.attempt + 1
        )

    def spread(self, asked: list[AllocationAsked], given: list[TenderGiven]) -> "PayForm":
        """The form with what was given laid against the invoices in the order of the list."""
        order = {pk: at for at, pk in enumerate(self.seen)}
        ordered = sorted(asked, key=lambda one: order.get(str(one.invoice_id), 0))
        parts = spread_over([one.balance_seen or one.amount for one in ordered], self._free(given))
        laid = {str(one.invoice_id): part for one, part in zip(ordered, parts, strict=True) if part}
        amounts = {**self.amounts, **self.seen, **{pk: str(part) for pk, part in laid.items()}}
        return replace(self, chosen=set(laid), amounts=amounts, rest="")

    def _free(self, given: list[TenderGiven]) -> Money:
        """What of the tenders is for invoices: all but what is to stay on account."""
        kept = self.prepayment() or Money.zero(self.currency)
        free = total([one.tendered for one in given], self.currency) - kept
        return free if free.minor > 0 else Money.zero(self.currency)

    def _given(self, name: str, kind: str, amount: Money) -> TenderGiven:
        if name == "cash" and self.cash_currency:
            return self._notes(amount)
        tender = TenderGiven(kind, amount)
        if kind == "CHEQUE":
            number, bank = self._cheque()
            return replace(tender, reference=number[:60], cheque_bank=bank[:60])
        if kind == "TRANSFER":
            reference = self.typed.get("transfer_reference", "")[:60]
            if not reference:
                self.errors["transfer_reference"] = "The bank's line is found by it. Copy it from the slip."
            return replace(tender, reference=reference)
        if kind == "CARD":
            is_health_account = bool(self.typed.get("health_account"))
            return replace(tender, is_wallet=name == "wallet", is_health_account=is_health_account)
        return tender

    def _cheque(self) -> tuple[str, str]:
        """Number and bank, as typed or as a MICR reader typed both in one line; its account is not kept."""
        number, bank = self.typed.get("cheque_number", ""), self.typed.get("cheque_bank", "")
        if not is_micr(number):
            return number, bank
        try:
            line = read_micr(number)
        except MicrUnread as unread:
            self.typed["cheque_number"] = ""
            self.errors["cheque_number"] = str(unread)
            return "", bank
        bank = bank.strip() or f"Routing {line.routing}"
        self.typed |= {"cheque_number": line.number, "cheque_bank": bank}
        return line.number, bank

    def _typed(self, name: str, text: str) -> Money | None:
        return self._money(name, text, self.cash_currency if name == "cash" else "")

    def _notes(self, amount: Money) -> TenderGiven:
        """Foreign cash at the rate that the cashier saw. May refuse."""
        zero = Money.zero(self.currency)
        rate = self.shown.get(amount.currency)
        return at_rates(
            [TenderGiven("CASH", zero, foreign=amount, rate_id=rate)], self.rates, quote=self.currency
        )[0]

    def _notes_for(self, left: Money) -> Money:
        """The fewest foreign notes that pay what is left; something to refuse where there is no rate."""
        shown = self.rates.get(self.cash_currency)
        if shown is None or shown.rate is None:
            return Money(1, self.cash_currency)
        rate = shown.rate
        return notes_for(left, minor_rate=rate.minor_rate, base=rate.base, smallest=rate.smallest)

    def _money(self, name: str, text: str, currency: str = "") -> Money | None:
        try:
            return typed_money(text, currency or self.currency)
        except MoneyMalformed as refusal:
            self.errors[name] = str(refusal)
            return None


def form_of(intent: dict[str, Any], currency: str) -> PayForm:
    """The form again as it was when a card was asked; the tenders that are certain stand as lines."""
    form = PayForm(
        currency=currency,
        key=intent["key"],
        attempt=intent["attempt"] + 1,
        patient=intent["patient"],
        chosen={str(pk) for pk, _amount, _seen in intent["allocations"]},
        amounts={str(pk): amount for pk, amount, _seen in intent["allocations"]},
        typed={"prepayment": intent["prepayment"]},
    )
    form.lines = list(intent["lines"])
    return form
