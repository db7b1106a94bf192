"""Money in suspense is identified: proposed by one person, approved and posted by another."""

from datetime import date
from typing import NamedTuple

from django.db import IntegrityError, transaction

from billing.commands import settle_invoice
from billing.queries import invoices_of
from cashiering.commands import keep_identified
from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.access.queries import roles_of
from hms_ach.money import Money
from hms_ach.proposed import decide
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry
from reconciliation.commands.affiliate import receive_theirs
from reconciliation.commands.clearing_subject import document_named, refuse_owner
from reconciliation.commands.expected_clearing import match_expected
from reconciliation.commands.match import hold_account
from reconciliation.commands.sweep_half import refuse_elsewhere
from reconciliation.models import Discrepancy, Expectation, SuspenseClearing
from reconciliation.queries.suspense import suspense_balance
from reconciliation.rules.clearing import PURPOSES, SUSPENSE, purposes_for
from reconciliation.rules.write_off import limit_of

Purpose = SuspenseClearing.Purpose


class NothingInSuspense(Refusal):
    code = "nothing_in_suspense"
    sentence = "Nothing of {item} lies in suspense any more. Refresh the list."


class MoreThanInSuspense(Refusal):
    code = "more_than_in_suspense"
    status = 422
    sentence = "{amount} is not within the {held} of this item. Give an amount above zero and up to that."


class PurposeUnfit(Refusal):
    code = "purpose_unfit"
    status = 422
    sentence = "{purpose} does not fit an item of {held}. Choose another purpose."


class ClearingWaits(Refusal):
    code = "clearing_waits"
    sentence = "A proposal for {item} waits already. Have it decided or withdrawn first."


class ClearingDecided(Refusal):
    code = "clearing_decided"
    sentence = "This proposal was decided already. Refresh the page."


class ClearedBySamePerson(Refusal):
    code = "cleared_by_same_person"
    sentence = "You proposed this yourself. Another person must approve it."


class ClearingAboveLimit(Refusal):
    code = "clearing_above_limit"
    sentence = "{amount} is more than the {limit} you may write off. Ask somebody with a higher limit."


class SuspenseKey(NamedTuple):
    """What tells one item of suspense from the others."""

    facility: Facility
    reference: str
    currency: str


@transaction.atomic
def propose_clearing(
    *,
    item: SuspenseKey,
    purpose: str,
    amount: Money,
    reason: str,
    actor: User,
    document: str = "",
    owner: Facility | None = None,
) -> SuspenseClearing:
    """Say what an item of suspense is. Nothing is posted until another person approves.

    amount    above zero, up to what the item holds or lacks
    document  number of the invoice or MRN of the patient, where the purpose asks for one
    owner     of another legal entity's money: its facility; then document is an invoice of theirs, if known

    Raises ClearingWaits, NothingInSuspense, MoreThanInSuspense, PurposeUnfit, DocumentNotFound,
    OwnerUnfit, OtherSideElsewhere, ClearingAboveLimit.
    """
    owner = owner if PURPOSES[purpose].needs == "owner" else None
    refuse_owner(purpose, owner, item.facility, actor)
    named = document_named(owner or item.facility, purpose, document.strip())
    clearing = SuspenseClearing(
        facility=item.facility,
        reference=item.reference,
        currency=item.currency,
        purpose=purpose,
        owner=owner,
        document=named,
        amount_minor=amount.minor if PURPOSES[purpose].is_receipt else -amount.minor,
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=clock.now(),
    )
    _refuse_unfit(clearing, amount)
    _refuse_above_limit(clearing, actor)
    try:
        with transaction.atomic():
            clearing.save()
    except IntegrityError as error:
        if "reconciliation_suspenseclearing_one_waiting" not in str(error):
            raise
        raise ClearingWaits(item=item.reference) from error
    audit.record(
        "reconciliation.propose_clearing",
        actor=actor,
        subject=clearing,
        facility=item.facility,
        reason=clearing.reason,
        after={"item": item.reference, "purpose": purpose, "document": named, "amount": amount.as_json()},
    )
    return clearing


@transaction.atomic
def approve_clearing(*, clearing_id: int, actor: User) -> SuspenseClearing:
    """Another person agrees: Dr suspense, Cr where it belongs (the reverse for what is missing).

    On today's business day of the facility. An invoice is settled by it, with all that follows;
    what stays on a patient's account has a receipt, which the patient may use or have refunded.
    Another legal entity's money is posted in both books (reconciliation.commands.affiliate).

    Raises ClearingDecided, ClearedBySamePerson, NothingInSuspense, MoreThanInSuspense, PurposeUnfit,
    OtherSideElsewhere, ClearingAboveLimit, ExpectedNoMore, or what settling the invoice or posting raises.
    """
    clearing = _undecided(clearing_id)
    if clearing.proposed_by_id == actor.pk:
        raise ClearedBySamePerson()
    amount = Money(abs(clearing.amount_minor), clearing.currency)
    _refuse_unfit(clearing, amount)
    _refuse_above_limit(clearing, actor)
    if clearing.purpose == Purpose.EXPECTED:
        clearing.match = match_expected(clearing, actor)
    elif clearing.owner is not None:
        refuse_elsewhere(clearing.owner, actor)
        receive_theirs(clearing, actor)
    else:
        _post(clearing, actor)
    decide(clearing, "APPROVED", actor, match=clearing.match)
    audit.record("reconciliation.approve_clearing", actor=actor, subject=clearing, facility=clearing.facility)
    return clearing


