"""What note and coin counters send, see docs/formats/note_counter.md: a line a denomination, a total."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

_PARTING = re.compile(r"[\s,;:=*xX$€£]+")
_WHOLE = re.compile(r"[0-9]{1,6}")
_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
MOST_LINES = 500


class NoteCountUnread(ValueError):
    """The report cannot be trusted; `line` and its sentence say where and why."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


@dataclass(slots=True)
class NoteCount:
    """What a machine counted: pieces by face value in minor units, and what it would not count."""

    pieces: dict[int, int] = field(default_factory=dict)
    rejected: int = 0


@dataclass(slots=True)
class _Run:
    """One run of the machine until its total, all in minor units."""

    pieces: dict[int, int] = field(default_factory=dict)

    def close(self, line: int, pieces: int, worth: int) -> None:
        counted, sum_minor = sum(self.pieces.values()), sum(face * n for face, n in self.pieces.items())
        if (counted, sum_minor) != (pieces, worth):
            raise NoteCountUnread(line, "the total is not what the lines above it add up to")


def read_note_count(text: str, *, currency: str, faces: Sequence[int], places: int) -> NoteCount:
    """The pieces of every run in the report, added up. Takes all of it or nothing.

    faces   the currency's face values, in minor units
    places  the digits of its minor unit

    Raises NoteCountUnread for a line that is none, a face that there is not, one that stands twice in a run,
    another currency, an empty report, a total that does not add up, and a run without its total.
    """
    found, run = NoteCount(), _Run()
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise NoteCountUnread(MOST_LINES, "the report is too long")
    if not text.strip():
        raise NoteCountUnread(1, "nothing is here: let the machine type its report here, or paste it")
    for number, raw in enumerate(lines, start=1):
        words = [word for word in _PARTING.split(raw.strip()) if word]
        if not words or raw.lstrip().startswith("#"):
            continue
        words = _without_currency(number, words, currency)
        match [word.upper() for word in words]:
            case []:
                continue
            case ["REJECT", count] if _WHOLE.fullmatch(count):
                found.rejected += int(count)
            case ["TOTAL", count, worth] if _WHOLE.fullmatch(count):
                run.close(number, int(count), _minor(number, worth, places))
                for face, pieces in run.pieces.items():
                    found.pieces[face] = found.pieces.get(face, 0) + pieces
                run = _Run()
            case [face, count, *worth] if _WHOLE.fullmatch(count) and len(worth) < 2:
                _add(run, number, _minor(number, face, places), int(count), faces)
                if worth and _minor(number, worth[0], places) != _minor(number, face, places) * int(count):
                    raise NoteCountUnread(number, "the worth is not the face value times the pieces")
            case _:
                raise NoteCountUnread(number, "this is neither a denomination with its pieces nor a total")
    if run.pieces or not found.pieces:
        raise NoteCountUnread(len(lines), "the total is missing: the report is not whole")
    return found


def _without_currency(line: int, words: list[str], currency: str) -> list[str]:
    """The words without the currency that a machine may write first. Raises NoteCountUnread for another."""
    named = words[0].upper()
    if not _CURRENCY.fullmatch(named):
        return words
    if named != currency:
        raise NoteCountUnread(line, f"the machine counted {named}, and {currency} is counted here")
    return words[1:]


def _add(run: _Run, line: int, face: int, count: int, faces: Sequence[int]) -> None:
    if face not in faces:
        raise NoteCountUnread(line, "there is no such note or coin")
    if face in run.pieces:
        raise NoteCountUnread(line, "this denomination stands twice before a total")
    run.pieces[face] = count


def _minor(line: int, text: str, places: int) -> int:
    if not _AMOUNT.fullmatch(text):
        raise NoteCountUnread(line, "this is no amount: write it with a point and without thousands")
    scaled = Decimal(text).scaleb(places)
    if scaled != scaled.to_integral_value():
        raise NoteCountUnread(line, "the currency has no such small part")
    return int(scaled)
