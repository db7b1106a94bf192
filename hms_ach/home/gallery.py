"""Specimens for the gallery: a form with errors, invoices, a queue, a history. All invented."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms

from hms_ach.money import Money, total

_STATES = ("DRAFT", "ISSUED", "PAID", "OVERDUE", "CANCELLED", "PROPOSED", "REJECTED")
_NAMES = ("Alma Reyes", "Bruno Okafor", "Chiara Lindqvist", "Dmitri Haas", "Esme Tanaka")


@dataclass(frozen=True, slots=True)
class Specimen:
    """A row of the sample table."""

    number: str
    name: str
    due_on: date
    balance: Money
    state: str


class SampleForm(forms.Form):
    """One field of each kind."""

    amount = forms.CharField(label="Amount", help_text="With two decimals, such as 125.00.")
    paid_on = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}))
    tender = forms.ChoiceField(label="Tender", choices=[("CASH", "Cash"), ("CARD", "Card")])
    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    is_urgent = forms.BooleanField(label="Tell the head cashier at once", required=False)


def specimens() -> dict[str, Any]:
    rows = [_row(number) for number in range(1, 15)]
    form = SampleForm({"amount": "12,5", "tender": "CASH", "paid_on": "2026-11-22"}, auto_id="sample_%s")
    form.add_error("amount", "12,5 is not an amount in USD. Write digits with exactly 2 decimals.")
    return {
        "rows": rows,
        "sum": total([row.balance for row in rows], "USD"),
        "form": form,
        "states": ["DRAFT", "OPEN", "IN_TRANSIT", "PROPOSED", "APPROVED", "UNKNOWN", "REJECTED"],
        "tones": ["info", "good", "warn", "stop"],
        "kwd": Money(1_250_500, "KWD"),
        "short": Money(-1_25, "USD"),
        "over": Money(3_00, "USD"),
        "denominations": [
            (10000, "$100"),
            (5000, "$50"),
            (2000, "$20"),
            (1000, "$10"),
            (500, "$5"),
            (25, "25¢"),
        ],
        "moment": datetime(2026, 11, 22, 20, 4, tzinfo=UTC),
    }


def _row(number: int) -> Specimen:
    return Specimen(
        number=f"NORTH-2026-{number:06d}",
        name=_NAMES[number % len(_NAMES)],
        due_on=date(2026, 11, 1 + number),
        balance=Money(number * 1_234_57 % 98_765_43, "USD"),
        state=_STATES[number % len(_STATES)],
    )
