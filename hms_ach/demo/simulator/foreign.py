"""The desk for patients from abroad: accounts in currencies without decimals and with three."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hms_ach.demo.simulator.records import Group
from hms_ach.demo.simulator.world import Hospital

if TYPE_CHECKING:
    from hms_ach.demo.simulator.business import Business

# Currency, and its minor units for a usual receipt.
_USUAL = {"JPY": 48_000, "KWD": 95_000}


def foreign_receipt(business: Business, hospital: Hospital, on: date) -> Group:
    """One transfer in yen or dinars, to the hospital's account in that currency."""
    rng = business.rng
    currency = rng.choice(list(_USUAL))
    account, number = f"{hospital.code}-{currency}", f"INTL{rng.randrange(10**7):07d}"
    amount = max(500, round(_USUAL[currency] * rng.lognormvariate(0, 0.8)))
    item = business.item(
        account, "wire", on, amount, payer="International desk", references=[number], currency=currency
    )
    line = business.line(
        account,
        "wire_in",
        on,
        amount,
        counterparty="FOREIGN PATIENT",
        references=[number],
        description=f"WIRE IN {number}",
        currency=currency,
    )
    return Group("wire", "foreign", lines=[line], items=[item])
