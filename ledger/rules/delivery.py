"""How a batch's file is called where it is delivered, and when a failed delivery is tried again."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from string import Formatter

PLACEHOLDERS = ("number", "entity", "facility", "date", "run", "layout", "extension")

# Waits after the first, second, ... failed try; after the last one the delivery is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))

TRIES = len(WAITS) + 1

# Each batch has one of these to itself, so that two files never share a name.
_TELLING = ({"number"}, {"facility", "date", "run"})
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*){0,7}")


@dataclass(frozen=True, slots=True)
class NameParts:
    """What a name may be made of."""

    number: str
    entity: str
    facility: str
    business_on: date
    run: int
    layout: str
    extension: str


def is_plain_name(name: str) -> bool:
    """Whether a text is a file's name and nothing more: no path, not hidden, at most 120 letters."""
    return bool(_PLAIN.fullmatch(name)) and ".." not in name


def is_folder(path: str) -> bool:
    """Whether a text names a folder below another: no way up, no hidden folder."""
    return bool(_FOLDER.fullmatch(path)) and ".." not in path


def pattern_problem(pattern: str) -> str:
    """What is wrong with a pattern of names, in words; empty when it gives every batch a name of its own."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return "its braces do not close"
    used = {name for _text, name, _spec, _conversion in parts if name is not None}
    if unknown := sorted(used - set(PLACEHOLDERS)):
        return f"{{{unknown[0]}}} is unknown; known are {', '.join(f'{{{each}}}' for each in PLACEHOLDERS)}"
    if any(spec or conversion for _text, _name, spec, conversion in parts):
        return "a placeholder stands in its braces alone"
    if not any(telling <= used for telling in _TELLING):
        return "two batches would have one name; use {number}, or {facility}, {date} and {run}"
    if not is_plain_name(file_name(pattern, _SAMPLE)):
        return "it is more than a file's name: letters, digits, dots, hyphens and underscores only"
    return ""


def file_name(pattern: str, parts: NameParts, *, repeat: int = 0) -> str:
    """The name of a batch's file; sent again, a number before the ending tells the two apart."""
    name = pattern.format(
        number=_clean(parts.number),
        entity=_clean(parts.entity),
        facility=_clean(parts.facility),
        date=parts.business_on.strftime("%Y%m%d"),
        run=parts.run,
        layout=_clean(parts.layout),
        extension=parts.extension,
    )
    if not repeat:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{repeat + 1}{dot}{ending}" if stem else f"{name}-{repeat + 1}"


def _clean(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", text)


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries; None when it is given up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


_SAMPLE = NameParts("NORTH-GL-2026-000001", "ENTITY", "NORTH", date(2026, 1, 31), 1, "csv", "csv")
