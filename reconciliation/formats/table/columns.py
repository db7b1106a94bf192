"""Where the fields of a profile stand among a table's headings."""

from hms_ach.refusal import FileRejected
from reconciliation.formats.table.profile import TableProfile
from reconciliation.formats.table.rows import checked


def places_of(profile: TableProfile, line: int, headings: list[str]) -> dict[str, list[int]]:
    """The places of each field's columns, from 0; several where a profile joins them.

    Raises FileRejected for a column that the table has not, or has twice.
    """
    names = [heading.strip().casefold() for heading in checked(headings, line)]
    by_name = {name: at for at, name in reversed(list(enumerate(names)))}
    found: dict[str, list[int]] = {}
    for field, column in profile.columns.items():
        whole = column.strip().casefold()
        if names.count(whole) > 1:
            problem = f"the table has several columns {column[:40]!r}; name the one for {field} by its number"
            raise FileRejected(line, problem)
        parts = [column] if whole in by_name else column.split("+")
        places = [_place(part.strip(), by_name) for part in parts]
        if None in places:
            raise FileRejected(line, f"the table has no column {column[:40]!r} for {field}")
        found[field] = [place for place in places if place is not None]
    return found


def _place(column: str, by_name: dict[str, int]) -> int | None:
    """A column by its heading, else by its number from 1."""
    found = by_name.get(column.casefold())
    if found is None and column.isdecimal() and column.isascii() and 1 <= int(column[:4]) <= 256:
        return int(column) - 1
    return found
