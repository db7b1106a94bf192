"""Money of one legal entity in another's hands: posted in both books at once, so that they mirror."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands.entry import post_entry
from ledger.models import Entry
from ledger.queries.affiliates import DUE_FROM, DUE_TO, due_of
from ledger.rules.posting import Posting
from ledger.rules.roles import CONTROL_ROLES, role_name

SUSPENSE = "suspense.unidentified"


class AffiliateSame(Refusal):
    code = "affiliate_same"
    status = 422
    sentence = "{facility} belongs to the same legal entity. Post between its own accounts instead."


class AffiliateAmountUnfit(Refusal):
    code = "affiliate_amount_unfit"
    status = 422
    sentence = "An amount between affiliates is above zero, and the same on both sides. Exchange the sides."


class AffiliateWithoutDocument(Refusal):
    code = "affiliate_without_document"
    status = 422
    sentence = (
        "{role} is kept document by document, and {reference} is none of its documents. "
        "Settle the document first, and post what that gives."
    )


class AffiliateItemTooSmall(Refusal):
    code = "affiliate_item_too_small"
    status = 422
    sentence = (
        "Under {reference}, {debtor} owes {owed} and {creditor} claims {claimed}. "
        "Settle what both books have, and a transfer once both banks' lines of it are matched."
    )


@transaction.atomic
def receive_for_affiliate(
    *,
    key: str,
    receiver: Facility,
    owner: Facility,
    held: Posting,
    owed: Posting,
    reference: str,
    source: tuple[str, str],
    effective_on: date,
    memo: str,
    actor: User | None,
) -> tuple[Entry, Entry]:
    """Book money that one entity received and another is owed; the entries of receiver and owner.

    held       a debit in the receiver's book: where it came in, or the item of suspense that it lies in
    owed       a credit in the owner's book: what it pays, as the document's own command gives it
               (billing's settle_invoice), so that the account stays what its documents add up to
    reference  the item that both books then owe and claim

    Each side names the other entity as payer. Raises AffiliateSame, AffiliateAmountUnfit,
    AffiliateWithoutDocument, and what post_entry raises; then neither book has anything of it.
    """
    amount = held.amount
    _refuse(receiver, owner, amount)
    _refuse_sides(held, owed, reference)
    common: dict[str, Any] = {"effective_on": effective_on, "source": source, "memo": memo, "actor": actor}
    debtor, creditor = receiver.legal_entity.code, owner.legal_entity.code
    in_receivers = post_entry(
        key=f"{key}:receiver",
        facility=receiver,
        postings=[
            held,
            Posting(DUE_TO, -amount, payer=creditor, reference=reference),
        ],
        **common,
    )
    in_owners = post_entry(
        key=f"{key}:owner",
        facility=owner,
        postings=[
            Posting(DUE_FROM, amount, payer=debtor, reference=reference),
            owed,
        ],
        **common,
    )
    return in_receivers, in_owners


@transaction.atomic
def settle_affiliate(
    *,
    key: str,
    debtor: Facility,
    creditor: Facility,
    amount: Money,
    reference: str,
    transfer: str,
    source: tuple[str, str],
    effective_on: date,
    memo: str,
    actor: User | None,
) -> tuple[Entry, Entry]:
    """Book that a transfer between their banks paid what the debtor owed; the entries of debtor and creditor.

    reference  the item that both books owe and claim
    transfer   the item under which both banks' lines of the transfer were posted (reconciliation's
               pair_sweeps): the creditor's book owes it, the debtor's claims it. The banks' accounts are
               posted by their lines and not here, so that no movement is booked twice.

    Raises AffiliateSame, AffiliateAmountUnfit, AffiliateItemTooSmall, and what post_entry raises.
    """
    _refuse(debtor, creditor, amount)
    _hold_items(reference, transfer)
    if not Entry.objects.filter(key=f"{key}:debtor").exists():
        _refuse_beyond(amount, reference, debtor=debtor, creditor=creditor)
        _refuse_beyond(amount, transfer, debtor=creditor, creditor=debtor)
    common: dict[str, Any] = {"effective_on": effective_on, "source": source, "memo": memo, "actor": actor}
    paid = post_entry(
        key=f"{key}:debtor",
        facility=debtor,
        postings=_set_off(amount, owed=reference, claimed=transfer, other=creditor),
        **common,
    )
    received = post_entry(
        key=f"{key}:creditor",
        facility=creditor,
        postings=_set_off(amount, owed=transfer, claimed=reference, other=debtor),
        **common,
    )
    return paid, received


def refuse_settlement(
    amount: Money, reference: str, transfer: str, *, debtor: Facility, creditor: Facility
) -> None:
    """Raises AffiliateSame, AffiliateAmountUnfit, AffiliateItemTooSmall for what could not be settled now."""
    _refuse(debtor, creditor, amount)
    _refuse_beyond(amount, reference, debtor=debtor, creditor=creditor)
    _refuse_beyond(amount, transfer, debtor=creditor, creditor=debtor)


def _hold_items(*references: str) -> None:
    """Keep everybody else from settling these items until the transaction ends."""
    with connection.cursor() as cursor:
        for reference in sorted(references):
            key = f"affiliate_item:{reference}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _set_off(amount: Money, *, owed: str, claimed: str, other: Facility) -> list[Posting]:
    entity = other.legal_entity.code
    return [
        Posting(DUE_TO, amount, payer=entity, reference=owed),
        Posting(DUE_FROM, -amount, payer=entity, reference=claimed),
    ]


def _refuse_beyond(amount: Money, reference: str, *, debtor: Facility, creditor: Facility) -> None:
    """Raises AffiliateItemTooSmall unless both books have the amount open under the item."""
    currency = amount.currency
    owed = -due_of(DUE_TO, reference, book=debtor, other=creditor, currency=currency)
    claimed = due_of(DUE_FROM, reference, book=creditor, other=debtor, currency=currency)
    if min(owed.minor, claimed.minor) < amount.minor:
        raise AffiliateItemTooSmall(
            reference=reference,
            debtor=debtor.legal_entity.code,
            owed=owed,
            creditor=creditor.legal_entity.code,
            claimed=claimed,
        )


def _refuse(one: Facility, other: Facility, amount: Money) -> None:
    if one.legal_entity_id == other.legal_entity_id:
        raise AffiliateSame(facility=other.code)
    if amount.minor <= 0:
        raise AffiliateAmountUnfit()


def _refuse_sides(held: Posting, owed: Posting, reference: str) -> None:
    """A control account takes nothing that its documents do not know of: both would part.

    In suspense the receipt is the document: there it lies until the owner knows what it is.
    """
    if owed.amount != -held.amount:
        raise AffiliateAmountUnfit()
    for side in (held, owed):
        if side.role in CONTROL_ROLES - {SUSPENSE} and side.reference in ("", reference):
            raise AffiliateWithoutDocument(role=role_name(side.role), reference=reference)
