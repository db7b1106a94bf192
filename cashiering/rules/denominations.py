"""Notes and coins, and what a counted drawer holds."""

from hms_ach.money import Money
from hms_ach.refusal import Refusal

# Face values in minor units, largest first.
DENOMINATIONS = {
    "USD": (100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 25, 10, 5, 1),
    "EUR": (200_00, 100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 20, 10, 5, 2, 1),
    "GBP": (50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 20, 10, 5, 2, 1),
    "CAD": (100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 25, 10, 5),
    "JPY": (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1),
    "KWD": (20_000, 10_000, 5_000, 1_000, 500, 250, 100, 50, 20, 10, 5),
}
MOST_PIECES = 100_000


class DenominationUnknown(Refusal):
    code = "denomination_unknown"
    status = 422
    sentence = "There is no {currency} note or coin of {face} minor units. Count only real notes and coins."


class PiecesMalformed(Refusal):
    code = "pieces_malformed"
    status = 422
    sentence = "{pieces} is not a number of pieces of {face}. Write a whole number from 0 to 100000."


def faces_of(currency: str) -> tuple[int, ...]:
    """Face values of a currency in minor units, largest first. Raises DenominationUnknown without any."""
    if currency not in DENOMINATIONS:
        raise DenominationUnknown(currency=currency, face="any number")
    return DENOMINATIONS[currency]


def counted_total(pieces: dict[int, int], currency: str) -> Money:
    """What the pieces are worth: {face value in minor units: number of pieces}.

    Raises DenominationUnknown, or PiecesMalformed for a negative, fractional or absurd number.
    """
    faces = faces_of(currency)
    for face, number in pieces.items():
        if face not in faces:
            raise DenominationUnknown(currency=currency, face=face)
        if type(number) is not int or not 0 <= number <= MOST_PIECES:
            raise PiecesMalformed(pieces=repr(number)[:20], face=Money(face, currency))
    return Money(sum(face * number for face, number in pieces.items()), currency)
