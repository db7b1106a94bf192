"""Payouts of card processors: as people see them, and what we have beside each row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from cashiering.formats.payout import PartKind, PayoutPart
from cashiering.models import CardBatch, ChargebackWin, PaymentReturn, Payout
from cashiering.queries.card_batch import fee_rate_of, has_difference
from cashiering.rules.payout import batch_number_of, same_case
from hms_ach.access.models import Facility
from hms_ach.money import Money

# A batch of ours that a report names only by its number is looked for this many days back.
BATCH_DAYS = 45


@dataclass(slots=True)
class Beside:
    """What of ours a row is about, and what is wrong with it; "" when nothing is.

    fee_over_minor  what the row keeps beyond the contract
    is_shown        the bank has shown all of it before
    """

    batch: CardBatch | None = None
    returns: tuple[PaymentReturn, ...] = ()
    win: ChargebackWin | None = None
    fee_over_minor: int = 0
    problem: str = ""
    is_shown: bool = False


def payouts_of(facility_ids: Collection[int]) -> QuerySet[Payout]:
    """Those of the facilities, the newest first. One SQL query."""
    rows = Payout.objects.filter(facility_id__in=facility_ids)
    return rows.select_related("facility", "file", "recorded_by", "accepted_by", "withdrawn_by").order_by(
        "-id"
    )


def beside(part: PayoutPart, *, facility: Facility, payout: Payout) -> Beside:
    """Our batch, chargebacks or won chargeback beside a row of a payout, and how they differ.

    Four SQL queries at most for a row.
    """
    if part.kind == PartKind.BATCH:
        return _batch(part, facility, payout)
    if part.kind == PartKind.CHARGEBACK:
        found = _taken(part, facility, payout)
        found.fee_over_minor = part.fee_minor
        return found
    if part.kind == PartKind.WON:
        return _won(part, facility, payout)
    return Beside(fee_over_minor=part.fee_minor, is_shown=not part.fee_minor)


def _batch(part: PayoutPart, facility: Facility, payout: Payout) -> Beside:
    rows = CardBatch.objects.filter(facility=facility).select_related("agreement")
    number = batch_number_of(part.batch, part.terminal)
    if number is None:
        return Beside(problem=f"{part.batch} is no number of a batch")
    rows = rows.filter(number=number)
    if part.terminal:
        rows = rows.filter(terminal_id=part.terminal)
    else:
        rows = rows.filter(agreement__merchant_id=payout.merchant_id)
        rows = rows.filter(business_on__gte=payout.paid_on - timedelta(days=BATCH_DAYS))
    found = list(rows.order_by("id")[:2])
    if len(found) != 1:
        few = "Several terminals have a batch" if found else "No batch of ours has the number"
        return Beside(problem=f"{few} {part.batch}")
    batch = found[0]
    said = _batch_problem(batch, part, payout)
    if said:
        return Beside(batch, problem=said)
    taken = _taken(part, facility, payout) if part.chargebacks_minor else Beside(is_shown=True)
    rate = fee_rate_of(batch)
    assert rate is not None
    contracted = rate.fee_of(Money(batch.gross_minor or 0, batch.currency)).minor
    is_shown = batch.state == CardBatch.State.SETTLED and taken.is_shown
    return Beside(batch, taken.returns, None, part.fee_minor - contracted, taken.problem, is_shown)


def _batch_problem(batch: CardBatch, part: PayoutPart, payout: Payout) -> str:
    if batch.state == CardBatch.State.OPEN:
        return "The batch is open here: close it first"
    if batch.agreement is None or batch.agreement.merchant_id != payout.merchant_id:
        return "The batch is another merchant's"
    if batch.payout_id not in (None, payout.pk):
        return "Another payout has the batch already"
    if batch.currency != payout.currency:
        return f"The batch is in {batch.currency}"
    if has_difference(batch):
        return "Its terminal counted otherwise: clear that up first"
    if batch.gross_minor != part.gross_minor:
        ours = Money(batch.gross_minor or 0, batch.currency)
        return f"Our receipts say {ours}" + (f", in {batch.sales} sales" if part.sales != batch.sales else "")
    return ""


def _taken(part: PayoutPart, facility: Facility, payout: Payout) -> Beside:
    """The chargebacks of a row: those of its cases, or else the only open one of its amount."""
    rows = PaymentReturn.objects.filter(facility=facility, tender__kind="CARD")
    rows = rows.exclude(state=PaymentReturn.State.REJECTED).select_related("tender", "payment").order_by("id")
    if not part.cases:
        open_ones = rows.filter(bank_confirmed_on=None, payout=None, amount_minor=part.chargebacks_minor)
        found = list(open_ones.filter(tender__card_batch__agreement__merchant_id=payout.merchant_id)[:2])
        if len(found) != 1:
            return Beside(problem=f"{len(found) or 'No'} chargebacks of ours fit: the report names no case")
    else:
        found = [row for row in rows if any(same_case(row.bank_reference, case) for case in part.cases)]
        known = [case for case in part.cases if any(same_case(row.bank_reference, case) for row in found)]
        if len(known) < len(part.cases):
            missing = next(case for case in part.cases if case not in known)
            return Beside(problem=f"No chargeback of ours has case {missing}: report it from its receipt")
    return _told(found, part, payout)


def _told(found: Sequence[PaymentReturn], part: PayoutPart, payout: Payout) -> Beside:
    returns, problem = tuple(found), ""
    total = sum(row.amount_minor for row in found)
    if any(row.state != PaymentReturn.State.CONFIRMED for row in found):
        problem = "The chargeback waits for its confirmation by another person"
    elif any(row.payout_id not in (None, payout.pk) for row in found):
        problem = "Another payout took the chargeback already"
    elif total != part.chargebacks_minor:
        problem = f"The chargebacks here are {Money(total, payout.currency)}"
    is_shown = all(row.bank_confirmed_on for row in found)
    return Beside(returns=returns, problem=problem, is_shown=is_shown)


def _won(part: PayoutPart, facility: Facility, payout: Payout) -> Beside:
    (case,) = part.cases
    rows = ChargebackWin.objects.filter(facility=facility).select_related("chargeback", "payment")
    rows = rows.exclude(state=ChargebackWin.State.REJECTED).order_by("id")
    names = [row for row in rows if same_case(row.bank_reference or row.chargeback.bank_reference, case)]
    if len(names) != 1:
        return Beside(problem=f"No chargeback of case {case} is won here: report it from its chargeback")
    win, problem = names[0], ""
    if win.state != ChargebackWin.State.CONFIRMED:
        problem = "That it was won waits for its confirmation by another person"
    elif win.payout_id not in (None, payout.pk):
        problem = "Another payout gave it back already"
    elif win.amount_minor != -part.chargebacks_minor:
        problem = f"What was won here is {Money(win.amount_minor, win.currency)}"
    return Beside(
        win=win, fee_over_minor=part.fee_minor, problem=problem, is_shown=win.bank_confirmed_on is not None
    )
