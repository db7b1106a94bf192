"""The denomination grid, as shown and as sent."""

from dataclasses import dataclass

from django.http import QueryDict

from cashiering.rules.denominations import PiecesMalformed, faces_of
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class GridRow:
    """One note or coin; `pieces` is what was typed."""

    face: int
    name: str
    worth: Money
    pieces: str


def grid_of(currency: str, data: QueryDict | None = None) -> list[GridRow]:
    """The rows of the grid, largest face first, with what was typed."""
    return [_row(face, currency, data) for face in faces_of(currency)]


def _row(face: int, currency: str, data: QueryDict | None) -> GridRow:
    name = f"pieces-{face}"
    return GridRow(face, name, Money(face, currency), data.get(name, "") if data else "")


def counted_in(data: QueryDict, currency: str) -> dict[int, int]:
    """The pieces sent, by face value; an empty field is none. Raises PiecesMalformed."""
    pieces = {}
    for row in grid_of(currency, data):
        text = row.pieces.strip()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 6):
            raise PiecesMalformed(pieces=repr(text)[:20], face=row.worth)
        pieces[row.face] = int(text or 0)
    return pieces
