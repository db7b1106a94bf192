"""How money handed over pays what is due: amount = tendered − change, change only from cash."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cashiering.rules.denominations import faces_of
from hms_ach.money import Money, total
from hms_ach.refusal import Refusal

KINDS = ("CASH", "CARD", "CHEQUE", "TRANSFER", "ACCOUNT")
_WORDS = dict(zip(KINDS, ("cash", "cards", "cheques", "transfers", "money on account"), strict=True))


class TenderUnknown(Refusal):
    code = "tender_unknown"
    status = 422
    sentence = "{kind} is not a way to pay here. Use one of: {kinds}."


class TenderNotAtRegister(Refusal):
    code = "tender_not_at_register"
    status = 422
    sentence = (
        "Register {register} does not take or give back {tender}, only {kinds}. Use one of these, or another "
        "register."
    )


class TenderNotPositive(Refusal):
    code = "tender_not_positive"
    status = 422
    sentence = (
        "Tender {line} is {amount}; a tender is more than zero. To give money back, ask for a refund instead."
    )


class TendersTooSmall(Refusal):
    code = "tenders_too_small"
    status = 422
    sentence = "{tendered} was tendered and {due} is to be paid: {missing} is missing. Add a tender."


class CardAboveDue(Refusal):
    code = "card_above_due"
    status = 422
    sentence = (
        "The cards take {cards}, only {due} is to be paid. Lower the card amount: cards give no change."
    )


class AccountAboveDue(Refusal):
    code = "account_above_due"
    status = 422
    sentence = (
        "{amount} would be taken from the account, only {due} is to be "
        "paid. Lower the amount: money on account gives no change."
    )


class CashNotNeeded(Refusal):
    code = "cash_not_needed"
    status = 422
    sentence = (
        "The change of {change} is not less than the cash of {cash}. Give this cash back, leave it out."
    )


class ChangeTooLarge(Refusal):
    code = "change_too_large"
    status = 422
    sentence = (
        "Cash of {cash} would give {change} back. Look at the amount of the cash; "
        "notes that nobody needs go back before the payment."
    )


class ChequeIncomplete(Refusal):
    code = "cheque_incomplete"
    status = 422
    sentence = "Tender {line} is a cheque without number or bank. Copy both from the cheque."


class TransferTwice(Refusal):
    code = "transfer_twice"
    status = 422
    sentence = "A payment is one transfer at most: the bank pays each by itself. Record the other one alone."


class PaymentEmpty(Refusal):
    code = "payment_empty"
    status = 422
    sentence = "Nothing is tendered. Add at least one tender."


@dataclass(frozen=True, slots=True)
class TenderGiven:
    """One thing handed over.

    kind              CASH, CARD, CHEQUE, TRANSFER, or ACCOUNT for money the patient left here before
    tendered          what was handed over; change comes out of the last cash tender
    reference         cheque number, transfer's end-to-end id, or reference of a card sale
    cheque_bank       name of the bank on the cheque
    terminal_request  public id of the approved sale at our terminal, for a card
    foreign           cash that is not ours, as it was handed over; tendered is then what it is worth today
    rate_id           id of the rate that the cashier was shown for it
    """

    kind: str
    tendered: Money
    reference: str = ""
    cheque_bank: str = ""
    terminal_request: str = ""
    card_brand: str = ""
    card_last4: str = ""
    auth_code: str = ""
    is_wallet: bool = False
    is_health_account: bool = False
    foreign: Money | None = None
    rate_id: int | None = None


@dataclass(frozen=True, slots=True)
class TenderTaken:
    """One tender as it is booked."""

    given: TenderGiven
    amount: Money
    change: Money


def refuse_not_taken(kinds: Iterable[str], *, register: str, takes: Sequence[str]) -> None:
    """Raises TenderNotAtRegister for the first known kind that the register does not take."""
    for kind in kinds:
        if kind in KINDS and kind not in takes:
            allowed = ", ".join(_WORDS[one] for one in takes)
            raise TenderNotAtRegister(register=register, tender=_WORDS[kind], kinds=allowed)


def take_tenders(due: Money, given: Sequence[TenderGiven]) -> tuple[list[TenderTaken], Money]:
    """The tenders with their change, and what a cheque or transfer paid beyond what is due.

    due  what is to be paid; zero when all of the money is to stay on account

    Raises PaymentEmpty, TenderUnknown, TenderNotPositive, ChequeIncomplete, TransferTwice,
    TendersTooSmall, CardAboveDue, AccountAboveDue, CashNotNeeded or ChangeTooLarge.
    """
    _refuse_malformed(due, given)
    tendered = total([tender.tendered for tender in given], due.currency)
    if tendered < due:
        raise TendersTooSmall(tendered=tendered, due=due, missing=due - tendered)
    cards = total([tender.tendered for tender in given if tender.kind == "CARD"], due.currency)
    if cards > due:
        raise CardAboveDue(cards=cards, due=due)
    drawn = total([tender.tendered for tender in given if tender.kind == "ACCOUNT"], due.currency)
    if drawn > due:
        raise AccountAboveDue(amount=drawn, due=due)
    zero, excess = Money.zero(due.currency), tendered - due
    taken = [TenderTaken(tender, tender.tendered, zero) for tender in given]
    last_cash = max((i for i, tender in enumerate(given) if tender.kind == "CASH"), default=None)
    if last_cash is None or not excess:
        return taken, excess
    cash = given[last_cash].tendered
    if excess >= cash:
        raise CashNotNeeded(change=excess, cash=cash)
    if excess > _most_change(due.currency):
        raise ChangeTooLarge(cash=cash, change=excess)
    taken[last_cash] = replace(taken[last_cash], amount=cash - excess, change=excess)
    return taken, zero


def _most_change(currency: str) -> Money:
    """Ten of the largest note: more than that too much is mistyped, or a bundle that nobody needs."""
    return Money(10 * faces_of(currency)[0], currency)


def _refuse_malformed(due: Money, given: Sequence[TenderGiven]) -> None:
    if not given:
        raise PaymentEmpty()
    for line, tender in enumerate(given, start=1):
        if tender.kind not in KINDS:
            raise TenderUnknown(kind=repr(tender.kind)[:20], kinds=", ".join(KINDS))
        if tender.tendered <= Money.zero(due.currency):
            raise TenderNotPositive(line=line, amount=tender.tendered)
        if tender.kind == "CHEQUE" and not (tender.reference.strip() and tender.cheque_bank.strip()):
            raise ChequeIncomplete(line=line)
    if sum(tender.kind == "TRANSFER" for tender in given) > 1:
        raise TransferTwice()
