"""The denomination grid, as shown and as sent."""

from dataclasses import dataclass

from django.http import QueryDict

from cashiering.rules.denominations import PiecesMalformed, faces_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class CountEmpty(Refusal):
    code = "count_empty"
    status = 422
    sentence = (
        "No pieces of {currency} are written. Write how many there are of each; 0 where there are none."
    )


@dataclass(frozen=True, slots=True)
class GridRow:
    """One note or coin; `pieces` is what was typed."""

    face: int
    name: str
    worth: Money
    pieces: str

    @property
    def prefix(self) -> str:
        """What the names of this grid's fields begin with."""
        return self.name.rpartition("-")[0]


def grid_of(currency: str, data: QueryDict | None = None, *, prefix: str = "pieces") -> list[GridRow]:
    """The rows of the grid, largest face first, with what was typed."""
    return [_row(face, currency, data, prefix) for face in faces_of(currency)]


def _row(face: int, currency: str, data: QueryDict | None, prefix: str) -> GridRow:
    name = f"{prefix}-{face}"
    return GridRow(face, name, Money(face, currency), data.get(name, "") if data else "")


def counted_in(data: QueryDict, currency: str, *, prefix: str = "pieces") -> dict[int, int]:
    """The pieces sent, by face value; an empty field is none, but an empty grid is no count.

    Raises PiecesMalformed, or CountEmpty.
    """
    if not any(row.pieces.strip() for row in grid_of(currency, data, prefix=prefix)):
        raise CountEmpty(currency=currency)
    return _pieces_in(data, currency, prefix)


def _pieces_in(data: QueryDict, currency: str, prefix: str) -> dict[int, int]:
    pieces = {}
    for row in grid_of(currency, data, prefix=prefix):
        text = row.pieces.strip()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 6):
            raise PiecesMalformed(pieces=repr(text)[:20], face=row.worth)
        pieces[row.face] = int(text or 0)
    return pieces


def foreign_grids(currencies: list[str], data: QueryDict | None = None) -> list[tuple[str, list[GridRow]]]:
    """A grid for each foreign currency whose cash is in the drawer."""
    return [(one, grid_of(one, data, prefix=f"foreign-{one}")) for one in currencies]


def foreign_counted_in(data: QueryDict, currencies: list[str]) -> dict[str, dict[int, int]]:
    """The pieces sent of each foreign currency. Raises PiecesMalformed, or CountEmpty."""
    return {one: counted_in(data, one, prefix=f"foreign-{one}") for one in currencies}


def foreign_left_in(data: QueryDict, currencies: list[str]) -> dict[str, dict[int, int]]:
    """The same of what may have been left in a drawer: an empty grid is none. Raises PiecesMalformed."""
    return {one: _pieces_in(data, one, f"foreign-{one}") for one in currencies}


def ticked_in(data: QueryDict, name: str) -> list[int]:
    """The ids of the tenders whose boxes of this name are ticked."""
    return [int(pk) for pk in data.getlist(name) if pk.isdecimal() and len(pk) < 18]
