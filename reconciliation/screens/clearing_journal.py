"""What the approval of a clearing posts, as its pages show it."""

from hms_ach.money import Money
from hms_ach.web.names import name_of
from ledger.queries import role_name
from reconciliation.models import SuspenseClearing
from reconciliation.rules.clearing import PURPOSES, SUSPENSE
from reconciliation.rules.sweep import DUE_FROM, DUE_TO

_OTHER_SIDE = {"INVOICE": "Receivable of the invoice", "EXPECTED": "Clearing account of what was expected"}


def clearing_journal(clearing: SuspenseClearing) -> list[dict]:
    """What approval will post, debits first; of another entity's money in both books."""
    amount = Money(clearing.amount_minor, clearing.currency)
    role = PURPOSES[clearing.purpose].role
    sides = [
        (role_name(SUSPENSE), clearing.reference, amount),
        (role_name(role) if role else _OTHER_SIDE[clearing.purpose], clearing.document, -amount),
    ]
    sides.sort(key=lambda each: each[2].minor < 0)
    if clearing.owner is not None:
        here, there = clearing.facility.code, clearing.owner.code
        paid = _OTHER_SIDE["INVOICE"] if clearing.document else role_name(SUSPENSE)
        sides = [
            (f"{here}: {role_name(SUSPENSE)}", clearing.reference, amount),
            (f"{here}: {role_name(DUE_TO)}", clearing.public_id, -amount),
            (f"{there}: {role_name(DUE_FROM)}", clearing.public_id, amount),
            (f"{there}: {paid}", clearing.document or clearing.public_id, -amount),
        ]
    return [
        {
            "account": account,
            "document": name_of(reference),
            "amount_minor": side.minor,
            "amount": side,
            "credit": -side,
        }
        for account, reference, side in sides
    ]
