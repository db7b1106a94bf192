"""Card batches: what one terminal took until its batch is closed."""

from datetime import date

from django.db import transaction
from django.db.models import Max, Q

from cashiering.commands.card_receipt import settle_refunds_in
from cashiering.commands.locks import lock_card_batch_of_refunds, share_card_batches
from cashiering.models import CardBatch, MerchantAgreement
from cashiering.queries.card_batch import batch_sums, has_difference
from hms_ach import audit, calendars, clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class CardBatchClosed(Refusal):
    code = "card_batch_closed"
    sentence = "Card batch {batch} is closed, so nothing in it can be voided. Ask for a refund instead."


class CardBatchNotOpen(Refusal):
    code = "card_batch_not_open"
    sentence = "Card batch {batch} is closed already."


class CardBatchBelowZero(Refusal):
    code = "card_batch_below_zero"
    sentence = "Card batch {batch} would have given back more than it took. Take other cards first."


class CardDifferenceNone(Refusal):
    code = "card_difference_none"
    sentence = (
        "Card batch {batch} has no difference to clear up: its terminal agrees, or it was done already."
    )


class CardDifferenceByCloser(Refusal):
    code = "card_difference_by_closer"
    status = 403
    sentence = "You closed card batch {batch}; another person must clear its difference up."


class CardDifferenceReasonMissing(Refusal):
    code = "card_difference_reason_missing"
    status = 422
    sentence = "Say why the terminal counted otherwise."


class TerminalElsewhere(Refusal):
    code = "terminal_elsewhere"
    sentence = "Terminal {terminal} still has an open batch of another facility. Close that batch first."


def open_card_batch(*, facility_id: int, terminal_id: str, currency: str, on: date) -> CardBatch:
    """The terminal's open batch, held open until the transaction ends; begun when there is none.

    Raises TerminalElsewhere where the terminal came from another facility with its batch open.
    """
    while True:
        found = CardBatch.objects.filter(terminal_id=terminal_id, state="OPEN").values_list("pk", flat=True)
        held = [batch for batch in share_card_batches(list(found)) if batch.state == "OPEN"]
        if held:
            if held[0].facility_id != facility_id:
                raise TerminalElsewhere(terminal=terminal_id)
            return held[0]
        last = CardBatch.objects.filter(terminal_id=terminal_id).aggregate(last=Max("number"))["last"] or 0
        batch = CardBatch(
            facility_id=facility_id,
            terminal_id=terminal_id,
            number=last + 1,
            currency=currency,
            opened_on=on,
        )
        # Two first sales may begin the same batch; the second finds it at the next turn.
        CardBatch.objects.bulk_create([batch], ignore_conflicts=True)


@transaction.atomic
def close_card_batch(
    *, batch: CardBatch | int, actor: User | None, terminal_gross: Money | None = None
) -> CardBatch:
    """Fix what a terminal took; from now on the acquirer owes it, less the contracted fee.

    terminal_gross  what the terminal itself counted, kept beside our own sum; None when not asked

    Payment is expected the agreement's banking days after this business day. A batch whose refunds took all
    that its sales brought is settled by its close: no line of the bank will speak of it. Not so where the
    terminal counted something: a person clears that up first. Raises CardBatchNotOpen or CardBatchBelowZero.
    """
    batch = lock_card_batch_of_refunds(batch)
    if batch.state != CardBatch.State.OPEN:
        raise CardBatchNotOpen(batch=batch)
    facility = batch.facility
    sums = batch_sums(batch)
    if sums.gross.minor < 0:
        raise CardBatchBelowZero(batch=batch)
    day = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    agreement = _agreement(facility.pk, day)
    batch.agreement = agreement
    batch.state = CardBatch.State.CLOSED
    batch.business_on = day
    batch.gross_minor = sums.gross.minor
    batch.sales = sums.sales
    batch.terminal_gross_minor = None if terminal_gross is None else terminal_gross.minor
    batch.closed_by = actor
    batch.closed_at = clock.now()
    days = agreement.settlement_days if agreement else 1
    batch.expected_on = calendars.add_banking_days(day, days, country="US")
    batch.save()
    if not sums.gross and not batch.terminal_gross_minor:
        _settle_nothing(batch)
    audit.record(
        "cashiering.close_card_batch",
        actor=actor,
        subject=batch,
        facility=facility,
        after={"gross": Money(batch.gross_minor, batch.currency), "sales": batch.sales},
    )
    return batch


def _settle_nothing(batch: CardBatch) -> None:
    """Nothing is owed either way; the cards that got money back have it."""
    assert batch.business_on is not None
    batch.state, batch.settled_on = CardBatch.State.SETTLED, batch.business_on
    batch.save(update_fields=["state", "settled_on"])
    settle_refunds_in(batch, on=batch.settled_on)


@transaction.atomic
def clear_card_difference(*, batch: CardBatch | int, reason: str, actor: User) -> CardBatch:
    """Record why a terminal counted otherwise than our receipts; a batch of nothing is settled by that.

    Posts nothing: money that the acquirer pays beyond our receipts is found at the bank. Raises
    CardDifferenceNone, CardDifferenceReasonMissing, or CardDifferenceByCloser for who closed the batch.
    """
    batch = lock_card_batch_of_refunds(batch)
    if not has_difference(batch):
        raise CardDifferenceNone(batch=batch)
    if batch.closed_by_id == actor.pk:
        raise CardDifferenceByCloser(batch=batch)
    if not reason.strip():
        raise CardDifferenceReasonMissing()
    batch.difference_by, batch.difference_at, batch.difference_reason = actor, clock.now(), reason.strip()
    batch.save(update_fields=["difference_by", "difference_at", "difference_reason"])
    if batch.state == CardBatch.State.CLOSED and batch.gross_minor == 0:
        _settle_nothing(batch)
    audit.record(
        "cashiering.clear_card_difference",
        actor=actor,
        subject=batch,
        facility=batch.facility,
        reason=batch.difference_reason,
        after={
            "ours": Money(batch.gross_minor or 0, batch.currency),
            "terminal": Money(batch.terminal_gross_minor or 0, batch.currency),
        },
    )
    return batch


def settle_empty_batches() -> int:
    """Settle closed batches of nothing that no difference keeps; gives how many. Each in its own transaction.

    Batches that an earlier version of this program closed waited for a bank that never speaks of them.
    """
    waiting = CardBatch.objects.filter(state="CLOSED", gross_minor=0).order_by("pk")
    agreed = waiting.filter(Q(terminal_gross_minor=None) | Q(terminal_gross_minor=0))
    return sum(_settle_empty(pk) for pk in agreed.values_list("pk", flat=True))


@transaction.atomic
def _settle_empty(pk: int) -> bool:
    batch = lock_card_batch_of_refunds(pk)
    if batch.state != CardBatch.State.CLOSED:
        return False
    _settle_nothing(batch)
    audit.record("cashiering.settle_empty_batch", actor=None, subject=batch, facility=batch.facility)
    return True


def _agreement(facility_id: int, day: date) -> MerchantAgreement | None:
    """The contract that holds on the day."""
    rows = MerchantAgreement.objects.filter(facility_id=facility_id, starts_on__lte=day)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=day)).order_by("-starts_on", "-id").first()
