"""A batch written as a general ledger's own table."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from hms_ach.sheets import safe_text
from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, Segments, Side, sides
from ledger.formats.own_table import SEPARATORS, OwnColumn, OwnTable, TableWrong
from ledger.formats.own_value import DATES, FIGURES

LookUp = Callable[[str, str], str]
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")


def write_table(
    table: OwnTable, header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer
) -> Iterator[bytes]:
    """Rows before, a heading where one is wanted, a row for each line or side, rows after.

    Raises TableWrong for a part of the code that the map has not, a name that is not set, and a figure,
    a day or a code that its column has no room for.
    """
    said, names, count = _shown(table, _of_batch(header)), _Names(header), 0
    totals = said | _shown(table, _totals(trailer))
    for row in table.first:
        yield _row(table, row, totals, names.look_up)
    if table.has_heading:
        yield _heading(table)
    for line, values in _rows_of(table, lines):
        count += 1
        yield _row(table, table.columns, said | _shown(table, values), names.of(line))
    for row in table.last:
        yield _row(table, row, totals | {"rows": str(count)}, names.look_up)


def sample_for(table: OwnTable, header: BatchHeader, lines: Sequence[BatchLine]) -> tuple[BatchHeader, list]:
    """The sample batch with every part of the code and every name that the table asks for, as short as it
    has room for them.
    """
    asked = {pair for cell in table.cells for pair in cell.value.used}
    known, room = Segments(header), _room(table)
    parts = sorted(argument for name, argument in asked if name == "segment" and not known.has(argument))
    names = {argument: argument.upper()[:room] for name, argument in asked if name == "name"}
    longer = replace(header, segment_names=(*header.segment_names, *parts), settings=names)
    added = [part.upper()[:10] for part in parts]
    return longer, [
        replace(line, segments=tuple(part[:room] for part in (*line.segments, *added))) for line in lines
    ]


def _room(table: OwnTable) -> int | None:
    """The narrowest column in which a name or a part of the code stands; None where none has a width."""
    widths = [
        cell.width
        for cell in table.cells
        if cell.width and any(argument for _name, argument in cell.value.used)
    ]
    return min(widths, default=None)


class _Names:
    """Parts of the code and names in layouts, by what the table calls them."""

    def __init__(self, header: BatchHeader) -> None:
        self._settings, self._segments = header.settings, Segments(header)

    def look_up(self, kind: str, argument: str) -> str:
        """A name; rows before and after have no line and so no parts of a code."""
        if not self._settings.get(argument):
            raise TableWrong(f"needs the name {argument}, which is not set under Names in layouts")
        return self._settings[argument]

    def of(self, line: BatchLine) -> LookUp:
        def look_up(kind: str, argument: str) -> str:
            if kind == "name":
                return self.look_up(kind, argument)
            if not self._segments.has(argument):
                raise TableWrong(
                    f"needs the part {argument} of the code, which the map of this batch has not"
                )
            return self._segments.of(line, argument)

        return look_up


def _rows_of(table: OwnTable, lines: Iterable[BatchLine]) -> Iterator[tuple[BatchLine, dict[str, str]]]:
    if not table.has_sides:
        yield from ((line, _of_line(line)) for line in lines)
        return
    for side in sides(lines):
        yield side.line, _of_line(side.line) | _of_side(side, table)


def _of_batch(header: BatchHeader) -> dict[str, str]:
    names = ("id", "number", "legal_entity", "facility", "business_on", "functional_currency")
    return {name: getattr(header, name) for name in names} | {
        "run": str(header.run),
        "built_on": header.built_at[:10],
    }


def _of_line(line: BatchLine) -> dict[str, str]:
    left_out = ("segments", "entries")
    return {name: str(getattr(line, name)) for name in line.__slots__ if name not in left_out}


def _of_side(side: Side, table: OwnTable) -> dict[str, str]:
    """An amount stands on its own side only, so that a row never has both."""
    on, off = ("debit", "credit") if side.is_debit else ("credit", "debit")
    return {
        "side": table.side[0 if side.is_debit else 1],
        "amount": side.amount,
        "functional": side.functional,
        "signed": side.signed,
        "functional_signed": side.functional_signed,
        on: side.amount,
        off: "",
        f"functional_{on}": side.functional,
        f"functional_{off}": "",
    }


def _totals(trailer: BatchTrailer) -> dict[str, str]:
    return {name: str(value) for name, value in trailer.as_json().items()}


def _shown(table: OwnTable, said: dict[str, str]) -> dict[str, str]:
    """Dates and figures as the table writes them."""
    return {name: _as_written(table, name, text) for name, text in said.items()}


def _as_written(table: OwnTable, name: str, text: str) -> str:
    if name in FIGURES:
        return text.replace(".", table.decimal)
    if name not in DATES:
        return text
    year, month, day = text.split("-")
    written = table.dates.replace("YYYY", year).replace("YY", year[2:])
    return written.replace("MM", month).replace("DD", day)


def _row(table: OwnTable, cells: Sequence[OwnColumn], said: dict[str, str], look_up: LookUp) -> bytes:
    found = [cell.value.filled(said, look_up) for cell in cells]
    if table.separator == "fixed":
        return _fixed([_fitted(*pair) for pair in zip(cells, found, strict=True)])
    return _separated(table, found)


def _heading(table: OwnTable) -> bytes:
    if table.separator == "fixed":
        return _fixed([_padded(column, column.name) for column in table.columns])
    return _separated(table, [column.name for column in table.columns])


def _fitted(column: OwnColumn, text: str) -> str:
    if column.width and len(_plain(text)) > column.width and column.value.is_exact:
        raise TableWrong(f"has no room for {text} in {column.name}, which is {column.width} wide")
    return _padded(column, text)


def _padded(column: OwnColumn, text: str) -> str:
    kept = _plain(text)
    if not column.width:
        return kept
    cut = kept[: column.width]
    return cut.rjust(column.width) if column.is_right else cut.ljust(column.width)


def _fixed(cells: Sequence[str]) -> bytes:
    return ("".join(cells).rstrip() + "\r\n").encode()


def _separated(table: OwnTable, found: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=SEPARATORS[table.separator], lineterminator="\r\n")
    writer.writerow([each if _NUMBER.fullmatch(each) else safe_text(each) for each in found])
    return text.getvalue().encode()


def _plain(text: str) -> str:
    """Without what would break a line of fixed columns."""
    return "".join(letter for letter in text if letter.isprintable())
