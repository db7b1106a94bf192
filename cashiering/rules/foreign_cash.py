"""Foreign notes at the till: what they are worth, and what of a refund goes back in them."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from hms_ach.money import Money
from hms_ach.refusal import Refusal


class ForeignCashUneven(Refusal):
    code = "foreign_cash_uneven"
    status = 422
    sentence = (
        "{amount} cannot be taken: the smallest piece taken here is {smallest}. "
        "Give the rest back, or take another tender for it."
    )


@dataclass(frozen=True, slots=True)
class CashRate:
    """What one foreign currency is worth at the till today, and who says so.

    id          of the rate in the book
    minor_rate  minor units of `quote` for one minor unit of `base`
    smallest    the smallest piece taken, in minor units of `base`
    gives_back  "LOCAL" or "SAME": what a refund is paid in
    """

    id: int
    base: str
    quote: str
    rate: Decimal
    minor_rate: Decimal
    on: date
    source: str
    smallest: int
    gives_back: str

    @property
    def in_words(self) -> str:
        """The rate without its trailing zeros: 1.0842."""
        return f"{self.rate.normalize():f}"


def worth_of(foreign: Money, *, minor_rate: Decimal, currency: str) -> Money:
    """What foreign money is worth in a currency, to the nearest minor unit, half of one up."""
    with localcontext() as context:
        context.prec = 50
        exact = Decimal(foreign.minor) * minor_rate
        return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), currency)


def refuse_uneven(foreign: Money, smallest: int) -> None:
    """Only whole pieces are taken. Raises ForeignCashUneven."""
    if foreign.minor % smallest:
        raise ForeignCashUneven(amount=foreign, smallest=Money(smallest, foreign.currency))


def notes_for(due: Money, *, minor_rate: Decimal, base: str, smallest: int) -> Money:
    """The fewest whole pieces of the foreign currency that are worth at least what is due."""
    with localcontext() as context:
        context.prec = 50
        pieces = int(Decimal(due.minor) / (minor_rate * smallest))
    while worth_of(Money(pieces * smallest, base), minor_rate=minor_rate, currency=due.currency) < due:
        pieces += 1
    return Money(pieces * smallest, base)


def given_back(
    amount: Money, *, minor_rate: Decimal, base: str, smallest: int, most: Money
) -> tuple[Money, Money]:
    """A refund as (foreign notes, rest in its own currency) at the rate it was taken at.

    As many whole notes as are worth no more than the amount.

    most  what was handed over in the foreign currency; never more goes back in it
    """

    def worth(pieces: int) -> Money:
        return worth_of(Money(pieces * smallest, base), minor_rate=minor_rate, currency=amount.currency)

    with localcontext() as context:
        context.prec = 50
        # One more than the exact quotient, for a worth that was rounded down when the notes were taken.
        pieces = int(Decimal(amount.minor) / (minor_rate * smallest)) + 1
    pieces = min(pieces, most.minor // smallest)
    while worth(pieces) > amount:
        pieces -= 1
    return Money(pieces * smallest, base), amount - worth(pieces)
