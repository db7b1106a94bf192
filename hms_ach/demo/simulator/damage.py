"""How a reference is spoilt on its way through banks."""

import random
from collections.abc import Callable


def damaged(text: str, rng: random.Random) -> str:
    """The reference with one slip, cut at its beginning, or written otherwise; never as it was."""
    ways: list[Callable[[str, random.Random], str]] = [_typo, _cut, _swapped, _spaced, _without_zeros]
    said = rng.choice(ways)(text, rng)
    return said if said != text else _typo(text, random.Random(text))


def _typo(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) // 2, len(text))
    digit = (ord(text[at]) + rng.randint(1, 8)) % 10
    return text[:at] + str(digit if str(digit) != text[at] else (digit + 1) % 10) + text[at + 1 :]


def _cut(text: str, rng: random.Random) -> str:
    return text[rng.randint(1, 2) :]


def _swapped(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) // 2, len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _spaced(text: str, rng: random.Random) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _without_zeros(text: str, rng: random.Random) -> str:
    at = next((n for n, letter in enumerate(text) if letter.isdigit()), 0)
    return text[:at] + text[at:].lstrip("0")
