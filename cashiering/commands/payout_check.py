"""Holding a payout against our batches and chargebacks, and posting one that agrees."""

from collections.abc import Sequence

from django.db import transaction

from cashiering.commands.locks import lock_card_batch_of_refunds, lock_chargebacks, lock_key
from cashiering.formats.payout import PartKind, PayoutPart
from cashiering.models import CardBatch, ChargebackWin, PaymentReturn, Payout, PayoutRow
from cashiering.queries.payout import Beside, beside
from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.money import Money
from ledger.commands import Posting, post_entry

CLEARING, FEES = "card.clearing", "fee.merchant"
_TWICE = "Two rows of the payout are about the same"


def compare(payout: Payout) -> list[PayoutRow]:
    """The rows with what is beside them now, kept. For holders of the payout's lock, or who just made it.

    Holds what they are about. `is_shown` of each row says whether the bank has shown all of it before, as we
    have it.
    """
    rows = list(payout.rows.order_by("line"))
    seen: set[str] = set()
    for row, found in zip(rows, _held(payout, [_part(row) for row in rows]), strict=True):
        names = _names(found)
        row.card_batch, row.taken = found.batch, [name for name in names if name[:4] != "cba_"]
        row.fee_over_minor = found.fee_over_minor
        differs = found.problem or (_TWICE if seen.intersection(names) else "")
        row.is_shown = found.is_shown and not differs
        row.problem = differs or _half_shown(found)
        seen.update(names)
    PayoutRow.objects.bulk_update(rows, ["card_batch", "taken", "fee_over_minor", "problem"])
    return rows


def _half_shown(found: Beside) -> str:
    """What the bank has shown already cannot be in a sum that it is still to show."""
    batch = found.batch
    if found.is_shown and (batch or found.returns or found.win):
        return "The bank has shown it by itself already"
    if batch is not None and batch.state == CardBatch.State.SETTLED:
        return "The bank has paid the batch by itself already"
    return (
        "The bank has shown the chargeback already" if any(r.bank_confirmed_on for r in found.returns) else ""
    )


def _names(found: Beside) -> list[str]:
    parts = [found.batch, *found.returns, found.win]
    return [part.public_id for part in parts if part is not None]


def _held(payout: Payout, parts: Sequence[PayoutPart]) -> list[Beside]:
    """What is beside each part, looked for once more when it is held."""
    while True:
        begun = transaction.savepoint()
        first = [beside(part, facility=payout.facility, payout=payout) for part in parts]
        _hold(first)
        found = [beside(part, facility=payout.facility, payout=payout) for part in parts]
        if [_names(each) for each in found] == [_names(each) for each in first]:
            return found
        # Somebody reported or confirmed another while we waited: let go, and take all of them in order.
        transaction.savepoint_rollback(begun)


def _hold(found: Sequence[Beside]) -> None:
    """Payments, then batches, then chargebacks and those won, each in order."""
    returns = [each for row in found for each in row.returns]
    wins = [row.win for row in found if row.win]
    for key in sorted({each.payment.key for each in returns} | {win.payment.key for win in wins}):
        lock_key(key)
    for pk in sorted({row.batch.pk for row in found if row.batch}):
        lock_card_batch_of_refunds(pk)
    lock_chargebacks([each.pk for each in returns], [win.pk for win in wins])


def _part(row: PayoutRow) -> PayoutPart:
    return PayoutPart(
        row.line, PartKind(row.kind), row.terminal_id, row.batch, tuple(row.cases), row.sales,
        row.gross_minor, row.fee_minor, row.chargebacks_minor,
    )  # fmt: skip


def post_agreed(payout: Payout, rows: Sequence[PayoutRow], *, actor: User) -> None:
    """Move the batches and chargebacks into the payout on card clearing, and the fees to their account.

    Of the day on which it agrees. A payout of nothing is paid by that. The caller saves it.
    """
    facility = payout.facility
    day = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    taken = [name for row in rows for name in row.taken]
    batches = [row.card_batch for row in rows if row.card_batch]
    returns = list(PaymentReturn.objects.filter(public_id__in=taken).order_by("id"))
    wins = list(ChargebackWin.objects.filter(public_id__in=taken).order_by("id"))
    parts = [(batch.public_id, -(batch.gross_minor or 0)) for batch in batches]
    parts += [(row.public_id, row.amount_minor) for row in returns]
    parts += [(win.public_id, -win.amount_minor) for win in wins]
    moved = [
        Posting(CLEARING, Money(minor, payout.currency), reference=name, tender="CARD")
        for name, minor in [*parts, (payout.public_id, payout.net_minor)]
        if minor
    ]
    fees = [Posting(FEES, Money(payout.fee_minor, payout.currency))] if payout.fee_minor else []
    post_entry(
        key=f"cashiering.payout:{payout.public_id}",
        facility=facility,
        effective_on=day,
        source=("payout", payout.public_id),
        memo=f"Card payout {payout}",
        postings=[*moved, *fees],
        actor=actor,
    )
    for model, held in ((CardBatch, batches), (PaymentReturn, returns), (ChargebackWin, wins)):
        model.objects.filter(pk__in=[each.pk for each in held]).update(payout=payout)
    payout.state = Payout.State.AWAITED
