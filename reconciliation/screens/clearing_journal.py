"""What the approval of a clearing posts, as its pages show it."""

from hms_ach.money import Money
from hms_ach.web.names import name_of
from ledger.queries import role_name
from reconciliation.models import Expectation, SuspenseClearing
from reconciliation.rules.clearing import PURPOSES, SUSPENSE
from reconciliation.rules.sweep import DUE_FROM, DUE_TO

_RECEIVABLE = "Receivable of the invoice"


def clearing_journal(clearing: SuspenseClearing) -> list[dict]:
    """What approval will post, debits first; of another entity's money in both books."""
    amount = Money(clearing.amount_minor, clearing.currency)
    sides = [
        (role_name(SUSPENSE), clearing.reference, amount),
        (_other_side(clearing), clearing.document, -amount),
    ]
    sides.sort(key=lambda each: each[2].minor < 0)
    if clearing.owner is not None:
        here, there = clearing.facility.code, clearing.owner.code
        paid = _RECEIVABLE if clearing.document else role_name(SUSPENSE)
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


def _other_side(clearing: SuspenseClearing) -> str:
    """The account in words; of what was expected, the one that awaits it."""
    role = PURPOSES[clearing.purpose].role
    if clearing.purpose == SuspenseClearing.Purpose.EXPECTED:
        awaits = Expectation.objects.filter(facility=clearing.facility, source_id=clearing.document)
        role = awaits.values_list("clearing_role", flat=True).first() or ""
    return role_name(role) if role else _RECEIVABLE
