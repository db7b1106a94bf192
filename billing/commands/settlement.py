"""Laying money against invoices, and taking it back."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billing.models import Invoice
from hms_ach.access.models import User
from hms_ach.money import Money

if TYPE_CHECKING:
    from ledger.commands import Posting


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement left.

    remaining  what is still to pay
    credit     the posting that moves the receivable; the caller posts it with its other side
    """

    invoice: Invoice
    remaining: Money
    credit: "Posting"


def settle_invoice(*, invoice_id: int, amount: Money, source: str, on: date, actor: User | None) -> Settled:
    raise NotImplementedError


def unsettle_invoice(*, source: str, invoice_id: int, on: date, actor: User | None, reason: str) -> Settled:
    raise NotImplementedError
