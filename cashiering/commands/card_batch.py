"""Card batches: what one terminal took until its batch is closed."""

from datetime import date

from django.db import transaction
from django.db.models import Max, Q

from cashiering.commands.bank_receipt import settle_refunds_in
from cashiering.commands.locks import lock_card_batch, share_card_batches
from cashiering.models import CardBatch, MerchantAgreement
from cashiering.queries.card_batch import batch_sums
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
    that its sales brought is settled by its close: no line of the bank will speak of it.
    Raises CardBatchNotOpen or CardBatchBelowZero.
    """
    batch = lock_card_batch(batch)
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
    if not sums.gross:
        batch.state, batch.settled_on = CardBatch.State.SETTLED, day
    batch.save()
    if batch.settled_on is not None:
        settle_refunds_in(batch, on=batch.settled_on)
    audit.record(
        "cashiering.close_card_batch",
        actor=actor,
        subject=batch,
        facility=facility,
        after={"gross": Money(batch.gross_minor, batch.currency), "sales": batch.sales},
    )
    return batch


def _agreement(facility_id: int, day: date) -> MerchantAgreement | None:
    """The contract that holds on the day."""
    rows = MerchantAgreement.objects.filter(facility_id=facility_id, starts_on__lte=day)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=day)).order_by("-starts_on", "-id").first()
