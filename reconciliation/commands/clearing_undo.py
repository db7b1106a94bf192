"""What a clearing posted is taken back: proposed by one person, approved by another."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from billing.commands import unsettle_invoice
from billing.queries import invoices_of
from cashiering.commands import give_up_identified
from cashiering.queries import identified_receipt
from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.proposed import decide, decline
from hms_ach.refusal import Refusal
from ledger.commands import reverse_entry
from ledger.queries import balance_of
from reconciliation.commands.affiliate import give_up_theirs
from reconciliation.commands.match import hold_account
from reconciliation.commands.posting import undo_match
from reconciliation.commands.sweep_half import refuse_elsewhere
from reconciliation.models import ClearingUndo, Discrepancy, Expectation, Match, SuspenseClearing
from reconciliation.rules.clearing import GIVE_BACK, PURPOSES, SUSPENSE


class ClearingNotPosted(Refusal):
    code = "clearing_not_posted"
    sentence = "This clearing was not approved, so nothing of it was posted. Refresh the page."


class ClearingUndoWaits(Refusal):
    code = "clearing_undo_waits"
    sentence = "Somebody asked to undo this clearing already. Have that decided or withdrawn first."


class ClearingUndoDecided(Refusal):
    code = "clearing_undo_decided"
    sentence = "This was decided already. Refresh the page."


class UndoneBySamePerson(Refusal):
    code = "undone_by_same_person"
    sentence = "You asked for this yourself. Another person must approve it."


class ClearingUsed(Refusal):
    code = "clearing_used"
    sentence = "What was cleared was used since: {left} of {cleared} is left. Take that use back first."


@transaction.atomic
def propose_clearing_undo(*, clearing_id: int, reason: str, actor: User) -> ClearingUndo:
    """Ask that a clearing's posting be taken back. Nothing is posted until another person approves.

    Raises ClearingNotPosted, ClearingUndoWaits, ClearingUsed.
    """
    clearing = _locked(clearing_id)
    _refuse_used(clearing)
    try:
        with transaction.atomic():
            undo = ClearingUndo.objects.create(
                clearing=clearing, reason=reason.strip(), proposed_by=actor, proposed_at=clock.now()
            )
    except IntegrityError as error:
        if "reconciliation_clearingundo_once" not in str(error):
            raise
        raise ClearingUndoWaits() from error
    _record("propose_clearing_undo", undo, actor, reason=undo.reason)
    return undo


@transaction.atomic
def approve_clearing_undo(*, undo_id: int, actor: User) -> ClearingUndo:
    """Another person agrees: the entry is reversed on today's business day, and the item waits again.

    An invoice that it settled is open again by that much; a receipt that it made is voided.

    Raises ClearingUndoDecided, UndoneBySamePerson, ClearingUsed, or what unsettling or reversing raises.
    """
    undo = _undecided(undo_id)
    if undo.proposed_by_id == actor.pk:
        raise UndoneBySamePerson()
    clearing = undo.clearing
    _refuse_used(clearing)
    facility = clearing.facility
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    _call_off(clearing)
    give_up_identified(
        source=clearing.public_id, on=today, reason=undo.reason, maker=undo.proposed_by, approver=actor
    )
    if clearing.owner is not None:
        refuse_elsewhere(clearing.owner, actor)
        give_up_theirs(clearing, on=today, reason=undo.reason, actor=actor)
    elif clearing.match_id is not None:
        undo_match(match_id=clearing.match_id, reason=undo.reason, actor=actor, is_clearing=True)
    else:
        _take_back_settlement(clearing, today, actor, undo.reason)
        reverse_entry(
            original=f"reconciliation.cleared:{clearing.public_id}",
            key=f"reconciliation.clearing_undone:{clearing.public_id}",
            effective_on=today,
            memo=f"{clearing.get_purpose_display()}: undone",
            source=("suspense_clearing", clearing.public_id),
            actor=actor,
        )
    decide(undo, "APPROVED", actor)
    _record("approve_clearing_undo", undo, actor)
    return undo


@transaction.atomic
def refuse_clearing_undo(*, undo_id: int, actor: User) -> ClearingUndo:
    """The clearing stays: whoever asked withdraws, anybody else sends it back. Raises ClearingUndoDecided."""
    undo = _undecided(undo_id)
    decline(undo, actor)
    _record("refuse_clearing_undo", undo, actor)
    return undo


def refuse_undo_waiting(match: Match) -> None:
    """An undoing of the clearing that made the match is decided first. Raises ClearingUndoWaits."""
    if ClearingUndo.objects.filter(clearing__match=match, verdict=None).exists():
        raise ClearingUndoWaits()


def undo_clearing_of(match: Match, *, reason: str, maker: User, approver: User) -> None:
    """The match of a final day was put right by two people: what it cleared is in suspense again, by both."""
    clearing = SuspenseClearing.objects.filter(match=match).select_related("facility").first()
    if clearing is None:
        return
    undo = ClearingUndo.objects.create(
        clearing=clearing, reason=reason, proposed_by=maker, proposed_at=clock.now()
    )
    decide(undo, "APPROVED", approver)
    _record("approve_clearing_undo", undo, approver, reason=reason)


def _locked(clearing_id: int) -> SuspenseClearing:
    """The approved clearing; first the bank accounts on which its item came, was awaited or goes back.

    So no match is made or undone meanwhile.
    """
    found = SuspenseClearing.objects.get(pk=clearing_id)
    came = Discrepancy.objects.filter(public_id=found.reference).values_list("account_id", flat=True)
    goes = _given_back(found).values_list("account_id", flat=True)
    expected = Match.objects.filter(clearing=found).values_list("account_id", flat=True)
    for account_id in sorted({*came, *goes, *expected} - {None}):
        hold_account(account_id)
    rows = SuspenseClearing.objects.select_for_update(of=("self",)).select_related(
        "facility__legal_entity", "owner__legal_entity"
    )
    clearing = rows.get(pk=clearing_id)
    if clearing.verdict != "APPROVED":
        raise ClearingNotPosted()
    return clearing


def _undecided(undo_id: int) -> ClearingUndo:
    clearing_id = ClearingUndo.objects.values_list("clearing_id", flat=True).get(pk=undo_id)
    clearing = _locked(clearing_id)
    undo = ClearingUndo.objects.select_for_update(of=("self",)).get(pk=undo_id)
    if undo.verdict is not None:
        raise ClearingUndoDecided()
    undo.clearing = clearing
    return undo


def _refuse_used(clearing: SuspenseClearing) -> None:
    """What was given a place must still lie there whole. An invoice's settlement is asked of billing."""
    role = PURPOSES[clearing.purpose].role
    if not role:
        return
    receipt = identified_receipt(clearing.public_id)
    _refuse_less(clearing, role, clearing.facility, receipt.public_id if receipt else clearing.public_id)
    if clearing.owner is not None and not clearing.document:
        _refuse_less(clearing, SUSPENSE, clearing.owner, clearing.public_id)


