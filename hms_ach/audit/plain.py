"""Values as JSON can hold them: for before, after, and the data of events."""

import datetime
import enum
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hms_ach.money import Money


def plain(value: Any) -> Any:
    """The value in JSON's own types: money as amount and currency, dates and decimals as text.

    Raises TypeError for a float and for anything it does not know; nothing is guessed.
    """
    if value is None or (isinstance(value, bool | int | str) and not isinstance(value, enum.Enum)):
        return value
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, Money):
        return value.as_json()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in (sorted(value) if isinstance(value, set | frozenset) else value)]
    raise TypeError(f"{type(value).__name__} cannot be recorded; give text, a whole number, money or a date")
