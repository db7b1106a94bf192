"""Whether two references are one reference that somebody wrote wrongly."""

SHORTEST = 5


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
    """Two numbers that differ in their last digit alone: more likely the next of a sequence than a slip."""
    is_number = left.isdigit() and right.isdigit()
    return is_number and len(left) == len(right) and left[:-1] == right[:-1] and left != right


def any_slip(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether one of them is one of the others wrongly written, and not its neighbour."""
    return any(is_near(one, other) and not are_neighbours(one, other) for one in left for other in right)
