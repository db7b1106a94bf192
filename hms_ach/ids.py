"""Public ids: a prefix that names the kind, then 26 characters that sort by time."""

import secrets

from django.db import models

from hms_ach import clock

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Two letters at once: ten bits.
_PAIRS = [first + second for first in _CROCKFORD for second in _CROCKFORD]


def new_id(prefix: str) -> str:
    """A new id such as `inv_01K…`: 48 bits of milliseconds, then 80 random bits (ULID layout)."""
    number = int(clock.now().timestamp() * 1000) << 80 | secrets.randbits(80)
    letters = [_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)]
    return f"{prefix}_{''.join(letters)}"


class PublicIdField(models.CharField):
    """A unique public id, made once when the row is made.

    prefix  three letters that name the kind, such as "inv"
    """

    def __init__(self, *args, prefix: str = "", **kwargs) -> None:
        self.prefix = prefix
        kwargs = {"unique": True, **kwargs, "max_length": 40, "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "unique", "editable"):
            kwargs.pop(fixed, None)
        # A history table repeats the id of its row: there the copied field is not unique.
        unique = {} if self.unique else {"unique": False}
        return name, path, args, {**kwargs, **unique, "prefix": self.prefix}

    def get_default(self) -> str:
        return new_id(self.prefix)

    def has_default(self) -> bool:
        return True
