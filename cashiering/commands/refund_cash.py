"""A refund out of a drawer: foreign notes where they go back, the rest in coins that there are."""

from dataclasses import dataclass

from cashiering.commands.movement import write_movement
from cashiering.commands.register import coin_of
from cashiering.models import CashCurrency, Refund, Session, Tender
from cashiering.queries.cash_currency import rules_in_force
from cashiering.queries.expected_cash import expected_cash
from cashiering.rules.foreign_cash import given_back
from cashiering.rules.rounding import coins_back
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting


class CashNotInDrawer(Refusal):
    code = "cash_not_in_drawer"
    sentence = (
        "This drawer has not {amount} to give back. Ask for a float or a top-up, or let another drawer pay."
    )


@dataclass(frozen=True, slots=True)
class CashBack:
    """What a cash refund hands out.

    notes     foreign notes at the rate they were taken at; None where all goes back in our own currency
    own       notes and coins of our own
    rounding  what is handed out beyond the amount for want of a smaller coin; below zero less
    """

    notes: Money | None
    own: Money
    rounding: Money


def cash_back_of(refund: Refund, *, coin: int) -> CashBack:
    """How an amount is handed out, as the facility gives this currency back. At most one SQL query."""
    amount, tender = Money(refund.amount_minor, refund.currency), refund.tender
    notes, rest = (
        _notes_back(tender, refund.facility_id, amount) if tender.foreign_currency else (None, amount)
    )
    own = coins_back(rest, coin)
    return CashBack(notes if notes else None, own, own - rest)


def _notes_back(tender: Tender, facility_id: int, amount: Money) -> tuple[Money | None, Money]:
    rule = rules_in_force(facility_id).get(tender.foreign_currency)
    if rule is None or rule.gives_back != CashCurrency.GivesBack.SAME or tender.exchange_rate is None:
        return None, amount
    return given_back(
        amount,
        minor_rate=tender.exchange_rate.minor_rate,
        base=tender.foreign_currency,
        smallest=rule.smallest_minor,
        most=tender.handed_over,
    )


def refuse_missing_cash(refund: Refund, session: Session) -> CashBack:
    """What will be handed out, when the drawer holds it. Raises CashNotInDrawer, without a figure."""
    back = cash_back_of(refund, coin=coin_of(session.facility))
    for amount in (back.notes, back.own):
        if amount and expected_cash(session, amount.currency) < amount:
            raise CashNotInDrawer(amount=amount)
    return back


def hand_out(refund: Refund, session: Session, back: CashBack, actor: User) -> list[Posting]:
    """Write what leaves the drawer, and give the postings of the payout's other side."""
    postings = []
    for amount in (back.notes, back.own):
        if amount:
            of = f":{amount.currency}" if amount.currency != session.currency else ""
            write_movement(
                session,
                kind="REFUND",
                amount=-amount,
                other=None,
                made_by=actor,
                key=f"refund:{refund.public_id}{of}",
                reason=f"Refund of receipt {refund.payment.receipt_number}",
            )
            postings.append(
                Posting("cash.drawer", -amount, reference=session.public_id, tender=Tender.Kind.CASH.value)
            )
    if back.notes:
        worth = Money(refund.amount_minor, refund.currency) + back.rounding - back.own
        postings += [Posting("fx.gain_loss", back.notes), Posting("fx.gain_loss", -worth)]
    if back.rounding:
        postings.append(Posting("rounding.cash", back.rounding, tender=Tender.Kind.CASH.value))
    return postings