def _post(clearing: SuspenseClearing, actor: User) -> None:
    facility = clearing.facility
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    post_entry(
        key=f"reconciliation.cleared:{clearing.public_id}",
        facility=facility,
        effective_on=today,
        source=("suspense_clearing", clearing.public_id),
        memo=clearing.get_purpose_display(),
        postings=[
            Posting(SUSPENSE, Money(clearing.amount_minor, clearing.currency), reference=clearing.reference),
            _other_side(clearing, today, actor),
        ],
        actor=actor,
    )


@transaction.atomic
def send_back_clearing(*, clearing_id: int, reason: str, actor: User) -> SuspenseClearing:
    """The approver disagrees and says why. Raises ClearingDecided, ClearedBySamePerson."""
    clearing = _undecided(clearing_id)
    if clearing.proposed_by_id == actor.pk:
        raise ClearedBySamePerson()
    decide(clearing, "REJECTED", actor, verdict_reason=reason.strip())
    audit.record(
        "reconciliation.send_back_clearing",
        actor=actor,
        subject=clearing,
        facility=clearing.facility,
        reason=clearing.verdict_reason,
    )
    return clearing


@transaction.atomic
def withdraw_clearing(*, clearing_id: int, actor: User) -> SuspenseClearing:
    """Whoever proposed takes it back before anyone decided. Raises ClearingDecided."""
    clearing = _undecided(clearing_id)
    if clearing.proposed_by_id != actor.pk:
        raise ClearingDecided()
    decide(clearing, "WITHDRAWN", actor)
    audit.record(
        "reconciliation.withdraw_clearing", actor=actor, subject=clearing, facility=clearing.facility
    )
    return clearing


def _undecided(clearing_id: int) -> SuspenseClearing:
    """The locked proposal; first the bank accounts that its item came from and is expected on are held.

    So no match is made or undone meanwhile. Nor is the clearing by which another entity passed it on.
    """
    item = SuspenseClearing.objects.get(pk=clearing_id)
    came = Discrepancy.objects.filter(public_id=item.reference).values_list("account_id", flat=True)
    awaited = Expectation.objects.filter(facility=item.facility, source_id=item.document)
    goes = awaited.values_list("account_id", flat=True) if item.purpose == Purpose.EXPECTED else ()
    for account_id in sorted({*came, *goes} - {None}):
        hold_account(account_id)
    rows = SuspenseClearing.objects.select_for_update(of=("self",)).select_related(
        "facility__legal_entity", "owner__legal_entity"
    )
    list(rows.filter(public_id=item.reference))
    clearing = rows.get(pk=clearing_id)
    if clearing.verdict is not None:
        raise ClearingDecided()
    return clearing


def _refuse_unfit(clearing: SuspenseClearing, amount: Money) -> None:
    """Whatever else was posted meanwhile: the item still holds, or lacks, at least this much."""
    reference, currency = clearing.reference, clearing.currency
    balance = suspense_balance(clearing.facility, reference=reference, currency=currency)
    if not balance:
        raise NothingInSuspense(item=reference)
    held = Money(abs(balance.minor), currency)
    is_foreign = currency != clearing.facility.currency
    if clearing.purpose not in purposes_for(balance.minor) or (
        clearing.purpose == Purpose.ON_ACCOUNT and is_foreign
    ):
        raise PurposeUnfit(purpose=clearing.get_purpose_display(), held=-balance)
    if amount.currency != currency or not 0 < amount.minor <= held.minor:
        raise MoreThanInSuspense(amount=amount, held=held)


def _refuse_above_limit(clearing: SuspenseClearing, actor: User) -> None:
    limit = limit_of(roles_of(actor), clearing.currency)
    if clearing.purpose == Purpose.WRITE_OFF and -clearing.amount_minor > limit.minor:
        amount = Money(-clearing.amount_minor, clearing.currency)
        raise ClearingAboveLimit(amount=amount, limit=limit)


def _other_side(clearing: SuspenseClearing, today: date, actor: User) -> Posting:
    amount = Money(clearing.amount_minor, clearing.currency)
    if clearing.purpose == Purpose.INVOICE:
        invoice = invoices_of([clearing.facility_id]).get(public_id=clearing.document)
        source = clearing.public_id
        return settle_invoice(
            invoice_id=invoice.pk, amount=amount, source=source, on=today, actor=actor
        ).credit
    if clearing.purpose == Purpose.ON_ACCOUNT:
        return keep_identified(
            facility=clearing.facility,
            patient=clearing.document,
            amount=amount,
            source=clearing.public_id,
            on=today,
            actor=actor,
        )
    return Posting(PURPOSES[clearing.purpose].role, -amount, reference=clearing.public_id)
