"""What a PIN must be: digits that nobody guesses within five tries."""

import re
from itertools import pairwise

from hms_ach.refusal import Refusal

SHORTEST, LONGEST = 6, 12
SHORTEST_BADGE = 8


class PinUnfit(Refusal):
    code = "pin_unfit"
    status = 422
    sentence = "{problem}. Choose 6 to 12 digits that are no row, no repetition and no year."


class BadgeUnfit(Refusal):
    code = "badge_unfit"
    status = 422
    sentence = "A badge's code has at least 8 letters or digits. Scan it again."


def check_pin(pin: str) -> None:
    """Raises PinUnfit."""
    if not re.fullmatch(rf"[0-9]{{{SHORTEST},{LONGEST}}}", pin):
        raise PinUnfit(problem="This is not 6 to 12 digits")
    steps = {(int(right) - int(left)) % 10 for left, right in pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        raise PinUnfit(problem="These digits are a row")
    if any(len(pin) % size == 0 and pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin))):
        raise PinUnfit(problem="These digits repeat")
    if re.fullmatch(r"(19|20)[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])", pin):
        raise PinUnfit(problem="This is a date")


def check_badge(code: str) -> None:
    """Raises BadgeUnfit."""
    if not re.fullmatch(rf"[A-Za-z0-9\-]{{{SHORTEST_BADGE},64}}", code):
        raise BadgeUnfit()