def _refuse_less(clearing: SuspenseClearing, role: str, facility: Facility, reference: str) -> None:
    left = -balance_of(
        role,
        legal_entity=facility.legal_entity,
        facility=facility,
        reference=reference,
        currency=clearing.currency,
    )
    cleared = Money(clearing.amount_minor, clearing.currency)
    if left != cleared:
        raise ClearingUsed(left=left, cleared=cleared)


def _given_back(clearing: SuspenseClearing) -> QuerySet[Expectation]:
    return Expectation.objects.filter(kind=GIVE_BACK, source_id=clearing.public_id)


def _call_off(clearing: SuspenseClearing) -> None:
    """Nobody expects the bank to give it back any more. Raises ClearingUsed when a match has it already."""
    expected = list(_given_back(clearing).select_for_update())
    if any(item.matched.filter(undo=None).exists() for item in expected):
        cleared = Money(clearing.amount_minor, clearing.currency)
        raise ClearingUsed(left=Money.zero(clearing.currency), cleared=cleared)
    _given_back(clearing).update(withdrawn_at=clock.now())


def _take_back_settlement(clearing: SuspenseClearing, today: date, actor: User, reason: str) -> None:
    if clearing.purpose != "INVOICE":
        return
    invoice = invoices_of([clearing.facility_id]).get(public_id=clearing.document)
    unsettle_invoice(
        source=clearing.public_id,
        invoice_id=invoice.pk,
        on=today,
        actor=actor,
        reason=reason,
        amount=Money(clearing.amount_minor, clearing.currency),
    )


def _record(action: str, undo: ClearingUndo, actor: User, reason: str = "") -> None:
    clearing = undo.clearing
    audit.record(
        f"reconciliation.{action}", actor=actor, subject=clearing, facility=clearing.facility, reason=reason
    )
