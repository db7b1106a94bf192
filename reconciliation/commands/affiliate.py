"""Money that came to one legal entity and is another's: out of suspense here, to its place there."""

from datetime import date

from billing.commands import settle_invoice, unsettle_invoice
from billing.queries import invoices_of
from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from ledger.commands import Posting, receive_for_affiliate, reverse_entry
from reconciliation.models import SuspenseClearing
from reconciliation.rules.clearing import SUSPENSE


def receive_theirs(clearing: SuspenseClearing, actor: User) -> None:
    """Dr suspense, Cr due to the owner; in the owner's book Dr due from the receiver, Cr what it pays.

    An invoice of the owner's is settled by it; without one it lies in the owner's suspense, as an item of
    its own. Dated on today's business day of the receiver in both books, so that they say the same.
    Raises what settling the invoice or posting raises.
    """
    owner, amount = _owner(clearing), Money(clearing.amount_minor, clearing.currency)
    today = _today(clearing.facility)
    receive_for_affiliate(
        key=_key(clearing),
        receiver=clearing.facility,
        owner=owner,
        held=Posting(SUSPENSE, amount, reference=clearing.reference),
        owed=_paid(clearing, owner, amount, today, actor),
        reference=clearing.public_id,
        source=("affiliate", clearing.public_id),
        effective_on=today,
        memo=f"Came to {clearing.facility.code}, belongs to {owner.code}",
        actor=actor,
    )


def give_up_theirs(clearing: SuspenseClearing, *, on: date, reason: str, actor: User) -> None:
    """Take both entries back; an invoice that was settled is open again. The caller refuses what was used."""
    owner, amount = _owner(clearing), Money(clearing.amount_minor, clearing.currency)
    if clearing.document:
        unsettle_invoice(
            source=clearing.public_id,
            invoice_id=_invoice_id(clearing, owner),
            on=on,
            actor=actor,
            reason=reason,
            amount=amount,
        )
    for side in ("receiver", "owner"):
        reverse_entry(
            original=f"{_key(clearing)}:{side}",
            key=f"reconciliation.clearing_undone:{clearing.public_id}:{side}",
            effective_on=on,
            memo=f"{clearing.get_purpose_display()}: undone",
            source=("affiliate", clearing.public_id),
            actor=actor,
        )


def _paid(clearing: SuspenseClearing, owner: Facility, amount: Money, on: date, actor: User) -> Posting:
    if not clearing.document:
        return Posting(SUSPENSE, -amount, reference=clearing.public_id)
    invoice_id, source = _invoice_id(clearing, owner), clearing.public_id
    return settle_invoice(invoice_id=invoice_id, amount=amount, source=source, on=on, actor=actor).credit


def _invoice_id(clearing: SuspenseClearing, owner: Facility) -> int:
    return invoices_of([owner.pk]).values_list("pk", flat=True).get(public_id=clearing.document)


def _owner(clearing: SuspenseClearing) -> Facility:
    assert clearing.owner is not None
    return clearing.owner


def _today(facility: Facility) -> date:
    return clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)


def _key(clearing: SuspenseClearing) -> str:
    return f"reconciliation.cleared:{clearing.public_id}"
