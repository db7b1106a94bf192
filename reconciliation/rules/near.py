"""Whether two references are one reference that somebody wrote wrongly."""

import re

SHORTEST = 5
# A number of at least so many digits counts on; its neighbours are at most so many away.
SHORTEST_NUMBER = 3
STEP = 9
LONG_NUMBER = 8
SAME_FRONT = 3
_NUMBERS = re.compile(r"([0-9]+)")


def is_near(left: str, right: str) -> bool:
    """One slip apart: a character wrong, missing, added, or two exchanged; or up to three cut at an end.

    Near numbers of a sequence are usually somebody else's: the caller must know that neither is intact.
    """
    if left == right:
        return True
    short, long = sorted((left, right), key=len)
    if len(short) < SHORTEST:
        return False
    missing = len(long) - len(short)
    if missing <= 3 and (long.endswith(short) or long.startswith(short)):
        return True
    if missing > 1:
        return False
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if missing:
        return short[at:] == long[at + 1 :]
    if short[at + 1 :] == long[at + 1 :]:
        return True
    is_swapped = short[at : at + 2] == long[at : at + 2][::-1]
    return is_swapped and short[at + 2 :] == long[at + 2 :]


def any_near(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return any(is_near(one, other) for one in left for other in right)


def are_neighbours(left: str, right: str) -> bool:
    """Two references alike but for one number, and these at most nine apart.

    More likely the next ones of a sequence, so somebody else's, than a slip.
    """
    ones, others = _NUMBERS.split(left), _NUMBERS.split(right)
    if len(ones) != len(others) or left == right:
        return False
    unlike = [place for place, one in enumerate(ones) if one != others[place]]
    if len(unlike) != 1 or not unlike[0] % 2:
        return False
    one, other = ones[unlike[0]], others[unlike[0]]
    return min(len(one), len(other)) >= SHORTEST_NUMBER and abs(int(one) - int(other)) <= STEP


def any_neighbours(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return any(are_neighbours(one, other) for one in left for other in right)


def _alike(left: str, right: str) -> int:
    """How many letters they have in common at their beginnings."""
    return next((at for at, letter in enumerate(left) if letter != right[at]), len(left))


def are_of_one_numbering(left: str, right: str) -> bool:
    """Two numbers as long, alike in front and in half of all digits, and more than a slip apart."""
    if len(left) != len(right) or len(left) < LONG_NUMBER or not (left + right).isdecimal():
        return False
    front = _alike(left, right)
    tail = _alike(left[:front:-1], right[:front:-1])
    return SAME_FRONT <= front < len(left) and len(left) // 2 <= front + tail and not is_near(left, right)


def any_of_one_numbering(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return any(are_of_one_numbering(one, other) for one in left for other in right)


def any_slip(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether one of them is one of the others wrongly written, and not its neighbour."""
    return any(is_near(one, other) and not are_neighbours(one, other) for one in left for other in right)
